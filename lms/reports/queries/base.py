"""The base of all board queries: people, their enrolments and the state of each, within the scope."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, select

from lms.accounts import queries as accounts
from lms.accounts.models import Person
from lms.accounts.scopes import WITHOUT_UNIT
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import EnrolmentState
from lms.reports.filters import RUNNING, BoardQuery
from lms.reports.states import meant


def state_of(today: date, near_days: int) -> ColumnElement[str]:
    """``lms.learning.status.learner_status`` as SQL, for an enrolment with its state outer-joined."""
    near = today + timedelta(days=near_days)
    return case(
        (Enrolment.withdrawn_at.is_not(None), "withdrawn"),
        (EnrolmentState.state == "finished", "finished"),
        (EnrolmentState.state == "failed", "failed"),
        (EnrolmentState.state == "waiting", "waiting"),
        (Enrolment.due_on < today, "overdue"),
        (Enrolment.due_on <= near, "near"),
        (EnrolmentState.state == "in-progress", "in-progress"),
        else_="not-started",
    )


PERSON = (Person.id, Person.title_before, Person.name, Person.title_after, Person.nip, Person.email)


def state(query: BoardQuery) -> ColumnElement[str]:
    return state_of(query.today, query.near_days)


def enrolments_of(query: BoardQuery, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The enrolments that pass the filters."""
    found = (
        select(*columns)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .where(*people_where(query), *taken_where(query))
    )
    if query.filters.state:
        found = found.where(state(query).in_(meant(query.filters.state)))
    if query.filters.picked:
        found = found.where(Enrolment.id.in_(query.filters.picked))
    return found


def people_where(query: BoardQuery) -> list[ColumnElement[bool]]:
    """Active people within the scope, whatever the address says, who pass the filters of people."""
    filters, where = query.filters, list[ColumnElement[bool]]([Person.is_active.is_(True)])
    ids = query.narrowed.unit_ids
    if ids is not None:
        where.append(Person.unit_id.in_(ids) if ids else false())
    if filters.unit_id == WITHOUT_UNIT:
        where.append(Person.unit_id.is_(None))
    if filters.status:
        where.append(Person.status == filters.status)
    if filters.person_id is not None:
        where.append(Person.id == filters.person_id)
    if filters.words:
        found = accounts.people_found(filters.words, by_parts_of_numbers=query.sees_numbers)
        where.append(Person.id.in_(found.with_only_columns(Person.id).order_by(None)))
    return where


def taken_where(query: BoardQuery) -> list[ColumnElement[bool]]:
    """The filters of enrolments, without the state."""
    filters, where = query.filters, list[ColumnElement[bool]]()
    if filters.course_id is not None:
        where.append(Enrolment.course_id == filters.course_id)
    if filters.cohort_id is not None:
        where.append(Enrolment.cohort_id == filters.cohort_id)
    if filters.year is not None:
        first, last = year_of(filters.year, query.zone)
        where.append(and_(Enrolment.enrolled_at >= first, Enrolment.enrolled_at < last))
    if filters.period == RUNNING:
        runs = select(Cohort.id).where(or_(Cohort.ends_on.is_(None), Cohort.ends_on >= query.today))
        where.append(or_(Enrolment.cohort_id.in_(runs), Enrolment.due_on >= query.today))
    return where


def is_enrolled(query: BoardQuery) -> ColumnElement[bool]:
    return exists().where(Enrolment.person_id == Person.id, *taken_where(query))


def year_of(year: int, zone: str) -> tuple[datetime, datetime]:
    """The first moment of a year in the site's time zone, and the first moment after it."""
    first, last = (datetime(one, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in (year, year + 1))
    return first, last
