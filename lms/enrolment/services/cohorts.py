"""Creating and changing cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, select, update

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, zone
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment import queries
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.services import moving_up, places
from lms.enrolment.services.dates import dates_changed
from lms.enrolment.services.places import EnrolmentOutcome
from lms.enrolment.settings import CohortSettings
from lms.lib.folding import fold_text
from lms.people.models import Person

AT_ONCE = 500
"""People whose deadlines are renewed in one transaction."""


class NameTaken(Refusal):
    message = lazy("Another cohort of this course has this name. Nothing was changed.")


class QuotaTooSmall(Refusal):
    message = lazy("This cohort already has %(inside)s participants, so it needs at least %(inside)s places.")


def undated_cohort(course: Course, *, now: datetime) -> Cohort:
    """Get the course's cohort without dates, or create it closed (participants by list only)."""
    cohort = queries.undated_cohort(course.id)
    if cohort is None:
        places.lock_course(course.id)
        cohort = queries.undated_cohort(course.id)
    if cohort is None:
        cohort = Cohort(course_id=course.id, name="", is_open=False, created_at=now)
        db.session.add(cohort)
        db.session.flush()
    return cohort


def set_open(course: Course, is_open: bool, *, actor_id: int | None, now: datetime) -> None:
    """Open or close the cohort without dates. Enrolled people stay enrolled.

    :raises CourseArchived: nobody new could come in.
    """
    cohort = places.lock_cohort(undated_cohort(course, now=now).id)
    if is_open:
        places.check_is_offered(cohort)
    if cohort.is_open != is_open:
        cohort.is_open = is_open
        ledger.record(actor_id, "open course" if is_open else "close course", f"course:{course.id}", now=now)
        db.session.flush()


def enrol_list(
    people: Sequence[Person], course: Course, *, actor_id: int | None, now: datetime, starts_over: bool = False
) -> EnrolmentOutcome:
    """Enrol people in the course's cohort without dates."""
    cohort = undated_cohort(course, now=now)
    return places.enrol_people(people, cohort, actor_id=actor_id, now=now, starts_over=starts_over)


def create_cohort(course: Course, settings: CohortSettings, *, actor_id: int | None, now: datetime) -> Cohort:
    """Create a cohort with dates; it gets the next number of the year it starts in.

    :raises NameTaken: the course has a cohort with this name (so a form submitted twice creates only one).
    :raises CourseArchived: the course takes nobody new.
    """
    places.lock_course(course.id)
    if courses.is_archived(course.id):
        raise places.CourseArchived
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
    cohort = places.lock_cohort(cohort.id)
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
        dates_changed(Enrolment.cohort_id == cohort.id, now)
    moving_up.move_up(cohort, now=now)


def course_was_published(course_id: int) -> None:
    """Recompute the deadlines in the cohort without dates, since they depend on the published items.

    Where many people take the course, the job ``renew deadlines`` does it.
    """
    cohort, revision_id = queries.undated_cohort(course_id), queries.published_revision_id(course_id)
    if cohort is not None and revision_id and len(queries.next_enrolments(cohort.id, 0, AT_ONCE + 1)) <= AT_ONCE:
        renew_deadlines(cohort.id, revision_id, after=0)


def renew_deadlines(cohort_id: int, revision_id: int, *, after: int) -> int | None:
    """Recompute ``due_on`` of at most ``AT_ONCE`` people of a cohort without dates, by the course as it is published.

    ``after`` is the last enrolment that was done already. Returns the last one now, or None if these were all.
    ``revision_id`` was published when the first ones were done: if it is another one now, the cohort is to be renewed
    once more.
    """
    cohort = places.lock_cohort(cohort_id)
    enrolments = queries.next_enrolments(cohort_id, after, AT_ONCE)
    days = queries.last_days(cohort, enrolments, zone())
    rows = [{"id": one.id, "due_on": day} for one, day in zip(enrolments, days, strict=True) if one.due_on != day]
    if rows:
        db.session.execute(update(Enrolment), rows)
    if len(enrolments) == AT_ONCE:
        last: int = enrolments[-1].id
        return last
    cohort.due_revision_id = revision_id
    db.session.flush()
    return None


def _renew_last_days(cohort: Cohort) -> None:
    """Recompute ``due_on`` from the cohort's dates and each person's extension."""
    last = case((Enrolment.extended_until > cohort.ends_on, Enrolment.extended_until), else_=cohort.ends_on)
    db.session.execute(update(Enrolment).where(Enrolment.cohort_id == cohort.id).values(due_on=last))


def _keep_names_apart(course_id: int, name: str, own_id: int | None) -> None:
    others = select(Cohort.name).where(Cohort.course_id == course_id, Cohort.id.is_distinct_from(own_id))
    if fold_text(name) in map(fold_text, db.session.scalars(others)):
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
