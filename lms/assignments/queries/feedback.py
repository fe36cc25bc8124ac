"""Reads of files that graders gave."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from lms.assignments.models import FeedbackFile, Marking, Submission, SubmissionReturn
from lms.core.db import db
from lms.enrolment.models import Enrolment


@dataclass(frozen=True)
class GivenBack:
    """A file that a grader gave, and the submission that it is about. ``is_told``: with the newest marking that its
    learner knows of, or with work that went back."""

    file: FeedbackFile
    submission: Submission
    course_id: int

    @property
    def is_told(self) -> bool:
        told = self.submission.told_markings
        return self.file.marking_id is None or (bool(told) and told[-1].id == self.file.marking_id)


def feedback_file(file_id: int) -> GivenBack | None:
    row = db.session.execute(
        select(FeedbackFile, Submission, Enrolment.course_id)
        .outerjoin(Marking, Marking.id == FeedbackFile.marking_id)
        .outerjoin(SubmissionReturn, SubmissionReturn.id == FeedbackFile.return_id)
        .join(Submission, Submission.id == func.coalesce(Marking.submission_id, SubmissionReturn.submission_id))
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(FeedbackFile.id == file_id)
    ).one_or_none()
    return GivenBack(*row) if row else None
