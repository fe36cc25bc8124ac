"""Nobody who takes a course or has completed it starts over unasked, whichever way they enter another cohort."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from factories import NOON, make_cohort, make_course, make_enrolment, make_person
from world import World, make_cohort_world

import lms
from lms.courses.models import CourseRevision
from lms.enrolment import queries, services
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.enrolment.queries import CourseHistory, CourseResult, HistoryKind
from lms.enrolment.services import WouldStartOver, moving_up, places
from lms.learning.models import Completion, EnrolmentState
from lms.people.models import Person

BY = {"actor_id": None, "now": NOON}


class Case(NamedTuple):
    person: Person
    old: Cohort
    new: Cohort


def taken(session, person, cohort, *, done=3, is_completed=False, **values) -> Enrolment:
    """The person has done ``done`` of 11 items in a cohort."""
    enrolment = make_enrolment(person, cohort.course, cohort=cohort, **values)
    state = "finished" if is_completed else "in-progress"
    session.add(EnrolmentState(enrolment_id=enrolment.id, state=state, done=done, needed=11, touched_at=NOON))
    if is_completed:
        revision = session.query(CourseRevision).filter_by(course_id=cohort.course_id).first()
        session.add(Completion(enrolment_id=enrolment.id, revision_id=revision.id, completed_at=NOON, facts={}))
    session.flush()
    return enrolment


def make_case(session, kind: HistoryKind, **values) -> Case:
    course, person = make_course(), make_person()
    old, new = make_cohort(course), make_cohort(course, **values)
    due_on = None if kind is HistoryKind.RUNNING else NOON.date() - timedelta(days=1)
    taken(session, person, old, is_completed=kind is HistoryKind.COMPLETED, due_on=due_on)
    return Case(person, old, new)


def by_list(case, starts_over):
    services.enrol_people([case.person], case.new, starts_over=starts_over, **BY)


def directly(case, starts_over):
    services.enrol(case.person, case.new, starts_over=starts_over, **BY)


def by_joining(case, starts_over):
    case.new.is_open = True
    services.join(case.person, case.new, now=NOON, starts_over=starts_over)


def by_approval(case, starts_over):
    case.new.is_open = case.new.needs_approval = True
    services.propose([case.person], case.new, "", **BY)
    row = queries.application_of(case.person.id, case.new.course_id)
    services.approve([row], start_over=[row.id] if starts_over else [], **BY)


def by_substitution(case, starts_over):
    gone = services.enrol(make_person(), case.new, **BY)
    services.substitute(gone, case.person, "Mutasi", starts_over=starts_over, **BY)


def by_moving_up(case, starts_over):
    places.wait_for_places([case.person.id], case.new, starts_over=starts_over, asking=(), **BY)
    moving_up.move_up(places.lock_cohort(case.new.id), now=NOON)


def by_registering(case, starts_over):
    """Listed by login name, before there was an account: nobody can have said that they start over."""
    case.person.nip = "198609262015051001"
    services.put_on_list([case.person.nip], case.new, **BY)
    services.admit_registered(now=NOON)


WAYS = [by_list, directly, by_joining, by_approval, by_substitution, by_moving_up, by_registering]


@pytest.mark.parametrize("kind", [HistoryKind.RUNNING, HistoryKind.COMPLETED])
@pytest.mark.parametrize("way", WAYS)
def test_nobody_starts_over_unasked(session, way, kind):
    case = make_case(session, kind)
    try:
        way(case, False)
    except WouldStartOver as refusal:
        assert case.person.full_name in refusal.text
        assert case.old.name in refusal.text
        session.rollback()
        return
    assert case.person.id not in queries.people_inside(case.new.id)
    assert queries.enrolment_of(case.person.id, case.new.course_id).cohort_id == case.old.id


@pytest.mark.parametrize("kind", [HistoryKind.RUNNING, HistoryKind.COMPLETED])
@pytest.mark.parametrize("way", [way for way in WAYS if way is not by_registering])
def test_who_is_to_start_over_does(session, way, kind):
    case = make_case(session, kind)
    if way is by_joining and kind is HistoryKind.RUNNING:
        pytest.skip("whoever joins a second cohort while the first runs stays in the first")
    way(case, True)
    assert queries.enrolment_of(case.person.id, case.new.course_id).cohort_id == case.new.id
    assert taken_elsewhere(session, case) == 3, "what they had is kept"


def taken_elsewhere(session, case) -> int:
    old = session.query(Enrolment).filter_by(cohort_id=case.old.id, person_id=case.person.id).one()
    return session.get(EnrolmentState, old.id).done


@pytest.mark.parametrize("way", WAYS)
def test_whose_time_ended_without_completing_enters_without_a_question(session, way):
    case = make_case(session, HistoryKind.ENDED)
    way(case, False)
    assert case.person.id in queries.people_inside(case.new.id)


def test_there_is_one_way_in():
    """Enrolments are made only where the history is checked, and in bulk for load tests."""
    makes = re.compile(r"insert_if_missing\(\s*Enrolment,|[^.\w]Enrolment\(\s*\w+=|insert\(Enrolment\)")
    root = Path(lms.__file__).parent
    found = {str(path.relative_to(root)) for path in root.rglob("*.py") if makes.search(path.read_text())}
    assert {path for path in found if not path.startswith("synth/")} == {"enrolment/services/places.py"}


def test_a_running_course_counts_more_than_a_completed_one_and_that_more_than_an_ended_one(session):
    course, person = make_course(), make_person()
    cohorts = [make_cohort(course) for _ in range(4)]
    taken(session, person, cohorts[0], is_completed=True, done=11)
    taken(session, person, cohorts[1], withdrawn_at=NOON)
    assert queries.histories([person.id], cohorts[3], NOON) == {
        person.id: CourseHistory(HistoryKind.COMPLETED, cohorts[0].name, CourseResult(11, 11, NOON))
    }
    make_enrolment(person, course, cohort=cohorts[2])
    assert queries.histories([person.id], cohorts[3], NOON) == {
        person.id: CourseHistory(HistoryKind.RUNNING, cohorts[2].name, None)
    }
    assert queries.histories([person.id], cohorts[2], NOON)[person.id].kind is HistoryKind.COMPLETED
    assert queries.histories([make_person().id], cohorts[3], NOON) == {}


def test_the_outcome_names_those_left_out_and_what_they_have(session):
    case = make_case(session, HistoryKind.RUNNING)
    fresh = make_person()
    outcome = services.enrol_people([case.person, fresh], case.new, **BY)
    assert (outcome.enrolled, [person.id for person, _history in outcome.staying]) == (1, [case.person.id])
    told = [text for text, _category in services.outcome_messages(outcome)]
    assert any(case.person.full_name in text and f"{case.old.name}, 3 dari 11 selesai" in text for text in told)


def test_who_waits_is_passed_by_and_holds_nobody_up(session):
    case = make_case(session, HistoryKind.RUNNING, quota=1)
    first = services.enrol(make_person(), case.new, **BY)
    places.wait_for_places([case.person.id], case.new, starts_over=False, asking=(), **BY)
    second = make_person()
    services.enrol_people([second], case.new, **BY)
    services.withdraw(first, **BY)
    assert queries.people_inside(case.new.id) == {second.id}
    row = session.query(Application).filter_by(person_id=case.person.id).one()
    assert row.state == "waiting"


@pytest.fixture
def world(session) -> World:
    return make_cohort_world()


def test_a_proposal_shows_what_the_person_has_and_is_approved_only_with_the_box(client, world, session):
    admin, person = client.sign_in(world.admin), make_person(unit_id=world.health.id)
    elsewhere = make_cohort(world.cohort.course)
    taken(session, person, elsewhere)
    world.cohort.is_open = world.cohort.needs_approval = True
    services.propose([person], world.cohort, "", actor_id=world.admin.id, now=NOON)
    row = session.query(Application).filter_by(person_id=person.id).one()
    page = f"{world.cohort_page}/proposals"
    assert f"sedang mengikuti kursus ini di {elsewhere.name}, 3 dari 11 selesai" in admin.text(page)
    admin.post_form(page, do="approve", pick=row.id)
    assert f"{person.full_name} (sedang mengikuti" in admin.text(page)
    assert person.id not in queries.people_inside(world.cohort.id)
    admin.post_form(page, **{"do": "approve", "pick": row.id, "start-over": row.id})
    assert person.id in queries.people_inside(world.cohort.id)


def test_a_head_sees_what_people_have_before_proposing_them(client, world, session):
    person = make_person(unit_id=world.health.id)
    taken(session, person, make_cohort(world.cohort.course), is_completed=True)
    world.cohort.is_open = world.cohort.needs_approval = True
    session.flush()
    page = client.sign_in(world.head).text(f"/team/proposals/{world.cohort.id}")
    assert "sudah menyelesaikan kursus ini pada" in page


def test_who_has_completed_a_course_is_told_before_joining_again(client, session):
    course, person = make_course("lagi"), make_person()
    cohort = make_cohort(course)
    taken(session, person, cohort, is_completed=True, withdrawn_at=NOON)
    make_cohort(course, is_open=True)
    learner = client.sign_in(person)
    page = learner.text("/courses/lagi")
    assert 'id="completed-before"' in page
    form = page[page.index('name="starts_over"') :].partition("</form>")[0]
    assert '<button class="button--quiet">' in form, "it is never the main button"
