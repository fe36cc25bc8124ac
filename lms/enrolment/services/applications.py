"""Applications: by the person, by the head of the unit, or by login name before there is an account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time
from lms.courses.models import Course
from lms.enrolment import queries
from lms.enrolment.models import Application, ApplicationState, Cohort, Enrolment
from lms.enrolment.queries.prerequisites import missing_prerequisites
from lms.enrolment.services import moving_up, places
from lms.enrolment.services.histories import WouldStartOver, history_of, history_text
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
    if cohort is None or not places.lock_cohort(cohort.id).is_open:
        raise NotOpen
    return places.enrol(person, cohort, actor_id=person.id, now=now)


def join(
    person: Person, cohort: Cohort, *, now: datetime, starts_over: bool = False, withdraws: bool = False
) -> Enrolment | Application:
    """Enrol a person, add them to the waiting list, or file an application, depending on the cohort's settings.

    Returns the present enrolment or application if there is one.

    :param withdraws: an application to another cohort of the course is withdrawn for a place here that is free now.
    :raises NoLongerOpen: the cohort is not open, or not any more.
    :raises AsksElsewhere: the person has applied to another cohort of the course, and it is not withdrawn.
    :raises PrerequisitesMissing: a prerequisite was not completed.
    :raises WouldStartOver: the person has completed the course, and ``starts_over`` is False.
    """
    other = queries.application_of(person.id, cohort.course_id) if withdraws else None
    locked = sorted({cohort.id, other.cohort_id} if other else {cohort.id})
    for cohort_id in locked:
        places.lock_cohort(cohort_id)
    today = to_site_time(now).date()
    present = queries.running_enrolment(person.id, cohort.course_id, today)
    if present is not None:
        return present
    asked = queries.application_of(person.id, cohort.course_id)
    if asked is not None and asked.state == "refused":
        asked = None
    if asked is not None and asked.cohort_id == cohort.id:
        return asked
    if asked is not None and (asked.cohort_id not in locked or cohort.needs_approval or not places.has_room(cohort)):
        raise AsksElsewhere
    if not _takes_people(cohort, now):
        raise NoLongerOpen
    places.check_prerequisites(person, cohort)
    history = history_of(person, cohort, now)
    if history is not None and history.needs_consent and not starts_over:
        raise WouldStartOver(name=person.full_name, history=history_text(history))
    if asked is not None:
        withdraw_application(asked, actor_id=person.id, now=now)
    if cohort.quota is not None:
        moving_up.move_up(cohort, now=now)  # who has waited goes first
    if not cohort.needs_approval and places.has_room(cohort):
        return places.take_place(person, cohort, history, starts_over=starts_over, actor_id=person.id, now=now)
    rows = [{"person_id": person.id, "starts_over": starts_over}]
    state: ApplicationState = "proposed" if cohort.needs_approval else "waiting"
    made = places.add_applications(cohort, state, rows, actor_id=person.id, now=now)
    return db.session.get_one(Application, made[0])


def _takes_people(cohort: Cohort, now: datetime) -> bool:
    last = min((day for day in (cohort.enrols_until, cohort.ends_on) if day is not None), default=None)
    return cohort.is_open and (last is None or last >= to_site_time(now).date())


def propose(
    people: Iterable[Person], cohort: Cohort, note: str, *, actor_id: int | None, now: datetime
) -> ProposalOutcome:
    """Apply for these people; leaves out those who are enrolled or have applied already.

    :raises NoLongerOpen: the cohort does not take proposals, or not any more.
    """
    cohort = places.lock_cohort(cohort.id)
    if not (cohort.needs_approval and _takes_people(cohort, now)):
        raise NoLongerOpen
    there = queries.people_inside(cohort.id) | queries.people_asking(cohort.id)
    new = [person for person in people if person.id not in there]
    not_ready = missing_prerequisites([person.id for person in new], cohort.course_id)
    proposed = ProposalOutcome([person for person in new if person.id in not_ready])
    ready = [{"person_id": person.id} for person in new if person.id not in not_ready]
    proposed.count = len(places.add_applications(cohort, "proposed", ready, actor_id=actor_id, now=now, note=note))
    return proposed


def put_on_list(logins: Iterable[str], cohort: Cohort, *, actor_id: int | None, now: datetime) -> int:
    """List login names without an account; they are enrolled once they have one. Returns how many are new."""
    cohort = places.lock_running_cohort(cohort.id, now)
    there = set(
        db.session.scalars(
            select(Application.login_name).where(Application.cohort_id == cohort.id, Application.state == "waiting")
        )
    )
    new = [{"login_name": login} for login in dict.fromkeys(logins) if login not in there]
    return len(places.add_applications(cohort, "waiting", new, actor_id=actor_id, now=now))


def approve(
    applications: Sequence[Application], *, actor_id: int | None, now: datetime, start_over: Collection[int] = ()
) -> EnrolmentOutcome:
    """Approve proposals of one cohort, oldest first; when no place is left, people go on the waiting list.

    Proposals that were decided in the meantime are skipped. Those of people who take the course elsewhere or have
    completed it stay undecided, unless their ids are in ``start_over``.

    :raises CohortOver: the cohort's last day has passed.
    """
    outcome = EnrolmentOutcome()
    if not applications:
        return outcome
    cohort = places.lock_running_cohort(applications[0].cohort_id, now)
    inside = queries.people_inside(cohort.id)
    still_open = _still_proposed(applications)
    people = [person.id for _row, person in still_open]
    not_ready, histories = missing_prerequisites(people, cohort.course_id), queries.histories(people, cohort, now)
    wanted: list[tuple[Application, int]] = []
    over = queries.would_start_over(histories)
    for row, person in still_open:
        if person.id in inside:
            outcome.already += 1
            _decide(row, "accepted", "", actor_id, now)
        elif person.id in not_ready:
            outcome.not_ready.append(person)
        elif person.id in over and row.id not in start_over:
            outcome.staying.append((person, histories[person.id]))
        else:
            wanted.append((row, person.id))
    free = places.free_places(cohort)
    placed, waiting = wanted[:free], wanted[free:] if free is not None else []
    for row, _person_id in waiting:
        _decide(row, "waiting", "", actor_id, now)
        row.starts_over = row.id in start_over
    places.take_places(
        [person_id for _row, person_id in placed],
        cohort,
        histories,
        start_over=[person_id for row, person_id in placed if row.id in start_over],
        actor_id=actor_id,
        now=now,
    )
    outcome.enrolled, outcome.waiting = len(placed), len(waiting)
    return outcome


def refuse(applications: Sequence[Application], reason: str, *, actor_id: int | None, now: datetime) -> int:
    """Refuse proposals of one cohort, or remove people from its waiting list; returns how many."""
    if not applications:
        return 0
    places.lock_cohort(applications[0].cohort_id)
    rows = [row for row in _fresh(applications) if row.state in queries.OPEN]
    for row in rows:
        _decide(row, "refused", reason, actor_id, now)
    ledger.record_all(actor_id, "refuse", {f"application:{row.id}": {"reason": reason} for row in rows}, now=now)
    return len(rows)


def withdraw_application(application: Application, *, actor_id: int | None, now: datetime) -> None:
    """Close an application at the wish of the person or the proposer.

    :raises AlreadyDecided: it was accepted or refused in the meantime.
    """
    places.lock_cohort(application.cohort_id)
    (row,) = _fresh([application])
    if row.state not in queries.OPEN:
        raise AlreadyDecided
    _decide(row, "withdrawn", "", actor_id, now)
    ledger.record(actor_id, "withdraw application", f"application:{row.id}", now=now)
    db.session.flush()


def admit_registered(only: Collection[int] | None = None, *, now: datetime) -> int:
    """Enrol people who were listed by login name and have an account now; returns how many have one.

    ``only``: those of these applications.
    """
    found = queries.newly_registered(only)
    for cohort_id, rows in groupby(found, key=lambda one: one[0].cohort_id):
        _take_up_all(places.lock_cohort(cohort_id), dict(rows), now)
    return len(found)


def _take_up_all(cohort: Cohort, people: Mapping[Application, Person], now: datetime) -> None:
    """Give the rows to their people, who keep the positions on the waiting list. The row of somebody who has also
    applied is withdrawn."""
    asking, inside = queries.people_asking(cohort.id), queries.people_inside(cohort.id)
    entries = {}
    for row in _fresh(list(people)):
        person_id = people[row].id
        if row.person_id is not None or row.state != "waiting":
            continue
        if person_id in asking:
            row.state, row.decided_at = "withdrawn", now
        else:
            row.person_id, row.login_name = person_id, None
            asking.add(person_id)
        if person_id in inside:
            row.state, row.decided_at = "accepted", now
        entries[f"application:{row.id}"] = {"person": person_id, "cohort": cohort.id}
    ledger.record_all(None, "take up", entries, now=now)
    moving_up.move_up(cohort, now=now)


def _fresh(applications: Sequence[Application]) -> Sequence[Application]:
    """The rows reloaded after their cohort was locked, oldest first."""
    return db.session.scalars(
        select(Application)
        .where(Application.id.in_([row.id for row in applications]))
        .options(joinedload(Application.person).lazyload(Person.grants))
        .order_by(Application.id)
        .execution_options(populate_existing=True)
    ).all()


def _still_proposed(applications: Sequence[Application]) -> list[tuple[Application, Person]]:
    rows = [row for row in _fresh(applications) if row.state == "proposed"]
    return [(row, row.person) for row in rows if row.person is not None]


def _decide(row: Application, state: str, reason: str, actor_id: int | None, now: datetime) -> None:
    row.state, row.reason, row.decided_by, row.decided_at = state, reason, actor_id, now
