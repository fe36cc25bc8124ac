"""A course is downloaded, edited elsewhere and brought back."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from authoring_factories import FILES, edit, zipped
from factories import NOON, grant, make_person
from pages import csrf_token

from lms.authoring import services
from lms.authoring.services import DraftChanged
from lms.authoring.services.bringing_back import bring_back

BASE = "/teach/courses/kecil"
BRING = f"{BASE}/bring-back"


def brought(client, data):
    form = {"csrf_token": csrf_token(client.text(BRING)), "file": (io.BytesIO(data), "kecil.zip")}
    return client.post(BRING, data=form)


def fields(page):
    main = page.partition("<main")[2]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main))
    return found | dict(re.findall(r'<input type="radio" name="([^"]*)" value="(\w+)" checked', main))


def test_one_word_edited_elsewhere_is_the_whole_difference(client, course, teacher):
    with zipfile.ZipFile(io.BytesIO(client.get(f"{BASE}/draft.zip").data)) as archive:
        files = {name.removeprefix("kecil/"): archive.read(name) for name in archive.namelist()}
    assert files == FILES
    files["01-modul.md"] = files["01-modul.md"].replace(b"salah tik", b"betul tik")
    answer = brought(client, zipped(files))
    page = client.text(answer.location)
    assert re.findall(r"<(ins|del)><span[^>]*>[^<]*</span>([^<]*)", page) == [("del", "salah "), ("ins", "betul ")]
    assert not services.source(course.id).is_draft
    answer = client.post(BRING, data=fields(page))
    assert answer.location == f"{BASE}/edit"
    assert services.source(course.id).data == files


def test_what_both_changed_is_chosen_and_nothing_else_is_touched(client, course, teacher):
    edit(course, "01-modul.md", "di tengah", "di situs")
    edit(course, "02-kuis.md", "Jawablah", "Jawab")
    files = FILES | {
        "01-modul.md": FILES["01-modul.md"].replace(b"salah", b"betul"),
        "course.md": FILES["course.md"].replace(b"Deskripsi", b"Uraian"),
        "03-baru.md": b"---\ntitle: Baru\n---\nIsi.\n",
    }
    del files["media/alur.svg"]
    page = client.text(brought(client, zipped(files)).location)
    before = services.source(course.id).data
    sent = fields(page)
    assert len([one for one in sent if one.startswith("take-")]) == 4  # not the one that both changed
    refused = client.post(BRING, data=sent)
    assert refused.status_code == 422
    assert services.source(course.id).data == before
    at = sorted({*files, *FILES}).index("01-modul.md")
    unchosen = re.findall(r'name="(take-\d)" value="zip" required', refused.text)
    assert client.post(BRING, data=sent | {unchosen[0]: "zip"}).status_code == 302, at
    assert services.source(course.id).data == before | {
        "01-modul.md": files["01-modul.md"],
        "course.md": files["course.md"],
        "03-baru.md": files["03-baru.md"],
    }


def test_a_draft_that_changed_meanwhile_is_compared_again(client, course, teacher):
    page = client.text(brought(client, zipped(FILES | {"01-modul.md": b"---\ntitle: Lain\n---\n"})).location)
    edit(course, "01-modul.md", "salah", "betul")
    before = services.source(course.id).data
    assert "upload=" in client.post(BRING, data=fields(page)).location
    assert services.source(course.id).data == before


def test_bad_files_are_refused_with_a_reason(client, course, teacher):
    assert brought(client, b"bukan zip").status_code == 422
    assert brought(client, zipped({"a.md": b""})).status_code == 422
    answer = client.get(f"{BRING}?upload={'0' * 64}")
    assert answer.location == BRING


def test_somebody_elses_upload_is_not_shown(client, course, teacher):
    where = brought(client, zipped(FILES)).location
    other = make_person()
    grant(other, "instructor", course=course)
    client.sign_in(other)
    assert client.get(where).location == BRING


def test_a_file_is_taken_out_where_one_says_so(course, teacher):
    draft = services.with_texts(services.source(course.id))
    bring_back(draft, course.id, draft.state, {"02-kuis.md": None}, actor_id=teacher.id, now=NOON)
    assert set(services.source(course.id).files) == set(FILES) - {"02-kuis.md"}
    with pytest.raises(DraftChanged):
        bring_back(draft, course.id, draft.state, {"02-kuis.md": None}, actor_id=teacher.id, now=NOON)


def test_a_file_that_was_taken_out_comes_back_with_the_zip(course, teacher):
    draft = services.with_texts(services.source(course.id))
    bring_back(draft, course.id, draft.state, {"02-kuis.md": None}, actor_id=teacher.id, now=NOON)
    assert set(services.removed_files(course.id)) == {"02-kuis.md"}
    draft = services.with_texts(services.source(course.id))
    lent = services.SourceFile("02-kuis.md", "0" * 64, b"---\ntitle: Kuis\n---\n", None)
    bring_back(draft, course.id, draft.state, {"02-kuis.md": lent}, actor_id=teacher.id, now=NOON)
    assert services.source(course.id).data["02-kuis.md"] == lent.content
    assert not services.removed_files(course.id)
