from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from concurrency import run_twice
from factories import NOON, make_cohort, make_revision, publish
from session_world import MORNING, make_session_world, session_content

from lms.attendance import codes, queries
from lms.attendance.meetings import attended, planned_meetings
from lms.attendance.models import AttendanceMark, CheckIn
from lms.attendance.services import checking_in, moving
from lms.attendance.services.checking_in import AlreadyMarked, CodeNotShown, NoCode
from lms.attendance.services.marking import NewAttendance, mark_attendance
from lms.content import stored
from lms.content.items.live_session import LiveSession
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses import queries as courses
from lms.enrolment.windows import Window
from lms.learning import services as learning
from lms.learning.models import EnrolmentState, Progress
from lms.learning.queries import is_completed

HOUR = timedelta(hours=1)


def session_of(**values) -> LiveSession:
    found = stored.load("session", session_content(**values), slug="a", title="A")
    assert isinstance(found, LiveSession)
    return found


def plan(session: LiveSession, *, is_scheduled: bool = True):
    return planned_meetings(session, Window(NOON.date(), None, "Asia/Jayapura", is_scheduled), {})


# Rules


@pytest.mark.parametrize(
    ("share", "meetings", "needed"),
    [(100, 1, 1), (100, 3, 3), (80, 5, 4), (80, 3, 3), (50, 3, 2), (1, 3, 1), (34, 3, 2), (33, 3, 1)],
)
def test_how_many_meetings_are_needed_is_never_rounded_down(share, meetings, needed):
    session = session_of(attendance=share, meetings=[{"duration": 3600}] * meetings)
    assert session.meetings_needed == needed


def test_only_presence_at_meetings_that_exist_counts():
    session = session_of(attendance=50)
    assert attended(session, {1: "excused", 2: "claimed", 3: "present"}).state is None
    assert attended(session, {2: "present"}).state == "done"
    assert attended(session_of(), {2: "present"}).state == "started"


def test_days_count_from_the_cohorts_first_day_and_are_unknown_without_one():
    nine = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert [one.starts_at for one in plan(session_of())] == [nine, nine + timedelta(days=1)]
    assert [one.starts_at for one in plan(session_of(), is_scheduled=False)] == [None, None]
    fixed = MORNING | {"base": "fixed", "moment": "2026-12-07T09:00:00"}
    found = plan(session_of(meetings=[{"starts": fixed, "duration": 60}]), is_scheduled=False)
    assert found[0].starts_at == datetime(2026, 12, 7, 0, 0, tzinfo=UTC)


def test_a_meeting_is_over_at_its_end():
    first = plan(session_of())[0]
    assert not first.is_over(first.starts_at + 2 * HOUR) and first.is_over(first.starts_at + 3 * HOUR)
    assert not plan(session_of(), is_scheduled=False)[0].is_over(NOON)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("12345", None),
        ("1234567", None),
        ("12345a", None),
        ("١٢٣٤٥٦", None),
        ("", None),
    ],
)
def test_a_code_is_six_digits_however_they_are_grouped(typed, code):
    assert codes.typed_code(typed) == code


def test_a_code_is_good_for_some_minutes_after_it_was_shown():
    secret = codes.new_secret()
    code = codes.code_at(secret, NOON)
    assert codes.is_good(secret, code, NOON) and codes.is_good(secret, code, NOON + timedelta(seconds=179))
    assert not codes.is_good(secret, code, NOON + timedelta(seconds=180))
    assert not codes.is_good(secret, code, NOON - timedelta(seconds=60))
    assert codes.was_shown(secret, code, NOON - HOUR, NOON + HOUR)
    assert not codes.was_shown(secret, code, NOON + timedelta(minutes=1), NOON + HOUR)


# Marks


@pytest.fixture
def world(session):
    return make_session_world()


def mark(world, enrolment, status, number=1, seen=0, *, actor_id=None):
    new = NewAttendance(enrolment.id, status, seen)
    return mark_attendance(world.meeting(number), [new], actor_id=actor_id or world.instructor.id, now=NOON)


def state_of(enrolment) -> str | None:
    return db.session.scalar(db.select(Progress.state).filter_by(enrolment_id=enrolment.id))


def statuses(enrolment, world) -> dict[int, str]:
    return {number: one.status for number, one in queries.marks_of(enrolment.id, world.item_id).items()}


def test_a_session_is_done_once_enough_meetings_were_attended(world):
    assert mark(world, world.ani, "present") == []
    assert state_of(world.ani) == "started"
    mark(world, world.ani, "present", 2)
    assert state_of(world.ani) == "done"
    row = db.session.get(EnrolmentState, world.ani.id)
    assert (row.total_done, row.total) == (1, 2)


def test_attendance_completes_a_course_and_a_correction_takes_the_item_back(world):
    revision_id = courses.published(world.course.slug)[1].id
    module = courses.contents(revision_id).items[0]
    learning.record_read(world.ani.id, courses.item_version(module.item_revision_id), now=NOON)
    mark(world, world.ani, "present")
    assert not is_completed(world.ani.id)
    mark(world, world.ani, "present", 2)
    assert is_completed(world.ani.id)
    mark(world, world.ani, "absent", 2, seen=1)
    states = {one.item_id: one.state for one in db.session.query(Progress).filter_by(enrolment_id=world.ani.id)}
    assert states == {module.item_id: "done", world.item_id: "started"}
    assert is_completed(world.ani.id)  # as with a mark: issuing a certificate looks again


def test_who_was_not_there_has_begun_nothing(world):
    mark(world, world.ani, "absent")
    assert state_of(world.ani) is None and db.session.get(EnrolmentState, world.ani.id) is None
    assert statuses(world.ani, world) == {1: "absent"}


def test_of_two_who_mark_the_same_the_second_is_told_and_nothing_of_the_first_is_lost(world):
    assert mark(world, world.ani, "present") == []
    assert mark(world, world.ani, "absent") == [world.ani.id]
    assert statuses(world.ani, world) == {1: "present"}
    assert mark(world, world.ani, "present") == []  # a double click
    assert mark(world, world.ani, "absent", seen=1) == []
    assert statuses(world.ani, world) == {1: "absent"}
    assert db.session.query(AttendanceMark).count() == 2


def test_the_same_mark_at_the_same_time_is_one_row(app, world):
    at, new, actor_id = world.meeting(), NewAttendance(world.ani.id, "present", 0), world.instructor.id
    db.session.commit()

    def mark_present() -> None:
        assert mark_attendance(at, [new], actor_id=actor_id, now=NOON) == []

    assert run_twice(app, mark_present) == ["done", "done"]
    assert db.session.query(AttendanceMark).count() == 1


def test_each_mark_has_its_entry_in_the_ledger(world):
    mark(world, world.ani, "excused")
    db.session.flush()
    (entry,) = db.session.query(LedgerEntry).filter_by(verb="mark attendance")
    assert entry.target == f"enrolment:{world.ani.id}" and entry.actor_id == world.instructor.id
    assert '"status": "excused"' in entry.facts and '"meeting": 1' in entry.facts


def test_results_are_renewed_when_the_course_asks_for_fewer_meetings(world):
    mark(world, world.ani, "present")
    assert state_of(world.ani) == "started"
    publish(make_revision(world.course, (world.module, world.session_item(attendance=50))))
    assert state_of(world.ani) == "done" and state_of(world.budi) is None


# Check-in by code


@pytest.fixture
def opened(world):
    checking_in.open_check_in(world.cohort, world.item_id, 1, actor_id=world.instructor.id, now=NOON)
    db.session.flush()
    return db.session.query(CheckIn).one()


def check_in(world, code, now, enrolment=None, cohort=None):
    enrolment, at = enrolment or world.ani, world.meeting()
    return checking_in.check_in((cohort or world.cohort).id, enrolment.id, at.item, at.session, code, now=now)


def test_the_code_that_is_shown_marks_who_types_it(world, opened):
    assert check_in(world, codes.code_at(opened.secret, NOON), NOON + timedelta(minutes=2)) == (1, "present")
    assert statuses(world.ani, world) == {1: "present"}
    assert check_in(world, codes.code_at(opened.secret, NOON), NOON + timedelta(minutes=2)) == (1, "present")
    assert db.session.query(AttendanceMark).count() == 1


def test_a_code_that_arrives_late_waits_for_an_instructor(world, opened):
    code = codes.code_at(opened.secret, NOON + timedelta(minutes=10))
    late = NOON + timedelta(hours=5)
    assert check_in(world, code, late) == (1, "claimed")
    assert check_in(world, code, late) == (1, "claimed")
    assert statuses(world.ani, world) == {1: "claimed"} and state_of(world.ani) is None
    mark(world, world.ani, "present", seen=1)
    assert statuses(world.ani, world) == {1: "present"}
    assert check_in(world, code, late) == (1, "present")


def test_a_late_code_of_a_phone_that_then_has_a_line_is_made_good_by_the_present_one(world, opened):
    check_in(world, codes.code_at(opened.secret, NOON), NOON + timedelta(minutes=20))
    now = NOON + timedelta(minutes=30)
    assert check_in(world, codes.code_at(opened.secret, now), now) == (1, "present")


def test_a_code_says_nothing_against_an_instructor(world, opened):
    mark(world, world.ani, "absent")
    with pytest.raises(AlreadyMarked):
        check_in(world, codes.code_at(opened.secret, NOON), NOON)
    assert statuses(world.ani, world) == {1: "absent"}


def test_other_codes_are_refused(world, opened):
    code = codes.code_at(opened.secret, NOON)
    with pytest.raises(NoCode):
        check_in(world, "12", NOON)
    with pytest.raises(CodeNotShown):
        check_in(world, f"{(int(code) + 1) % 1_000_000:06}", NOON)
    with pytest.raises(CodeNotShown):  # of another cohort
        check_in(world, code, NOON, cohort=make_cohort(world.course))
    with pytest.raises(CodeNotShown):  # of the time before it was opened
        check_in(world, codes.code_at(opened.secret, NOON - 3 * HOUR), NOON)
    with pytest.raises(CodeNotShown):  # days later
        check_in(world, code, NOON + timedelta(days=4))


def test_after_closing_codes_are_late_and_opening_again_goes_on(world, opened):
    closing = NOON + timedelta(minutes=5)
    checking_in.close_check_in(world.cohort, world.item_id, 1, actor_id=world.instructor.id, now=closing)
    assert check_in(world, codes.code_at(opened.secret, NOON), closing) == (1, "claimed")
    checking_in.open_check_in(world.cohort, world.item_id, 1, actor_id=world.instructor.id, now=closing)
    now = closing + timedelta(minutes=1)
    assert check_in(world, codes.code_at(opened.secret, now), now) == (1, "present")
    assert db.session.query(CheckIn).count() == 1


def test_a_check_in_ends_after_an_hour(world, opened):
    now = NOON + HOUR
    assert check_in(world, codes.code_at(opened.secret, now - timedelta(seconds=1)), now) == (1, "claimed")


# Moving


def meetings_of(world, cohort):
    [(_cohort, found)] = queries.meetings_of_cohorts(world.meeting().item, [cohort])
    return found


def test_a_meeting_of_one_cohort_is_held_at_another_time_and_place(world):
    other = make_cohort(world.course, starts_on=NOON.date())
    at = NOON + timedelta(days=3)
    moved = {"seen": 0, "actor_id": world.instructor.id, "now": NOON}
    assert moving.move_meeting(world.cohort, world.item_id, 2, at, "Ruang B", **moved)
    assert not moving.move_meeting(world.cohort, world.item_id, 2, at, "Ruang B", **moved)
    with pytest.raises(moving.MeetingMoved):
        moving.move_meeting(world.cohort, world.item_id, 2, at, "Ruang C", **moved)
    session = world.meeting().session
    first, second = meetings_of(world, world.cohort)
    assert (second.starts_at, second.place, second.changes) == (at, "Ruang B", 1) and first.place == "Aula BKPSDM"
    assert meetings_of(world, other)[1].starts_at != at
    assert moving.move_meeting(world.cohort, world.item_id, 2, None, "", **(moved | {"seen": 1}))
    assert meetings_of(world, world.cohort) == [
        one._replace(changes=2 if one.number == 2 else 0) for one in queries.by_course(session, world.cohort)
    ]


def test_counts_are_of_the_newest_marks_of_those_who_are_still_there(world):
    mark(world, world.ani, "absent")
    mark(world, world.ani, "present", seen=1)
    mark(world, world.budi, "present")
    assert queries.counts(world.item_id, [world.cohort.id]) == {(world.cohort.id, 1): {"present": 2}}
    world.budi.withdrawn_at = NOON
    assert queries.counts(world.item_id, [world.cohort.id]) == {(world.cohort.id, 1): {"present": 1}}
    assert [one.name for one in queries.attendees(world.cohort, world.item_id, 1)] == ["Ani"]
