"""Applications: by the person, by the head of the unit, or by login name before there is an account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time
from lms.courses.models import Course
from lms.enrolment import queries
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.enrolment.queries.prerequisites import missing_prerequisites
from lms.enrolment.services import places
from lms.enrolment.services.places import EnrolmentOutcome, NotOpen
from lms.people.models import Person


@dataclass
class ProposalOutcome:
    """``count`` people were proposed; those in ``not_ready`` lack a prerequisite and were left out."""

    not_ready: list[Person]
    count: int = 0


class NoLongerOpen(Refusal):
    message = lazy("This cohort no longer takes participants. Nothing was changed.")


class AsksElsewhere(Refusal):
    message = lazy("You have already applied to another cohort of this course. Withdraw that application first.")


class AlreadyDecided(Refusal):
    message = lazy("This was decided in the meantime. Nothing was changed; please check again.")


def enrol_openly(person: Person, course: Course, *, now: datetime) -> Enrolment:
    """Enrol a person in a course's open cohort without dates; returns the present enrolment if there is one.

    :raises NotOpen: the course has no such cohort.
    """
    present = queries.enrolment_of(person.id, course.id)
    if present is not None:
        return present
    cohort = queries.undated_cohort(course.id)
    if cohort is None or not cohort.is_open:
        raise NotOpen
    return places.enrol(person, cohort, actor_id=person.id, now=now)


def join(person: Person, cohort: Cohort, *, now: datetime) -> Enrolment | Application:
    """Enrol a person, add them to the waiting list, or file an application, depending on the cohort's settings.

    Returns the present enrolment or application if there is one.

    :raises NoLongerOpen: the cohort is not open, or not any more.
    :raises AsksElsewhere: the person has applied to another cohort of the course.
    :raises PrerequisitesMissing: a prerequisite was not completed.
    """
    cohort = places.locked(cohort.id)
    today = to_site_time(now).date()
    present = queries.running_enrolment(person.id, cohort.course_id, today)
    if present is not None:
        return present
    asked = queries.application_of(person.id, cohort.course_id)
    if asked is not None and asked.state != "refused":
        if asked.cohort_id != cohort.id:
            raise AsksElsewhere
        return asked
    if not _takes_people(cohort, now):
        raise NoLongerOpen
    places.check_prerequisites(person, cohort)
    if not cohort.needs_approval and places.has_room(cohort):
        return places.take_place(person, cohort, actor_id=person.id, now=now)
    state = "proposed" if cohort.needs_approval else "waiting"
    return _apply(cohort, state, actor_id=person.id, now=now, person=person)


def _takes_people(cohort: Cohort, now: datetime) -> bool:
    last = min((day for day in (cohort.enrols_until, cohort.ends_on) if day is not None), default=None)
    return cohort.is_open and (last is None or last >= to_site_time(now).date())


def _apply(
    cohort: Cohort,
    state: str,
    *,
    actor_id: int | None,
    now: datetime,
    person: Person | None = None,
    login: str | None = None,
    note: str = "",
) -> Application:
    row = Application(cohort_id=cohort.id, state=state, note=note, proposed_by=actor_id, proposed_at=now)
    row.person_id, row.login_name = person.id if person else None, login
    db.session.add(row)
    db.session.flush()
    verb = "propose" if state == "proposed" else "wait for place"
    who = {"person": person.id} if person else {}
    ledger.record(actor_id, verb, f"application:{row.id}", now=now, cohort=cohort.id, **who)
    return row


def propose(
    people: Iterable[Person], cohort: Cohort, note: str, *, actor_id: int | None, now: datetime
) -> ProposalOutcome:
    """Apply for these people; leaves out those who are enrolled or have applied already.

    :raises NoLongerOpen: the cohort does not take proposals, or not any more.
    """
    cohort = places.locked(cohort.id)
    if not (cohort.needs_approval and _takes_people(cohort, now)):
        raise NoLongerOpen
    there = queries.people_inside(cohort.id) | queries.people_asking(cohort.id)
    new = [person for person in people if person.id not in there]
    not_ready = missing_prerequisites([person.id for person in new], cohort.course_id)
    proposed = ProposalOutcome([person for person in new if person.id in not_ready])
    for person in new:
        if person.id not in not_ready:
            _apply(cohort, "proposed", actor_id=actor_id, now=now, person=person, note=note)
            proposed.count += 1
    return proposed


def put_on_list(logins: Iterable[str], cohort: Cohort, *, actor_id: int | None, now: datetime) -> int:
    """List login names without an account; they are enrolled once they have one. Returns how many are new."""
    cohort = places.locked_and_running(cohort.id, now)
    there = set(
        db.session.scalars(
            select(Application.login_name).where(Application.cohort_id == cohort.id, Application.state == "waiting")
        )
    )
    new = [login for login in dict.fromkeys(logins) if login not in there]
    for login in new:
        _apply(cohort, "waiting", actor_id=actor_id, now=now, login=login)
    return len(new)


def approve(applications: Sequence[Application], *, actor_id: int | None, now: datetime) -> EnrolmentOutcome:
    """Approve proposals of one cohort, oldest first; when no place is left, people go on the waiting list.

    Proposals that were decided in the meantime are skipped.

    :raises CohortOver: the cohort's last day has passed.
    """
    outcome = EnrolmentOutcome()
    if not applications:
        return outcome
    cohort = places.locked_and_running(applications[0].cohort_id, now)
    inside = queries.people_inside(cohort.id)
    still_open = _still_open(applications, "proposed")
    not_ready = missing_prerequisites([person.id for _row, person in still_open], cohort.course_id)
    for row, person in still_open:
        if person.id in not_ready - inside:
            outcome.not_ready.append(person)
        elif person.id in inside:
            outcome.already += 1
            _decide(row, "accepted", "", actor_id, now)
        elif places.has_room(cohort):
            places.take_place(person, cohort, actor_id=actor_id, now=now)
            outcome.enrolled += 1
        else:
            _decide(row, "waiting", "", actor_id, now)
            outcome.waiting += 1
    db.session.flush()
    return outcome


def refuse(applications: Sequence[Application], reason: str, *, actor_id: int | None, now: datetime) -> int:
    """Refuse proposals of one cohort, or remove people from its waiting list; returns how many."""
    if not applications:
        return 0
    places.locked(applications[0].cohort_id)
    rows = [row for row in _fresh(applications) if row.state in queries.OPEN]
    for row in rows:
        _decide(row, "refused", reason, actor_id, now)
        ledger.record(actor_id, "refuse", f"application:{row.id}", now=now, reason=reason)
    db.session.flush()
    return len(rows)


def withdraw_application(application: Application, *, actor_id: int | None, now: datetime) -> None:
    """Close an application at the wish of the person or the proposer.

    :raises AlreadyDecided: it was accepted or refused in the meantime.
    """
    places.locked(application.cohort_id)
    (row,) = _fresh([application])
    if row.state not in queries.OPEN:
        raise AlreadyDecided
    _decide(row, "withdrawn", "", actor_id, now)
    ledger.record(actor_id, "withdraw application", f"application:{row.id}", now=now)
    db.session.flush()


def admit_registered(*, now: datetime) -> int:
    """Enrol people who were listed by login name and have an account now; returns how many have one."""
    found = queries.newly_registered()
    for row, person in found:
        cohort = places.locked(row.cohort_id)
        db.session.refresh(row)
        if row.person_id is None and row.state == "waiting":
            _take_up(row, person, cohort, now)
    return len(found)


def _take_up(row: Application, person: Person, cohort: Cohort, now: datetime) -> None:
    """Keep the position on the waiting list. If the person has applied as well, withdraw this application."""
    if person.id in queries.people_asking(cohort.id):
        row.state, row.decided_at = "withdrawn", now
    else:
        row.person_id, row.login_name = person.id, None
    if person.id in queries.people_inside(cohort.id):
        row.state, row.decided_at = "accepted", now
    db.session.flush()
    ledger.record(None, "take up", f"application:{row.id}", now=now, person=person.id, cohort=cohort.id)
    places.move_up(cohort, now=now)


def _fresh(applications: Sequence[Application]) -> Sequence[Application]:
    """The rows reloaded after their cohort was locked, oldest first."""
    return db.session.scalars(
        select(Application)
        .where(Application.id.in_([row.id for row in applications]))
        .order_by(Application.id)
        .execution_options(populate_existing=True)
    ).all()


def _still_open(applications: Sequence[Application], state: str) -> list[tuple[Application, Person]]:
    rows = [row for row in _fresh(applications) if row.state == state]
    return [(row, row.person) for row in rows if row.person is not None]


def _decide(row: Application, state: str, reason: str, actor_id: int | None, now: datetime) -> None:
    row.state, row.reason, row.decided_by, row.decided_at = state, reason, actor_id, now
