"""Two requests at the same moment: what only a real database shows."""

from __future__ import annotations

from collections.abc import Callable

from assignment_factories import make_assignment_world, make_submission
from concurrency import run_concurrently
from factories import NOON, grant, make_item_context, make_person

from lms.assignments.models import Draft, Marking, Submission
from lms.assignments.services.drafts import DraftContent, save_draft
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.assignments.services.submitting import SubmittedElsewhere, submit_assignment
from lms.core.db import db
from lms.courses.models import ItemRevision
from lms.enrolment.models import Enrolment


def handing(world, text: str) -> Callable[[], object]:
    enrolment_id, item_id = world.enrolment.id, world.context.item_revision.id

    def deed() -> object:
        context = make_item_context(db.session.get(Enrolment, enrolment_id), db.session.get(ItemRevision, item_id))
        try:
            return submit_assignment(context, DraftContent(text), number=1, now=NOON)
        except SubmittedElsewhere:
            db.session.commit()  # as the view does: the text stays, as a draft
            raise

    return deed


def test_the_same_handed_in_twice_at_once_is_one(app, session):
    world = make_assignment_world(attempts=2)
    assert run_concurrently(app, handing(world, "Sama"), handing(world, "Sama"), handing(world, "Sama")) == ["done"] * 3
    assert session.query(Submission).count() == 1


def test_of_two_different_ones_at_once_one_is_handed_in_and_the_other_kept(app, session):
    world = make_assignment_world()
    assert run_concurrently(app, handing(world, "Ponsel"), handing(world, "Komputer")) == ["SubmittedElsewhere", "done"]
    assert {session.query(Submission).one().text, session.query(Draft).one().text} == {"Ponsel", "Komputer"}


def test_two_first_saves_at_once_make_one_draft(app, session):
    world = make_assignment_world()
    enrolment_id, item_id = world.enrolment.id, world.context.item_revision.id

    def saving(text: str) -> Callable[[], object]:
        def deed() -> object:
            context = make_item_context(db.session.get(Enrolment, enrolment_id), db.session.get(ItemRevision, item_id))
            return save_draft(context, DraftContent(text), number=1, now=NOON)

        return deed

    assert run_concurrently(app, saving("Satu"), saving("Dua")) == ["done", "done"]
    assert session.query(Draft).count() == 1


def test_of_two_graders_at_once_the_second_is_told(app, session):
    world = make_assignment_world()
    colleague = make_person()
    grant(colleague, "instructor", course=world.course)
    submission_id = make_submission(world).id

    def marking(grader_id: int, level: int) -> Callable[[], object]:
        def deed() -> object:
            submission = db.session.get(Submission, submission_id)
            decision = GradeDecision(picked={0: level, 1: level})
            return grade_submission(submission, decision, grader_id=grader_id, seen=0, now=NOON)

        return deed

    assert run_concurrently(app, marking(world.instructor.id, 0), marking(colleague.id, 1)) == [
        "GradedMeanwhile",
        "done",
    ]
    assert session.query(Marking).count() == 1
