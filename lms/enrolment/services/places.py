"""Places in a cohort: enrolling, substituting, and what withdrawing and moving up (``moving_up``) are made of.

Everything that changes enrolments or the waiting list locks the course's row and then the cohort's before it looks, so
that two people cannot get the last place, nobody gets two places of a course, and nobody comes in once it is archived.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, insert, select, update

from lms.core import ledger
from lms.core.db import db, in_batches
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_date, to_site_time, zone
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment import queries
from lms.enrolment.models import Application, ApplicationState, Cohort, Enrolment
from lms.enrolment.queries import CourseHistory
from lms.enrolment.queries.prerequisites import missing_prerequisites, prerequisites
from lms.enrolment.services.dates import dates_changed
from lms.enrolment.services.histories import WouldStartOver, history_of, history_text
from lms.people.models import Person


class NotOpen(Refusal):
    message = lazy("Only the training office can enrol participants in this course. Ask it to enrol you.")


class CourseArchived(Refusal):
    message = lazy("This course is archived and takes no new participants. Nothing was changed.")


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
    """How many people were enrolled, put on the waiting list, or in the cohort already."""

    enrolled: int = 0
    waiting: int = 0
    already: int = 0
    staying: list[tuple[Person, CourseHistory]] = field(default_factory=list)
    """People left out because they take or have completed the course, and nobody said that they start over."""
    not_ready: list[Person] = field(default_factory=list)
    """People left out because they lack a prerequisite."""


def lock_course(course_id: int | ScalarSelect[int]) -> None:
    """Let nobody else enrol in the course, publish it or archive it until the transaction ends."""
    db.session.scalar(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))


def lock_cohort(cohort_id: int) -> Cohort:
    """Lock the cohort's course, then reload the cohort and lock its row, until the transaction ends."""
    lock_course(select(Cohort.course_id).where(Cohort.id == cohort_id).scalar_subquery())
    return db.session.scalars(
        select(Cohort).where(Cohort.id == cohort_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def lock_running_cohort(cohort_id: int, now: datetime) -> Cohort:
    """Like ``lock_cohort``, but refuses a cohort that is over.

    :raises CohortOver: its last day has passed.
    """
    cohort = lock_cohort(cohort_id)
    if cohort.ends_on is not None and cohort.ends_on < to_site_time(now).date():
        raise CohortOver(day=say_date(cohort.ends_on))
    return cohort


def has_room(cohort: Cohort) -> bool:
    """True if a place is free. The cohort must be locked."""
    return free_places(cohort) != 0


def free_places(cohort: Cohort) -> int | None:
    """How many places are free; None if there is no limit. The cohort must be locked."""
    return None if cohort.quota is None else max(0, cohort.quota - queries.places_taken(cohort.id))


def enrol(
    person: Person, cohort: Cohort, *, actor_id: int | None, now: datetime, starts_over: bool = False
) -> Enrolment:
    """Enrol a person; somebody who withdrew before gets the same enrolment back.

    :raises CohortFull: every place is taken.
    :raises CohortOver: the cohort's last day has passed.
    :raises PrerequisitesMissing: a prerequisite was not completed.
    :raises WouldStartOver: see ``take_place``.
    """
    cohort = lock_running_cohort(cohort.id, now)
    check_prerequisites(person, cohort)
    is_inside = person.id in queries.people_inside(cohort.id)
    if not is_inside and not has_room(cohort):
        raise CohortFull
    history = None if is_inside else history_of(person, cohort, now)
    return take_place(person, cohort, history, starts_over=starts_over, actor_id=actor_id, now=now)


def enrol_people(
    people: Sequence[Person], cohort: Cohort, *, actor_id: int | None, now: datetime, starts_over: bool = False
) -> EnrolmentOutcome:
    """Enrol people in this order; when no place is left, the others go on the waiting list.

    People who take the course in another cohort or have completed it are left out, unless they are to start over.

    :raises CohortOver: the cohort's last day has passed.
    """
    cohort = lock_running_cohort(cohort.id, now)
    inside, asking = queries.people_inside(cohort.id), queries.people_asking(cohort.id)
    free = None if cohort.quota is None else max(0, cohort.quota - len(inside))
    outcome, new = EnrolmentOutcome(), {person.id for person in people} - inside
    not_ready = missing_prerequisites(new, cohort.course_id)
    histories = queries.histories(new, cohort, now)
    staying = set() if starts_over else queries.would_start_over(histories)
    wanted: list[int] = []
    for person in {person.id: person for person in people}.values():
        if person.id in inside:
            outcome.already += 1
        elif person.id in not_ready:
            outcome.not_ready.append(person)
        elif person.id in staying:
            outcome.staying.append((person, histories[person.id]))
        else:
            wanted.append(person.id)
    placed, waiting = wanted[:free], wanted[free:] if free is not None else []
    start_over = wanted if starts_over else []
    take_places(placed, cohort, histories, start_over=start_over, actor_id=actor_id, now=now)
    wait_for_places(waiting, cohort, starts_over=starts_over, actor_id=actor_id, now=now, asking=asking)
    outcome.enrolled, outcome.waiting = len(placed), len(waiting)
    return outcome


def check_is_offered(cohort: Cohort) -> None:
    """:raises CourseArchived: the course takes nobody new, whichever way they come."""
    if courses.is_archived(cohort.course_id):
        raise CourseArchived


def check_prerequisites(person: Person, cohort: Cohort) -> None:
    """:raises PrerequisitesMissing: a prerequisite was not completed."""
    missing = [one.title for one in prerequisites(person.id, courses.prerequisites(cohort.course_id)) if not one.is_met]
    if missing:
        raise PrerequisitesMissing(name=person.full_name, courses=", ".join(missing))


def take_place(
    person: Person,
    cohort: Cohort,
    history: CourseHistory | None,
    *,
    starts_over: bool,
    actor_id: int | None,
    now: datetime,
    replaces_id: int | None = None,
) -> Enrolment:
    """Enrol one person; see ``take_places``. ``history`` is what the person has in other cohorts (``history_of``)."""
    histories = {person.id: history} if history is not None else {}
    start_over = [person.id] if starts_over else []
    take_places(
        [person.id], cohort, histories, start_over=start_over, actor_id=actor_id, now=now, replaces_id=replaces_id
    )
    return db.session.query(Enrolment).filter_by(cohort_id=cohort.id, person_id=person.id, cycle=1).one()


def take_places(
    person_ids: Sequence[int],
    cohort: Cohort,
    histories: Mapping[int, CourseHistory],
    *,
    start_over: Collection[int],
    actor_id: int | None,
    now: datetime,
    replaces_id: int | None = None,
) -> None:
    """Enrol people in a locked cohort that has room, in few statements, and close their applications. Every enrolment
    is made here.

    Somebody who withdrew before gets the same enrolment back. In a cohort without dates, their days count anew.

    :param histories: what they have in other cohorts (``queries.histories``).
    :param start_over: people who are to start over, although they take or have completed the course.
    :raises CourseArchived: the course takes nobody new.
    :raises WouldStartOver: somebody else takes or has completed the course.
    """
    check_is_offered(cohort)
    over = queries.would_start_over(histories).intersection(person_ids)
    for person_id in over - set(start_over):
        name = db.session.get_one(Person, person_id).full_name
        raise WouldStartOver(name=name, history=history_text(histories[person_id]))
    db.session.flush()
    there = {one.person_id: one for one in _enrolments(cohort.id, person_ids)}
    back = [one for one in there.values() if one.withdrawn_at is not None]
    _take_back(back, cohort, replaces_id, now)
    new_ids = [one for one in dict.fromkeys(person_ids) if one not in there]
    new = Enrolment(cohort_id=cohort.id, course_id=cohort.course_id, cycle=1, enrolled_at=now, replaces_id=replaces_id)
    enrolled = _insert(new_ids, new, queries.last_day(new, cohort, zone())) if new_ids else {}
    enrolled |= {one.person_id: one.id for one in back}
    more = {"cohort": cohort.id} | ({"replaces": replaces_id} if replaces_id else {})
    entries = {
        f"enrolment:{key}": {"person": one, **more} | ({"starts_over": True} if one in over else {})
        for one, key in enrolled.items()
    }
    ledger.record_all(actor_id, "enrol", entries, now=now)
    _close_applications(list(enrolled), cohort.id, actor_id, now)
    db.session.flush()
    if back:
        dates_changed(Enrolment.id.in_([one.id for one in back]), now)


def _take_back(back: Sequence[Enrolment], cohort: Cohort, replaces_id: int | None, now: datetime) -> None:
    for enrolment in back:
        enrolment.withdrawn_at = enrolment.withdrawn_by = enrolment.withdraw_reason = None
        enrolment.replaces_id = replaces_id
        if cohort.starts_on is None:
            enrolment.enrolled_at = now
    for enrolment, day in zip(back, queries.last_days(cohort, back, zone()), strict=True):
        enrolment.due_on = day


def _enrolments(cohort_id: int, person_ids: Sequence[int]) -> Iterator[Enrolment]:
    own = select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.cycle == 1)
    for batch in in_batches(person_ids):
        yield from db.session.scalars(
            own.where(Enrolment.person_id.in_(batch)).execution_options(populate_existing=True)
        )


def _insert(person_ids: Sequence[int], like: Enrolment, due_on: date | None) -> dict[int, int]:
    """Insert enrolments that differ by person only. Returns their ids by person."""
    shared = {
        "cohort_id": like.cohort_id,
        "course_id": like.course_id,
        "cycle": like.cycle,
        "enrolled_at": like.enrolled_at,
        "due_on": due_on,
        "replaces_id": like.replaces_id,
    }
    rows = [{"person_id": one, **shared} for one in person_ids]
    made = db.session.execute(insert(Enrolment).returning(Enrolment.person_id, Enrolment.id), rows)
    return dict(made.all())


def _close_applications(person_ids: Sequence[int], cohort_id: int, actor_id: int | None, now: datetime) -> None:
    """Close the open applications of these people for the cohort."""
    for batch in in_batches(person_ids):
        db.session.execute(
            update(Application)
            .where(
                Application.cohort_id == cohort_id,
                Application.person_id.in_(batch),
                Application.state.in_(("proposed", "waiting")),
            )
            .values(state="accepted", decided_by=actor_id, decided_at=now)
        )


def wait_for_places(
    person_ids: Sequence[int],
    cohort: Cohort,
    *,
    starts_over: bool,
    actor_id: int | None,
    now: datetime,
    asking: Collection[int],
) -> None:
    """Put people on the waiting list of a locked cohort. ``asking``: who has an open application already."""
    for batch in in_batches(one for one in person_ids if one in asking):
        db.session.execute(
            update(Application)
            .where(
                Application.cohort_id == cohort.id,
                Application.person_id.in_(batch),
                Application.state == "proposed",
            )
            .values(state="waiting", starts_over=starts_over, decided_by=actor_id, decided_at=now)
        )
    rows = [{"person_id": one, "starts_over": starts_over} for one in person_ids if one not in asking]
    add_applications(cohort, "waiting", rows, actor_id=actor_id, now=now)


def add_applications(
    cohort: Cohort,
    state: ApplicationState,
    rows: Sequence[dict[str, Any]],
    *,
    actor_id: int | None,
    now: datetime,
    note: str = "",
) -> Sequence[int]:
    """Insert applications with the columns ``rows`` (``person_id`` or ``login_name``); returns their ids.

    :raises CourseArchived: the course takes nobody new.
    """
    check_is_offered(cohort)
    if not rows:
        return []
    db.session.flush()
    shared = {"cohort_id": cohort.id, "state": state, "note": note, "proposed_by": actor_id, "proposed_at": now}
    statement = insert(Application).returning(Application.id, Application.person_id)
    made = db.session.execute(statement, [shared | row for row in rows]).all()
    entries = {
        f"application:{key}": {"cohort": cohort.id} | ({"person": person_id} if person_id is not None else {})
        for key, person_id in made
    }
    ledger.record_all(actor_id, "propose" if state == "proposed" else "wait for place", entries, now=now)
    return [key for key, _person_id in made]


def give_up(enrolment: Enrolment, reason: str, actor_id: int | None, now: datetime) -> None:
    enrolment.withdrawn_at, enrolment.withdrawn_by = now, actor_id
    enrolment.withdraw_reason = reason or None
    details = {"reason": reason} if reason else {}
    ledger.record(actor_id, "withdraw", f"enrolment:{enrolment.id}", now=now, **details)
    db.session.flush()


def substitute(
    enrolment: Enrolment,
    person: Person,
    reason: str,
    *,
    actor_id: int | None,
    now: datetime,
    starts_over: bool = False,
) -> Enrolment:
    """Give somebody's place to ``person``, bypassing the waiting list.

    :raises NotInside: the enrolment was withdrawn in the meantime.
    :raises IsInside: ``person`` is enrolled already.
    :raises PrerequisitesMissing: ``person`` has not completed a prerequisite.
    :raises CohortOver: the cohort's last day has passed.
    :raises WouldStartOver: see ``take_place``.
    """
    cohort = lock_running_cohort(enrolment.cohort_id, now)
    db.session.refresh(enrolment)
    if enrolment.withdrawn_at is not None:
        raise NotInside
    if person.id in queries.people_inside(cohort.id):
        raise IsInside(name=person.full_name)
    check_prerequisites(person, cohort)
    give_up(enrolment, reason, actor_id, now)
    history = history_of(person, cohort, now)
    return take_place(
        person, cohort, history, starts_over=starts_over, actor_id=actor_id, now=now, replaces_id=enrolment.id
    )
