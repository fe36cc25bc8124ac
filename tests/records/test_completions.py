"""Instructors issue; others do not even see the page."""

from __future__ import annotations

from datetime import timedelta

from factories import (
    NOON,
    complete,
    grant,
    make_admin,
    make_cohort,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
    make_revision,
    make_unit,
    mark,
    publish,
)
from issuing import issue_looked_at, looked_at

from lms.core import settings
from lms.core.db import db
from lms.enrolment.models import Enrolment
from lms.learning.services import PASS_MARK
from lms.records import queries, services
from lms.records.models import Record

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
    answer = issue_looked_at(client, PATH, enrolment=[one, three])
    assert (answer.status_code, answer.location) == (303, f"{PATH}/1")
    assert {row.enrolment_id for row in session.query(Record)} == {one, three}
    assert {row.issued_by for row in session.query(Record)} == {instructor.id}
    assert 'class="note note--done"' in client.get(answer.location).text
    assert sum(queries.ready_counts([course.id]).values()) == 1
    assert two not in {row.enrolment_id for row in session.query(Record)}


def test_pressing_twice_issues_once(client, session, course, instructor):
    enrolment = complete(course=course).id
    client.sign_in(instructor)
    pressed = looked_at(client, PATH, enrolment=[enrolment])
    answers = [client.post(PATH, data=pressed) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, f"{PATH}/1")] * 2
    assert session.query(Record).count() == 1


def test_who_no_longer_meets_the_rules_is_named_with_the_reason(client, session, course, instructor):
    fine, lacking = complete(course=course), complete(make_person(name="Turun Nilai"), course)
    ids = [fine.id, lacking.id]
    mark(lacking, course, 50)
    client.sign_in(instructor)
    look = client.get(f"{PATH}/ready?everyone=1").text
    assert "nilai akhir 50, padahal syaratnya 70" in look
    assert len(looked_at(client, PATH, enrolment=ids)["enrolment"]) == 1
    page = client.get(issue_looked_at(client, PATH, everyone=1).location).text
    assert session.query(Record).count() == 1
    assert page.index("Turun Nilai") < page.index("nilai akhir 50, padahal syaratnya 70")


def test_choosing_nobody_comes_back_with_the_reason(client, course, instructor):
    complete(course=course)
    client.sign_in(instructor)
    assert client.get(f"{PATH}/ready").location == PATH
    assert "Pilih sedikitnya satu peserta" in client.text(PATH)
    answer = client.post_form(PATH, "/account")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_somebody_of_another_course_cannot_be_named(client, session, course, instructor):
    complete(course=course)
    foreign = complete()
    client.sign_in(instructor)
    for sent in (foreign.id, "x"):
        assert client.get(f"{PATH}/ready?enrolment={sent}").location == PATH
        assert client.post_form(PATH, "/account", enrolment=[sent]).status_code == 422
    assert session.query(Record).count() == 0


def test_all_can_be_chosen_without_a_script(client, course, instructor):
    for _ in range(3):
        complete(course=course)
    complete(instructor, course)
    page = client.sign_in(instructor).get(f"{PATH}?all=1").text
    assert page.count(" checked") == page.count('type="checkbox"') == 3


def test_ones_own_completion_cannot_be_chosen_and_is_refused(client, session, course, instructor):
    own = complete(instructor, course).id
    other = complete(course=course).id
    client.sign_in(instructor)
    assert f'value="{own}"' not in client.get(PATH).text
    assert client.get(f"{PATH}/ready?enrolment={own}").location == PATH
    sent = looked_at(client, PATH, enrolment=[other]) | {"enrolment": [own]}
    assert client.post(PATH, data=sent).status_code == 303
    assert session.query(Record).count() == 0


def test_an_admin_stands_in(client, session, course):
    enrolment = complete(course=course).id
    client.sign_in(make_admin())
    issue_looked_at(client, PATH, enrolment=[enrolment])
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


def test_who_has_done_all_that_a_revision_leaves_can_be_given_the_certificate(client, session, course, instructor):
    enrolment = make_enrolment(make_person(name="Sudah Dua"), course)
    mark(enrolment, course, 80)
    client.sign_in(instructor)
    assert "Sudah Dua" not in client.get(PATH).text
    publish(make_revision(course, ({"slug": "kuis-akhir", "type": "quiz", "content": {}},)))
    assert "Sudah Dua" in client.get(PATH).text
    assert issue_looked_at(client, PATH, enrolment=[enrolment.id]).status_code == 303
    assert [row.enrolment_id for row in session.query(Record)] == [enrolment.id]


def now_different(client, instructor) -> str:
    page = client.sign_in(instructor).get(PATH).text
    found = page.split("Menurut aturan sekarang: ", 1)
    return found[1].split("</span>")[0] if len(found) > 1 else ""


def test_nothing_is_said_of_a_certificate_that_would_be_the_same(client, course, instructor):
    make_record(make_person(), course)
    assert now_different(client, instructor) == ""


def test_a_certificate_stays_and_its_instructor_is_told_that_a_revision_asks_for_more(client, course, instructor):
    record = make_record(make_person(), course)
    before = dict(record.snapshot)
    more = ({"slug": "modul-satu"}, {"slug": "kuis-akhir", "type": "quiz", "content": {}}, {"slug": "baru"})
    publish(make_revision(course, more, jp=6))
    assert "1 materi belum selesai; 6 JP, bukan 4" in now_different(client, instructor)
    assert "isi 1 sertifikat di halaman ini akan berbeda. Sertifikat tetap seperti saat diterbitkan" in client.text(
        PATH
    )
    assert record.snapshot == before
    assert record.revoked_at is None


def test_it_is_told_of_a_new_pass_mark_a_corrected_mark_and_other_dates(client, course, instructor):
    make_record(make_person(), course)
    settings.change(PASS_MARK, 90.0, actor_id=None, now=NOON)
    assert "1 materi belum selesai" in now_different(client, instructor)
    settings.change(PASS_MARK, 70.0, actor_id=None, now=NOON)
    assert now_different(client, instructor) == ""
    mark(db.session.query(Enrolment).one(), course, 50)
    assert "nilai akhir 50, padahal syaratnya 70" in now_different(client, instructor)


def test_it_is_told_of_other_dates_of_the_cohort(client, course, instructor):
    cohort = make_cohort(course)
    make_record(make_person(), course, cohort=cohort)
    assert now_different(client, instructor) == ""
    cohort.ends_on += timedelta(days=7)
    assert "angkatan berlangsung" in now_different(client, instructor)
