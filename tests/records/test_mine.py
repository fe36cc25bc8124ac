"""What learners see: the end of a course, their training, their certificates."""

from __future__ import annotations

import gzip
import io
from datetime import timedelta

import pypdf
from factories import (
    NOON,
    complete,
    grant,
    make_admin,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
)

from lms.core import clock
from lms.records import services


def revoke(record, reason="Salah cetak"):
    services.revoke_record(record, reason, actor_id=make_admin().id, now=NOON)


def test_my_training_shows_jp_against_the_target_and_each_certificate(client):
    person = make_person()
    record = make_record(person, make_graded_course(title="Pelatihan Contoh", competency="teknis"), now=clock.now())
    page = client.sign_in(person).get("/records").text
    assert "Pelatihan Contoh" in page
    assert record.number in page
    assert f"/records/{record.code}.pdf" in page
    assert f"/verify/{record.code}" in page
    assert page.count('<path class="year__') == 2
    assert '<path class="year__got" d="M0 24h58"/>' in page


def test_nobody_sees_another_persons_training(client):
    record = make_record()
    assert record.number not in client.sign_in(make_person()).get("/records").text


def test_a_revoked_certificate_is_struck_with_its_reason_and_does_not_count(client):
    person = make_person()
    record = make_record(person, now=clock.now())
    revoke(record)
    page = client.sign_in(person).get("/records").text
    assert "Salah cetak" in page
    assert "<s>" in page
    assert f"/records/{record.code}.pdf" not in page
    assert "year__got" not in page


def test_a_completion_without_certificate_is_listed_as_waiting(client):
    person = make_person()
    course = make_graded_course("tunggu")
    complete(person, course)
    assert "/courses/tunggu/finish" in client.sign_in(person).get("/records").text


def test_earlier_years_stand_below_with_their_sums(client):
    person = make_person()
    for days in (0, 400, 800):
        make_record(person, now=clock.now() - timedelta(days=days))
    page = client.sign_in(person).get("/records").text
    years = [(clock.now() - timedelta(days=days)).year for days in (0, 400, 800)]
    assert [page.index(f'id="y{year}"') for year in years] == sorted(page.index(f'id="y{year}"') for year in years)


def test_an_empty_list_says_what_to_do(client):
    page = client.sign_in(make_person()).get("/records").text
    assert 'class="empty"' in page
    assert 'class="button" href="/courses"' in page


def test_without_a_target_no_bar_is_shown(client):
    person = make_person(nip=None, email="contoh@contoh.go.id", status="non-asn", rank="")
    assert "<progress" not in client.sign_in(person).get("/records").text


def test_visitors_sign_in_first(client):
    for path in ("/records", "/courses/apa/finish", "/records/K7QF.pdf"):
        assert client.get(path).status_code == 302


def test_the_finish_tells_score_hours_and_that_an_instructor_issues(client):
    person = make_person()
    complete(person, make_graded_course("selesai"), score=87)
    page = client.sign_in(person).get("/courses/selesai/finish").text
    assert "87" in page
    assert "4 JP" in page
    assert 'aria-current="step"' in page
    assert ".pdf" not in page


def test_the_finish_has_certificate_code_and_words_to_share_once_issued(client):
    person = make_person()
    record = make_record(person, make_graded_course("terbit"))
    page = client.sign_in(person).get("/courses/terbit/finish").text
    assert f'class="button" href="/records/{record.code}.pdf"' in page
    assert f"http://localhost/verify/{record.code}" in page
    assert "https://wa.me/" in page


def test_the_finish_of_a_revoked_certificate_says_why(client):
    person = make_person()
    record = make_record(person, make_graded_course("dicabut"))
    revoke(record)
    page = client.sign_in(person).get("/courses/dicabut/finish").text
    assert "Salah cetak" in page
    assert ".pdf" not in page


def test_the_finish_of_a_course_without_certificate_says_so(client):
    person = make_person()
    complete(person, make_graded_course("tanpa", has_certificate=False))
    page = client.sign_in(person).get("/courses/tanpa/finish").text
    assert "note--wait" not in page


def test_who_is_not_there_yet_is_led_to_the_course(client):
    person = make_person()
    make_enrolment(person, make_course("berjalan"))
    make_course("asing")
    client.sign_in(person)
    for slug in ("berjalan", "asing"):
        answer = client.get(f"/courses/{slug}/finish")
        assert (answer.status_code, answer.location) == (302, f"/courses/{slug}")
    assert client.get("/courses/tidak-ada/finish").status_code == 404


def test_the_certificate_is_a_pdf_for_its_owner(client):
    person = make_person(name="Maria Contoh")
    record = make_record(person, make_graded_course(title="Pelatihan Ñusa: dasar/lanjut"))
    answer = client.sign_in(person).get(f"/records/{record.code}.pdf")
    assert answer.mimetype == "application/pdf"
    pdf = pypdf.PdfReader(io.BytesIO(answer.data))
    assert "Maria Contoh" in pdf.pages[0].extract_text()
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("inline")
    assert "dasar-lanjut-Maria-Contoh.pdf" in disposition
    assert "sandbox" not in answer.headers["Content-Security-Policy"]


def test_the_same_certificate_is_not_sent_twice(client):
    person = make_person()
    record = make_record(person)
    first = client.sign_in(person).get(f"/records/{record.code}.pdf")
    again = client.get(f"/records/{record.code}.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_instructors_of_the_course_and_admins_see_it_too(client):
    course = make_graded_course()
    record = make_record(course=course)
    instructor = make_person()
    grant(instructor, "instructor", course=course)
    for person in (instructor, make_admin()):
        assert client.sign_in(person).get(f"/records/{record.code}.pdf").status_code == 200


def test_for_everybody_else_it_does_not_exist(client):
    record = make_record()
    other = make_person()
    grant(other, "instructor", course=make_course())
    client.sign_in(other)
    assert client.get(f"/records/{record.code}.pdf").status_code == 404
    assert client.get("/records/0000.pdf").status_code == 404


def test_a_revoked_certificate_is_not_printed(client):
    person = make_person()
    record = make_record(person)
    revoke(record, "Nama keliru")
    answer = client.sign_in(person).get(f"/records/{record.code}.pdf")
    assert answer.status_code == 410
    assert "Nama keliru" in answer.text


def test_a_learners_pages_are_light(client):
    person = make_person()
    record = make_record(person, make_graded_course("ringan"))
    for _ in range(9):
        make_record(person)
    client.sign_in(person)
    for path in ("/records", "/courses/ringan/finish", f"/verify/{record.code}"):
        assert len(gzip.compress(client.get(path).data)) < 6_000
