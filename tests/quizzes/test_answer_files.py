"""Files of answers to essays: attached and removed within the attempt, read by graders, and by nobody else."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from assignment_factories import PDF, PNG, zip_of
from essay_world import make_essay_world
from factories import NOON, grant, make_admin, make_person
from sqlalchemy import select

from lms.core import clock, storage
from lms.core.db import db
from lms.core.uploads import (
    EmptyFile,
    FileHasMacros,
    FilesTooLarge,
    FileTypeNotAccepted,
    TooManyFiles,
    Upload,
    UploadTooLarge,
)
from lms.journal import queries as journal
from lms.people.models import Person
from lms.quizzes import queries, services
from lms.quizzes.models import AnswerFile
from lms.quizzes.responses import Response
from lms.quizzes.services import answer_files
from lms.quizzes.services.answer_files import FileAfterHandingIn, FileCameLate, FileOfLockedAnswer, PracticeTakesNoFiles
from lms.quizzes.services.practice import start_practice

TEXT = """\
## Asas mana yang termasuk? {#asas points=2}

- [x] Kepastian hukum
- [ ] Keuntungan unit

## Lampirkan denah loket Anda. {#denah type=essay points=8 files="2, 4KB, pdf, docx, png"}
"""


def make_world(keys=""):
    return make_essay_world(TEXT, keys)


def start(world, now=NOON):
    attempt = services.start_attempt(world.context(world.enrolment()), seed=1, now=now)
    return queries.attempt_row(attempt.id, attempt.person_id)


def essay(attempt):
    return services.quiz_of(attempt).question("denah")


def add(attempt, name="denah.pdf", data=PDF, now=NOON):
    new = answer_files.receive(attempt, essay(attempt), Upload(name, data), now=now)
    answer_files.attach(attempt, essay(attempt), new, now=now)


def response(attempt):
    state = queries.attempt_state(queries.attempt_by_id(attempt.id))
    return state.questions[1].response


def names(attempt):
    return [one.name for one in queries.files.answer_files(response(attempt).files)]


def write(attempt, text, now=NOON, **values):
    return services.save_answer(attempt, essay(attempt), Response(text), now=now, **values)


def hand_in(attempt, now=NOON):
    services.submit_attempt(queries.attempt_for_update(attempt.id), now=now)
    db.session.flush()
    return queries.attempt_by_id(attempt.id)


def test_files_come_beside_the_text_and_neither_takes_the_other_away(session):
    attempt = start(make_world())
    write(attempt, "Denah terlampir.")
    add(attempt)
    add(attempt, "foto.png", PNG)
    assert names(attempt) == ["denah.pdf", "foto.png"]
    write(attempt, "Denah dan foto terlampir.")
    assert (names(attempt), response(attempt).answer) == (["denah.pdf", "foto.png"], "Denah dan foto terlampir.")
    write(attempt, None)
    assert (names(attempt), response(attempt).is_empty) == (["denah.pdf", "foto.png"], False)


def test_a_file_can_be_removed_and_come_again(session):
    attempt = start(make_world())
    add(attempt)
    answer_files.remove(attempt, essay(attempt), response(attempt).files[0], now=NOON)
    assert (names(attempt), response(attempt).is_empty) == ([], True)
    assert not session.scalars(select(AnswerFile)).all()
    add(attempt)
    assert names(attempt) == ["denah.pdf"]


def test_the_same_file_sent_twice_is_one_file(session):
    attempt = start(make_world())
    add(attempt)
    add(attempt)
    assert names(attempt) == ["denah.pdf"]


def test_a_file_of_another_answer_is_not_removed(session):
    world = make_world()
    mine, theirs = start(world), start(world)
    add(theirs)
    answer_files.remove(mine, essay(mine), response(theirs).files[0], now=NOON)
    assert names(theirs) == ["denah.pdf"]


@pytest.mark.parametrize(
    ("name", "data", "refused"),
    [
        ("kosong.pdf", b"", EmptyFile),
        ("besar.pdf", PDF + bytes(5000), UploadTooLarge),
        ("program.pdf", b"MZ" + bytes(50), FileTypeNotAccepted),
        ("lembar.xlsx", zip_of("[Content_Types].xml", "xl/workbook.xml"), FileTypeNotAccepted),
        ("makro.docx", zip_of("[Content_Types].xml", "word/vbaProject.bin"), FileHasMacros),
    ],
)
def test_what_is_not_accepted_is_neither_stored_nor_attached(session, name, data, refused):
    attempt = start(make_world())
    with pytest.raises(refused):
        add(attempt, name, data)
    assert not names(attempt) and not (data and storage.has(storage.stored_file_for(data, "work").key))


def test_not_more_files_than_the_author_allows(session):
    attempt = start(make_world())
    add(attempt)
    add(attempt, "foto.png", PNG)
    with pytest.raises(TooManyFiles):
        add(attempt, "lagi.pdf", PDF + b"% lain")
    assert names(attempt) == ["denah.pdf", "foto.png"]
    assert not storage.has(storage.stored_file_for(PDF + b"% lain", "work").key)


def test_not_more_bytes_than_all_files_together_may_have(session, monkeypatch):
    from lms.content import file_limits

    monkeypatch.setattr(file_limits, "MAX_TOGETHER", len(PDF) + 5)
    attempt = start(make_world())
    add(attempt)
    with pytest.raises(FilesTooLarge):
        add(attempt, "foto.png", PNG[:20] + bytes(8))


def test_files_alone_wait_for_a_mark_and_no_files_do_not(session):
    world = make_world()
    empty, filled = start(world), start(world)
    add(filled)
    assert hand_in(empty).score == Decimal(0)
    done = hand_in(filled)
    assert (done.score, done.submitted_at) == (None, NOON)
    world.mark(queries.attempt_for_update(filled.id), "denah", points=Decimal(6))
    assert queries.attempt_by_id(filled.id).score == Decimal(60)


def test_time_and_locks_are_those_of_the_text(session):
    world = make_world("time_limit: 10m\n")
    attempt = start(world)
    add(attempt, now=NOON + timedelta(minutes=10, seconds=60))
    with pytest.raises(FileCameLate):
        add(attempt, "foto.png", PNG, now=NOON + timedelta(minutes=11, seconds=1))
    answer_files.remove(attempt, essay(attempt), response(attempt).files[0], now=NOON + timedelta(minutes=12))
    done = hand_in(attempt, now=NOON + timedelta(minutes=12))
    assert (done.submitted_by, names(attempt), done.score) == ("deadline", ["denah.pdf"], None)
    with pytest.raises(FileAfterHandingIn):
        add(done, "foto.png", PNG)
    assert names(attempt) == ["denah.pdf"]


def test_a_checked_answer_takes_no_more_files(session):
    attempt = start(make_world("feedback: immediate\nreview: latihan\n"))
    add(attempt)
    services.save_answer(attempt, essay(attempt), Response(None, is_final=True), now=NOON)
    assert response(attempt).is_final and names(attempt) == ["denah.pdf"]
    with pytest.raises(FileOfLockedAnswer):
        add(attempt, "foto.png", PNG)


def test_an_older_page_does_not_take_files_away(session):
    """Its text is compared as ever; what is attached since is no part of it."""
    attempt = start(make_world())
    first = write(attempt, "Satu", client_seq="halaman.1")
    add(attempt)
    late = write(attempt, "Dua", client_seq="halaman.2", base_event_id=first.event_id)
    assert (late.state, response(attempt).answer, names(attempt)) == ("saved", "Dua", ["denah.pdf"])
    again = write(attempt, "Satu", client_seq="halaman.1", base_event_id=first.event_id)
    assert (again.state, response(attempt).answer, names(attempt)) == ("replaced", "Dua", ["denah.pdf"])


def test_the_journal_names_what_was_in_the_files(session):
    attempt = start(make_world())
    add(attempt)
    body = journal.entry(journal.newest(services.subject(attempt))).body
    [key] = [one.key for one in session.scalars(select(AnswerFile))]
    assert body["files"] == [key] and key.endswith(storage.stored_file_for(PDF, "work").sha256)
    assert services.counting_answers(queries.attempt_for_update(attempt.id))["denah"] == response(attempt)


def test_a_regrade_keeps_files_and_limits(session):
    world = make_world()
    attempt = start(world)
    add(attempt)
    hand_in(attempt)
    newer = TEXT.replace('files="2, 4KB, pdf, docx, png"', "files=1")
    asked, now = essay(attempt), services.quiz_of(attempt)
    revision = queries.quiz_of_revision(world.publish(newer))
    assert asked.with_key_of(revision.question("denah")).files == now.question("denah").files
    assert names(attempt) == ["denah.pdf"]


def test_practice_takes_none_and_says_so(client, session):
    world = make_world("attempts: 1\nreview: latihan\n")
    enrolment = world.enrolment()
    first = services.start_attempt(world.context(enrolment), seed=1, now=NOON)
    hand_in(first)
    client.sign_in(session.get_one(Person, enrolment.person_id))
    services.open_review(queries.attempt_for_update(first.id), now=NOON)
    practised = start_practice(world.context(enrolment), seed=1, now=NOON)
    path = f"/attempts/{practised.id}"
    page = client.text(f"{path}/2")
    assert "Latihan tidak menerima berkas" in page and 'type="file"' not in page
    row = queries.attempt_row(practised.id, enrolment.person_id)
    with pytest.raises(PracticeTakesNoFiles):
        add(row)


# Pages


@pytest.fixture
def world(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return make_world()


@pytest.fixture
def own(client, world):
    """The running attempt of a learner who is signed in."""
    attempt = start(world)
    client.sign_in(db.session.get_one(Person, attempt.person_id))
    return attempt


def send(client, attempt, position=2, *, name="denah.pdf", data=PDF, **values):
    path = f"/attempts/{attempt.id}/{position}"
    values = {"go": "attach", "text": "Denah terlampir.", **values}
    if name:
        values["file"] = (io.BytesIO(data), name)
    return client.post_form(path, content_type="multipart/form-data", **values)


def test_the_page_takes_files_without_scripts(client, own):
    page = client.text(f"/attempts/{own.id}/2")
    assert 'enctype="multipart/form-data"' in page
    assert 'accept=".pdf,application/pdf' in page
    answer = send(client, own)
    assert re.fullmatch(rf".*/attempts/{own.id}/2\?after=[0-9]+#files", answer.location)  # else it would only scroll
    page = client.text(f"/attempts/{own.id}/2")
    assert "denah.pdf" in page and "1 KB" in page and "Denah terlampir." in page
    assert 'enctype="multipart' not in client.text(f"/attempts/{own.id}/1")


def test_a_file_that_was_chosen_is_attached_whichever_button_is_pressed(client, own):
    answer = send(client, own, go="overview")
    assert answer.location.endswith(f"/attempts/{own.id}")
    assert names(own) == ["denah.pdf"]


def test_a_refused_file_keeps_the_text_and_the_page(client, own):
    answer = send(client, own, name="program.pdf", data=b"MZ" + bytes(50), go="next")
    assert answer.location.partition("?")[0].endswith("/2")
    page = client.text(f"/attempts/{own.id}/2")
    assert "program.pdf" in page and "tidak diterima" in page and "Denah terlampir." in page


def test_upload_without_a_file_says_what_to_do(client, own):
    send(client, own, name="")
    assert "Pilih berkas dahulu" in client.text(f"/attempts/{own.id}/2")


def test_a_file_is_removed_by_its_button(client, own):
    send(client, own)
    [file_id] = response(own).files
    send(client, own, name="", go=f"remove-{file_id}")
    assert names(own) == []


def test_the_script_gets_the_list(client, own):
    from pages import csrf_token

    token = csrf_token(client.text(f"/attempts/{own.id}/2"))
    data = {"csrf_token": token, "go": "attach", "text": "", "file": (io.BytesIO(PDF), "denah.pdf")}
    said = client.post(f"/attempts/{own.id}/2", data=data, headers={"X-Requested-With": "fetch"}).get_json()
    assert "denah.pdf" in said["files"] and said["is_answered"] is True
    data = {"csrf_token": token, "go": "attach", "text": "", "file": (io.BytesIO(b"MZ" + bytes(50)), "x.pdf")}
    refused = client.post(f"/attempts/{own.id}/2", data=data, headers={"X-Requested-With": "fetch"})
    assert (refused.status_code, refused.get_json()["error"]) == (422, "refused")


def test_a_question_without_files_takes_none(client, own):
    assert send(client, own, position=1, data=PDF + b"% soal").status_code == 404
    assert not storage.has(storage.stored_file_for(PDF + b"% soal", "work").key)


def test_a_question_with_files_is_never_handed_over_without_its_page(client, own):
    from pages import csrf_token

    token = csrf_token(client.text(f"/attempts/{own.id}/1"))
    data = {"csrf_token": token, "picked": "a", "ask": "next", "go": ""}
    said = client.post(f"/attempts/{own.id}/1", data=data, headers={"X-Requested-With": "fetch"}).get_json()
    assert said["next"] is None


def test_the_grader_sees_and_reads_them(client, world, own):
    send(client, own)
    send(client, own, name="foto.png", data=PNG)
    hand_in(own)
    pdf, png = queries.files.answer_files(response(own).files)
    page = client.sign_in(world.teacher).get(f"/teach/grading/essays/{own.id}/2").get_data(as_text=True)
    assert f"/attempts/files/{pdf.id}/text" in page and f"/attempts/files/{png.id}/picture" in page
    assert 'id="file-text"' in client.text(f"/attempts/files/{pdf.id}/text")
    fetched = client.get(f"/attempts/files/{pdf.id}")
    assert (fetched.data, fetched.headers["Content-Disposition"]) == (PDF, "attachment; filename=denah.pdf")
    assert "denah.pdf" in client.text(f"/teach/attempts/{own.id}")


def test_files_without_text_come_to_the_desk(client, world, own):
    add(own)
    hand_in(own)
    page = client.sign_in(world.teacher).get(f"/teach/grading/essays/{own.id}/2").get_data(as_text=True)
    assert "Jawaban ini tidak berisi teks" in page and "denah.pdf" in page


def test_the_learner_sees_them_in_the_review(client, own):
    send(client, own)
    attempt = queries.attempt_for_update(own.id)
    services.submit_attempt(attempt, now=NOON)
    services.open_review(attempt, now=NOON)
    db.session.commit()
    assert "denah.pdf" in client.text(f"/attempts/{own.id}/review")
    assert client.get(f"/attempts/files/{response(own).files[0]}").data == PDF


def test_nobody_else_fetches_them(client, session, world, own):
    send(client, own)
    [file_id] = response(own).files
    addresses = [f"/attempts/files/{file_id}{end}" for end in ("", "/text")]
    stranger, foreign = make_person(), make_person(name="Guru Lain")
    grant(foreign, "instructor", course=make_essay_world(TEXT).course)
    for person in (stranger, foreign, world.teacher, make_admin()):
        client.sign_in(person)
        assert {client.get(one).status_code for one in addresses} <= {403, 404}, person.name
    hand_in(own)
    db.session.commit()
    for person in (stranger, foreign):
        client.sign_in(person)
        assert {client.get(one).status_code for one in addresses} <= {403, 404}, person.name
    assert client.sign_in(world.teacher).get(addresses[0]).status_code == 200
