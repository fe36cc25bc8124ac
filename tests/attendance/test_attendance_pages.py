from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import NOON, make_cohort, make_enrolment, make_person
from pages import html_of, text_of
from session_world import make_session_world

from lms.attendance import codes, queries
from lms.attendance.models import CheckIn, MeetingChange
from lms.attendance.services import checking_in
from lms.attendance.services.marking import NewAttendance, mark_attendance
from lms.core import clock
from lms.core.db import db
from lms.people.models import Person
from lms.web.rate_limits import limiter


@pytest.fixture
def world(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    made = make_session_world()
    session.commit()
    return made


def person(enrolment):
    return db.session.get(Person, enrolment.person_id)


def statuses(enrolment, world) -> dict[int, str]:
    db.session.expire_all()
    return {number: one.status for number, one in queries.marks_of(enrolment.id, world.item_id).items()}


def open_check_in(world, number=1) -> CheckIn:
    checking_in.open_check_in(world.cohort, world.item_id, number, actor_id=world.instructor.id, now=NOON)
    db.session.commit()
    return db.session.query(CheckIn).filter_by(meeting=number).one()


# The learner's page


def test_a_learner_sees_when_and_where_it_is_and_what_is_asked_for(client, world):
    page = client.sign_in(person(world.ani)).text(world.path)
    assert "Lokakarya: selesai setelah Anda hadir di semua pertemuan (2)" in page
    assert "Aula BKPSDM" in page and "3 jam" in page
    assert "Kode kehadiran" in page  # today is its day


def test_a_code_marks_me_present_and_the_page_says_so(client, world):
    row = open_check_in(world)
    code = codes.code_at(row.secret, NOON)
    answer = client.sign_in(person(world.ani)).post_form(world.path, code=f"{code[:3]} {code[3:]}")
    assert answer.status_code == 303 and statuses(world.ani, world) == {1: "present"}
    page = client.text(world.path)
    assert "Anda tercatat hadir di pertemuan 1" in page and "Anda hadir" in page


def test_the_address_of_the_picture_fills_in_the_code_and_records_nothing(client, world):
    html = client.sign_in(person(world.ani)).text(f"{world.path}?code=123456")
    assert 'value="123456"' in html and statuses(world.ani, world) == {}


def test_a_wrong_code_is_told_at_its_field_and_stays_there(client, world):
    open_check_in(world)
    answer = client.sign_in(person(world.ani)).post_form(world.path, code="12")
    assert answer.status_code == 422 and 'value="12"' in html_of(answer) and "enam angka" in text_of(answer)
    assert statuses(world.ani, world) == {}


def test_a_late_code_is_kept_and_the_instructor_decides(client, world, monkeypatch):
    row = open_check_in(world)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=4))
    client.sign_in(person(world.ani)).post_form(world.path, code=codes.code_at(row.secret, NOON))
    assert statuses(world.ani, world) == {1: "claimed"}
    assert "pengajar yang memutuskan" in client.text(world.path)
    page = client.sign_in(world.instructor).text(world.teach_meeting())
    assert "Apakah orang ini hadir?" in page
    assert "1 kode terlambat" in client.text(world.teach)


def test_codes_are_tried_thirty_times_an_hour(client, world, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    client.sign_in(person(world.ani))
    answers = [client.post_form(world.path, code="000000").status_code for _ in range(31)]
    limiter.reset()
    assert set(answers[:30]) == {422} and answers[30] == 429


def test_the_session_of_a_course_that_one_does_not_take_is_not_shown(client, world):
    answer = client.sign_in(make_person()).get(world.path)
    assert answer.status_code == 302


# The instructor's pages


def test_meetings_are_reached_from_the_preview_and_say_how_many_attended(client, world):
    mark_attendance(world.meeting(), [NewAttendance(world.ani.id, "present", 0)], actor_id=None, now=NOON)
    db.session.commit()
    client.sign_in(world.instructor)
    assert world.teach in client.text(f"/teach/courses/{world.course.slug}/contents/lokakarya")
    page = client.text(world.teach)
    assert "1 dari 2 hadir" in page and "belum ada yang dicatat" in page


def test_meetings_are_reached_from_the_participants_too_of_the_cohort_that_is_chosen(client, world):
    other = make_cohort(world.course, name="Angkatan lain")
    db.session.commit()
    people = f"/teach/courses/{world.course.slug}"
    client.sign_in(world.instructor)
    assert f'href="{world.teach}"' in client.text(people)
    chosen = client.text(f"{world.teach}?cohort={world.cohort.id}")
    assert f'href="{world.teach}?cohort={other.id}"' in client.text(f"{people}?cohort={other.id}")
    assert "Angkatan lain" in client.text(world.teach) and "Angkatan lain" not in chosen


def test_everybody_is_marked_in_one_go_and_exceptions_by_name(client, world):
    page = world.teach_meeting()
    client.sign_in(world.instructor)
    sent = {f"status-{world.budi.id}": "excused", "do": "all-present"}
    seen = {f"seen-{one.id}": "0" for one in (world.ani, world.budi)}
    assert client.post_form(page, **sent, **seen).status_code == 303
    assert (statuses(world.ani, world), statuses(world.budi, world)) == ({1: "present"}, {1: "excused"})
    html = client.text(page)
    assert len(re.findall(r" checked", html)) == 2 and "tandai semua yang lain hadir" not in html


def test_an_old_page_takes_nothing_back_and_says_whom_it_concerns(client, world):
    page = world.teach_meeting()
    client.sign_in(world.instructor)
    both = {f"seen-{one.id}": "0" for one in (world.ani, world.budi)}
    client.post_form(page, **both, **{f"status-{world.ani.id}": "present"})
    answer = client.post_form(
        page, **both, **{f"status-{world.ani.id}": "absent", f"status-{world.budi.id}": "present"}
    )
    assert answer.status_code == 409 and "Anda memilih: tidak hadir" in text_of(answer)
    assert (statuses(world.ani, world), statuses(world.budi, world)) == ({1: "present"}, {1: "present"})


def test_nobody_marks_their_own_attendance(client, world):
    own = make_enrolment(world.instructor, world.course, cohort=world.cohort)
    db.session.commit()
    client.sign_in(world.instructor)
    assert "pengajar lain" in client.text(world.teach_meeting())
    client.post_form(world.teach_meeting(), **{f"seen-{own.id}": "0", f"status-{own.id}": "present"})
    assert statuses(own, world) == {}


def test_a_meeting_is_moved_and_the_learner_sees_it(client, world):
    page = f"{world.teach_meeting(2)}/time"
    client.sign_in(world.instructor)
    html = client.text(page)
    assert "Menurut kursus: " in html
    sent = {"starts_at": "2026-12-07T13:30", "place": "Ruang B", "seen": "0"}
    assert client.post_form(page, **sent).status_code == 303
    assert db.session.query(MeetingChange).one().place == "Ruang B"
    answer = client.post_form(page, **(sent | {"place": "Ruang C"}))
    assert answer.status_code == 422 and 'value="Ruang C"' in html_of(answer)
    page = client.sign_in(person(world.ani)).text(world.path)
    assert "Ruang B" in page and "7 Desember 2026" in page and "13.30" in page


def test_the_code_is_shown_while_check_in_is_open_and_the_page_renews_itself(client, world):
    page = f"{world.teach_meeting()}/code"
    client.sign_in(world.instructor)
    assert "Refresh" not in client.get(page).headers
    client.post_form(page, do="open")
    answer = client.get(page)
    code = codes.code_at(db.session.query(CheckIn).one().secret, NOON)
    assert f"{code[:3]} {code[3:]}" in html_of(answer) and "<svg" in html_of(answer)
    assert int(answer.headers["Refresh"]) <= 21 and "no-store" in answer.headers["Cache-Control"]
    client.post_form(page, do="close")
    assert code[:3] + " " not in client.text(page)
    assert client.post_form(page, do="dance").status_code == 400


def test_the_list_to_sign_has_everybody_and_a_place_to_sign(client, world):
    page = client.sign_in(world.instructor).text(f"{world.teach_meeting()}/sheet")
    assert "Ani" in page and "Budi" in page and "Tanda tangan" in page and "Aula BKPSDM" in page


def test_a_participants_page_lists_the_meetings(client, world):
    mark_attendance(world.meeting(2), [NewAttendance(world.ani.id, "absent", 0)], actor_id=None, now=NOON)
    db.session.commit()
    page = client.sign_in(world.instructor).text(f"/teach/courses/{world.course.slug}/people/{world.ani.id}")
    assert "Pertemuan 2: tidak hadir" in page


@pytest.mark.parametrize("tail", ["0", "3", "1/time/x"])
def test_meetings_that_do_not_exist_are_not_found(client, world, tail):
    client.sign_in(world.instructor)
    assert client.get(f"{world.teach}/cohorts/{world.cohort.id}/{tail}").status_code == 404
    assert client.get(f"{world.teach}/cohorts/0/1").status_code == 404
    assert client.get(f"/teach/courses/{world.course.slug}/attendance/bacaan").status_code == 404
