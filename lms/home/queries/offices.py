"""What the first page of an admin shows, and the proposals that a person may decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, true
from sqlalchemy.orm import Mapped

from lms.core.db import db
from lms.courses.models import CourseRevision
from lms.enrolment import policy as enrolment_policy
from lms.enrolment.models import Application, Enrolment
from lms.learning.models import Completion
from lms.notices.services.settings import help_contact
from lms.people.models import Person, Unit
from lms.people.rights import Rights
from lms.people.scopes import Scope
from lms.records.models import Record
from lms.records.services.readiness import missing_now


@dataclass(frozen=True)
class PendingProposals:
    """Proposals that a person may decide, and their cohorts."""

    count: int
    cohort_ids: list[int]


def pending_proposals(person: Rights) -> PendingProposals:
    """Makes no query for people who may not decide any."""
    if not (person.is_admin or person.has_role("agency-admin") or person.has_role("committee")):
        return PendingProposals(0, [])
    found = select(Application.cohort_id, func.count())
    found = found.where(Application.state == "proposed", enrolment_policy.decidable_by(person))
    rows = db.session.execute(found.group_by(Application.cohort_id)).all()
    return PendingProposals(sum(count for _cohort_id, count in rows), [cohort_id for cohort_id, _count in rows])


def admin_counts(office: Scope) -> dict[str, int]:
    """Counts for the admin home page, of the people within a scope."""
    return {
        "people": _count(_of(office, Person, Person.id).where(Person.is_active)),
        "units": _count(select(Unit.id).where(Unit.ended_on.is_(None), _in_admin_scope(office, Unit.id))),
        "courses": _count(select(CourseRevision.id).where(CourseRevision.is_current)),
        "enrolments": _count_without(_of(office, Enrolment, Enrolment.person_id), Enrolment.withdrawn_at.is_not(None)),
        "completions": _completions(office),
        "records": _count_without(_of(office, Record, Record.person_id), Record.revoked_at.is_not(None)),
        "demo": _count(select(Person.id).where(Person.is_demo, Person.is_active)),
    }


def first_steps(counts: Mapping[str, int]) -> list[str]:
    """What a new site lacks before people learn and get certificates, in the order of the work."""
    lacks = {
        "units": not counts["units"],
        "people": counts["people"] < 2,
        "courses": not counts["courses"],
        "contact": not help_contact().is_set,
        "certificates": bool(missing_now()),
    }
    return [step for step, is_missing in lacks.items() if is_missing]


def _of(office: Scope, model: type[Any], person_id: Any) -> Select[Any]:
    """Rows of a table that belong to the people of a scope. Everybody needs no look at the people."""
    rows = select(literal(1)).select_from(model)
    if office.unit_ids is None:
        return rows
    if model is not Person:
        rows = rows.join(Person, Person.id == person_id)
    return rows.where(Person.unit_id.in_(office.unit_ids))


def _completions(office: Scope) -> int:
    if office.unit_ids is None:
        return _count(select(literal(1)).select_from(Completion))
    done = select(literal(1)).select_from(Completion).join(Enrolment, Enrolment.id == Completion.enrolment_id)
    return _count(done.join(Person, Person.id == Enrolment.person_id).where(Person.unit_id.in_(office.unit_ids)))


def _count_without(rows: Select[Any], exception: ColumnElement[bool]) -> int:
    """All but the few with the ``exception``, which have an index of their own: the others are not looked at."""
    return _count(rows) - _count(rows.where(exception))


def _count(rows: Select[Any]) -> int:
    return db.session.scalar(rows.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _in_admin_scope(office: Scope, column: Mapped[int] | Mapped[int | None]) -> ColumnElement[bool]:
    return true() if office.unit_ids is None else column.in_(office.unit_ids)
