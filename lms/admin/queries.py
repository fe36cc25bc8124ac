"""Reads for the pages of settings, the activity log and rights."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from sqlalchemy import Select, String, cast, func, literal, or_, select

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.core.settings import SettingValue
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.people.models import Person
from lms.people.queries import people_found


def ledger_entries(*, kind: str = "", name: str = "", person_id: int | None = None) -> Select[LedgerEntry]:
    """Ledger entries, the latest first, filtered by kind of target and by the name or id of the actor or target."""
    found = select(LedgerEntry).order_by(LedgerEntry.id.desc())
    if kind:
        found = found.where(LedgerEntry.target.startswith(f"{kind}:", autoescape=True))
    if person_id is not None:
        is_target = LedgerEntry.target == f"person:{person_id}"
        found = found.where(or_(LedgerEntry.actor_id == person_id, is_target))
    if name.strip():
        ids = people_found(name).with_only_columns(Person.id).order_by(None).scalar_subquery()
        targets = select(literal("person:") + cast(Person.id, String)).where(Person.id.in_(ids))
        found = found.where(or_(LedgerEntry.actor_id.in_(ids), LedgerEntry.target.in_(targets)))
    return found


class LedgerState(NamedTuple):
    """``waiting`` entries are not chained yet. ``last_chained`` is the id of the last chained one, or None."""

    total: int
    waiting: int
    last_chained: int | None


def ledger_state() -> LedgerState:
    is_chained = LedgerEntry.chain_hash.is_not(None)
    counts = select(func.count(), func.count(LedgerEntry.chain_hash), func.max(LedgerEntry.id).filter(is_chained))
    total, done, last = db.session.execute(counts).one()
    return LedgerState(total, total - done, last)


def changed_settings() -> dict[str, SettingValue]:
    """The settings that have a stored value, by name."""
    return {row.name: row for row in db.session.scalars(select(SettingValue))}


ScopeKind = Literal["unit", "course", "cohort"]
ScopeKey = tuple[ScopeKind, int]
"""What a role was granted for: its kind and id."""


def scope_names(course_ids: Collection[int], cohort_ids: Collection[int]) -> dict[ScopeKey, str]:
    """Names of courses and cohorts."""
    titles = select(CourseRevision.course_id, CourseRevision.title).where(CourseRevision.is_current)
    found: dict[ScopeKey, str] = {
        ("course", key): title
        for key, title in db.session.execute(titles.where(CourseRevision.course_id.in_(course_ids)))
    }
    cohorts = titles.add_columns(Cohort.id, Cohort.name).join(Cohort, Cohort.course_id == CourseRevision.course_id)
    for _course_id, title, key, name in db.session.execute(cohorts.where(Cohort.id.in_(cohort_ids))):
        found["cohort", key] = f"{title}, {name}" if name else title
    return found


def courses_and_cohorts_of(person_id: int) -> tuple[set[int], set[int]]:
    """The ids of the courses and cohorts that a person is enrolled in."""
    taken = select(Enrolment.course_id, Enrolment.cohort_id)
    rows = db.session.execute(taken.where(Enrolment.person_id == person_id, Enrolment.withdrawn_at.is_(None))).all()
    return {row.course_id for row in rows}, {row.cohort_id for row in rows}
