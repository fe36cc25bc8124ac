"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import REPEATED, DataArea, left_to_the_agency, rows
from lms.courses.models import Course, ItemRevision
from lms.enrolment.models import Enrolment
from lms.learning.models import Completion, EnrolmentState, Grade, Progress


def _progress(person_id: int) -> dict[str, Any]:
    return {
        "items": _items(person_id),
        "courses": _courses(person_id),
        "marks": _marks(person_id),
        "completions": _completions(person_id),
    }


def _items(person_id: int) -> list[dict[str, Any]]:
    return rows(
        select(
            Progress.enrolment_id.label("enrolment"),
            Course.slug.label("course"),
            ItemRevision.title.label("item"),
            Progress.state,
            Progress.score,
            Progress.started_at,
            Progress.touched_at,
            Progress.done_at,
            Progress.is_final,
            Progress.place,
            Progress.place_at,
            Progress.taken_back_at,
        )
        .join(Enrolment, Enrolment.id == Progress.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(ItemRevision, ItemRevision.id == Progress.item_revision_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Progress.id)
    )


def _courses(person_id: int) -> list[dict[str, Any]]:
    return rows(
        select(
            EnrolmentState.enrolment_id.label("enrolment"),
            EnrolmentState.state,
            EnrolmentState.done,
            EnrolmentState.needed,
            EnrolmentState.total_done,
            EnrolmentState.total,
            EnrolmentState.touched_at,
        )
        .join(Enrolment, Enrolment.id == EnrolmentState.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(EnrolmentState.enrolment_id)
    )


def _completions(person_id: int) -> list[dict[str, Any]]:
    return rows(
        select(
            Completion.enrolment_id.label("enrolment"),
            Completion.completed_at,
            Completion.score,
            Completion.facts,
        )
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Completion.id)
    )


def _marks(person_id: int) -> list[dict[str, Any]]:
    """Each mark says whether a rule or a person gave it, but not which person."""
    return rows(
        select(
            Grade.enrolment_id.label("enrolment"),
            ItemRevision.title.label("item"),
            Grade.source,
            Grade.number,
            Grade.score,
            Grade.graded_by.is_(None).label("is_automatic"),
            Grade.reason,
            Grade.graded_at,
        )
        .join(Enrolment, Enrolment.id == Grade.enrolment_id)
        .join(ItemRevision, ItemRevision.id == Grade.item_revision_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Grade.id)
    )


AREAS = (
    DataArea(
        name="progress",
        title=lazy("Progress and marks"),
        what=lazy(
            "What was begun and done and when, the part of a module at which one stopped reading, marks with their "
            "history, and completed courses. Of graders, for five minutes: which work they have open."
        ),
        why=lazy("To continue where one stopped, to decide whether a course is passed, and to report JP."),
        who=lazy("The person, the instructors and the committee, the heads of the unit and the admins."),
        how_long=left_to_the_agency,
        tables=(
            "progress",
            "enrolment_state",
            "grade",
            "completion",
            "renewal",
            "open_work",
            "counted_enrolment",
            "person_change",
        ),
        copied=_progress,
        not_copied={
            "counted_enrolment": REPEATED,
            "person_change": "work of a job, deleted as soon as it is done",
            "renewal": "work of a job, deleted as soon as it is done",
            "open_work": "which work a grader has open, for five minutes: deleted as soon as anybody opens other work",
        },
    ),
)
