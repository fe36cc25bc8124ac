"""Archived courses: nobody new comes in, whichever way; whoever is in goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, make_cohort, make_course, make_enrolment, make_person
from sqlalchemy import select

from lms.core.ledger import LedgerEntry
from lms.courses import queries as courses
from lms.enrolment import queries, services
from lms.enrolment.models import Application, Enrolment
from lms.enrolment.settings import CohortSettings

TODAY = NOON.date()


@pytest.fixture
def course(session):
    return make_course("pelatihan", title="Pelatihan contoh", category="layanan", search_text="pelatihan contoh")


def archived(course):
    services.archive(course, actor_id=None, now=NOON)
    return course


def ways_in(course, inside):
    """Every service that lets somebody into a course, or onto one of its lists."""
    open_, asking = inside.cohort, make_cohort(course, name="Dengan persetujuan", is_open=True, needs_approval=True)
    proposed = Application(
        cohort_id=asking.id, person_id=make_person().id, state="proposed", proposed_at=NOON, note="", reason=""
    )
    values = {"actor_id": None, "now": NOON}
    services.undated_cohort(course, now=NOON).is_open = True
    settings = CohortSettings(name="Baru", starts_on=TODAY, ends_on=TODAY + timedelta(days=9), way="open")
    return proposed, {
        "enrol": lambda: services.enrol(make_person(), open_, **values),
        "enrol_people": lambda: services.enrol_people([make_person()], open_, **values),
        "enrol_list": lambda: services.enrol_list([make_person()], course, **values),
        "enrol_openly": lambda: services.enrol_openly(make_person(), course, now=NOON),
        "join": lambda: services.join(make_person(), open_, now=NOON),
        "apply": lambda: services.join(make_person(), asking, now=NOON),
        "propose": lambda: services.propose([make_person()], asking, "", **values),
        "put_on_list": lambda: services.put_on_list(["198207152008012002"], open_, **values),
        "approve": lambda: services.approve([proposed], **values),
        "substitute": lambda: services.substitute(inside, make_person(), "", **values),
        "set_open": lambda: services.set_open(course, True, **values),
        "create_cohort": lambda: services.create_cohort(course, settings, **values),
    }


WAYS = (
    *("enrol", "enrol_people", "enrol_list", "enrol_openly", "join", "apply", "propose", "put_on_list", "approve"),
    *("substitute", "set_open", "create_cohort"),
)


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_into_an_archived_course_and_each_does_once_it_is_back(session, course, way):
    inside = make_enrolment(make_person(), course, cohort=make_cohort(course, name="Terbuka", is_open=True))
    proposed, ways = ways_in(course, inside)
    session.add(proposed)
    session.flush()
    assert set(ways) == set(WAYS)
    archived(course)
    with pytest.raises(services.CourseArchived), session.begin_nested():
        ways[way]()
    services.bring_back(course, actor_id=None, now=NOON)
    ways[way]()


def test_it_is_neither_in_the_catalogue_nor_suggested_nor_open_to_lists(session, course):
    cohort = make_cohort(course, name="Terbuka", is_open=True)
    person = make_person()
    make_cohort(course, name="Usulan", is_open=True, needs_approval=True)

    def offered():
        return [
            session.scalars(courses.catalogue("contoh")).all(),
            courses.categories(),
            courses.words_meant("contih"),
            queries.open_courses(person.id, TODAY),
            queries.cohorts_to_join(course.id, TODAY),
            queries.cohorts_taking_proposals(TODAY),
            queries.cohorts_open_to_list(TODAY),
            queries.next_starts([course.id], TODAY),
            queries.published_course_choices(offered_only=True),
        ]

    assert all(offered())
    archived(course)
    assert not any(offered())
    assert queries.published_course_choices() == [("pelatihan", "Pelatihan contoh")]
    assert courses.published("pelatihan") is not None
    assert cohort.is_open


def test_the_waiting_list_stands_still_and_moves_up_when_the_course_is_back(session, course):
    cohort = make_cohort(course, name="Penuh", is_open=True, quota=1)
    inside = make_enrolment(make_person(), course, cohort=cohort)
    waiting = make_person()
    services.join(waiting, cohort, now=NOON)
    archived(course)
    services.withdraw(inside, actor_id=None, now=NOON)
    assert queries.people_inside(cohort.id) == set()
    services.bring_back(course, actor_id=None, now=NOON)
    assert queries.people_inside(cohort.id) == {waiting.id}


def test_it_is_noted_once_and_those_inside_stay(session, course):
    make_enrolment(make_person(), course)
    archived(archived(course))
    services.bring_back(course, actor_id=None, now=NOON)
    services.bring_back(course, actor_id=None, now=NOON)
    verbs = session.scalars(
        select(LedgerEntry.verb).where(LedgerEntry.target == f"course:{course.id}").order_by(LedgerEntry.id)
    )
    assert list(verbs) == ["archive course", "bring course back"]
    assert session.query(Enrolment).filter_by(withdrawn_at=None).count() == 1
