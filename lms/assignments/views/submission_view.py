"""A submission prepared for a page: its markings in points, and in the words of its rubric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.assignments import queries
from lms.assignments.lateness import cost
from lms.assignments.models import Marking, PassageNote, Submission
from lms.assignments.passages import MarkedPassage, marked_html
from lms.assignments.rubric import in_points
from lms.assignments.services.passages import seen_by
from lms.content.items.assignment import Assignment
from lms.content.rubric import Criterion, Level
from lms.core.i18n import gettext as _
from lms.core.i18n import say_number

MAX_LENGTH_WITH_OTHERS = 2_000
"""Characters of a text and its notes beside the task, the mark and the form."""


@dataclass(frozen=True)
class MarkingView:
    marking: Marking
    grader: str
    points: Decimal
    points_before: Decimal
    """Before the late penalty."""
    late_deduction: Decimal
    """In percent of the score."""
    levels: tuple[tuple[Criterion, Level], ...]


@dataclass(frozen=True)
class NoteView:
    note: PassageNote
    number: int
    """From 1, in the order of the text."""
    quote: str


@dataclass(frozen=True)
class SubmissionView:
    submission: Submission
    assignment: Assignment
    """As it was when the work was submitted."""
    markings: tuple[MarkingView, ...]
    """Oldest first; the last one counts."""
    notes: tuple[NoteView, ...] = ()
    """In the order of the text."""

    @property
    def newest(self) -> MarkingView | None:
        return self.markings[-1] if self.markings else None

    @property
    def text_html(self) -> str:
        """With the passages marked that have a note."""
        marked = [MarkedPassage(one.note.starts, one.note.ends, one.number, str(one.note.id)) for one in self.notes]
        return marked_html(self.submission.text, marked, _("note"))

    @property
    def is_long(self) -> bool:
        """The text and its notes would make the page of the assignment heavy."""
        return len(self.submission.text) + sum(len(one.note.note) for one in self.notes) > MAX_LENGTH_WITH_OTHERS

    @property
    def late_deduction(self) -> Decimal:
        """In percent of the score, by the assignment's rule; only a proposal where the grader decides."""
        return cost(self.assignment.penalty, self.submission.late_days)


def submission_view(
    submission: Submission, grader_names: Mapping[int, str], *, grader_id: int | None = None
) -> SubmissionView:
    """``grader_names`` is by person id. What is held, and the notes that are not given yet, are only for a grader."""
    assignment = queries.assignment_of(submission.item_revision_id)
    found = submission.told_markings if grader_id is None else submission.markings
    late_days = submission.late_days
    markings = tuple(_marking_view(marking, assignment, late_days, grader_names) for marking in found)
    notes = submission.told_notes if grader_id is None else seen_by(submission, grader_id)
    return SubmissionView(submission, assignment, markings, _note_views(submission, notes))


def _note_views(submission: Submission, notes: Sequence[PassageNote]) -> tuple[NoteView, ...]:
    text = submission.text
    return tuple(NoteView(one, number, text[one.starts : one.ends]) for number, one in enumerate(notes, 1))


def late_decision(marking: Marking) -> str:
    """What its grader decided that lateness costs, for lists of marks."""
    percent, reason = say_number(marking.late_deduction or 0), marking.late_reason
    return str(_("deduction for lateness decided by the grader: %(n)s%%; %(reason)s", n=percent, reason=reason))


def _marking_view(
    marking: Marking, assignment: Assignment, late_days: int, grader_names: Mapping[int, str]
) -> MarkingView:
    decided = marking.late_deduction
    picked = {int(criterion): level for criterion, level in marking.levels.items()}
    return MarkingView(
        marking=marking,
        grader=grader_names.get(marking.graded_by, ""),
        points=in_points(marking.final_score, assignment.points),
        points_before=in_points(marking.score, assignment.points),
        late_deduction=cost(assignment.penalty, late_days) if decided is None else decided,
        levels=tuple((row, row.levels[picked[at]]) for at, row in enumerate(assignment.rubric) if at in picked),
    )
