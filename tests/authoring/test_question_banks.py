"""Importing questions into a quiz: first what would be made, then exactly that; and exporting them."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from authoring_factories import FILES, edit
from factories import NOON, grant, make_person
from pages import csrf_token
from picture_files import make_drawing

from lms.authoring import jobs, services
from lms.authoring.services import question_banks, uploads
from lms.authoring.splice import editable_text
from lms.content.exchange.recognising import read_bank
from lms.core import clock, storage
from lms.core.db import db

PAGE = "/teach/courses/kecil/import-questions/02-kuis.md"
EXPORT = "/teach/courses/kecil/questions"
GIFT = """::Satu::Apa ibu kota?{=Sorong#Benar ~Manokwari}

Dua tambah dua?{~Tiga =Empat}

Apa   IBU kota?{=sorong ~manokwari}

Kapan tahun 1945?{}
"""


def hand_in(client, text: str = GIFT, **fields):
    fields = {"text": text} | fields
    return client.post_form(PAGE, **fields)


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))


def quiz(course) -> bytes:
    return services.source(course.id).files["02-kuis.md"].data


def test_the_look_changes_nothing_and_the_import_takes_what_is_ticked(client, course, teacher):
    answer = hand_in(client)
    assert answer.status_code == 303
    page = client.text(answer.location)
    ticked = re.findall(r'name="take" value="(\d)"( checked)?', page)
    assert ticked == [("1", " checked"), ("2", ""), ("3", ""), ("4", " checked")]
    assert "Sorong" in page and "1945" in page
    assert quiz(course) == FILES["02-kuis.md"]
    done = client.post(PAGE, data=fields_of(page) | {"take": ["1", "3", "4"]})
    assert done.status_code == 303
    assert quiz(course) == FILES["02-kuis.md"] + (
        b"\n## Apa ibu kota?\n\n- [x] Sorong\n    > Benar\n- [ ] Manokwari\n"
        b"\n## Apa IBU kota?\n\n- [x] sorong\n- [ ] manokwari\n"
        b"\n## Kapan tahun 1945? {type=essay}\n"
    )
    rest = client.text(done.location)
    assert not re.search(r'name="take" value="\d" checked', rest)


def test_short_stems_are_no_duplicates_by_themselves(client, course, teacher):
    text = "Mana yang benar?{=a ~b}\n\nMana yang benar?{=c ~d}\n\n" + "\n\n".join(
        f"Menurut undang-undang tentang pelayanan publik, apa tujuannya?{{={n} ~x}}" for n in "ab"
    )
    page = client.text(hand_in(client, text).location)
    assert [bool(ticked) for ticked in re.findall(r'name="take" value="\d"( checked)?', page)] == [
        True,
        True,
        True,
        False,
    ]


def test_a_server_that_is_too_busy_to_read_it_again_says_so(client, course, teacher, monkeypatch):
    address = hand_in(client).location
    monkeypatch.setattr(question_banks, "READING_SECONDS", 0)
    assert client.get(address).status_code == 422


def test_a_second_press_adds_nothing(client, course, teacher):
    page = client.text(hand_in(client).location)
    sent = fields_of(page) | {"take": "1"}
    client.post(PAGE, data=sent)
    after = quiz(course)
    again = client.post(PAGE, data=sent)
    assert again.status_code == 409
    assert quiz(course) == after


def test_a_quiz_that_somebody_else_has_changed_is_looked_at_again(client, course, teacher):
    page = client.text(hand_in(client).location)
    edit(course, "02-kuis.md", "Jawablah.", "Jawablah semua.")
    answer = client.post(PAGE, data=fields_of(page) | {"take": "1"})
    assert answer.status_code == 409
    assert b"Jawablah semua." in quiz(course) and b"ibu kota" not in quiz(course)


def test_nothing_ticked_and_all(client, course, teacher):
    page = client.text(hand_in(client).location)
    assert client.post(PAGE, data=fields_of(page)).status_code == 422
    client.post(PAGE, data=fields_of(page) | {"all": "1"})
    assert quiz(course).count(b"## ") == 3


def test_files_are_known_by_their_content(client, course, teacher):
    token = csrf_token(client.text(PAGE))
    upload = (io.BytesIO(b"Apa?\nA. a\nB. b\nANSWER: B\n"), "soal.xml")
    answer = client.post(PAGE, data={"csrf_token": token, "file": upload})
    assert "Aiken" in client.text(answer.location)


@pytest.mark.parametrize(
    ("text", "status"), [("", 422), ("<quiz></quiz>", 422), ("<!DOCTYPE a><quiz></quiz>", 422), ("a;b\n1;2\n3;4", 422)]
)
def test_what_is_no_bank_is_refused_and_kept_in_the_box(client, course, teacher, text, status):
    answer = hand_in(client, text)
    assert answer.status_code == status
    assert answer.get_data(as_text=True).count("field__error") == 1


def test_a_large_file_is_refused(client, course, teacher, monkeypatch):
    monkeypatch.setattr(question_banks, "MAX_BYTES", 100)
    assert hand_in(client, GIFT * 2).status_code == 422


def test_a_quiz_that_ends_in_an_open_fence_takes_nothing(client, course, teacher):
    edit(course, "02-kuis.md", "- [x] Empat\n", "- [x] Empat\n\n```\nkode\n")
    before = quiz(course)
    page = client.text(hand_in(client).location)
    answer = client.post(PAGE, data=fields_of(page) | {"take": "1"})
    assert answer.status_code == 422
    assert quiz(course) == before


def test_a_quiz_that_would_be_too_long_takes_nothing(client, course, teacher):
    long = "\n\n".join(f"Soal {n} {'kata ' * 1000}?{{=a ~b}}" for n in range(60))
    page = client.text(hand_in(client, long).location)
    answer = client.post(PAGE, data=fields_of(page) | {"all": "1"})
    assert answer.status_code == 422
    assert quiz(course) == FILES["02-kuis.md"]


def test_many_questions_have_pages(client, course, teacher):
    many = "\n\n".join(f"Soal {n}?{{=a ~b}}" for n in range(120))
    address = hand_in(client, many).location
    page = client.text(f"{address}&page=3")
    assert re.findall(r'name="take" value="(\d+)"', page)[0] == "101"
    client.post(PAGE, data=fields_of(page) | {"take": "101"})
    assert quiz(course).endswith(b"## Soal 100?\n\n- [x] a\n- [ ] b\n")


def test_the_file_is_kept_for_its_owner_and_a_week(client, course, teacher):
    address = hand_in(client).location
    other = make_person(name="Pengajar Dua")
    grant(other, "instructor", course=course)
    client.sign_in(other)
    assert client.get(address).status_code == 303
    token = uploads.hold_one(b"x", 1, "a")
    assert uploads.held_one(token, 1, "a") == b"x"
    assert [uploads.held_one(*wrong) for wrong in ((token, 2, "a"), (token, 1, "b"), ("0" * 64, 1, "a"))] == [None] * 3


def test_what_somebody_sends_is_never_read_as_a_list(session):
    secret = storage.save(b"rahasia", "courses").key
    forged = json.dumps({"person": 1, "purpose": "a", "file": secret}).encode()
    uploads.hold_one(forged, 1, "a")
    assert uploads.held_one(hashlib.sha256(forged).hexdigest(), 1, "a") is None


def test_old_files_are_deleted(session, monkeypatch):
    bank = storage.save(b"lama", uploads.FILES).key
    listed = storage.save(b"lama", uploads.LISTS).key
    other = storage.save(b"lama", "courses").key
    jobs.delete_old_uploads()
    assert storage.has(bank) and storage.has(listed)
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert jobs.delete_old_uploads() >= 2
    assert [storage.has(key) for key in (bank, listed, other)] == [False, False, True]


def test_only_quizzes_take_questions(client, course, teacher):
    for file in ("01-modul.md", "course.md", "media/alur.svg", "tak-ada.md"):
        assert client.get(f"/teach/courses/kecil/import-questions/{file}").status_code == 404


def test_questions_are_appended_after_any_end():
    for text in ("a", "a\n", "a\n\n"):
        assert question_banks.with_questions(text, ["## b\n"]) == "a\n\n## b\n"


def test_lines_of_windows_keep_their_bytes(course):
    edit(course, "02-kuis.md", "Jawablah.", "Jawab.")
    draft = services.with_texts(services.source(course.id))
    file = draft.files["02-kuis.md"]
    assert editable_text(file.data).startswith("---")
    taken = read_bank(b"Lagi?{=ya ~tidak}").taken
    saved = question_banks.append(draft, course.id, file, taken, {}, actor_id=None, now=NOON)
    assert saved.data.startswith(file.data)


@pytest.mark.parametrize(("kind", "name"), [("gift", "GIFT"), ("xml", "Moodle XML")])
def test_a_quiz_and_a_course_leave_and_are_read_again(client, course, teacher, kind, name):
    for extra in ("", "?file=02-kuis.md"):
        answer = client.get(f"{EXPORT}.{kind}{extra}")
        found = read_bank(answer.data)
        assert (found.name, [one.question.title for one in found.taken]) == (name, ["Dua tambah dua?"])
        assert found.taken[0].question.group == (None if extra else "Kuis")
        assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(f"{EXPORT}.{kind}?file=media/alur.svg").status_code == 404


def test_the_pages_lead_there(client, course, teacher):
    assert PAGE in client.text("/teach/courses/kecil/edit/02-kuis.md")
    assert PAGE not in client.text("/teach/courses/kecil/edit/01-modul.md")
    assert EXPORT in client.text("/teach/courses/kecil/edit")
    assert client.get("/teach/question-template.xlsx").data.startswith(b"PK")


def moodle_xml(picture: bytes, name: str = "Foto Loket.png") -> bytes:
    text = base64.b64encode(picture).decode()
    return (
        '<quiz><question type="multichoice"><name><text>Loket</text></name><questiontext format="html"><text>'
        f'<![CDATA[<p>Apa <img src="@@PLUGINFILE@@/{quote(name)}" alt="Loket"> ini?</p>]]></text>'
        f'<file name="{name}" path="/" encoding="base64">{text}</file></questiontext>'
        '<answer fraction="100"><text>loket</text></answer><answer fraction="0"><text>lain</text></answer>'
        "</question></quiz>"
    ).encode()


def import_file(client, data: bytes, name: str = "soal.xml"):
    answer = client.post_form(PAGE, file=(io.BytesIO(data), name), text="")
    assert answer.status_code == 303, answer.text
    page = client.text(answer.location)
    return page, client.post(PAGE, data=fields_of(page) | {"take": ["1"]})


def test_pictures_of_a_bank_become_files_of_the_draft(client, course, teacher):
    page, done = import_file(client, moodle_xml(make_drawing()))
    assert "foto loket.png" in page
    assert done.status_code == 303
    draft = services.source(course.id)
    assert "## Apa ![Loket](media/foto-loket.png) ini?\n" in quiz(course).decode()
    assert draft.files["media/foto-loket.png"].data.startswith(b"\x89PNG")
    import_file(client, moodle_xml(make_drawing(), "Lain.png"))
    assert quiz(course).count(b"media/foto-loket.png") == 2
    assert len([path for path in services.source(course.id).files if path.startswith("media/")]) == 2


def test_a_picture_that_no_course_can_have_is_named_and_nothing_is_imported(client, course, teacher):
    _page, done = import_file(client, moodle_xml(b"bukan gambar"))
    assert done.status_code == 422
    assert "foto loket.png" in done.text
    assert quiz(course) == FILES["02-kuis.md"]
    assert not services.source(course.id).is_draft


def test_a_pair_is_kept_in_a_test_alone(client, course, teacher):
    text = "// [pair:ibu-kota]\nApa ibu kota Papua Barat Daya yang benar menurut undang-undang?{=Sorong ~Manokwari}"
    page = client.text(hand_in(client, text).location)
    assert "“ibu-kota”" in page
    client.post(PAGE, data=fields_of(page) | {"take": ["1"]})
    assert b"pair" not in quiz(course)
    edit(course, "02-kuis.md", "type: quiz\n", "type: quiz\npurpose: pretest\n")
    db.session.commit()
    page = client.text(hand_in(client, text.replace("Papua Barat Daya", "Papua Barat")).location)
    client.post(PAGE, data=fields_of(page) | {"take": ["1"]})
    assert b"{pair=ibu-kota}" in quiz(course)
