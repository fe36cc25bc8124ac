"""Whoever changes rows past the site is found, whatever hashes were computed anew."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import NOON
from full_world import make_full_world
from session_world import make_session_world
from sqlalchemy import delete, select, text, update

from lms.assignments.models import Marking, Submission
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.attendance.models import AttendanceMark
from lms.attendance.services.marking import NewAttendance, mark_attendance
from lms.core import ledger, ledger_heads
from lms.core.db import db
from lms.core.ledger import GENESIS, LedgerEntry, next_chain_hash
from lms.core.ledger_heads import LedgerHead
from lms.courses.models import Course, ItemRevision
from lms.journal.events import digest
from lms.journal.models import Event
from lms.learning import services as learning
from lms.learning.models import Completion, Grade
from lms.learning.results import NewGrade
from lms.ops.services import evidence
from lms.quizzes import services as quizzes
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.responses import Response
from lms.records import services as records
from lms.records.models import Record


@pytest.fixture
def world(session, tmp_path, monkeypatch):
    """A world with a record, a revoked one, grades and answers, whose ledger is signed."""
    monkeypatch.setattr(ledger_heads, "keys", lambda: ledger_heads.Keys(tmp_path))
    monkeypatch.setattr(ledger_heads, "anchor_file", lambda: tmp_path / ledger_heads.ANCHORS)
    made = make_full_world()
    attempt = session.scalars(select(Attempt)).one()
    for one in attempt.selection:
        question = quizzes.quiz_of(attempt).question(one["id"])
        answer = Response(frozenset("a") if question.kind == "choice" else "satu")
        quizzes.save_answer(attempt, question, answer, now=attempt.started_at)
    quizzes.submit_attempt(attempt, now=attempt.started_at)
    sign()
    return made


def sign() -> None:
    ledger.extend_chain()
    ledger_heads.sign_head(now=NOON)
    db.session.commit()


def found() -> set[str]:
    db.session.commit()
    db.session.expire_all()
    return {one.what.partition(":")[0] for one in evidence.examine()}


def chain_anew() -> None:
    """What somebody does who knows the program and can write to the database."""
    before = GENESIS
    for entry in db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)):
        before = entry.chain_hash = next_chain_hash(before, entry)
    db.session.commit()


def alter(table, row, **values) -> None:
    db.session.execute(update(table).where(table.id == row.id).values(**values))


def first(table, *where):
    row = db.session.scalars(select(table).where(*where).order_by(table.id)).first()
    assert row is not None
    return row


def test_a_site_that_nobody_touched_agrees(world):
    assert found() == set()


def the_last_entries_are_gone():
    last = first(LedgerHead).entry_id
    db.session.execute(delete(LedgerEntry).where(LedgerEntry.id > last - 2))


def all_entries_and_heads_are_gone():
    db.session.execute(delete(LedgerHead))
    db.session.execute(delete(LedgerEntry))


def an_entry_is_altered_and_the_chain_computed_anew():
    entry = first(LedgerEntry, LedgerEntry.verb == "grade")
    alter(LedgerEntry, entry, facts=json.dumps(json.loads(entry.facts) | {"score": "1"}, sort_keys=True))
    chain_anew()


def an_entry_is_removed_and_the_chain_computed_anew():
    alter(LedgerEntry, first(LedgerEntry), chain_hash=None)
    db.session.execute(delete(LedgerEntry).where(LedgerEntry.id == first(LedgerEntry).id))
    chain_anew()


def an_entry_is_put_in_and_the_chain_computed_anew():
    entry = first(LedgerEntry)
    values = {name: getattr(entry, name) for name in ("at", "actor_id", "verb", "target", "facts")}
    db.session.add(LedgerEntry(id=entry.id - 1000, **values))
    chain_anew()


def a_head_is_altered():
    alter(LedgerHead, first(LedgerHead), entries=first(LedgerHead).entries + 1)


LEDGER = [
    the_last_entries_are_gone,
    all_entries_and_heads_are_gone,
    an_entry_is_altered_and_the_chain_computed_anew,
    an_entry_is_removed_and_the_chain_computed_anew,
    an_entry_is_put_in_and_the_chain_computed_anew,
    a_head_is_altered,
]


@pytest.mark.parametrize("tamper", LEDGER, ids=lambda one: one.__name__)
def test_a_ledger_that_was_tampered_with_is_found(world, tamper):
    tamper()
    assert "ledger" in found()


def a_record_has_another_name():
    record = first(Record)
    alter(Record, record, snapshot=record.snapshot | {"name": "Contoh Lain"})


def a_record_has_more_hours():
    alter(Record, first(Record), jp=999)


def a_record_belongs_to_another_number():
    alter(Record, first(Record), number="999/LAIN/2026")


def a_record_is_put_in():
    record = first(Record, Record.revoked_at.is_(None))
    names = [column.name for column in Record.__table__.columns if column.name not in {"id", "code", "number"}]
    values = {name: getattr(record, name) for name in names} | {"replaces_id": record.id}
    db.session.add(Record(**values | {"code": "A" * 20, "number": "998/LAIN/2026"}))


def a_revocation_is_undone():
    record = first(Record, Record.revoked_at.is_not(None))
    alter(Record, record, revoked_at=None, revoked_by=None, revoke_reason=None)


def a_record_is_revoked_by_hand():
    alter(Record, first(Record, Record.revoked_at.is_(None)), revoked_at=NOON, revoke_reason="Coba")


def a_record_counts_for_another_year():
    record = first(Record)
    alter(Record, record, completed_on=record.completed_on - timedelta(days=365))


def a_record_is_of_another_course():
    record = first(Record)
    other = db.session.scalars(select(Course.id).where(Course.id != record.course_id)).first()
    alter(Record, record, course_id=other)


RECORDS = [
    a_record_has_another_name,
    a_record_has_more_hours,
    a_record_belongs_to_another_number,
    a_record_is_put_in,
    a_revocation_is_undone,
    a_record_is_revoked_by_hand,
    a_record_counts_for_another_year,
    a_record_is_of_another_course,
]


@pytest.fixture
def with_records(world):
    """One record in force and one revoked."""
    one = first(Record)
    if one.revoked_at is None:
        records.revoke_record(one, "Keliru", actor_id=one.person_id, now=NOON)
    records.replace_record(one, actor_id=first_admin(one), now=NOON)
    db.session.commit()
    ledger.extend_chain()
    ledger_heads.sign_head(now=NOON + timedelta(hours=1))
    db.session.commit()
    assert found() == set()
    return world


def first_admin(record) -> int:
    return db.session.scalar(
        text("SELECT id FROM person WHERE id <> :id ORDER BY id LIMIT 1"), {"id": record.person_id}
    )


@pytest.mark.parametrize("tamper", RECORDS, ids=lambda one: one.__name__)
def test_a_forged_record_is_found_and_not_confirmed(with_records, client, tamper):
    tamper()
    assert "record" in found()
    codes = db.session.scalars(select(Record.code)).all()
    answers = {client.get(f"/verify/{code}").status_code for code in codes}
    assert 409 in answers
    assert "unconfirmed" in {client.get(f"/verify/{code}.json").json["status"] for code in codes}


def test_a_record_that_was_deleted_is_found(with_records):
    db.session.execute(delete(Record).where(Record.replaces_id.is_not(None)))
    assert "record" in found()


def test_a_grade_set_to_a_hundred_is_found(world):
    alter(Grade, first(Grade), score=99)
    assert "grade" in found()


def test_a_grade_that_was_deleted_is_found(world):
    grade = first(Grade)
    db.session.execute(delete(Grade).where(Grade.id == grade.id))
    assert found() == {"attempt"}


def test_a_correction_of_a_grade_that_was_deleted_is_found(world):
    """The mark before it would count again."""
    grade = first(Grade)
    version = db.session.get(ItemRevision, grade.item_revision_id)
    learning.record_grade(grade.enrolment_id, version, NewGrade(grade.source, Decimal(1)), now=NOON + timedelta(days=1))
    assert found() == set()
    db.session.execute(delete(Grade).where(Grade.source == grade.source, Grade.number == 2))
    assert found() == {grade.source.partition(":")[0]}


@pytest.fixture
def marking(session):
    world = make_assignment_world()
    best = GradeDecision(picked={0: 0, 1: 0})
    return grade_submission(make_submission(world), best, grader_id=world.instructor.id, seen=0, now=NOON)


def test_a_marking_that_was_altered_renumbered_or_deleted_is_found(session, marking):
    assert "marking" not in found()
    alter(Marking, marking, final_score=99)
    assert "marking" in found()
    alter(Marking, marking, final_score=100, number=7)
    assert "marking" in found()
    db.session.execute(delete(Marking))
    assert "submission" in found()


def test_a_correction_of_a_marking_that_was_deleted_is_found(session, marking):
    submission = session.get_one(Submission, marking.submission_id)
    worse = GradeDecision(picked={0: 1, 1: 1}, reason="Keliru")
    again = grade_submission(submission, worse, grader_id=marking.graded_by, seen=1, now=NOON + timedelta(days=1))
    assert not {"submission", "marking"} & found()
    db.session.execute(delete(Marking).where(Marking.id == again.id))
    assert "submission" in found()


def test_attendance_that_was_altered_or_deleted_is_found(session):
    world = make_session_world()
    for seen, status in enumerate(("absent", "present")):
        new = [NewAttendance(world.ani.id, status, seen)]
        mark_attendance(world.meeting(), new, actor_id=world.instructor.id, now=NOON)
    assert not {"attendance", "enrolment"} & found()
    first_mark = session.scalars(select(AttendanceMark).order_by(AttendanceMark.id)).first()
    alter(AttendanceMark, first_mark, status="present")
    assert "attendance" in found()
    alter(AttendanceMark, first_mark, status="absent", meeting=2)
    assert "attendance" in found()
    db.session.execute(delete(AttendanceMark).where(AttendanceMark.number == 2))
    assert "enrolment" in found()


def test_a_ledger_other_than_the_one_whose_head_was_printed_is_found(with_records):
    """Even if whoever replaced it has the key, and the anchors are gone too."""
    heads = [record.snapshot["ledger_head"] for record in db.session.scalars(select(Record)).all()]
    printed = [head for head in heads if head]
    assert printed
    assert ledger_heads.unknown_heads(printed) == set()
    db.session.execute(delete(LedgerHead))
    ledger_heads.anchor_file().unlink()
    entry = first(LedgerEntry)
    alter(LedgerEntry, entry, at=entry.at + timedelta(days=1))
    chain_anew()
    sign()
    assert found() == {"record"}
    assert ledger_heads.unknown_heads([*printed, "", "x", "1:2:3", "9" * 40]) == {*printed, "", "x", "1:2:3", "9" * 40}


def test_a_completion_with_another_score_is_found(world):
    alter(Completion, first(Completion), score=1)
    assert "completion" in found()


def test_a_completion_of_another_day_is_found(world):
    completion = first(Completion)
    alter(Completion, completion, completed_at=completion.completed_at + timedelta(days=90))
    assert "completion" in found()


def test_an_event_that_was_altered_is_found_even_with_a_new_hash(world):
    event = first(Event, Event.kind == "answer")
    data = bytes(event.bytes).replace(b'"body"', b'"body" ', 1)
    alter(Event, event, bytes=data, hash=digest(data))
    assert found() == {"attempt"}


def test_an_event_that_was_altered_is_found_even_with_a_new_chain(world):
    """The ledger knows the chain's hash of the moment when the attempt was handed in."""
    event = first(Event, Event.kind == "answer")
    prev = GENESIS
    for one in db.session.scalars(select(Event).where(Event.subject == event.subject).order_by(Event.n)):
        values = json.loads(one.bytes) | {"prev": prev}
        if one.id == event.id:
            values["at"] = {"wall": 1}
        data = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        alter(Event, one, bytes=data, prev=prev, hash=digest(data))
        prev = digest(data)
    assert "attempt" in found()


def test_an_answer_that_is_not_its_events_is_found(world):
    alter(Answer, first(Answer), response={"picked": ["z"]})
    assert "attempt" in found()


def test_a_rotated_key_leaves_old_heads_valid(world):
    keys = ledger_heads.keys()
    old = keys.current_id
    new = keys.rotate()
    ledger.record(None, "publish course", "course:1", now=NOON)
    sign()
    assert found() == set()
    assert {old, new} == set(keys.public())
    assert not (keys.folder / f"{old}.key").exists()


def test_nothing_is_signed_twice_for_the_same_head(world):
    assert ledger_heads.sign_head(now=NOON) is None
    assert len(ledger_heads.anchors()) == len(ledger_heads.heads()) == 1
