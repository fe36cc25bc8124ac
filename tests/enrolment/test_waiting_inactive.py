"""People on a waiting list who could not move up when a place became free: they keep their place in the line."""

from __future__ import annotations

import pytest
from factories import NOON, complete, make_cohort, make_course, make_graded_course, make_person

from lms.enrolment import jobs, queries, services
from lms.people.services import people

BY = {"actor_id": None, "now": NOON}


@pytest.fixture
def cohort(session, time):
    return make_cohort(is_open=True, quota=1)


def waiting(cohort):
    person = make_person()
    services.join(person, cohort, now=NOON)
    return person


def leave(person, cohort):
    services.withdraw(queries.enrolment_of(person.id, cohort.course_id), **BY)


def test_a_place_that_falls_free_goes_past_who_is_deactivated_and_they_stay_first_in_line(session, cohort):
    inside, first, second = waiting(cohort), waiting(cohort), waiting(cohort)
    people.deactivate(first, "cuti", **BY)
    leave(inside, cohort)
    assert queries.people_inside(cohort.id) == {second.id}
    people.activate(first, **BY)
    third = waiting(cohort)
    leave(second, cohort)
    assert queries.people_inside(cohort.id) == {first.id}
    assert third.id in {person.id for _row, person in queries.waiting_list(cohort.id)}


def test_who_is_active_again_gets_the_place_that_stayed_free(session, cohort):
    inside, only = waiting(cohort), waiting(cohort)
    people.deactivate(only, "cuti", **BY)
    leave(inside, cohort)
    session.commit()
    assert jobs.fill_places() == 0
    people.activate(only, **BY)
    session.commit()
    assert jobs.fill_places() == 1
    assert queries.people_inside(cohort.id) == {only.id}
    assert jobs.fill_places() == 0


def test_nobody_who_comes_later_takes_the_place_of_who_is_active_again(session, cohort):
    inside, only = waiting(cohort), waiting(cohort)
    people.deactivate(only, "cuti", **BY)
    leave(inside, cohort)
    people.activate(only, **BY)
    waiting(cohort)
    assert queries.people_inside(cohort.id) == {only.id}


def test_who_has_completed_the_prerequisite_meanwhile_moves_up(session, time):
    before = make_graded_course("dasar")
    cohort = make_cohort(make_course(prerequisites=[]), is_open=True, quota=1)
    inside, only = waiting(cohort), waiting(cohort)
    cohort.course.revision.prerequisites = ["dasar"]
    session.flush()
    leave(inside, cohort)
    session.commit()
    assert jobs.fill_places() == 0
    complete(only, before)
    session.commit()
    assert jobs.fill_places() == 1


@pytest.mark.parametrize("why", ["archived", "over", "full", "nobody"])
def test_nobody_moves_up_where_nobody_may(session, cohort, why, time):
    inside, only = waiting(cohort), waiting(cohort)
    people.deactivate(only, "cuti", **BY)
    if why != "full":
        leave(inside, cohort)
    if why == "archived":
        services.archive(cohort.course, **BY)
    if why == "over":
        time.now = NOON.replace(year=NOON.year + 1)
    if why != "nobody":
        people.activate(only, actor_id=None, now=time.now)
    session.commit()
    assert jobs.fill_places() == 0
