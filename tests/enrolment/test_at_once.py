"""Concurrency: no place is given twice, nothing is decided twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from concurrency import run_concurrently, run_twice
from factories import NOON, make_cohort, make_course, make_person

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses.models import Course
from lms.enrolment import queries, services
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.enrolment.settings import CohortSettings
from lms.people.scopes import EVERYBODY

BY = {"actor_id": None, "now": NOON}


def joining(person_id: int, cohort_id: int) -> Callable[[], object]:
    return lambda: services.join(queries_person(person_id), queries.cohort(cohort_id), now=NOON)


def queries_person(person_id: int):
    from lms.people.queries import person

    return person(person_id)


def application(row_id: int) -> Application:
    return db.session.get_one(Application, row_id)


@pytest.mark.parametrize("_round", range(3))
def test_the_last_places_are_given_once_each(app, session, _round):
    cohort = make_cohort(is_open=True, quota=2).id
    people = [make_person().id for _ in range(5)]
    assert run_concurrently(app, *[joining(person, cohort) for person in people]) == ["done"] * 5
    assert len(queries.people_inside(cohort)) == 2
    waiting = queries.open_applications(cohort, EVERYBODY, "waiting")
    assert {row.person_id for row, _person in waiting} == set(people) - queries.people_inside(cohort)


def test_a_double_press_takes_one_place(app, session):
    cohort, person = make_cohort(is_open=True, quota=5).id, make_person().id
    run_concurrently(app, *[joining(person, cohort)] * 3)
    assert session.query(Enrolment).count() == 1
    assert session.query(LedgerEntry).filter_by(verb="enrol").count() == 1


def test_a_double_press_asks_once(app, session):
    cohort, person = make_cohort(is_open=True, needs_approval=True).id, make_person().id
    run_concurrently(app, *[joining(person, cohort)] * 3)
    assert session.query(Application).count() == 1


def test_two_who_approve_at_once_let_in_as_many_as_there_are_places(app, session):
    cohort = make_cohort(is_open=True, needs_approval=True, quota=3)
    services.propose([make_person() for _ in range(5)], cohort, "", **BY)
    ids, cohort_id = [row.id for row in session.query(Application)], cohort.id
    assert run_twice(app, lambda: services.approve([application(one) for one in ids], **BY)) == ["done", "done"]
    assert len(queries.people_inside(cohort_id)) == 3
    assert len(queries.open_applications(cohort_id, EVERYBODY, "waiting")) == 2
    assert session.query(LedgerEntry).filter_by(verb="enrol").count() == 3


@pytest.mark.parametrize("_round", range(3))
def test_withdrawing_while_being_approved_ends_in_one_of_the_two(app, session, _round):
    cohort = make_cohort(is_open=True, needs_approval=True)
    row_id, cohort_id = services.join(make_person(), cohort, now=NOON).id, cohort.id
    ends = run_concurrently(
        app,
        lambda: services.approve([application(row_id)], **BY),
        lambda: services.withdraw_application(application(row_id), **BY),
    )
    state = application(row_id).state
    assert (state, ends) in [("withdrawn", ["done", "done"]), ("accepted", ["AlreadyDecided", "done"])]
    assert len(queries.people_inside(cohort_id)) == (state == "accepted")


@pytest.mark.parametrize("_round", range(3))
def test_two_who_leave_at_once_let_two_up(app, session, _round):
    cohort = make_cohort(quota=2)
    services.enrol_people([make_person() for _ in range(5)], cohort, **BY)
    cohort_id = cohort.id
    ids = [row.id for row in session.query(Enrolment)]
    run_concurrently(app, *[lambda one=one: services.withdraw(queries.enrolment(one), **BY) for one in ids])
    assert len(queries.people_inside(cohort_id)) == 2
    assert len(queries.open_applications(cohort_id, EVERYBODY, "waiting")) == 1


def test_a_smaller_quota_and_the_last_place_at_once_never_overbook(app, session):
    cohort = make_cohort(is_open=True, quota=2)
    services.enrol(make_person(), cohort, **BY)
    cohort_id, person = cohort.id, make_person().id
    fewer = CohortSettings(cohort.name, cohort.starts_on, cohort.ends_on, "open", quota=1)
    run_concurrently(
        app, joining(person, cohort_id), lambda: services.change_cohort(queries.cohort(cohort_id), fewer, **BY)
    )
    found = session.get(Cohort, cohort_id)
    assert len(queries.people_inside(cohort_id)) <= found.quota


def test_a_place_is_handed_over_once(app, session):
    cohort = make_cohort(quota=1)
    place = services.enrol(make_person(), cohort, **BY).id
    cohort_id, others = cohort.id, [make_person().id, make_person().id]
    ends = run_concurrently(
        app,
        *[
            lambda one=one: services.substitute(queries.enrolment(place), queries_person(one), "Ganti", **BY)
            for one in others
        ],
    )
    assert ends == ["NotInside", "done"]
    assert len(queries.people_inside(cohort_id)) == 1


def test_the_same_run_made_twice_at_once_is_made_once(app, session):
    course_id = make_course().id
    new = CohortSettings("Angkatan I Tahun 2026", NOON.date(), NOON.date(), "open")
    ends = run_twice(app, lambda: services.create_cohort(db.session.get_one(Course, course_id), new, **BY))
    assert ends == ["NameTaken", "done"]
    assert session.query(Cohort).count() == 1


def test_two_workers_take_the_registered_up_once(app, session):
    cohort = make_cohort()
    services.put_on_list(["198609262015051001"], cohort, **BY)
    make_person(nip="198609262015051001")
    cohort_id = cohort.id
    assert run_twice(app, lambda: services.admit_registered(now=NOON)) == ["done", "done"]
    assert len(queries.people_inside(cohort_id)) == 1
    assert session.query(LedgerEntry).filter_by(verb="take up").count() == 1


@pytest.mark.parametrize("_round", range(4))
def test_of_two_extensions_at_once_the_later_day_holds(app, session, _round):
    """Nobody loses days that somebody has granted."""
    cohort = make_cohort()
    ids = [services.enrol(make_person(), cohort, **BY).id for _ in range(10)]
    soon, late = (cohort.ends_on + timedelta(days=days) for days in (5, 20))

    def extending(until):
        return lambda: services.extend([queries.enrolment(one) for one in ids], until, "Dinas luar", **BY)

    run_concurrently(app, extending(late), extending(soon))
    found = session.query(Enrolment).all()
    assert {(one.extended_until, one.due_on) for one in found} == {(late, late)}


@pytest.mark.parametrize("_round", range(4))
def test_an_extension_and_other_dates_of_the_cohort_at_once_are_both_kept(app, session, _round):
    cohort = make_cohort()
    enrolment_id, cohort_id = services.enrol(make_person(), cohort, **BY).id, cohort.id
    late = cohort.ends_on + timedelta(days=20)
    settings = CohortSettings(cohort.name, cohort.starts_on, cohort.ends_on + timedelta(days=1), "open")
    run_concurrently(
        app,
        lambda: services.change_cohort(queries.cohort(cohort_id), settings, **BY),
        lambda: services.extend([queries.enrolment(enrolment_id)], late, "Dinas luar", **BY),
    )
    found = session.query(Enrolment).one()
    assert (found.extended_until, found.due_on) == (late, late)
