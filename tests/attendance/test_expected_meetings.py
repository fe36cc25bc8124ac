"""Learners and instructors find the meetings on the pages where they begin, and learners in their calendars."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, item_of, make_cohort, make_course, make_enrolment, make_person
from icalendar import Calendar
from pages import text_of
from query_counting import counted
from session_world import make_session_world

from lms.attendance.queries.teaching import NEAR, PAST, late_code_count, near_meetings
from lms.attendance.services.marking import NewAttendance, mark_attendance
from lms.attendance.services.moving import move_meeting
from lms.core import clock
from lms.core.db import db
from lms.learning.services import record_read
from lms.people.models import Person

TODAY, TOMORROW = "hari ini pukul 09.00 WIT", "besok pukul 09.00 WIT"


@pytest.fixture
def world(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON - timedelta(hours=4))  # 8.00
    made = make_session_world()
    session.commit()
    return made


def person(enrolment):
    return db.session.get(Person, enrolment.person_id)


def mark(world, enrolment, status, number=1, seen=0):
    marks = [NewAttendance(enrolment.id, status, seen)]
    mark_attendance(world.meeting(number), marks, actor_id=world.instructor.id, now=NOON)
    db.session.commit()


def move(world, starts_at, place="", number=1, seen=0):
    actor = {"actor_id": world.instructor.id, "now": NOON}
    move_meeting(world.cohort, world.item_id, number, starts_at, place, seen=seen, **actor)
    db.session.commit()


# Learners


def test_home_and_the_course_tell_a_learner_of_the_next_meeting(client, world):
    client.sign_in(person(world.ani))
    home, course = text_of(client.get("/")), text_of(client.get(f"/courses/{world.course.slug}"))
    assert TODAY in home and TOMORROW in home and "Aula BKPSDM · 3 jam" in home
    assert f"Pertemuan berikutnya: {TODAY}" in course and TOMORROW not in course


def test_a_meeting_that_goes_on_is_told_until_it_is_over(client, world, monkeypatch):
    client.sign_in(person(world.ani))
    monkeypatch.setattr(clock, "now", lambda: NOON - timedelta(minutes=1))
    assert "sedang berlangsung" in client.text("/")
    monkeypatch.setattr(clock, "now", lambda: NOON)
    home = client.text("/")
    assert TODAY not in home and TOMORROW in home


def test_when_no_meeting_is_to_come_home_says_where_to_look(client, world, monkeypatch):
    words = "Halamannya menyebutkan kehadiran Anda yang tercatat"
    record_read(world.ani.id, item_of(world.course, "bacaan"), now=NOON)
    db.session.commit()
    client.sign_in(person(world.ani))
    assert words not in client.text("/")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    assert words in client.text("/")


@pytest.mark.parametrize("status", ["present", "excused", "absent"])
def test_a_meeting_for_which_one_is_marked_is_not_expected(client, world, status):
    mark(world, world.ani, status)
    assert TODAY not in client.sign_in(person(world.ani)).text("/")
    assert TODAY in client.sign_in(person(world.budi)).text("/")


def test_a_session_that_is_done_expects_nobody(client, session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    world = make_session_world(attendance=50)
    mark(world, world.ani, "present")
    assert TOMORROW not in client.sign_in(person(world.ani)).text("/")


def test_the_time_and_place_are_those_of_ones_own_cohort(client, world):
    other = make_enrolment(
        make_person(), world.course, cohort=make_cohort(world.course, starts_on=NOON.date() + timedelta(days=3))
    )
    move(world, NOON + timedelta(hours=2), "Ruang rapat")
    assert "hari ini pukul 14.00 WIT" in (page := client.sign_in(person(world.ani)).text("/")) and "Ruang rapat" in page
    page = client.sign_in(person(other)).text(f"/courses/{world.course.slug}")
    assert "Kamis, 26 November 2026 pukul 09.00 WIT" in page and "Ruang rapat" not in page


def test_only_the_next_two_weeks_are_on_the_first_page(client, world):
    move(world, NOON + timedelta(days=14, hours=1), number=2)
    page = client.sign_in(person(world.ani)).text("/")
    assert TODAY in page and "7 Desember" not in page


def test_courses_without_sessions_cost_no_query(client, world):
    course = make_course("tanpa-pertemuan")
    learner = make_enrolment(make_person(), course)
    db.session.commit()
    client.sign_in(person(learner)).get("/courses/tanpa-pertemuan")
    with counted() as sent:
        client.get("/courses/tanpa-pertemuan")
    assert not [one for one in sent if "meeting" in one or "attendance" in one]


def test_whoever_thinks_of_enrolling_sees_the_meetings_of_each_cohort(client, world):
    make_cohort(world.course, name="Angkatan II", starts_on=NOON.date() + timedelta(days=7), is_open=True)
    db.session.commit()
    told = "Senin, 30 November 2026 pukul 09.00 WIT, 3 jam · Aula BKPSDM Selasa, 1 Desember 2026 pukul 09.00 WIT, 3 jam"
    assert f"Pertemuan {told}" in text_of(client.get(f"/courses/{world.course.slug}"))
    world.cohort.is_open = True
    db.session.commit()
    page = text_of(client.get(f"/courses/{world.course.slug}"))
    assert f"Pertemuan: Angkatan II {told}" in page
    assert f"Pertemuan: {world.cohort.name} {TODAY}, 3 jam · Aula BKPSDM {TOMORROW}, 3 jam" in page


# Their calendars


def events(client, world):
    answer = client.get(f"{world.path}/meetings.ics")
    assert answer.status_code == 200 and answer.content_type == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def test_the_meetings_are_a_file_for_calendars(client, world):
    client.sign_in(person(world.ani))
    assert "meetings.ics" in client.get(world.path).get_data(as_text=True)
    first, second = events(client, world)
    assert first.decoded("dtstart") == NOON - timedelta(hours=3) and first.decoded("dtend") == NOON
    assert (first["summary"], first["location"]) == ("Lokakarya loket", "Aula BKPSDM")
    assert first["url"].endswith(world.path) and "location" not in second


def test_a_meeting_that_was_moved_replaces_the_one_in_the_calendar(client, world):
    client.sign_in(person(world.ani))
    [before, _second] = events(client, world)
    move(world, NOON + timedelta(hours=2), "Ruang rapat; lantai 2, kiri")
    [after, _second] = events(client, world)
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)
    assert after.decoded("dtstart") == NOON + timedelta(hours=2)
    assert after["location"] == "Ruang rapat; lantai 2, kiri"


def test_a_session_without_times_has_nothing_for_calendars(client, session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    world = make_session_world(meetings=[{"starts": None, "duration": 3600, "place": ""}])
    session.commit()
    client.sign_in(person(world.ani))
    assert "meetings.ics" not in client.get(world.path).get_data(as_text=True)
    assert events(client, world) == []


@pytest.mark.parametrize("path", ["bacaan/meetings.ics", "nihil/meetings.ics"])
def test_other_items_have_none(client, world, path):
    assert client.sign_in(person(world.ani)).get(f"/courses/{world.course.slug}/{path}").status_code == 404


def test_strangers_get_none(client, world):
    assert client.sign_in(make_person()).get(f"{world.path}/meetings.ics").status_code == 404


# Instructors


def numbers(world, now):
    return [one.meeting.number for one in near_meetings([world.course.id], now)]


def test_an_instructor_sees_meetings_a_week_before_and_two_weeks_after_if_people_are_not_marked(world):
    begins = NOON - timedelta(hours=3)
    assert numbers(world, begins - NEAR - timedelta(seconds=1)) == []
    assert numbers(world, begins - NEAR) == [1]
    assert numbers(world, begins) == [1, 2]
    day_after = NOON + timedelta(days=1)
    assert numbers(world, day_after) == [1, 2]
    mark(world, world.ani, "present")
    assert numbers(world, day_after) == [1, 2]
    mark(world, world.budi, "absent")
    assert numbers(world, day_after) == [2]
    assert numbers(world, day_after + PAST - timedelta(seconds=1)) == [2]
    assert numbers(world, day_after + PAST) == []


def test_a_late_code_is_told_of_until_somebody_decides(client, world, monkeypatch):
    mark(world, world.ani, "claimed")
    much_later = NOON + timedelta(days=100)
    monkeypatch.setattr(clock, "now", lambda: much_later)
    assert numbers(world, much_later) == [1]
    client.sign_in(world.instructor)
    assert "1 kode kehadiran terlambat menunggu keputusan" in text_of(client.get("/"))
    assert "1 kode terlambat menunggu keputusan" in client.text("/teach")
    mark(world, world.ani, "absent", seen=1)
    assert numbers(world, much_later) == []
    assert "kode kehadiran" not in client.text("/")


def test_ones_own_late_code_is_for_others_to_decide(world):
    mark(world, world.ani, "claimed")
    assert late_code_count([world.course.id], not_of=world.instructor.id) == 1
    assert late_code_count([world.course.id], not_of=world.ani.person_id) == 0
    assert late_code_count([], not_of=world.instructor.id) == 0


def test_who_has_left_and_other_courses_are_not_counted(world, session):
    mark(world, world.ani, "claimed")
    world.ani.withdrawn_at = NOON
    session.flush()
    assert late_code_count([world.course.id], not_of=0) == 0
    assert near_meetings([make_course().id], NOON) == []


def test_the_page_of_an_instructor_leads_to_the_meeting(client, world):
    make_cohort(world.course, name="Kosong", starts_on=NOON.date())
    db.session.commit()
    page = client.sign_in(world.instructor).get("/teach")
    assert world.teach_meeting() in page.get_data(as_text=True)
    text = text_of(page)
    assert f"{TODAY} · Aula BKPSDM · 2 peserta" in text and "Kosong" not in text.split("Angkatan saya")[0]


def test_an_archived_course_asks_for_nothing(client, world, session):
    world.course.archived_at = NOON
    session.commit()
    assert world.teach_meeting() not in client.sign_in(world.instructor).get("/teach").get_data(as_text=True)
