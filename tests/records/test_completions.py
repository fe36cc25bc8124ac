"""Instructors issue; others do not even see the page."""

from __future__ import annotations

import pytest
from factories import (
    NOON,
    complete,
    grant,
    make_admin,
    make_course,
    make_graded_course,
    make_person,
    make_record,
    make_unit,
    mark,
)

from lms.records import queries, services
from lms.records.models import Record


@pytest.fixture
def course(app):
    return make_graded_course("terbit")


@pytest.fixture
def instructor(course):
    person = make_person(name="Pengajar")
    grant(person, "instructor", course=course)
    return person


PATH = "/teach/courses/terbit/completions"


def test_all_who_completed_are_listed_with_their_state(client, course, instructor):
    unit = make_unit("Dinas Contoh")
    ready = complete(make_person(name="Siap", unit_id=unit.id), course)
    issued = make_record(make_person(name="Sudah"), course)
    revoked = make_record(make_person(name="Batal"), course)
    services.revoke_record(revoked, "Salah", actor_id=instructor.id, now=NOON)
    lacking = complete(make_person(name="Kurang"), course)
    mark(lacking, course, 50)
    page = client.sign_in(instructor).get(PATH).text
    for fact in ("Siap", "Dinas Contoh", issued.number, revoked.number, "Kurang", f'value="{ready.id}"'):
        assert fact in page
    assert f'value="{lacking.id}"' not in page
    assert page.count('type="checkbox"') == 1


def test_the_chosen_get_their_certificates_and_the_others_none(client, session, course, instructor):
    one, two, three = (complete(course=course).id for _ in range(3))
    client.sign_in(instructor)
    answer = client.post_form(PATH, enrolment=[one, three])
    assert (answer.status_code, answer.location) == (302, PATH)
    assert {row.enrolment_id for row in session.query(Record)} == {one, three}
    assert {row.issued_by for row in session.query(Record)} == {instructor.id}
    assert 'class="note note--done"' in client.get(PATH).text
    assert sum(queries.ready_counts([course.id]).values()) == 1
    assert two not in {row.enrolment_id for row in session.query(Record)}


def test_pressing_twice_issues_once(client, session, course, instructor):
    enrolment = complete(course=course).id
    client.sign_in(instructor)
    assert client.post_form(PATH, enrolment=[enrolment]).status_code == 302
    assert client.post_form(PATH, enrolment=[enrolment]).status_code == 302
    assert session.query(Record).count() == 1


def test_who_no_longer_meets_the_rules_is_named_with_the_reason(client, session, course, instructor):
    fine, lacking = complete(course=course), complete(make_person(name="Turun Nilai"), course)
    ids = [fine.id, lacking.id]
    mark(lacking, course, 50)
    client.sign_in(instructor)
    client.post_form(PATH, enrolment=ids)
    page = client.get(PATH).text
    assert session.query(Record).count() == 1
    assert "Turun Nilai: " in page


def test_choosing_nobody_comes_back_with_the_reason(client, course, instructor):
    complete(course=course)
    client.sign_in(instructor)
    answer = client.post_form(PATH)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_somebody_of_another_course_cannot_be_named(client, session, course, instructor):
    complete(course=course)
    foreign = complete()
    client.sign_in(instructor)
    assert client.post_form(PATH, enrolment=[foreign.id]).status_code == 422
    assert client.post_form(PATH, enrolment=["x"]).status_code == 422
    assert session.query(Record).count() == 0


def test_all_can_be_chosen_without_a_script(client, course, instructor):
    for _ in range(3):
        complete(course=course)
    complete(instructor, course)
    page = client.sign_in(instructor).get(f"{PATH}?all=1").text
    assert page.count(" checked") == page.count('type="checkbox"') == 3


def test_ones_own_completion_cannot_be_chosen_and_is_refused(client, session, course, instructor):
    own = complete(instructor, course).id
    complete(course=course)
    client.sign_in(instructor)
    assert f'value="{own}"' not in client.get(PATH).text
    assert client.post_form(PATH, enrolment=[own]).status_code == 302
    assert session.query(Record).count() == 0


def test_an_admin_stands_in(client, session, course):
    enrolment = complete(course=course).id
    client.sign_in(make_admin())
    client.post_form(PATH, enrolment=[enrolment])
    assert session.query(Record).count() == 1


def test_for_others_the_page_does_not_exist(client, course):
    learner = make_person()
    complete(learner, course)
    assert client.sign_in(learner).get(PATH).status_code == 404
    grant(learner, "instructor", course=make_course())
    assert client.get(PATH).status_code == 404
    assert client.get("/teach/courses/tidak-ada/completions").status_code == 404


def test_visitors_sign_in_first(client, course):
    assert client.get(PATH).status_code == 302


def test_a_course_nobody_completed_says_so(client, course, instructor):
    assert 'class="empty"' in client.sign_in(instructor).get(PATH).text


def test_a_course_without_certificate_offers_none(client, app):
    course = make_graded_course("tanpa", has_certificate=False)
    complete(course=course)
    page = client.sign_in(make_admin()).get("/teach/courses/tanpa/completions").text
    assert 'type="checkbox"' not in page
