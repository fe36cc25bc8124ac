"""Creating and changing cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select, update

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, zone
from lms.courses.models import Course
from lms.enrolment import queries
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.services import places
from lms.enrolment.settings import CohortSettings
from lms.people.models import Person


class NameTaken(Refusal):
    message = lazy("Another cohort of this course has this name. Nothing was changed.")


class QuotaTooSmall(Refusal):
    message = lazy("This cohort already has %(inside)s participants, so it needs at least %(inside)s places.")


def undated_cohort(course: Course, *, now: datetime) -> Cohort:
    """Get the course's cohort without dates, or create it closed (participants by list only)."""
    cohort = queries.undated_cohort(course.id)
    if cohort is None:
        cohort = Cohort(course_id=course.id, name="", is_open=False, created_at=now)
        db.session.add(cohort)
        db.session.flush()
    return cohort


def set_open(course: Course, is_open: bool, *, actor_id: int | None, now: datetime) -> None:
    """Open or close the cohort without dates. Enrolled people stay enrolled."""
    cohort = undated_cohort(course, now=now)
    if cohort.is_open != is_open:
        cohort.is_open = is_open
        ledger.record(actor_id, "open course" if is_open else "close course", f"course:{course.id}", now=now)
        db.session.flush()


def enrol_list(people: Sequence[Person], course: Course, *, actor_id: int | None, now: datetime) -> int:
    """Enrol people in the course's cohort without dates; returns how many are new."""
    return places.enrol_people(people, undated_cohort(course, now=now), actor_id=actor_id, now=now).enrolled


def create_cohort(course: Course, settings: CohortSettings, *, actor_id: int | None, now: datetime) -> Cohort:
    """Create a cohort with dates; it gets the next number of the year it starts in.

    :raises NameTaken: the course has a cohort with this name (so a form submitted twice creates only one).
    """
    _one_at_a_time(course.id)
    assert settings.starts_on is not None
    _keep_names_apart(course.id, settings.name, None)
    numbers = queries.numbers_used(course.id, settings.starts_on.year)
    cohort = Cohort(course_id=course.id, number=max(numbers, default=0) + 1, created_at=now, **_values(settings))
    db.session.add(cohort)
    db.session.flush()
    ledger.record(
        actor_id, "create cohort", f"cohort:{cohort.id}", now=now, course=course.id, **_without_none(settings)
    )
    return cohort


def change_cohort(cohort: Cohort, settings: CohortSettings, *, actor_id: int | None, now: datetime) -> None:
    """Change the settings. New dates change everybody's deadline; new places go to the waiting list.

    :raises NameTaken: another cohort of the course has this name.
    :raises QuotaTooSmall: more people are enrolled than the new number of places.
    """
    _one_at_a_time(cohort.course_id)
    cohort = places.locked(cohort.id)
    _keep_names_apart(cohort.course_id, settings.name, cohort.id)
    inside = queries.places_taken(cohort.id)
    if settings.quota is not None and settings.quota < inside:
        raise QuotaTooSmall(inside=inside)
    before = {name: getattr(cohort, name) for name in _values(settings)}
    changed = {name: value for name, value in _values(settings).items() if before[name] != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(cohort, name, value)
    changes = {name: {"before": before[name], "after": value} for name, value in changed.items()}
    ledger.record(actor_id, "change cohort", f"cohort:{cohort.id}", now=now, changed=changes)
    db.session.flush()
    if {"starts_on", "ends_on"} & set(changed):
        _renew_last_days(cohort)
    places.move_up(cohort, now=now)


def course_was_published(course_id: int) -> None:
    """Recompute the deadlines in the cohort without dates, since they depend on the published items."""
    cohort = queries.undated_cohort(course_id)
    if cohort is not None:
        _renew_last_days(cohort)
        db.session.flush()


def _renew_last_days(cohort: Cohort) -> None:
    """Recompute ``due_on`` from the cohort's dates and each person's extension."""
    if cohort.ends_on is None:
        for enrolment, day in queries.last_days(cohort, zone()):
            enrolment.due_on = day
        return
    last = case((Enrolment.extended_until > cohort.ends_on, Enrolment.extended_until), else_=cohort.ends_on)
    db.session.execute(update(Enrolment).where(Enrolment.cohort_id == cohort.id).values(due_on=last))


def _one_at_a_time(course_id: int) -> None:
    db.session.scalar(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))


def _keep_names_apart(course_id: int, name: str, own_id: int | None) -> None:
    same = select(Cohort.id).where(Cohort.course_id == course_id, func.lower(Cohort.name) == name.lower())
    if any(found != own_id for found in db.session.scalars(same)):
        raise NameTaken


def _values(settings: CohortSettings) -> dict[str, object]:
    return {
        "name": settings.name,
        "starts_on": settings.starts_on,
        "ends_on": settings.ends_on,
        "is_open": settings.is_open,
        "needs_approval": settings.needs_approval,
        "enrols_until": settings.enrols_until,
        "quota": settings.quota,
    }


def _without_none(settings: CohortSettings) -> dict[str, object]:
    return {name: value for name, value in _values(settings).items() if value is not None}
