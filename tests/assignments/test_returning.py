"""Work that goes back for revision: no mark, no attempt, its own time; told, shown, and handed in again."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from assignment_factories import fixed, make_assignment_world, make_submission
from factories import NOON
from sqlalchemy import func, select

from lms.assignments import queries
from lms.assignments.lateness import Deadline
from lms.assignments.models import SubmissionReturn
from lms.assignments.services import drafts, grading, returning, submitting
from lms.assignments.services.drafts import DraftContent
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses.models import CourseRevision
from lms.gradebook.queries import GradebookQuery, HelpLimits, book
from lms.learning.models import Progress
from lms.learning.services import renewal
from lms.notices.services import events

TODAY = date(2026, 11, 23)
UNTIL = TODAY + timedelta(days=7)
NOTE = "Tambahkan **data** antrean."
LATER = NOON + timedelta(days=2)


def give_back(submission, grader, note=NOTE, until=UNTIL, now=NOON):
    return returning.return_submission(submission, note, until, actor_id=grader.id, today=TODAY, now=now)


def grade(submission, grader, points=4, now=LATER):
    decision = grading.GradeDecision(picked={0: 0 if points == 8 else 2, 1: 0 if points == 8 else 1})
    return grading.grade_submission(submission, decision, grader_id=grader.id, seen=0, now=now)


def state_of(world) -> str:
    return db.session.scalar(select(Progress.state).where(Progress.enrolment_id == world.enrolment.id))


def test_it_leaves_the_queue_and_the_learner_works_on(session):
    world = make_assignment_world()
    submission = make_submission(world)
    assert state_of(world) == "waiting"
    row = give_back(submission, world.instructor)
    assert (row.note, row.until, "<strong>data</strong>" in row.note_html) == (NOTE, UNTIL, True)
    assert state_of(world) == "started"
    assert queries.waiting_count([world.course.id]) == 0
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "return submission")).one()
    assert json.loads(entry.facts)["until"] == UNTIL.isoformat()


def test_a_second_click_returns_it_once(session):
    world = make_assignment_world()
    submission = make_submission(world)
    assert give_back(submission, world.instructor).id == give_back(submission, world.instructor).id
    assert session.scalar(select(func.count()).select_from(SubmissionReturn)) == 1


def test_another_note_does_not_overwrite_the_first(session):
    world = make_assignment_world()
    submission = make_submission(world)
    give_back(submission, world.instructor)
    with pytest.raises(returning.ReturnedMeanwhile):
        give_back(submission, world.instructor, note="Lain")


def test_what_was_graded_or_replaced_is_not_returned(session):
    world = make_assignment_world()
    first = make_submission(world)
    make_submission(world, "Lebih baik.")
    with pytest.raises(returning.NoLongerWaiting):
        give_back(first, world.instructor)
    graded = make_submission(make_assignment_world())
    grade(graded, world.instructor)
    with pytest.raises(returning.NoLongerWaiting):
        give_back(graded, world.instructor)


def test_a_past_day_is_no_time(session):
    world = make_assignment_world()
    with pytest.raises(returning.DayIsPast):
        give_back(make_submission(world), world.instructor, until=TODAY - timedelta(days=1))


def test_it_is_no_attempt(session):
    world = make_assignment_world(attempts=1)
    give_back(make_submission(world), world.instructor)
    again = make_submission(world, "Dengan data.", now=LATER)
    assert again.number == 2
    with pytest.raises(submitting.NoSubmissionsLeft):
        make_submission(world, "Sekali lagi.", now=LATER)


def test_the_last_attempt_is_final_all_the_same(session):
    world = make_assignment_world(attempts=2)
    give_back(make_submission(world), world.instructor)
    grade(make_submission(world, "Satu.", now=LATER), world.instructor)
    progress = session.scalars(select(Progress).where(Progress.enrolment_id == world.enrolment.id)).one()
    assert not progress.is_final, "one of two attempts"
    grade(make_submission(world, "Dua.", now=LATER), world.instructor)
    session.refresh(progress)
    assert progress.is_final


def test_the_revision_is_in_time_although_the_deadline_has_passed(session):
    world = make_assignment_world(due=fixed("2026-11-23 23:59"), late={"until": None, "penalty": 10.0})
    give_back(make_submission(world), world.instructor)
    assert make_submission(world, "Dengan data.", now=LATER).late_days == 0


def test_the_revision_is_accepted_where_nothing_else_is(session):
    world = make_assignment_world(due=fixed("2026-11-23 23:59"))
    give_back(make_submission(world), world.instructor)
    assert make_submission(world, "Dengan data.", now=LATER).number == 2


def test_after_the_day_that_was_given_it_is_over(session):
    world = make_assignment_world(due=fixed("2026-11-23 23:59"))
    give_back(make_submission(world), world.instructor, until=TODAY + timedelta(days=1))
    with pytest.raises(submitting.DeadlineOver):
        make_submission(world, "Terlambat.", now=NOON + timedelta(days=3))


@pytest.mark.parametrize(
    ("due", "last", "expected"),
    [
        (None, None, (None, None)),
        (NOON, None, (LATER, None)),
        (NOON, NOON, (LATER, LATER)),
        (None, NOON, (None, LATER)),
        (LATER + timedelta(1), LATER + timedelta(2), (LATER + timedelta(1), LATER + timedelta(2))),
    ],
)
def test_more_time_never_shortens_a_deadline(due, last, expected):
    found = Deadline(due, last, Decimal(5)).extended(LATER)
    assert (found.due, found.last, found.penalty) == (*expected, Decimal(5))


def test_a_mark_that_counted_before_still_counts(session):
    world = make_assignment_world()
    grade(make_submission(world), world.instructor, now=NOON)
    before = state_of(world)
    assert before == "failed"
    again = make_submission(world, "Lagi.", now=LATER)
    assert state_of(world) == "waiting"
    give_back(again, world.instructor, now=LATER)
    assert state_of(world) == "failed"


def test_renewed_results_say_the_same(session):
    world = make_assignment_world()
    give_back(make_submission(world), world.instructor)
    renewal.renew([world.enrolment.id], now=LATER)
    assert state_of(world) == "started"


def test_returned_work_may_still_be_graded(session):
    world = make_assignment_world()
    submission = make_submission(world)
    give_back(submission, world.instructor)
    grade(submission, world.instructor, points=8)
    assert state_of(world) == "done"


def test_the_learner_is_told_without_the_note(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)
    world = make_assignment_world()
    submission = make_submission(world)
    give_back(submission, world.instructor)
    told = [one for one in events.new_events(NOON - timedelta(1), now=LATER) if one.kind == "returned"]
    assert [(one.person_id, one.key, one.facts["until"]) for one in told] == [
        (world.learner.id, f"returned:{submission.id}", UNTIL.isoformat())
    ]
    assert "antrean" not in str(told[0].facts)


# On the pages


@pytest.fixture
def world(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return make_assignment_world(attempts=1, due=fixed("2026-11-23 23:59"))


def fields(note=NOTE, until=UNTIL) -> dict[str, str]:
    return {"return-note": note, "return-until": str(until)}


def test_the_instructor_returns_it_and_the_learner_reads_what_to_improve(client, world):
    submission = make_submission(world)
    path = f"/teach/grading/{submission.id}"
    page = client.sign_in(world.instructor).text(path)
    assert f'value="{UNTIL}"' in page, "a week is suggested"
    assert client.post_form(f"{path}/return", page=path, **fields()).status_code == 303
    assert "Dikembalikan" in client.text("/teach/grading")
    page = client.sign_in(world.learner).text(world.path)
    assert "<strong>data</strong> antrean" in page
    assert "30 November 2026" in page
    client.post_form(world.path, do="submit", text="Dengan data.", number="2")
    assert "Menunggu penilaian" in client.text(world.path)


def test_every_page_says_the_day_of_the_revision(client, world):
    give_back(make_submission(world), world.instructor)
    client.sign_in(world.learner)
    for path in ("/", f"/courses/{world.course.slug}"):
        page = client.text(path)
        assert "30 Nov" in page, path
        assert "23 Nov" not in page, path
    assert "30 Nov" in client.text(world.path)
    make_submission(world, "Dengan data.")
    assert "30 Nov" not in client.text("/"), "it was handed in again"


def test_where_there_is_no_deadline_the_day_of_the_revision_is_not_contradicted(client, session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    world = make_assignment_world()
    without = "<dt>Tenggat</dt><dd>tidak ada</dd>"
    assert without in client.sign_in(world.learner).text(world.path)
    give_back(make_submission(world), world.instructor)
    page = client.text(world.path)
    assert "30 November 2026" in page
    assert without not in page


def test_the_gradebook_waits_for_the_revision(session):
    world = make_assignment_world(due=fixed("2026-11-23 23:59"))
    item_id = make_submission(world).item_id
    give_back(queries.submissions(world.enrolment.id, item_id)[0], world.instructor)
    revision = db.session.scalars(select(CourseRevision).where(CourseRevision.course_id == world.course.id)).one()

    def is_missing(now):
        limits = HelpLimits(near_days=7, idle_days=14)
        query, zone = GradebookQuery(world.course.id), "Asia/Jayapura"
        found = book(query, revision.id, pass_mark=70, limits=limits, zone=zone, now=now)
        return found.rows[0].cells[item_id].is_missing

    assert not is_missing(LATER)
    assert is_missing(NOON + timedelta(days=9))


@pytest.mark.parametrize(("after", "told"), [(2, []), (5, ["30"]), (9, ["30"])])
def test_reminders_name_the_day_of_the_revision(session, after, told):
    """The course is due on the same day as the assignment was."""
    world = make_assignment_world(due=fixed("2026-11-23 23:59"))
    world.enrolment.due_on = TODAY
    give_back(make_submission(world), world.instructor)
    found = events.near_deadlines(now=NOON + timedelta(days=after))
    assert [one.facts["due_on"][8:] for one in found if one.facts["items"]] == told


@pytest.mark.parametrize(
    "wrong", [fields(note=" "), fields(until="kapan"), fields(until=TODAY - timedelta(1)), fields(note="x" * 4001)]
)
def test_what_was_written_stays_on_the_page_if_it_cannot_be_returned(client, world, wrong):
    submission = make_submission(world)
    path = f"/teach/grading/{submission.id}"
    answer = client.sign_in(world.instructor).post_form(f"{path}/return", page=path, **wrong)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert '<details class="panel" id="return" open>' in page
    assert wrong["return-note"].strip() in page
    assert submission.returned is None


def test_what_was_graded_meanwhile_is_not_returned_and_the_note_stays(client, world):
    submission = make_submission(world)
    path = f"/teach/grading/{submission.id}"
    client.sign_in(world.instructor)
    grade(submission, world.instructor, now=NOON)
    answer = client.post_form(f"{path}/return", page=path, **fields())
    assert answer.status_code == 422
    assert NOTE in answer.get_data(as_text=True)


def test_nobody_else_returns_it(client, world):
    submission = make_submission(world)
    other = make_assignment_world()
    client.sign_in(other.instructor)
    path = f"/teach/grading/{submission.id}/return"
    own = f"/teach/grading/{make_submission(other).id}"
    assert client.post_form(path, page=own, **fields()).status_code == 404
    assert submission.returned is None


def test_an_unused_draft_content_is_kept(session):
    """What was begun before the work came back is there afterwards."""
    world = make_assignment_world()
    submission = make_submission(world)
    drafts.save_draft(world.context, DraftContent("Sudah mulai."), number=2, now=NOON)
    give_back(submission, world.instructor)
    assert queries.draft(world.enrolment.id, submission.item_id).text == "Sudah mulai."
