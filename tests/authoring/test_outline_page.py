"""The outline of a draft is changed by the buttons of its page."""

from __future__ import annotations

import re

import pytest
from authoring_factories import FILES, edit, publish_draft
from factories import NOON, item_of, make_enrolment, make_person
from pages import csrf_token

from lms.authoring import services
from lms.authoring.services import DraftChanged, outlining
from lms.authoring.structure import move
from lms.content.starter_texts import examples
from lms.core.db import db
from lms.learning import services as learning
from lms.learning.models import Progress

BASE = "/teach/courses/kecil"
MODULE, QUIZ = "01-modul.md", "02-kuis.md"


def press(client, do: str, **values):
    page = client.text(f"{BASE}/edit")
    state = re.search(r'name="state" value="(\w+)"', page)[1]
    data = {"csrf_token": csrf_token(page), "state": state, "do": do} | values
    answer = client.post(f"{BASE}/outline", data=data)
    db.session.expire_all()
    return answer


def paths(course) -> list[str]:
    return sorted(path for path in services.source(course.id).files if path[:2].isdigit())


def test_a_button_moves_an_item_and_keeps_the_focus(client, teacher, course):
    answer = press(client, f"up:{QUIZ}")
    assert paths(course) == ["01-kuis.md", "02-modul.md"]
    data = services.source(course.id).data
    assert (data["01-kuis.md"], data["02-modul.md"]) == (FILES[QUIZ], FILES[MODULE])
    page = client.text(answer.location)
    assert "1 dari 2" in page
    assert page.count("Dipindahkan") == 2
    assert "Dihapus" not in page
    assert re.search(r"<button[^>]*Naikkan[^>]*disabled", page)
    press(client, "down:01-kuis.md")
    assert services.source(course.id).data == FILES


def test_a_new_item_does_not_inherit_what_people_did_in_one_that_is_gone(client, teacher, course):
    publish_draft(course)
    press(client, f"delete:{QUIZ}")
    publish_draft(course)
    press(client, "add", folder="", type="module", title="Kuis")
    (new,) = [path for path in paths(course) if path != MODULE]
    assert "id: kuis-2" in services.source(course.id).text(new)


def test_a_new_section_and_items_can_be_published_once_they_are_written(client, teacher, course):
    press(client, "section", title="Bab baru: praktik")
    folder = "03-bab-baru-praktik"
    for kind in ("module", "quiz", "assignment"):
        press(client, "add", folder=folder, type=kind, title=f"Isi {kind}")
    assert len(paths(course)) == 6
    for path in paths(course):
        for one in list(examples(services.source(course.id).text(path).splitlines())):
            edit(course, path, one.text, f"Teks {one.line}")
    done = publish_draft(course)
    assert done.revision.item_count == 5
    assert item_of(course, "isi-quiz").type == "quiz"


def test_what_is_taken_out_is_put_back_with_its_edits(client, teacher, course):
    edit(course, MODULE, "salah tik", "benar")
    db.session.commit()
    before = services.source(course.id).data
    press(client, f"delete:{MODULE}")
    assert MODULE not in services.source(course.id).files
    page = client.text(f"{BASE}/edit")
    assert "<del>Modul satu</del>" in page
    assert client.get(f"{BASE}/edit/{MODULE}").status_code == 404
    press(client, f"restore:{MODULE}")
    assert services.source(course.id).data == before


def test_publishing_ends_what_was_taken_out(client, teacher, course):
    press(client, f"delete:{QUIZ}")
    publish_draft(course)
    assert not services.removed_files(course.id)
    assert QUIZ not in services.source(course.id).files


def test_a_whole_section_goes_and_comes_back_also_after_it_was_moved(client, teacher, course):
    press(client, "section", title="Bab")
    press(client, f"to:{MODULE}", **{f"to-{MODULE}": "03-bab"})
    assert paths(course) == [QUIZ, "03-bab/01-modul.md", "03-bab/index.md"]
    press(client, "delete:03-bab/01-modul.md")
    press(client, "up:03-bab")
    press(client, "delete:02-bab")
    assert paths(course) == ["03-kuis.md"]
    press(client, "restore:02-bab")
    assert paths(course) == ["02-bab/01-modul.md", "02-bab/index.md", "03-kuis.md"]


def test_an_item_is_dropped_at_a_place(client, teacher, course):
    press(client, f"place:{QUIZ}", folder="", at="0")
    assert paths(course) == ["01-kuis.md", "02-modul.md"]


def test_moving_keeps_progress_also_of_an_item_without_id(client, teacher, course):
    edit(course, MODULE, "id: satu\n", "")
    publish_draft(course)
    learning.record_read(make_enrolment(make_person(), course).id, item_of(course, "modul"), now=NOON)
    press(client, f"down:{MODULE}")
    publish_draft(course)
    assert db.session.query(Progress).one().item_id == item_of(course, "modul").item_id


def test_what_changed_meanwhile_is_not_touched(client, teacher, course):
    before = services.with_texts(services.source(course.id))
    edit(course, MODULE, "salah tik", "benar")
    with pytest.raises(DraftChanged):
        outlining.change(before, course.id, before.state, move(before.texts, QUIZ, -1), actor_id=None, now=NOON)
    answer = press(client, f"up:{QUIZ}", state="x")
    assert "orang lain mengubah draf" in client.text(answer.location)
    assert paths(course) == [MODULE, QUIZ]


@pytest.mark.parametrize("do", ["", "x", "to:01-modul.md", "add", "place:01-modul.md"])
def test_what_no_button_sends_is_refused(client, teacher, course, do):
    values = {"title": "A", "folder": "../x", "to-01-modul.md": "../x", "type": "x"}
    assert press(client, do, **values).status_code == 400
    assert paths(course) == [MODULE, QUIZ]


def test_without_a_title_nothing_is_added(client, teacher, course):
    answer = press(client, "section", title="  ")
    assert "Isi judulnya" in client.text(answer.location)
    assert paths(course) == [MODULE, QUIZ]
