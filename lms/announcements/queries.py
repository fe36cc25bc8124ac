"""Reads of announcements, and of those for whom they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, distinct, exists, func, or_, select
from sqlalchemy.orm import lazyload

from lms.announcements.models import Announcement
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import Completion
from lms.people.models import Person


def is_addressed(course_id: int, cohort_id: int | None, today: date) -> ColumnElement[bool]:
    """Condition on ``Enrolment`` and ``Cohort``: whoever is in the cohort; without one, all who take the course now.

    These are the people of the cohorts that are not over, with those who have an extension; in the cohort without
    dates, which never is, those who have not completed the course. Withdrawn enrolments are left to the caller.
    """
    if cohort_id is not None:
        return Enrolment.cohort_id == cohort_id
    goes_on = or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today, Enrolment.extended_until >= today)
    has_completed = exists().where(Completion.enrolment_id == Enrolment.id)
    return and_(Enrolment.course_id == course_id, goes_on, or_(Cohort.starts_on.is_not(None), ~has_completed))


class Audience(NamedTuple):
    """Whom an announcement can be for, and how many people these are. ``cohort`` is None: all who take the course."""

    cohort: Cohort | None
    people: int


def audiences(course_id: int, today: date) -> list[Audience]:
    """All, then each cohort, latest first."""
    active = (
        select(Enrolment.cohort_id, func.count(distinct(Enrolment.person_id)))
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.course_id == course_id, Person.is_active, Enrolment.withdrawn_at.is_(None))
    )
    in_cohorts = dict(db.session.execute(active.group_by(Enrolment.cohort_id)).all())
    everybody = active.with_only_columns(func.count(distinct(Enrolment.person_id)), maintain_column_froms=True)
    whole = db.session.scalar(everybody.where(is_addressed(course_id, None, today))) or 0
    cohorts = [one.cohort for one in enrolments.cohorts_of_course(course_id)]
    return [Audience(None, whole), *(Audience(one, in_cohorts.get(one.id, 0)) for one in cohorts)]


class ShownAnnouncement(NamedTuple):
    announcement: Announcement
    author: Person
    cohort: Cohort | None


def listed(course_id: int) -> Select[Announcement, Person, Cohort]:
    """All of a course as ``ShownAnnouncement``, newest first, withdrawn ones too."""
    return (
        select(Announcement, Person, Cohort)
        .join(Person, Person.id == Announcement.author_id)
        .outerjoin(Cohort, Cohort.id == Announcement.cohort_id)
        .where(Announcement.course_id == course_id)
        .options(lazyload(Person.grants))
        .order_by(Announcement.id.desc())
    )


def listed_for(enrolment: Enrolment) -> Select[Announcement, Person, Cohort]:
    """Those of ``listed`` that are for somebody with this enrolment."""
    return listed(enrolment.course_id).where(_is_for(enrolment.cohort_id))


def _is_for(cohort_id: Any) -> ColumnElement[bool]:
    return or_(Announcement.cohort_id.is_(None), Announcement.cohort_id == cohort_id)


class AnnouncementLink(NamedTuple):
    id: int
    title: str
    created_at: datetime


_NEWEST = DirectQuery(
    select(Announcement.id, Announcement.title, Announcement.created_at)
    .where(
        Announcement.course_id == bindparam("course_id"),
        _is_for(bindparam("cohort_id")),
        Announcement.withdrawn_at.is_(None),
    )
    .order_by(Announcement.id.desc())
    .limit(2),
    AnnouncementLink,
)


def newest(course_id: int, cohort_id: int) -> list[AnnouncementLink]:
    """The newest two for somebody in this cohort, without withdrawn ones."""
    return _NEWEST.rows(course_id=course_id, cohort_id=cohort_id)


def announcement(course_id: int, announcement_id: int) -> Announcement | None:
    """One of this course."""
    own = Announcement.id == announcement_id, Announcement.course_id == course_id
    return db.session.scalar(select(Announcement).where(*own))


def by_number(course_id: int, author_id: int, number: int) -> Announcement | None:
    own = Announcement.course_id == course_id, Announcement.author_id == author_id
    return db.session.scalar(select(Announcement).where(*own, Announcement.number == number))


def next_number(course_id: int, author_id: int) -> int:
    own = Announcement.course_id == course_id, Announcement.author_id == author_id
    return (db.session.scalar(select(func.max(Announcement.number)).where(*own)) or 0) + 1


def told_since(since: datetime) -> Sequence[Announcement]:
    """Those that their participants are to be notified of, oldest first."""
    told = Announcement.told_at > since, Announcement.withdrawn_at.is_(None)
    return db.session.scalars(select(Announcement).where(*told).order_by(Announcement.id)).all()


def changed_since(since: datetime) -> Sequence[Announcement]:
    """Those that were corrected or withdrawn."""
    changed = or_(Announcement.corrected_at > since, Announcement.withdrawn_at > since)
    return db.session.scalars(select(Announcement).where(changed).order_by(Announcement.id)).all()


def with_ids(announcement_ids: Collection[int]) -> dict[int, Announcement]:
    rows = db.session.scalars(select(Announcement).where(Announcement.id.in_(announcement_ids)))
    return {one.id: one for one in rows}
