"""The copy of one's own data: everything, nothing of others, for nobody else."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import ExitStack
from typing import Any

import pytest
from factories import NOON, make_person
from full_world import make_full_world
from pages import csrf_token
from sqlalchemy import select

from lms.assignments.models import Marking, WorkFile
from lms.auth.services.passwords import set_password
from lms.core import storage
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.core.storage import StorageUnavailable
from lms.privacy import queries, views
from lms.privacy.services import copies

PASSWORD = "kopi pahit di pagi hari"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def world(session):
    world = make_full_world()
    world.learner.name = "Nama Saya Sendiri"
    world.instructor.name = "Nama Pengajar"
    world.people["outsider"].name = "Nama Orang Lain"
    session.add(
        Marking(
            submission_id=world.values["submission_id"],
            number=1,
            levels={},
            score=80,
            final_score=80,
            feedback="Bagus sekali",
            feedback_html="<p>Bagus sekali</p>",
            graded_by=world.instructor.id,
            graded_at=NOON,
        )
    )
    set_password(world.learner, PASSWORD, NOON)
    session.commit()
    return world


def post(client, **fields):
    token = csrf_token(client.text("/account"))
    return client.post("/account/copy", data={"csrf_token": token} | fields, headers=FROM_HERE, buffered=True)


def opened(answer) -> dict[str, Any]:
    """The files of the zip, JSON parsed."""
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.testzip() is None
        data = {name: archive.read(name) for name in archive.namelist()}
    return {name: json.loads(one) if name.endswith(".json") else one for name, one in data.items()}


def noted() -> list[LedgerEntry]:
    return list(db.session.scalars(select(LedgerEntry).where(LedgerEntry.verb == copies.VERB)))


def test_the_copy_holds_a_file_for_each_area_the_uploads_and_a_readme(client, world):
    client.sign_in(world.learner)
    answer = post(client)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=data-saya-")
    assert answer.content_length == len(answer.get_data())
    found = opened(answer)
    uploads = {name for name in found if name.startswith("files/")}
    assert {name for name in found if name.endswith(".json")} == {
        f"{name}.json"
        for name in (
            *("account", "sign-ins", "roles", "enrolments", "progress", "quizzes", "assignments", "journal"),
            *("certificates", "notices", "activity-log", "copied-questions", "objections", "saved-comments"),
            *("announcements", "inquiries", "surveys", "attendance"),
        )
    }
    assert {name: found[name] for name in uploads} == {
        f"files/{world.values['file_id']}-a.pdf": b"%PDF-1.4",
        f"files/answer-{world.values['file_id']}-a.pdf": b"%PDF-1.4",
        f"files/given-back-{world.values['feedback_id']}-koreksi.pdf": b"%PDF-1.4",
    }
    in_assignments = {found["assignments.json"][name][0]["path"] for name in ("files", "files_given_back")}
    assert {found["quizzes.json"]["answer_files"][0]["path"], *in_assignments} == uploads
    assert found["account.json"]["account"][0]["name"] == "Nama Saya Sendiri"
    assert found["account.json"]["account"][0]["nip"] == world.learner.nip
    assert found["assignments.json"]["submissions"][0]["text"] == "Teks"
    (attended,) = found["attendance.json"]["attendance"]
    assert (attended["session"], attended["status"], attended["by_code"]) == ("lokakarya", "excused", False)
    assert found["surveys.json"]["answered"] == [{"course": "pelatihan", "survey": "evaluasi"}]
    assert found["surveys.json"]["answers_with_name"][0]["answers"] == {"saran": {"text": "Contoh."}}
    assert found["assignments.json"]["feedback"][0]["feedback"] == "Bagus sekali"
    assert world.values["code"] in found["certificates.json"]["certificates"][0]["check_address"]
    assert found["enrolments.json"]["enrolments"][0]["course"] == "pelatihan"
    readme = found[copies.README].decode()
    assert all(name in readme for name in found if name.endswith(".json"))


def test_it_holds_nobody_elses_name_and_no_secret(client, world):
    client.sign_in(world.learner)
    found = opened(post(client))
    text = json.dumps({name: str(one) for name, one in found.items()})
    assert "Nama Pengajar" not in text
    assert "Nama Orang Lain" not in text
    assert world.learner.password_hash not in text
    assert "argon2" not in text


def test_each_gets_their_own(client, world):
    client.sign_in(world.people["outsider"])
    found = opened(post(client))
    assert found["account.json"]["account"][0]["name"] == "Nama Orang Lain"
    assert found["assignments.json"]["submissions"] == []
    assert "Nama Saya Sendiri" not in str(found)


def test_what_an_admin_did_to_others_is_told_without_them(client, world):
    client.sign_in(world.admin)
    post_person = make_person(name="Pegawai Rahasia")
    db.session.add(
        LedgerEntry(
            at=NOON,
            actor_id=world.admin.id,
            verb="update person",
            target=f"person:{post_person.id}",
            facts='{"name": "Pegawai Rahasia"}',
        )
    )
    db.session.commit()
    entries = opened(post(client))["activity-log.json"]["entries"]
    assert {"verb": "update person", "about": "person", "by": "myself", "facts": {}}.items() <= entries[-1].items()
    assert "Pegawai Rahasia" not in str(entries)


def test_a_chosen_answer_is_told_in_words_but_not_whether_it_is_right(client, world):
    client.sign_in(world.learner)
    attempt = world.values["attempt_id"]
    page = client.text(f"/attempts/{attempt}/1")
    option = page.split('name="picked" value="')[1].split('"')[0]
    client.post_form(f"/attempts/{attempt}/1", picked=option)
    found = opened(post(client))
    (told,) = found["quizzes.json"]["answers"]
    assert told["answer"]
    assert told["stored_as"]["picked"] == [option]
    assert "points" not in told
    assert found["quizzes.json"]["attempts"][0]["score"] is None
    assert found["journal.json"]["events"][-1]["kind"] == "answer"


def test_a_copy_is_noted_in_the_ledger(client, world):
    client.sign_in(world.learner)
    assert post(client).status_code == 200
    (entry,) = noted()
    assert (entry.actor_id, entry.target) == (world.learner.id, f"person:{world.learner.id}")


def test_looking_makes_no_copy(client, world):
    client.sign_in(world.learner)
    assert client.get("/account/copy").status_code == 405
    assert noted() == []


def test_the_password_is_asked_again_and_the_copy_comes_with_the_same_click(client, time, world):
    client.sign_in(world.learner)
    client.get("/account")
    time.passes(minutes=20)
    asked = post(client)
    assert asked.status_code == 401
    assert "Berkas langsung diunduh setelah Anda menekan tombol" in asked.text  # the page stays behind the download
    assert noted() == []
    wrong = post(client, confirm_password="bukan kata sandinya")
    assert wrong.status_code == 422
    assert post(client, confirm_password=PASSWORD).mimetype == "application/zip"


def test_the_sixth_copy_within_an_hour_is_refused_and_an_hour_later_made(client, time, world):
    client.sign_in(world.learner)
    for _number in range(copies.MAX_COPIES):
        post(client)
    assert post(client).status_code == 429
    assert len(noted()) == copies.MAX_COPIES
    time.passes(minutes=61)
    assert post(client, confirm_password=PASSWORD).status_code == 200


def test_a_lost_file_is_named_and_the_rest_is_there(client, world):
    db.session.get_one(WorkFile, world.values["file_id"]).key = "work/00/" + "0" * 64
    db.session.commit()
    client.sign_in(world.learner)
    found = opened(post(client))
    assert f"files/{world.values['file_id']}-a.pdf" in found[copies.README].decode()
    assert found["assignments.json"]["submissions"]


def test_a_storage_that_does_not_answer_gives_no_half_copy(client, world, monkeypatch):
    def unavailable(_key):
        raise StorageUnavailable

    client.sign_in(world.learner)
    monkeypatch.setattr(storage, "read", unavailable)
    assert post(client).status_code == 503
    assert noted() == []


def test_whoever_comes_while_others_copy_is_told_to_come_back(client, world, monkeypatch):
    monkeypatch.setattr(views, "SECONDS_TO_WAIT", 0)
    client.sign_in(world.learner)
    with ExitStack() as others:
        for _one in range(views.COPIES_AT_ONCE):
            others.enter_context(views._copying)
        assert post(client).status_code == 503
    assert noted() == []
    assert post(client).status_code == 200


def test_a_large_copy_is_sent_in_pieces_and_leaves_no_file_open(client, world, monkeypatch):
    monkeypatch.setattr(views, "IN_MEMORY", 0)
    client.sign_in(world.learner)
    answer = post(client)
    assert answer.content_length == len(answer.get_data())
    assert "account.json" in opened(answer)


def test_files_are_read_one_at_a_time(app, world, monkeypatch):
    """The zip is on the disk, so memory holds one file however many there are."""
    one = world.values["file_id"]
    row = db.session.get_one(WorkFile, one)
    for number in range(30):
        values = {"person_id": row.person_id, "submission_id": row.submission_id, "name": f"{number}.pdf"}
        db.session.add(
            WorkFile(content_type=row.content_type, size=8, key=row.key, uploaded_at=NOON, **values),
        )
    db.session.commit()
    alive: list[int] = []

    class Data(bytes):
        def __init__(self, *_values: object) -> None:
            alive.append(1)

        def __del__(self) -> None:
            alive.pop()

    most = 0

    def read(_key):
        nonlocal most
        data = Data(b"%PDF-1.4")
        most = max(most, len(alive))
        return data

    monkeypatch.setattr(storage, "read", read)
    with app.test_request_context():
        file = copies.make_copy(world.learner.id, "Situs", now=NOON)
    with file, zipfile.ZipFile(file) as archive:
        assert len([name for name in archive.namelist() if name.startswith("files/")]) == 33
    assert most <= 2


def test_names_of_files_lead_nowhere(app, world):
    row = db.session.get_one(WorkFile, world.values["file_id"])
    row.name = "../../etc/passwd"
    db.session.commit()
    with app.test_request_context():
        paths = [one.path for area in queries.AREAS for one in area.files(world.learner.id)]
    assert all(path.startswith("files/") and path.count("/") == 1 for path in paths)
