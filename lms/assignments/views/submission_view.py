"""A submission prepared for a page: its markings in points, and in the words of its rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lms.assignments import queries
from lms.assignments.models import Marking, Submission
from lms.assignments.rubric import in_points
from lms.content.items.assignment import Assignment
from lms.content.rubric import Criterion, Level


@dataclass(frozen=True)
class MarkingView:
    marking: Marking
    grader: str
    points: Decimal
    points_before: Decimal
    """Before the late penalty."""
    levels: tuple[tuple[Criterion, Level], ...]


@dataclass(frozen=True)
class SubmissionView:
    submission: Submission
    assignment: Assignment
    """As it was when the work was submitted."""
    markings: tuple[MarkingView, ...]
    """Oldest first; the last one counts."""

    @property
    def newest(self) -> MarkingView | None:
        return self.markings[-1] if self.markings else None

    @property
    def late_deduction(self) -> Decimal:
        """In percent of the score."""
        return min(Decimal(100), self.assignment.penalty * self.submission.late_days)


def submission_view(
    submission: Submission, grader_names: Mapping[int, str], *, has_held: bool = False
) -> SubmissionView:
    """``grader_names`` is by person id. Markings that are held are only for those who teach (``has_held``)."""
    assignment = queries.assignment_of(submission.item_revision_id)
    found = submission.markings if has_held else submission.told_markings
    markings = tuple(_marking_view(marking, assignment, grader_names) for marking in found)
    return SubmissionView(submission, assignment, markings)


def _marking_view(marking: Marking, assignment: Assignment, grader_names: Mapping[int, str]) -> MarkingView:
    picked = {int(criterion): level for criterion, level in marking.levels.items()}
    return MarkingView(
        marking=marking,
        grader=grader_names.get(marking.graded_by, ""),
        points=in_points(marking.final_score, assignment.points),
        points_before=in_points(marking.score, assignment.points),
        levels=tuple((row, row.levels[picked[at]]) for at, row in enumerate(assignment.rubric) if at in picked),
    )
