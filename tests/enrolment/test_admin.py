"""Course administration: instructors, open enrolment, participants by list."""

from __future__ import annotations

import re

import pytest
from factories import NOON, grant, make_admin, make_course, make_person

from lms.authoring.models import CourseDraft, CourseDraftFile
from lms.courses.models import Course
from lms.enrolment import queries
from lms.enrolment.models import Enrolment
from lms.people.models import RoleGrant

PAGE = "/admin/courses/pelatihan"


@pytest.fixture
def course(session):
    return make_course("pelatihan", title="Pelatihan contoh")


@pytest.fixture
def admin(client, course):
    client.sign_in(make_admin())
    return client


def test_all_courses_are_listed_published_or_not(admin, session):
    session.add(Course(slug="belum-terbit", created_at=NOON))
    page = admin.text("/admin/courses")
    assert "Pelatihan contoh" in page
    assert "belum-terbit" in page
    assert admin.get("/admin/courses/belum-terbit").status_code == 200


def test_courses_are_listed_by_title_and_one_that_is_being_written_by_the_title_of_its_draft(admin, session):
    make_course("zebra", title="Arsip")
    being_written = make_course("adab", title="Adab", is_current=False)
    session.add(draft := CourseDraft(course_id=being_written.id, created_at=NOON))
    session.flush()
    content = b"---\ntitle: Ramah difabel\nsummary: Contoh.\n---\n"
    session.add(CourseDraftFile(draft_id=draft.id, path="course.md", content=content, sha256="0" * 64, version=1))
    page = admin.text("/admin/courses")
    names = re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', page)
    assert names == ["Arsip", "Pelatihan contoh", "Ramah difabel"]
    assert "<h1>Ramah difabel</h1>" in admin.text("/admin/courses/adab")


def test_pages_of_cohorts_and_the_board_name_a_course_that_is_being_written_by_its_draft(admin, session):
    being_written = make_course("adab", title="Adab", is_current=False)
    session.add(draft := CourseDraft(course_id=being_written.id, created_at=NOON))
    session.flush()
    content = b"---\ntitle: Ramah difabel\nsummary: Contoh.\n---\n"
    session.add(CourseDraftFile(draft_id=draft.id, path="course.md", content=content, sha256="0" * 64, version=1))
    admin.post_form("/admin/courses/adab/open", page="/admin/courses/adab", open="1")
    cohort = queries.undated_cohort(being_written.id)
    person = make_person()
    for path in (
        "/admin/cohorts",
        *(f"/admin/cohorts/{cohort.id}{page}" for page in ("", "/proposals", "/dates", "/committee", "/settings")),
        "/admin/board",
        f"/admin/board/enrol?state=not-enrolled&one={person.id}",
    ):
        page = admin.text(path)
        assert "Ramah difabel" in page, path
        assert ">adab" not in page, path


def test_an_empty_list_says_how_a_course_comes_in(client, session):
    assert "lms course import" in client.sign_in(make_admin()).text("/admin/courses")


def test_a_course_without_an_instructor_is_warned_about(admin):
    assert "note--wait" in admin.text(PAGE)


def test_an_instructor_is_named_by_number_in_any_spelling_and_removed_again(admin, course, session):
    person = make_person(nip="198207152008012002", name="Contoh Pengajar")
    answer = admin.post_form(f"{PAGE}/instructors", page=PAGE, login="19820715 200801 2 002")
    assert answer.status_code == 302
    assert "Contoh Pengajar" in admin.text(PAGE)
    assert session.query(RoleGrant).filter_by(person_id=person.id, course_id=course.id).count() == 1
    admin.post_form(f"{PAGE}/instructors/{person.id}/remove", page=PAGE)
    assert session.query(RoleGrant).filter_by(person_id=person.id).count() == 0


@pytest.mark.parametrize("login", ["", "   ", "199901012020011001", "siapa@contoh.go.id"])
def test_an_unknown_instructor_is_said_at_the_field(admin, login):
    answer = admin.post_form(f"{PAGE}/instructors", page=PAGE, login=login)
    assert answer.status_code == 422
    assert "field__error" in answer.get_data(as_text=True)


def test_who_was_switched_off_cannot_be_made_an_instructor(admin):
    make_person(nip="198207152008012002", is_active=False)
    assert admin.post_form(f"{PAGE}/instructors", page=PAGE, login="198207152008012002").status_code == 422


def test_opening_lets_anyone_enrol_and_closing_moves_nobody(admin, course, app, session):
    learner = app.test_client().sign_in(make_person())
    admin.post_form(f"{PAGE}/open", page=PAGE, open="1")
    assert learner.post_form("/courses/pelatihan/enrol", page="/language").status_code == 302
    admin.post_form(f"{PAGE}/open", page=PAGE, open="0")
    assert session.query(Enrolment).count() == 1
    latecomer = app.test_client().sign_in(make_person())
    assert latecomer.post_form("/courses/pelatihan/enrol", page="/language").status_code == 409


def test_a_list_enrols_all_of_it_in_a_closed_course(admin, course, session):
    people = [make_person() for _ in range(3)]
    lines = "\n".join(f" {person.nip} " for person in people) + "\n\n"
    assert admin.post_form(f"{PAGE}/participants", page=PAGE, logins=lines).status_code == 302
    assert queries.participant_counts([course.id]) == {course.id: 3}
    assert admin.post_form(f"{PAGE}/participants", page=PAGE, logins=lines).status_code == 302
    assert queries.participant_counts([course.id]) == {course.id: 3}


def test_a_list_with_somebody_unknown_enrols_nobody_and_keeps_what_was_typed(admin, course, session):
    known = make_person()
    answer = admin.post_form(f"{PAGE}/participants", page=PAGE, logins=f"{known.nip}\n198207152008012002")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "198207152008012002" in page
    assert known.nip in page
    assert session.query(Enrolment).count() == 0


def test_an_archived_course_is_said_to_be_so_wherever_it_stands_and_brought_back(admin, course, app, session):
    admin.post_form(f"{PAGE}/open", page=PAGE, open="1")
    learner, latecomer = app.test_client().sign_in(make_person()), app.test_client().sign_in(make_person())
    learner.post_form("/courses/pelatihan/enrol", page="/language")
    admin.post_form(f"{PAGE}/archive", page=PAGE)
    assert 'id="archived"' in admin.text(PAGE)
    assert "Pelatihan contoh" not in latecomer.text("/courses")
    assert "Pelatihan contoh" not in latecomer.text("/courses?q=contoh")
    assert 'id="archived"' in latecomer.text("/courses/pelatihan")
    assert 'action="/courses/pelatihan/enrol"' not in latecomer.text("/courses/pelatihan")
    refused = latecomer.post_form("/courses/pelatihan/enrol", page="/language")
    assert refused.status_code == 409
    assert "diarsipkan" in refused.get_data(as_text=True)
    assert 'class="items"' in learner.text("/courses/pelatihan")
    assert admin.post_form(f"{PAGE}/participants", page=PAGE, logins=make_person().nip).status_code == 409
    admin.post_form(f"{PAGE}/bring-back", page=PAGE)
    assert "Pelatihan contoh" in latecomer.text("/courses")
    assert latecomer.post_form("/courses/pelatihan/enrol", page="/language").status_code == 302
    assert session.query(Enrolment).count() == 2


def test_an_unpublished_course_cannot_be_archived(admin, session):
    session.add(Course(slug="belum-terbit", created_at=NOON))
    session.flush()
    assert admin.post_form("/admin/courses/belum-terbit/archive", page=PAGE).status_code == 404


def test_an_unknown_course_does_not_exist(admin):
    assert admin.get("/admin/courses/tidak-ada").status_code == 404


def test_an_instructor_does_not_reach_the_admins_pages(client, course):
    grant(person := make_person(), "instructor", course=course)
    assert client.sign_in(person).get(PAGE).status_code == 404
