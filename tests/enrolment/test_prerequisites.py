"""Prerequisites: shown on the course page, and enforced on every way to enrol."""

from __future__ import annotations

import pytest
from factories import NOON, grant, make_admin, make_cohort, make_course, make_enrolment, make_person, make_unit

from lms.courses.models import Course
from lms.enrolment import services
from lms.enrolment.models import Application, Enrolment
from lms.enrolment.queries.prerequisites import missing_prerequisites, prerequisites
from lms.enrolment.services.places import PrerequisitesMissing
from lms.learning.models import Completion

BY = {"actor_id": None, "now": NOON}


@pytest.fixture
def first(session) -> Course:
    return make_course("etika", title="Etika dasar")


@pytest.fixture
def course(first) -> Course:
    return make_course("pelatihan", prerequisites=["etika"])


def complete(person, course, session):
    enrolment = make_enrolment(person, course)
    session.add(
        Completion(enrolment_id=enrolment.id, revision_id=course.revision.id, completed_at=NOON, score=None, facts={})
    )
    session.commit()


def ready(first, session):
    person = make_person()
    complete(person, first, session)
    return person


def test_what_is_asked_and_what_one_has_of_it(course, first, session):
    person = ready(first, session)
    assert [(one.slug, one.title, one.is_met) for one in prerequisites(person.id, course.revision.prerequisites)] == [
        ("etika", "Etika dasar", True)
    ]
    assert [one.is_met for one in prerequisites(make_person().id, course.revision.prerequisites)] == [False]
    assert [one.is_met for one in prerequisites(None, course.revision.prerequisites)] == [False]
    assert prerequisites(person.id, first.revision.prerequisites) == []


def test_a_course_that_was_begun_is_not_completed(course, first, session):
    person = make_person()
    make_enrolment(person, first)
    assert missing_prerequisites([person.id], course.id) == {person.id}


@pytest.mark.parametrize("needs_approval", [False, True])
def test_nobody_joins_or_asks_without_them(course, first, session, needs_approval):
    cohort = make_cohort(course, is_open=True, needs_approval=needs_approval)
    with pytest.raises(PrerequisitesMissing) as refused:
        services.join(make_person(), cohort, now=NOON)
    assert "Etika dasar" in refused.value.text
    assert session.query(Enrolment).filter_by(course_id=course.id).count() == 0
    assert session.query(Application).count() == 0
    services.join(ready(first, session), cohort, now=NOON)
    assert session.query(Application if needs_approval else Enrolment).count() >= 1


def test_of_a_list_those_who_lack_them_are_left_out_and_named(course, first, session):
    cohort, good, other = make_cohort(course), ready(first, session), make_person()
    outcome = services.enrol_people([other, good], cohort, **BY)
    assert (outcome.enrolled, outcome.not_ready) == (1, [other])
    assert [one.person_id for one in session.query(Enrolment).filter_by(cohort_id=cohort.id)] == [good.id]


def test_whoever_is_inside_stays_inside(course, first, session):
    cohort, person = make_cohort(course), make_person()
    make_enrolment(person, course, cohort=cohort)
    outcome = services.enrol_people([person], cohort, **BY)
    assert (outcome.already, outcome.not_ready) == (1, [])


def test_heads_propose_only_who_is_ready_and_approval_looks_again(course, first, session):
    cohort, good, other = make_cohort(course, is_open=True, needs_approval=True), ready(first, session), make_person()
    proposed = services.propose([good, other], cohort, "", **BY)
    assert (proposed.count, proposed.not_ready) == (1, [other])
    (row,) = session.query(Application)
    session.query(Completion).delete()
    outcome = services.approve([row], **BY)
    assert (outcome.enrolled, outcome.not_ready, row.state) == (0, [good], "proposed")


def test_a_place_is_not_handed_over_to_somebody_who_lacks_them(course, first, session):
    cohort = make_cohort(course)
    enrolment = make_enrolment(ready(first, session), course, cohort=cohort)
    with pytest.raises(PrerequisitesMissing):
        services.substitute(enrolment, make_person(), "Pindah tugas", **BY)
    assert enrolment.withdrawn_at is None


def test_a_free_place_passes_over_those_who_lack_them(course, first, session):
    cohort = make_cohort(course, quota=1)
    taken = make_enrolment(ready(first, session), course, cohort=cohort)
    other, good = make_person(), ready(first, session)
    people = [other.id, good.id]
    services.places.wait_for_places(people, cohort, starts_over=False, actor_id=None, now=NOON, asking=())
    services.withdraw(taken, **BY)
    inside = session.query(Enrolment).filter_by(cohort_id=cohort.id, withdrawn_at=None)
    assert [one.person_id for one in inside] == [good.id]


def test_the_courses_page_leads_to_what_is_missing(client, course, first, session):
    make_cohort(course, is_open=True)
    person = make_person()
    client.sign_in(person)
    page = client.get("/courses/pelatihan").get_data(as_text=True)
    assert '<a href="/courses/etika">Etika dasar</a>' in page
    assert "/courses/pelatihan/enrol" not in page
    refused = client.post_form("/courses/pelatihan/enrol", page="/language")
    assert refused.status_code == 409
    assert "Etika dasar" in refused.get_data(as_text=True)
    complete(person, first, session)
    page = client.get("/courses/pelatihan").get_data(as_text=True)
    assert 'id="prerequisites"' in page
    assert "/courses/pelatihan/enrol" in page


def test_a_visitor_reads_what_will_be_asked(client, course):
    make_cohort(course, is_open=True)
    page = client.get("/courses/pelatihan").get_data(as_text=True)
    assert '<a href="/courses/etika">Etika dasar</a>' in page
    assert "/login?next=" in page


def test_the_office_is_told_whom_it_left_out(client, course, first, session):
    cohort, other = make_cohort(course), make_person(name="Contoh Belum Siap")
    client.sign_in(make_admin())
    client.post_form(f"/admin/cohorts/{cohort.id}/people", page=f"/admin/cohorts/{cohort.id}", logins=other.nip)
    page = client.get(f"/admin/cohorts/{cohort.id}").get_data(as_text=True)
    assert "Contoh Belum Siap" in page
    assert session.query(Enrolment).filter_by(cohort_id=cohort.id).count() == 0


def test_a_head_is_told_whom_it_left_out(client, course, first, session):
    unit = make_unit()
    cohort, head = make_cohort(course, is_open=True, needs_approval=True), make_person(unit=unit)
    other = make_person(unit=unit, name="Contoh Belum Siap")
    grant(head, "head", unit=unit)
    client.sign_in(head)
    answer = client.post_form(f"/team/proposals/{cohort.id}", pick=str(other.id), note="")
    assert answer.status_code == 302
    assert "Contoh Belum Siap" in client.get("/team/proposals").get_data(as_text=True)
    assert session.query(Application).count() == 0
