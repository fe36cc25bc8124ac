"""Files that a grader gives: with which mark they go, who is told of them, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from assignment_factories import M4A, PDF, PNG, WEBM, make_assignment_world, make_submission, pdf
from factories import NOON
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.assignments import recordings
from lms.assignments.models import FeedbackFile
from lms.assignments.queries.feedback import feedback_file
from lms.assignments.services import feedback_files, grading, releasing, returning
from lms.assignments.services.feedback_files import GivenFile, RecordingTooLarge, TooManyFeedbackFiles
from lms.content.file_limits import FileLimits
from lms.core import storage
from lms.core.ledger import LedgerEntry
from lms.core.uploads import EmptyFile, FilesTooLarge, FileTypeNotAccepted, Upload, UploadTooLarge
from lms.ops.services import evidence
from lms.privacy import queries as privacy

LIMITS = FileLimits(2, 4096, ("pdf", "docx", "png"))
VOICE = Upload("umpan-balik.webm", WEBM)


def given(*uploads: Upload, limits: FileLimits = LIMITS) -> tuple[GivenFile, ...]:
    found: tuple[GivenFile, ...] = ()
    for one in uploads:
        found = feedback_files.with_upload(found, one, limits, actor_id=1)
    return found


def grade(world, submission, files=None, *, seen=0, points=4, reason=""):
    files = files and tuple(replace(one, uploaded_by=world.instructor.id) for one in files)
    decision = grading.GradeDecision(points=points, reason=reason, files=files)
    return grading.grade_submission(submission, decision, grader_id=world.instructor.id, seen=seen, now=NOON)


def names(marking) -> list[str]:
    return [one.name for one in marking.files]


def test_a_file_goes_with_the_mark_and_the_ledger_counts_it(session):
    world = make_assignment_world()
    marking = grade(world, make_submission(world), given(pdf("koreksi.pdf"), VOICE))
    assert [(one.name, one.content_type, one.is_recording) for one in marking.files] == [
        ("koreksi.pdf", "application/pdf", False),
        ("umpan-balik.webm", "audio/webm", True),
    ]
    assert storage.read(marking.files[0].key) == PDF
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "mark submission")).one()
    assert json.loads(entry.facts)["files"] == 2
    session.commit()
    assert not list(evidence._markings())


def test_a_double_click_gives_them_once_and_other_files_are_another_decision(session):
    world = make_assignment_world()
    submission = make_submission(world)
    first = grade(world, submission, given(pdf()))
    assert grade(world, submission, given(pdf())) is first
    assert session.query(FeedbackFile).count() == 1
    with pytest.raises(grading.GradedMeanwhile):
        grade(world, submission, given(pdf(), VOICE))


def test_a_correction_keeps_what_it_says_and_nothing_else(session):
    world = make_assignment_world()
    submission = make_submission(world)
    files = given(pdf("milik-orang-lain.pdf"), VOICE)
    first = grade(world, submission, files)
    second = grade(world, submission, files[1:], seen=1, reason="Berkas keliru")
    assert names(second) == ["umpan-balik.webm"]
    assert names(first) == ["milik-orang-lain.pdf", "umpan-balik.webm"], "earlier marks stay as they were"
    session.expire_all()
    assert [feedback_file(one.id).is_told for one in first.files] == [False, False]
    assert feedback_file(second.files[0].id).is_told


def test_a_mark_from_the_gradebook_and_a_renewed_deduction_keep_them(session):
    world = make_assignment_world(late={"until": None, "penalty": 10.0})
    submission = make_submission(world)
    grade(world, submission, given(pdf()))
    second = grade(world, submission, None, seen=1, points=5, reason="Salah hitung")
    assert names(second) == ["rencana.pdf"]
    session.refresh(submission)
    grading.renew_penalty(submission, 2, now=NOON)
    session.flush()
    session.refresh(submission)
    assert [one.number for one in submission.markings] == [1, 2, 3]
    assert names(submission.markings[-1]) == ["rencana.pdf"]


def test_they_go_with_work_that_is_returned(session):
    world = make_assignment_world()
    submission = make_submission(world)
    day = NOON.date()
    files = tuple(replace(one, uploaded_by=world.instructor.id) for one in given(pdf()))

    def give_back(files):
        return returning.return_submission(
            submission, "Lengkapi.", day, actor_id=world.instructor.id, today=day, now=NOON, files=files
        )

    row = give_back(files)
    assert give_back(files) is row
    with pytest.raises(returning.ReturnedMeanwhile):
        give_back(())
    assert feedback_file(row.files[0].id).is_told


def test_held_marks_hold_them_too(session):
    world = make_assignment_world(marks="together")
    submission = make_submission(world)
    file = grade(world, submission, given(pdf("rahasia.pdf"))).files[0]

    def copied() -> list[str]:
        area = next(one for one in privacy.AREAS if one.name == "assignments")
        uploads = [one.path for one in area.files(world.learner.id)]
        return uploads + [one["name"] for one in area.copied(world.learner.id)["files_given_back"]]

    assert not feedback_file(file.id).is_told
    assert not copied()
    releasing.release_marks([submission.id], actor_id=world.instructor.id, now=NOON)
    session.expire_all()
    assert feedback_file(file.id).is_told
    assert [one.endswith("rahasia.pdf") for one in copied()] == [True, True]


def test_a_file_belongs_to_one_thing_and_stands_there_once(session):
    world = make_assignment_world()
    file = grade(world, make_submission(world), given(pdf())).files[0]
    same = {"name": file.name, "content_type": "", "size": 1, "key": file.key}
    same |= {"uploaded_by": file.uploaded_by, "uploaded_at": NOON}
    session.commit()
    for wrong in ({"marking_id": file.marking_id}, {}):
        session.add(FeedbackFile(**same, **wrong))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


@pytest.mark.parametrize(
    ("uploads", "refusal"),
    [
        ([pdf("kosong.pdf", b"")], EmptyFile),
        ([pdf("besar.pdf", PDF + bytes(4096))], UploadTooLarge),
        ([Upload("alat.pdf", b"MZ\x90")], FileTypeNotAccepted),
        ([Upload("catatan.txt", b"teks")], FileTypeNotAccepted),
        ([Upload("suara.webm", WEBM + bytes(recordings.MAX_BYTES))], RecordingTooLarge),
        ([Upload("klip.webm", WEBM.replace(b"A_OPUS", b"V_VP9 A_OPUS"))], FileTypeNotAccepted),
        ([pdf("1.pdf"), pdf("2.pdf"), VOICE, Upload("3.png", PNG)], TooManyFeedbackFiles),
    ],
    ids=["empty", "large", "program", "type", "long sound", "film", "many"],
)
@pytest.mark.once
def test_what_is_refused(session, uploads, refusal):
    with pytest.raises(refusal) as refused:
        given(*uploads)
    assert uploads[-1].name in refused.value.text


@pytest.mark.once
def test_all_together_have_a_limit(session, monkeypatch):
    monkeypatch.setattr(recordings, "MAX_BYTES", 10)
    limits = replace(LIMITS, most=2, size=len(PDF))
    with pytest.raises(FilesTooLarge):
        given(pdf("1.pdf"), pdf("2.pdf"), pdf("3.pdf"), limits=limits)


@pytest.mark.once
def test_an_assignment_that_takes_sound_takes_more_of_it(session):
    limits = FileLimits(2, recordings.MAX_BYTES * 2, ("m4a",))
    assert (
        given(Upload("wawancara.m4a", M4A + bytes(recordings.MAX_BYTES)), limits=limits)[0].content_type == "audio/mp4"
    )


@pytest.mark.once
def test_a_token_opens_for_its_submission_alone(session):
    (file,) = given(pdf())
    token = feedback_files.token(file, 7)
    assert feedback_files.file_of_token(token, 7) == file
    assert feedback_files.file_of_token(token, 8) is None
    assert feedback_files.file_of_token(token[:-4] + "AAAA", 7) is None
    assert feedback_files.file_of_token("", 7) is None
