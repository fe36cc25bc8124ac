"""Places in a cohort: enrolling, withdrawing, substituting, moving up from the waiting list.

Everything that changes enrolments or the waiting list locks the cohort's row before counting, so that two people
cannot get the last place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from lms.core import ledger
from lms.core.db import db, insert_unless_there
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_date, to_site_time, zone
from lms.courses import queries as courses
from lms.enrolment import queries
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.enrolment.queries.prerequisites import missing_prerequisites, prerequisites
from lms.people.models import Person


class NotOpen(Refusal):
    message = lazy("Only the training office can enrol participants in this course. Ask it to enrol you.")


class CohortFull(Refusal):
    message = lazy("All places of this cohort are taken. Nobody was enrolled.")


class CohortOver(Refusal):
    message = lazy("This cohort ended on %(day)s. Nothing was changed; change its dates first.")


class PrerequisitesMissing(Refusal):
    message = lazy("%(name)s must first complete: %(courses)s. Nothing was changed.")


class NotInside(Refusal):
    message = lazy("This person left the cohort in the meantime. Nothing was changed.")


class IsInside(Refusal):
    message = lazy("%(name)s is already in this cohort. Nothing was changed.")


@dataclass
class EnrolmentOutcome:
    """How many people were enrolled, put on the waiting list, or enrolled already."""

    enrolled: int = 0
    waiting: int = 0
    already: int = 0
    elsewhere: int = 0
    """Part of ``already``: people who take the course in another cohort and stay there."""
    not_ready: list[Person] = field(default_factory=list)
    """People left out because they lack a prerequisite."""


def locked(cohort_id: int) -> Cohort:
    """Reload the cohort and lock its row until the transaction ends."""
    return db.session.scalars(
        select(Cohort).where(Cohort.id == cohort_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def locked_and_running(cohort_id: int, now: datetime) -> Cohort:
    """Like ``locked``, but refuses a cohort that is over.

    :raises CohortOver: its last day has passed.
    """
    cohort = locked(cohort_id)
    if cohort.ends_on is not None and cohort.ends_on < to_site_time(now).date():
        raise CohortOver(day=say_date(cohort.ends_on))
    return cohort


def has_room(cohort: Cohort) -> bool:
    """True if a place is free. The cohort must be locked."""
    return cohort.quota is None or queries.places_taken(cohort.id) < cohort.quota


def enrol(person: Person, cohort: Cohort, *, actor_id: int | None, now: datetime) -> Enrolment:
    """Enrol a person; somebody who withdrew before gets the same enrolment back.

    :raises CohortFull: every place is taken.
    :raises CohortOver: the cohort's last day has passed.
    :raises PrerequisitesMissing: a prerequisite was not completed.
    """
    cohort = locked_and_running(cohort.id, now)
    check_prerequisites(person, cohort)
    if person.id not in queries.people_inside(cohort.id) and not has_room(cohort):
        raise CohortFull
    return take_place(person, cohort, actor_id=actor_id, now=now)


def enrol_people(
    people: Sequence[Person], cohort: Cohort, *, actor_id: int | None, now: datetime, again: bool = False
) -> EnrolmentOutcome:
    """Enrol people in this order; when no place is left, the others go on the waiting list.

    People who take the course in another cohort and whose deadline has not passed stay there, unless ``again`` is set.

    :raises CohortOver: the cohort's last day has passed.
    """
    cohort = locked_and_running(cohort.id, now)
    inside, asking = queries.people_inside(cohort.id), queries.people_asking(cohort.id)
    elsewhere = set() if again else queries.taking_elsewhere(cohort, to_site_time(now).date()) - inside
    free = None if cohort.quota is None else cohort.quota - len(inside)
    outcome = EnrolmentOutcome()
    not_ready = missing_prerequisites({person.id for person in people} - inside, cohort.course_id)
    for person in {person.id: person for person in people}.values():
        if person.id in not_ready:
            outcome.not_ready.append(person)
        elif person.id in inside or person.id in elsewhere:
            outcome.already += 1
            outcome.elsewhere += person.id in elsewhere
        elif free is None or free > outcome.enrolled:
            take_place(person, cohort, actor_id=actor_id, now=now)
            outcome.enrolled += 1
        else:
            wait_for_place(person, cohort, actor_id=actor_id, now=now, asks=person.id in asking)
            outcome.waiting += 1
    return outcome


def check_prerequisites(person: Person, cohort: Cohort) -> None:
    """:raises PrerequisitesMissing: a prerequisite was not completed."""
    missing = [one.title for one in prerequisites(person.id, courses.prerequisites(cohort.course_id)) if not one.is_met]
    if missing:
        raise PrerequisitesMissing(name=person.full_name, courses=", ".join(missing))


def take_place(
    person: Person, cohort: Cohort, *, actor_id: int | None, now: datetime, replaces_id: int | None = None
) -> Enrolment:
    """Enrol a person in a locked cohort that has room, and close their applications for it.

    Somebody who withdrew before gets the same enrolment back. In a cohort without dates, their days count anew.
    """
    is_new = insert_unless_there(
        Enrolment,
        ("cohort_id", "person_id", "cycle"),
        cohort_id=cohort.id,
        course_id=cohort.course_id,
        person_id=person.id,
        cycle=1,
        enrolled_at=now,
        replaces_id=replaces_id,
    )
    enrolment = db.session.query(Enrolment).filter_by(cohort_id=cohort.id, person_id=person.id, cycle=1).one()
    if is_new or enrolment.withdrawn_at is not None:
        enrolment.withdrawn_at = enrolment.withdrawn_by = enrolment.withdraw_reason = None
        enrolment.replaces_id = replaces_id
        if cohort.starts_on is None:
            enrolment.enrolled_at = now
        enrolment.due_on = queries.last_day(enrolment, cohort, zone())
        details = {"person": person.id, "cohort": cohort.id} | ({"replaces": replaces_id} if replaces_id else {})
        ledger.record(actor_id, "enrol", f"enrolment:{enrolment.id}", now=now, **details)
        _close_applications(person.id, cohort.id, actor_id, now)
    db.session.flush()
    return enrolment


def _close_applications(person_id: int, cohort_id: int, actor_id: int | None, now: datetime) -> None:
    """Close this person's open applications for the cohort."""
    db.session.execute(
        update(Application)
        .where(
            Application.cohort_id == cohort_id,
            Application.person_id == person_id,
            Application.state.in_(("proposed", "waiting")),
        )
        .values(state="accepted", decided_by=actor_id, decided_at=now)
    )


def wait_for_place(person: Person, cohort: Cohort, *, actor_id: int | None, now: datetime, asks: bool) -> None:
    """Put a person on the waiting list of a locked cohort. ``asks``: they have an open application already."""
    if asks:
        db.session.execute(
            update(Application)
            .where(
                Application.cohort_id == cohort.id,
                Application.person_id == person.id,
                Application.state == "proposed",
            )
            .values(state="waiting", decided_by=actor_id, decided_at=now)
        )
        return
    row = Application(cohort_id=cohort.id, person_id=person.id, state="waiting", proposed_by=actor_id, proposed_at=now)
    db.session.add(row)
    db.session.flush()
    ledger.record(actor_id, "wait for place", f"application:{row.id}", now=now, person=person.id, cohort=cohort.id)


def withdraw(enrolment: Enrolment, *, actor_id: int | None, now: datetime, reason: str = "") -> None:
    """Withdraw from a course. Answers, work and marks are kept for a return. The first person waiting moves up."""
    cohort = locked(enrolment.cohort_id)
    db.session.refresh(enrolment)
    if enrolment.withdrawn_at is None:
        _give_up(enrolment, reason, actor_id, now)
        move_up(cohort, now=now)


def _give_up(enrolment: Enrolment, reason: str, actor_id: int | None, now: datetime) -> None:
    enrolment.withdrawn_at, enrolment.withdrawn_by = now, actor_id
    enrolment.withdraw_reason = reason or None
    details = {"reason": reason} if reason else {}
    ledger.record(actor_id, "withdraw", f"enrolment:{enrolment.id}", now=now, **details)
    db.session.flush()


def substitute(enrolment: Enrolment, person: Person, reason: str, *, actor_id: int | None, now: datetime) -> Enrolment:
    """Give somebody's place to ``person``, bypassing the waiting list.

    :raises NotInside: the enrolment was withdrawn in the meantime.
    :raises IsInside: ``person`` is enrolled already.
    :raises PrerequisitesMissing: ``person`` has not completed a prerequisite.
    :raises CohortOver: the cohort's last day has passed.
    """
    cohort = locked_and_running(enrolment.cohort_id, now)
    db.session.refresh(enrolment)
    if enrolment.withdrawn_at is not None:
        raise NotInside
    if person.id in queries.people_inside(cohort.id):
        raise IsInside(name=person.full_name)
    check_prerequisites(person, cohort)
    _give_up(enrolment, reason, actor_id, now)
    return take_place(person, cohort, actor_id=actor_id, now=now, replaces_id=enrolment.id)


def move_up(cohort: Cohort, *, now: datetime) -> int:
    """Give the free places of a locked cohort to the waiting list, oldest first; returns how many moved up."""
    if cohort.ends_on is not None and cohort.ends_on < to_site_time(now).date():
        return 0
    waiting = queries.waiting_list(cohort.id)
    not_ready = missing_prerequisites([person.id for _row, person in waiting], cohort.course_id)
    moved = 0
    for row, person in waiting:
        if not has_room(cohort):
            break
        if person.id not in not_ready:
            take_place(person, cohort, actor_id=None, now=now)
            db.session.expire(row)
            moved += 1
    return moved
