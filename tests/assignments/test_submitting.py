from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from assignment_factories import PDF, fixed, make_assignment_world, make_submission, pdf
from factories import NOON, make_item_context
from sqlalchemy.exc import IntegrityError

from lms.assignments import queries
from lms.assignments.models import Submission
from lms.assignments.services import drafts, submitting
from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.assignments.services.submitting import submit_assignment
from lms.content import stored
from lms.core import uploads
from lms.core.ledger import LedgerEntry
from lms.journal import queries as journal
from lms.learning.models import Progress

DUE = "2026-11-30T09:00:00"
DUE_AT = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
"""09.00 WIT."""


def draft_of(world):
    found = queries.draft(world.enrolment.id, world.context.item_revision.item_id)
    assert found is not None
    return found


def test_handing_in_takes_text_and_files_along_and_leaves_the_draft_empty(session):
    world = make_assignment_world()
    drafts.save_draft(world.context, DraftContent("Lama", upload=pdf()), number=1, now=NOON)
    done = submit_assignment(world.context, DraftContent("Baru <b>"), number=1, now=NOON)
    assert (done.number, done.text, done.text_html) == (1, "Baru <b>", "<p>Baru &lt;b&gt;</p>")
    assert [file.name for file in done.files] == ["rencana.pdf"]
    assert (draft_of(world).text, draft_of(world).files) == ("", [])
    assert done.item_revision_id == world.context.item_revision.id


def test_it_is_recorded_as_waiting_in_the_journal_and_in_the_ledger(session):
    world = make_assignment_world()
    done = make_submission(world)
    assert session.query(Progress).one().state == "waiting"
    assert [entry.kind for entry in journal.entries(f"draft:{draft_of(world).id}")] == ["draft", "submit"]
    entry = session.query(LedgerEntry).filter_by(verb="hand in").one()
    assert (entry.actor_id, entry.target) == (world.learner.id, f"submission:{done.id}")


@pytest.mark.parametrize("upload", [None, pdf()])
def test_a_double_click_is_one_submission(session, upload):
    world = make_assignment_world(attempts=2)
    work = DraftContent("Antrean", upload=upload)
    first = submit_assignment(world.context, work, number=1, now=NOON)
    assert submit_assignment(world.context, work, number=1, now=NOON) is first
    assert session.query(Submission).count() == 1


def test_another_file_of_the_same_size_is_something_else(session):
    world = make_assignment_world()
    submit_assignment(world.context, DraftContent("Antrean", upload=pdf()), number=1, now=NOON)
    other = pdf(data=PDF[:-2] + b"x\n")
    with pytest.raises(submitting.SubmittedElsewhere):
        submit_assignment(world.context, DraftContent("Antrean", upload=other), number=1, now=NOON)
    assert len(draft_of(world).files) == 1


@pytest.mark.parametrize("turns", [("x.1", "y.1"), ("x", "y")], ids=["with scripts", "without"])
def test_a_page_opened_before_it_was_handed_in_elsewhere_is_told_so_and_its_work_kept(session, turns):
    """What was handed in left an empty draft, which is nothing to compare with."""
    world, (there, here) = make_assignment_world(), turns
    saved = drafts.save_draft(
        world.context, DraftContent("Ponsel", base_event_id=0, client_seq=there), number=1, now=NOON
    )
    seen = queries.newest_event(saved).id
    submit_assignment(world.context, DraftContent("Ponsel", base_event_id=seen, client_seq="z"), number=1, now=NOON)
    with pytest.raises(submitting.SubmittedElsewhere):
        submit_assignment(world.context, DraftContent("Komputer", base_event_id=0, client_seq=here), number=1, now=NOON)
    assert draft_of(world).text == "Komputer"


def test_what_such_a_page_saves_is_a_draft(session):
    world = make_assignment_world()
    submit_assignment(world.context, DraftContent("Ponsel", base_event_id=0, client_seq="x"), number=1, now=NOON)
    late = DraftContent("Komputer", base_event_id=0, client_seq="y.1")
    assert drafts.save_draft(world.context, late, number=1, now=NOON).text == "Komputer"
    with pytest.raises(drafts.DraftReplaced):
        drafts.save_draft(world.context, replace(late, text="Laptop", client_seq="z.1"), number=1, now=NOON)


def test_something_else_under_the_same_number_is_kept_as_a_draft(session):
    world = make_assignment_world()
    make_submission(world, "Dari ponsel")
    with pytest.raises(submitting.SubmittedElsewhere):
        submit_assignment(world.context, DraftContent("Dari komputer"), number=1, now=NOON)
    assert draft_of(world).text == "Dari komputer"
    assert session.query(Submission).one().text == "Dari ponsel"


def test_the_database_itself_refuses_a_second_row_of_one_number(session):
    world = make_assignment_world()
    one = make_submission(world)
    values = {column.name: getattr(one, column.name) for column in one.__table__.c if column.name != "id"}
    session.add(Submission(**values))
    with pytest.raises(IntegrityError):
        session.flush()


def test_nothing_is_not_handed_in(session):
    world = make_assignment_world()
    with pytest.raises(submitting.NothingToSubmit):
        submit_assignment(world.context, DraftContent("  \n "), number=1, now=NOON)


def test_a_file_alone_is_enough(session):
    world = make_assignment_world()
    assert submit_assignment(world.context, DraftContent("", upload=pdf()), number=1, now=NOON).files


def test_a_refused_file_is_not_handed_in_around(session):
    world = make_assignment_world()
    with pytest.raises(uploads.EmptyFile):
        submit_assignment(world.context, DraftContent("Teks", upload=pdf(data=b"")), number=1, now=NOON)
    assert session.query(Submission).count() == 0
    assert draft_of(world).text == "Teks"


def test_a_link_must_be_https(session):
    world = make_assignment_world(submit=["link"])
    with pytest.raises(submitting.LinkNotHttps):
        submit_assignment(world.context, DraftContent("", "http://contoh.go.id"), number=1, now=NOON)
    assert draft_of(world).link == "http://contoh.go.id"
    assert (
        submit_assignment(world.context, DraftContent("", "https://contoh.go.id/x"), number=1, now=NOON).link
        == "https://contoh.go.id/x"
    )


def test_after_the_last_try_the_work_stays_a_draft(session):
    world = make_assignment_world(attempts=1)
    make_submission(world)
    with pytest.raises(submitting.NoSubmissionsLeft):
        submit_assignment(world.context, DraftContent("Lagi"), number=2, now=NOON)
    assert draft_of(world).text == "Lagi"


def test_without_a_rule_for_lateness_nothing_is_taken_after_the_deadline(session):
    world = make_assignment_world(due=fixed(DUE))
    with pytest.raises(submitting.DeadlineOver):
        submit_assignment(world.context, DraftContent("Telat"), number=1, now=DUE_AT + timedelta(seconds=1))
    assert draft_of(world).text == "Telat"
    assert submit_assignment(world.context, DraftContent("Tepat"), number=1, now=DUE_AT).late_days == 0


@pytest.mark.parametrize(("hours", "days"), [(1, 1), (24, 1), (25, 2), (71, 3)])
def test_a_late_submission_keeps_its_days(session, hours, days):
    world = make_assignment_world(due=fixed(DUE), late={"until": fixed("2026-12-03T09:00:00"), "penalty": 5.0})
    done = submit_assignment(world.context, DraftContent("Telat"), number=1, now=DUE_AT + timedelta(hours=hours))
    assert done.late_days == days


def test_also_lateness_has_its_end(session):
    world = make_assignment_world(due=fixed(DUE), late={"until": fixed("2026-12-03T09:00:00"), "penalty": 5.0})
    with pytest.raises(submitting.DeadlineOver):
        submit_assignment(world.context, DraftContent("Telat"), number=1, now=DUE_AT + timedelta(days=3, seconds=1))


def test_the_items_own_closing_ends_it(session):
    world = make_assignment_world()
    world.context = replace(world.context, summary=replace(world.context.summary, closes=stored.load_when(fixed(DUE))))
    with pytest.raises(submitting.DeadlineOver):
        submit_assignment(world.context, DraftContent("Telat"), number=1, now=DUE_AT + timedelta(seconds=1))


def test_a_relative_deadline_counts_from_the_persons_own_start(session):
    world = make_assignment_world(due={"base": "start", "moment": None, "days": 1, "at": None})
    ends = datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC)
    assert submitting.deadline_of(world.context).due == ends


def test_a_later_submission_takes_the_place_of_one_that_waits(session):
    world = make_assignment_world()
    first, second = make_submission(world, "Satu"), make_submission(world, "Dua")
    assert (first.is_superseded, second.is_superseded, second.number) == (True, False, 2)
    assert queries.waiting_count([world.course.id]) == 1


def test_a_graded_submission_is_not_taken_out_of_its_place(session):
    world = make_assignment_world(rubric=[])
    first = make_submission(world, "Satu")
    grade_submission(first, GradeDecision(points=80), grader_id=world.instructor.id, seen=0, now=NOON)
    make_submission(world, "Dua")
    assert first.is_superseded is False


def test_two_learners_do_not_meet(session):
    world = make_assignment_world()
    other = world.another_learner()
    make_submission(world)
    assert make_submission(world, context=other).number == 1
    assert queries.waiting_count([world.course.id]) == 2


def test_place_of_a_second_cycle_begins_anew(session):
    from factories import make_enrolment

    world = make_assignment_world(attempts=1)
    make_submission(world)
    again = make_enrolment(world.learner, world.course, cycle=2)
    assert make_submission(world, context=make_item_context(again, world.context.item_revision)).number == 1
