"""Reads for the pages of settings, the activity log and rights."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select, tuple_, union_all

from lms.assignments.models import AnonymousNumber, Submission
from lms.assignments.queries import anonymity
from lms.authoring.services.checking import titles_being_written
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.core.settings import SettingValue, YearlyValue
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.people.models import Person
from lms.people.queries import ids_found
from lms.quizzes.models import Attempt
from lms.records.models import Record

FEW_PEOPLE = 20


def ledger_entries() -> Select[LedgerEntry]:
    """The latest first."""
    return select(LedgerEntry).order_by(LedgerEntry.id.desc())


def entry_ids(
    *,
    kind: str = "",
    verb: str = "",
    name: str = "",
    person_id: int | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Select[int]:
    """The ids of ledger entries, the latest first, by kind of target, what was done and when, and by a person, or by
    people with a name: what they did, and what was done to them, their work, marks and certificates.

    Of more than ``FEW_PEOPLE`` with a name, only what was done to the people themselves.
    """
    found = select(LedgerEntry.id).order_by(LedgerEntry.id.desc())
    if verb:
        found = found.where(LedgerEntry.verb == verb)
    if since is not None:
        found = found.where(LedgerEntry.at >= since)
    if before is not None:
        found = found.where(LedgerEntry.at < before)
    if kind:
        found = found.where(_is_about(kind))
    if person_id is not None:
        found = found.where(_is_of_people([person_id]))
    if name.strip():
        few = db.session.scalars(ids_found(name).limit(FEW_PEOPLE + 1)).all()
        found = found.where(_is_of_people(few) if len(few) <= FEW_PEOPLE else _is_of_everybody_named(name))
    return found


def _is_of_people(person_ids: Sequence[int]) -> ColumnElement[bool]:
    """Without papers that are graded without names: that they are found would name their learner."""
    nameless = anonymity.untold(AnonymousNumber.enrolment_id.in_(_enrolments_of(person_ids))).subquery()
    hidden = select(nameless.c.enrolment_id, nameless.c.item_id)
    work = tuple_(Submission.enrolment_id, Submission.item_id)
    targets = union_all(
        _targets("person", Person.id, Person.id.in_(person_ids)),
        *(
            _targets(kind, model.id, model.person_id.in_(person_ids))
            for kind, model in (
                ("enrolment", Enrolment),
                ("application", Application),
                ("attempt", Attempt),
                ("record", Record),
            )
        ),
        _targets("submission", Submission.id, Submission.person_id.in_(person_ids), work.not_in(hidden)),
    )
    return or_(LedgerEntry.actor_id.in_(person_ids), LedgerEntry.target.in_(targets))


def _enrolments_of(person_ids: Sequence[int]) -> Select[int]:
    return select(Enrolment.id).where(Enrolment.person_id.in_(person_ids))


def _targets(kind: str, column: Any, *where: ColumnElement[bool]) -> Select[str]:
    return select(literal(f"{kind}:") + cast(column, String)).where(*where)


def _is_of_everybody_named(name: str) -> ColumnElement[bool]:
    named = ids_found(name).cte("named")
    targets = select(literal("person:") + cast(named.c.id, String))
    return or_(LedgerEntry.actor_id.in_(select(named.c.id)), LedgerEntry.target.in_(targets))


def whose(kind: str, ids: Collection[int]) -> dict[int, tuple[int | None, int]]:
    """By id, the person whom a row belongs to, and the id of its course (of its item, for submissions and attempts)."""
    model, about = _OWNED[kind]
    rows = db.session.execute(select(model.id, model.person_id, about).where(model.id.in_(ids)))
    return {key: (person_id, of) for key, person_id, of in rows}


_OWNED: dict[str, tuple[Any, Any]] = {
    "enrolment": (Enrolment, Enrolment.course_id),
    "record": (Record, Record.course_id),
    "attempt": (Attempt, Attempt.item_id),
    "submission": (Submission, Submission.item_id),
}


def item_titles(item_ids: Collection[int]) -> dict[int, str]:
    """By item, as in the newest revision that has it."""
    newest = select(func.max(ItemRevision.id)).where(ItemRevision.item_id.in_(item_ids)).group_by(ItemRevision.item_id)
    rows = db.session.execute(select(ItemRevision.item_id, ItemRevision.title).where(ItemRevision.id.in_(newest)))
    return dict(rows.all())


def _is_about(kind: str) -> ColumnElement[bool]:
    """On SQLite a range, by the index that ``LIKE`` does not use; on PostgreSQL a range depends on the collation."""
    if db.engine.dialect.name == "sqlite":
        return and_(LedgerEntry.target >= f"{kind}:", LedgerEntry.target < f"{kind};")
    return LedgerEntry.target.startswith(f"{kind}:", autoescape=True)


class LedgerState(NamedTuple):
    """``waiting`` entries are not chained yet. ``last_chained`` is the id of the last chained one, or None."""

    total: int
    waiting: int
    last_chained: int | None


def ledger_state() -> LedgerState:
    """Only the newest entries may wait, so both counts and the id come from indexes, however long the ledger is."""
    is_chained = LedgerEntry.chain_hash.is_not(None)
    total = db.session.scalar(select(func.count()).select_from(LedgerEntry)) or 0
    waiting = db.session.scalar(select(func.count()).where(LedgerEntry.chain_hash.is_(None))) or 0
    last = select(LedgerEntry.id).where(is_chained).order_by(LedgerEntry.id.desc()).limit(1)
    return LedgerState(total, waiting, db.session.scalar(last))


def changed_settings() -> dict[str, SettingValue]:
    """The settings that have a stored value, by name."""
    return {row.name: row for row in db.session.scalars(select(SettingValue))}


def yearly_values() -> dict[str, list[YearlyValue]]:
    """The values of yearly settings by name, the oldest first."""
    found: dict[str, list[YearlyValue]] = {}
    for row in db.session.scalars(select(YearlyValue).order_by(YearlyValue.year)):
        found.setdefault(row.name, []).append(row)
    return found


ScopeKind = Literal["unit", "course", "cohort"]
ScopeKey = tuple[ScopeKind, int]
"""What a role was granted for: its kind and id."""


def scope_names(course_ids: Collection[int], cohort_ids: Collection[int]) -> dict[ScopeKey, str]:
    """Names of courses and cohorts; a course that is not published has the title of its draft, or else its address."""
    titles = select(CourseRevision.course_id, CourseRevision.title).where(CourseRevision.is_current)
    found: dict[ScopeKey, str] = {
        ("course", key): title
        for key, title in db.session.execute(titles.where(CourseRevision.course_id.in_(course_ids)))
    }
    nameless = {key for key in course_ids if ("course", key) not in found}
    if nameless:
        drafts = titles_being_written(nameless)
        slugs = db.session.execute(select(Course.id, Course.slug).where(Course.id.in_(nameless)))
        found |= {("course", key): drafts.get(key) or slug for key, slug in slugs}
    cohorts = titles.add_columns(Cohort.id, Cohort.name).join(Cohort, Cohort.course_id == CourseRevision.course_id)
    for _course_id, title, key, name in db.session.execute(cohorts.where(Cohort.id.in_(cohort_ids))):
        found["cohort", key] = f"{title}, {name}" if name else title
    return found


def courses_and_cohorts_of(person_id: int) -> tuple[set[int], set[int]]:
    """The ids of the courses and cohorts that a person is enrolled in."""
    taken = select(Enrolment.course_id, Enrolment.cohort_id)
    rows = db.session.execute(taken.where(Enrolment.person_id == person_id, Enrolment.withdrawn_at.is_(None))).all()
    return {row.course_id for row in rows}, {row.cohort_id for row in rows}
