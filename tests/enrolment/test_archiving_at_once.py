"""What somebody decides about a course or a cohort while others come in: none of them comes in after it."""

from __future__ import annotations

from threading import Event
from time import sleep

import pytest
from concurrency import run_concurrently, run_twice
from factories import NOON, make_cohort, make_course, make_person

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment import queries, services
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.people.models import Person

BY = {"actor_id": None, "now": NOON}
IN = {"enrol", "wait for place", "propose", "open course", "create cohort"}


def verbs() -> list[str]:
    return list(db.session.scalars(db.select(LedgerEntry.verb).order_by(LedgerEntry.id)))


def get(model, row_id):
    return db.session.get_one(model, row_id)


@pytest.fixture
def looked(monkeypatch):
    """Set as soon as somebody has read whether the course is archived; that one then takes its time."""
    seen, is_archived = Event(), courses.is_archived

    def slowly(course_id):
        found = is_archived(course_id)
        seen.set()
        sleep(0.2)
        return found

    monkeypatch.setattr(courses, "is_archived", slowly)
    return seen


WAYS = {
    "enrol": lambda person, cohort: services.enrol(person, cohort, **BY),
    "list": lambda person, cohort: services.enrol_people([person], cohort, **BY),
    "join": lambda person, cohort: services.join(person, cohort, now=NOON),
    "put on list": lambda _person, cohort: services.put_on_list(["198207152008012002"], cohort, **BY),
    "open": lambda _person, cohort: services.set_open(cohort.course, True, **BY),
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_comes_in_after_the_course_was_archived(app, session, looked, way):
    cohort = make_cohort(is_open=True)
    services.undated_cohort(cohort.course, now=NOON)
    cohort_id, course_id, person_id = cohort.id, cohort.course_id, make_person().id

    def come_in():
        WAYS[way](get(Person, person_id), get(Cohort, cohort_id))

    def archive():
        looked.wait(5)
        services.archive(get(Course, course_id), **BY)

    assert run_concurrently(app, come_in, archive) == ["done", "done"]
    assert verbs()[-1] == "archive course"
    assert IN.intersection(verbs())


def test_nobody_gets_a_place_by_themselves_after_the_course_was_archived(app, session, looked):
    cohort = make_cohort(is_open=True, quota=1)
    place = services.enrol(make_person(), cohort, **BY).id
    services.join(make_person(), cohort, now=NOON)
    looked.clear()
    course_id = cohort.course_id

    def archive():
        looked.wait(5)
        services.archive(get(Course, course_id), **BY)

    run_concurrently(app, lambda: services.withdraw(get(Enrolment, place), **BY), archive)
    assert verbs()[-1] == "archive course"


def test_nobody_comes_in_openly_after_the_course_was_closed(app, session, monkeypatch):
    course = make_course()
    services.set_open(course, True, **BY)
    course_id, person_id, seen = course.id, make_person().id, Event()
    undated = queries.undated_cohort

    def slowly(course_id):
        found = undated(course_id)
        if not seen.is_set():
            seen.set()
            db.session.refresh(found)
            sleep(0.2)
        return found

    monkeypatch.setattr(queries, "undated_cohort", slowly)

    def close():
        seen.wait(5)
        services.set_open(get(Course, course_id), False, **BY)

    ends = run_concurrently(
        app, lambda: services.enrol_openly(get(Person, person_id), get(Course, course_id), now=NOON), close
    )
    if "enrol" in verbs():
        assert (ends, verbs()[-1]) == (["done", "done"], "close course")
    else:
        assert ends == ["NotOpen", "done"]


@pytest.mark.parametrize("_round", range(4))
def test_who_joins_two_cohorts_of_a_course_at_once_is_in_one(app, session, _round):
    course = make_course()
    ids, person_id = [make_cohort(course, name=name, is_open=True).id for name in "AB"], make_person().id
    run_concurrently(
        app, *(lambda one=one: services.join(get(Person, person_id), get(Cohort, one), now=NOON) for one in ids)
    )
    assert session.query(Enrolment).count() == 1


@pytest.mark.parametrize("_round", range(4))
def test_who_applies_to_two_cohorts_of_a_course_at_once_asks_once(app, session, _round):
    course = make_course()
    ids = [make_cohort(course, name=name, is_open=True, needs_approval=True).id for name in "AB"]
    person_id = make_person().id
    ends = run_concurrently(
        app, *(lambda one=one: services.join(get(Person, person_id), get(Cohort, one), now=NOON) for one in ids)
    )
    assert ends == ["AsksElsewhere", "done"]
    assert session.query(Application).count() == 1


@pytest.mark.parametrize("_round", range(4))
def test_a_course_opened_twice_at_once_has_one_cohort_without_dates_and_is_opened_once(app, session, _round):
    course_id = make_course().id
    assert run_twice(app, lambda: services.set_open(get(Course, course_id), True, **BY)) == ["done", "done"]
    assert session.query(Cohort).one().is_open
    assert verbs().count("open course") == 1
