"""Joining a course, and opening one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lms.accounts.models import Person
from lms.core import ledger
from lms.core.db import db, insert_unless_there
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses.models import Course
from lms.enrolment import queries
from lms.enrolment.models import Cohort, Enrolment


class NotOpen(Refusal):
    message = lazy("This course takes participants by list only. Ask the training office to enrol you.")


def undated_cohort(course: Course, *, now: datetime) -> Cohort:
    """The course's cohort without dates, made where it is missing (closed: participants come by list)."""
    cohort = queries.undated_cohort(course.id)
    if cohort is None:
        cohort = Cohort(course_id=course.id, name="", is_open=False, created_at=now)
        db.session.add(cohort)
        db.session.flush()
    return cohort


def set_open(course: Course, is_open: bool, *, actor_id: int | None, now: datetime) -> None:
    """Let anyone enrol by themselves, or only by list from now on; who is in stays in."""
    cohort = undated_cohort(course, now=now)
    if cohort.is_open != is_open:
        cohort.is_open = is_open
        ledger.record(actor_id, "open course" if is_open else "close course", f"course:{course.id}", now=now)
        db.session.flush()


def enrol_list(people: Sequence[Person], course: Course, *, actor_id: int | None, now: datetime) -> int:
    """Put people into the course; who takes it already is left as is. Gives how many are new."""
    cohort = undated_cohort(course, now=now)
    new = [person for person in people if queries.enrolment_of(person.id, course.id) is None]
    for person in new:
        enrol(person, cohort, actor_id=actor_id, now=now)
    return len(new)


def enrol_openly(person: Person, course: Course, *, now: datetime) -> Enrolment:
    """Enrol a person in an open course at their own wish. A second press finds the first enrolment.

    :raises NotOpen: the course has no open cohort.
    """
    present = queries.enrolment_of(person.id, course.id)
    if present is not None:
        return present
    cohort = queries.open_cohort(course.id)
    if cohort is None:
        raise NotOpen
    return enrol(person, cohort, actor_id=person.id, now=now)


def enrol(person: Person, cohort: Cohort, *, actor_id: int | None, now: datetime) -> Enrolment:
    """Put a person into a cohort; one who withdrew before comes back to the same enrolment."""
    is_new = insert_unless_there(
        Enrolment,
        ("cohort_id", "person_id", "cycle"),
        cohort_id=cohort.id,
        course_id=cohort.course_id,
        person_id=person.id,
        cycle=1,
        enrolled_at=now,
    )
    enrolment = db.session.query(Enrolment).filter_by(cohort_id=cohort.id, person_id=person.id, cycle=1).one()
    if is_new or enrolment.withdrawn_at is not None:
        enrolment.withdrawn_at = None
        ledger.record(actor_id, "enrol", f"enrolment:{enrolment.id}", now=now, person=person.id, cohort=cohort.id)
    db.session.flush()
    return enrolment


def withdraw(enrolment: Enrolment, *, actor_id: int, now: datetime) -> None:
    """Leave a course. Answers, work and marks stay; enrolling again takes them up."""
    if enrolment.withdrawn_at is None:
        enrolment.withdrawn_at = now
        ledger.record(actor_id, "withdraw", f"enrolment:{enrolment.id}", now=now)
        db.session.flush()
