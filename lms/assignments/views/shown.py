"""A submission made ready for a page: its newest judgement in the words of its own rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lms.assignments import queries
from lms.assignments.models import Marking, Submission
from lms.assignments.rubric import in_points
from lms.content.items.assignment import Assignment
from lms.content.items.rubric import Criterion, Level


@dataclass(frozen=True)
class Judged:
    """One judgement: its marks in the assignment's points, and the level of each criterion."""

    marking: Marking
    grader: str
    points: Decimal
    points_before: Decimal
    """Before the late penalty."""
    levels: tuple[tuple[Criterion, Level], ...]


@dataclass(frozen=True)
class Shown:
    submission: Submission
    task: Assignment
    """As it was when the work was handed in."""
    judged: tuple[Judged, ...]
    """Oldest first; the last one counts."""

    @property
    def newest(self) -> Judged | None:
        return self.judged[-1] if self.judged else None

    @property
    def cost(self) -> Decimal:
        """What lateness takes off, in percent of the mark."""
        return min(Decimal(100), self.task.penalty * self.submission.late_days)


def shown(submission: Submission, names: Mapping[int, str]) -> Shown:
    """``names`` are those of the graders, by id."""
    task = queries.assignment_of(submission.item_revision_id)
    judged = tuple(_judged(marking, task, names) for marking in submission.markings)
    return Shown(submission, task, judged)


def _judged(marking: Marking, task: Assignment, names: Mapping[int, str]) -> Judged:
    picked = {int(criterion): level for criterion, level in marking.levels.items()}
    return Judged(
        marking=marking,
        grader=names.get(marking.graded_by, ""),
        points=in_points(marking.final_score, task.points),
        points_before=in_points(marking.score, task.points),
        levels=tuple((row, row.levels[picked[at]]) for at, row in enumerate(task.rubric) if at in picked),
    )
