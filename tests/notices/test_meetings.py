"""Whoever is expected at a meeting is told the day before, and when it is moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON
from session_world import make_session_world
from sqlalchemy import select

from lms.attendance.services.marking import NewAttendance, mark_attendance
from lms.attendance.services.moving import move_meeting
from lms.core.db import db
from lms.notices import jobs
from lms.notices.models import Notice
from lms.notices.services.inbox import record_sweep
from lms.notices.services.wording import translate

NINE = NOON.replace(hour=0)
"""09.00 WIT, when the first meeting begins; the second a day later."""


@pytest.fixture
def world(session, time):
    made = make_session_world()
    record_sweep(NOON - timedelta(hours=1))
    return made


def run(job) -> list[Notice]:
    db.session.commit()
    job()
    kinds = "meeting", "meeting-moved"
    rows = select(Notice).where(Notice.kind.in_(kinds), Notice.channel == "site").order_by(Notice.id)
    return list(db.session.scalars(rows))


def test_it_is_told_once_within_a_day_of_its_beginning(world, time):
    time.now = NINE - timedelta(hours=25)
    assert run(jobs.notify_deadlines) == []
    time.now = NINE - timedelta(hours=24)
    for _ in range(2):
        found = run(jobs.notify_deadlines)
    assert {one.person_id for one in found} == {world.ani.person_id, world.budi.person_id} and len(found) == 2
    assert found[0].link == f"/courses/{world.course.slug}/lokakarya"
    text = translate(found[0].kind, found[0].facts)
    assert "Lokakarya loket" in str(text.title) and "23 November 2026" in str(text.title)
    assert "Aula BKPSDM" in str(text.body)


def test_whoever_is_marked_already_or_has_left_is_not_told(world, time):
    new = [NewAttendance(world.ani.id, "excused", 0)]
    mark_attendance(world.meeting(), new, actor_id=world.instructor.id, now=NOON)
    world.budi.withdrawn_at = NOON
    time.now = NINE - timedelta(hours=2)
    assert run(jobs.notify_deadlines) == []


def test_whoever_has_attended_enough_is_not_told_of_the_others(session, time):
    world = make_session_world(attendance=50)
    new = [NewAttendance(world.ani.id, "present", 0)]
    mark_attendance(world.meeting(), new, actor_id=world.instructor.id, now=NOON)
    time.now = NINE + timedelta(hours=12)
    assert [one.person_id for one in run(jobs.notify_deadlines)] == [world.budi.person_id]


def test_what_has_begun_is_not_told(world, time):
    time.now = NINE + timedelta(minutes=1)
    assert [one.facts["starts"][:10] for one in run(jobs.notify_deadlines)] == ["2026-11-24"] * 2


def test_a_moved_meeting_is_told_and_its_new_day_again(world, time):
    later = NINE + timedelta(days=5)
    moved = {"actor_id": world.instructor.id, "now": NOON}
    move_meeting(world.cohort, world.item_id, 2, NINE + timedelta(days=4), "", seen=0, **moved)
    move_meeting(world.cohort, world.item_id, 2, later, "Ruang B", seen=1, **moved)
    for _ in range(2):
        found = run(jobs.notify_new_events)
    assert [one.kind for one in found] == ["meeting-moved"] * 2
    assert found[0].facts["place"] == "Ruang B"
    time.now = later - timedelta(hours=1)
    assert [one.kind for one in run(jobs.notify_deadlines)] == ["meeting-moved"] * 2 + ["meeting"] * 2


def test_a_meeting_that_is_over_is_moved_quietly(world, time):
    past = NOON - timedelta(days=1)
    move_meeting(world.cohort, world.item_id, 1, past, "", seen=0, actor_id=world.instructor.id, now=NOON)
    assert run(jobs.notify_new_events) == []
