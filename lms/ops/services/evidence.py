"""Compares the rows that records rest on with the ledger and the journal, which are written once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, func, select

from lms.assignments.models import Marking, SubmissionReturn
from lms.attendance.models import AttendanceMark
from lms.core import ledger, ledger_heads
from lms.core.db import BATCH_SIZE, db
from lms.core.i18n import LazyString, lazy
from lms.journal import events
from lms.journal import queries as journal
from lms.journal.models import Event
from lms.learning.models import Completion, Grade
from lms.quizzes.models import Answer
from lms.records import queries as records
from lms.records.models import Record

Row = TypeVar("Row")


REASONS: dict[str, LazyString] = {
    "entry": lazy("this ledger entry or an earlier one was altered, removed or inserted"),
    "head": lazy("the ledger up to this entry is not the one that was signed"),
    "missing": lazy("the ledger had entries up to this one, which are gone"),
    "signature": lazy("a signed head of the ledger was altered, or signed with a key that is not here"),
    "anchor": lazy("a line of the anchor file cannot be read"),
    "no-anchors": lazy("the anchor file is missing"),
    "printed": lazy("the ledger is not the one whose head was printed"),
    "not-issued": lazy("the ledger does not say that it was issued"),
    "altered": lazy("it differs from what the ledger says was issued"),
    "not-revoked": lazy("it is revoked, but the ledger does not say so"),
    "revocation-undone": lazy("the ledger says that it was revoked, with another reason or none here"),
    "deleted": lazy("the ledger has it, the database does not"),
    "not-in-ledger": lazy("the ledger does not have it"),
    "differs": lazy("it differs from its ledger entry"),
    "event-altered": lazy("an event of it was altered, removed or inserted"),
    "not-its-event": lazy("the stored answer is not the one of its event"),
}


class Disagreement(NamedTuple):
    """``what`` is the row or entry, such as ``record:17``; ``reason`` is a key of ``REASONS``."""

    what: str
    reason: str

    @property
    def why(self) -> LazyString:
        return REASONS[self.reason]


def examine() -> Iterator[Disagreement]:
    """Everything that disagrees. Reads all entries, records, grades, completions, answers and events."""
    for fault in ledger_heads.faults():
        yield Disagreement(f"ledger:{fault.entry_id}", fault.kind)
    yield from _records()
    yield from _markings()
    yield from _returned()
    yield from _grades()
    yield from _attendance()
    yield from _completions()
    yield from _events()
    yield from _answers()


def _records() -> Iterator[Disagreement]:
    for some in _batches(select(Record).order_by(Record.id)):
        for record_id, why in records.disagreements(some).items():
            yield Disagreement(f"record:{record_id}", why)
        yield from _printed_heads(some)
    yield from _deleted("issue record", {f"record:{key}" for key in db.session.scalars(select(Record.id))})


def _printed_heads(some: Sequence[Record]) -> Iterator[Disagreement]:
    printed = {record.id: str(record.snapshot.get("ledger_head", "")) for record in some}
    unknown = ledger_heads.unknown_heads(set(filter(None, printed.values())))
    yield from (Disagreement(f"record:{key}", "printed") for key, head in printed.items() if head in unknown)


def _markings() -> Iterator[Disagreement]:
    for some in _batches(select(Marking).order_by(Marking.submission_id, Marking.number)):
        targets = {f"submission:{one.submission_id}" for one in some}
        given = {
            (target, facts["number"]): facts
            for target, entries in ledger.facts_about("mark submission", targets).items()
            for facts in entries
        }
        for one in some:
            facts = given.get((f"submission:{one.submission_id}", one.number))
            if facts is None:
                yield Disagreement(f"marking:{one.id}", "not-in-ledger")
            elif not _is_marking(one, facts):
                yield Disagreement(f"marking:{one.id}", "differs")
    stored = db.session.execute(select(Marking.submission_id, func.count()).group_by(Marking.submission_id))
    yield from _fewer("mark submission", {f"submission:{key}": count for key, count in stored})


def _is_marking(marking: Marking, facts: dict[str, object]) -> bool:
    stored = (_number(marking.score), _number(marking.final_score), marking.reason)
    return stored == (_number(facts["score"]), _number(facts["final"]), facts["reason"])


def _returned() -> Iterator[Disagreement]:
    for some in _batches(select(SubmissionReturn).order_by(SubmissionReturn.submission_id)):
        given = ledger.facts_about("return submission", {f"submission:{one.submission_id}" for one in some})
        for one in some:
            entries = given.get(f"submission:{one.submission_id}", [])
            if not entries:
                yield Disagreement(f"return:{one.id}", "not-in-ledger")
            elif entries[-1]["until"] != one.until.isoformat():
                yield Disagreement(f"return:{one.id}", "differs")
    known = {f"submission:{key}" for key in db.session.scalars(select(SubmissionReturn.submission_id))}
    yield from _deleted("return submission", known)


def _grades() -> Iterator[Disagreement]:
    for some in _batches(select(Grade).order_by(Grade.source, Grade.number)):
        given = ledger.facts_about("grade", {grade.source for grade in some})
        yield from _lost_events(given)
        for grade in some:
            entries = given.get(grade.source, [])
            if grade.number > len(entries):
                yield Disagreement(f"grade:{grade.id}", "not-in-ledger")
            elif not _is_grade(grade, entries[grade.number - 1]):
                yield Disagreement(f"grade:{grade.id}", "differs")
    stored = db.session.execute(select(Grade.source, func.count()).group_by(Grade.source))
    yield from _fewer("grade", dict(stored.all()))


def _lost_events(given: dict[str, list[dict[str, Any]]]) -> Iterator[Disagreement]:
    """Of marks whose ledger entry names the newest event they rest on, those whose journal does not have it."""
    expected = {
        (source, facts["journal"]) for source, entries in given.items() for facts in entries if "journal" in facts
    }
    stored = select(Event.subject, Event.hash).where(Event.subject.in_({source for source, _hash in expected}))
    there = {(row.subject, row.hash) for row in db.session.execute(stored)}
    yield from (Disagreement(source, "event-altered") for source, _hash in sorted(expected - there))


def _is_grade(grade: Grade, facts: dict[str, object]) -> bool:
    return (_number(facts["score"]), facts["enrolment"]) == (_number(grade.score), grade.enrolment_id)


def _attendance() -> Iterator[Disagreement]:
    for some in _batches(select(AttendanceMark).order_by(AttendanceMark.enrolment_id, AttendanceMark.id)):
        targets = {f"enrolment:{one.enrolment_id}" for one in some}
        given = {
            (target, facts["item"], facts["meeting"], facts["number"]): facts
            for target, entries in ledger.facts_about("mark attendance", targets).items()
            for facts in entries
        }
        for one in some:
            facts = given.get((f"enrolment:{one.enrolment_id}", one.item_id, one.meeting, one.number))
            if facts is None:
                yield Disagreement(f"attendance:{one.id}", "not-in-ledger")
            elif facts["status"] != one.status:
                yield Disagreement(f"attendance:{one.id}", "differs")
    stored = db.session.execute(select(AttendanceMark.enrolment_id, func.count()).group_by(AttendanceMark.enrolment_id))
    yield from _fewer("mark attendance", {f"enrolment:{key}": count for key, count in stored})


def _completions() -> Iterator[Disagreement]:
    for some in _batches(select(Completion).order_by(Completion.id)):
        targets = {f"enrolment:{one.enrolment_id}" for one in some}
        recorded = ledger.facts_about("complete course", targets)
        moments = ledger.moments_of("complete course", targets)
        for one in some:
            target = f"enrolment:{one.enrolment_id}"
            entries = recorded.get(target, [])
            if not entries:
                yield Disagreement(f"completion:{one.id}", "not-in-ledger")
            elif moments[target] != one.completed_at or not _is_completion(one, entries[-1]):
                yield Disagreement(f"completion:{one.id}", "differs")
    known = {f"enrolment:{key}" for key in db.session.scalars(select(Completion.enrolment_id))}
    yield from _deleted("complete course", known)


def _is_completion(completion: Completion, facts: dict[str, object]) -> bool:
    return (_number(facts["score"]), facts["rule"]) == (_number(completion.score), completion.facts["rule"])


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _events() -> Iterator[Disagreement]:
    """Every chain of the journal, and that each event's columns and hash are those of its bytes."""
    rows = select(Event).order_by(Event.device, Event.subject, Event.n).execution_options(yield_per=BATCH_SIZE)
    for (_device, subject), chain in groupby(db.session.scalars(rows), key=lambda row: (row.device, row.subject)):
        entries = [(row, journal.entry(row)) for row in chain]
        is_intact = events.first_broken(entry for _row, entry in entries) is None
        if not is_intact or any(row.hash != entry.hash or row.prev != entry.prev for row, entry in entries):
            yield Disagreement(subject, "event-altered")


def _answers() -> Iterator[Disagreement]:
    rows = select(Answer.attempt_id, Answer.question, Answer.response, Event.kind, Event.subject, Event.bytes)
    found = rows.outerjoin(Event, Event.id == Answer.event_id).order_by(Answer.id)
    for row in db.session.execute(found.execution_options(yield_per=BATCH_SIZE)):
        body = events.read(row.bytes, arrived=0).body if row.bytes else {}
        if row.kind == "flag" and row.subject == f"attempt:{row.attempt_id}":
            continue
        is_its_own = row.subject == f"attempt:{row.attempt_id}" and body.get("about") == row.question
        if not is_its_own or body.get("response") != row.response:
            yield Disagreement(f"attempt:{row.attempt_id}", "not-its-event")


def _deleted(verb: str, known: set[str]) -> Iterator[Disagreement]:
    yield from (
        Disagreement(target, "deleted") for target in dict.fromkeys(ledger.targets_of(verb)) if target not in known
    )


def _fewer(verb: str, rows: dict[str, int]) -> Iterator[Disagreement]:
    """Targets with fewer rows than entries: without the newest row, the one before would be in force again."""
    for target, entries in Counter(ledger.targets_of(verb)).items():
        if rows.get(target, 0) < entries:
            yield Disagreement(target, "deleted")


def _batches(query: Select[Row]) -> Iterator[Sequence[Row]]:
    yield from db.session.scalars(query.execution_options(yield_per=BATCH_SIZE)).partitions(BATCH_SIZE)
