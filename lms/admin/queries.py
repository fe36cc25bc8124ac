"""Reads for the pages of settings, the activity log and rights."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select

from lms.authoring.services.checking import titles_being_written
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.core.settings import SettingValue, YearlyValue
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.people.queries import ids_found


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
    """The ids of ledger entries, the latest first, by kind of target, what was done and when, and by the name or id of
    the actor or target."""
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
        is_target = LedgerEntry.target == f"person:{person_id}"
        found = found.where(or_(LedgerEntry.actor_id == person_id, is_target))
    if name.strip():
        named = ids_found(name).cte("named")
        targets = select(literal("person:") + cast(named.c.id, String))
        found = found.where(or_(LedgerEntry.actor_id.in_(select(named.c.id)), LedgerEntry.target.in_(targets)))
    return found


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
