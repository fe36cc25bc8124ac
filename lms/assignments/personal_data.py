"""What this package stores about a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import exists, select

from lms.assignments.models import AnonymousNumber, Draft, Marking, Submission, SubmissionReturn, WorkFile
from lms.core.db import db
from lms.core.i18n import lazy
from lms.core.personal_data import REPEATED, DataArea, OwnFile, left_to_the_agency, rows
from lms.courses.models import Course, ItemRevision
from lms.enrolment.models import Enrolment


def _path(file_id: int, name: str) -> str:
    """The name of a file within the copy; the number tells apart files that have the same name."""
    return f"files/{file_id}-{name.replace('/', '_')}"


def _assignments(person_id: int) -> dict[str, Any]:
    submissions = (
        select(
            Submission.id.label("submission"),
            Submission.enrolment_id.label("enrolment"),
            Course.slug.label("course"),
            ItemRevision.title.label("assignment"),
            Submission.number,
            AnonymousNumber.number.label("number_for_graders"),
            Submission.text,
            Submission.link,
            Submission.submitted_at,
            Submission.late_days,
            Submission.is_superseded,
            exists().where(Marking.submission_id == Submission.id, ~Marking.is_held).label("is_graded"),
        )
        .outerjoin(
            AnonymousNumber,
            (AnonymousNumber.enrolment_id == Submission.enrolment_id) & (AnonymousNumber.item_id == Submission.item_id),
        )
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(ItemRevision, ItemRevision.id == Submission.item_revision_id)
        .where(Submission.person_id == person_id)
        .order_by(Submission.id)
    )
    drafts = (
        select(Draft.enrolment_id.label("enrolment"), Draft.text, Draft.link, Draft.saved_at)
        .join(Enrolment, Enrolment.id == Draft.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Draft.id)
    )
    markings = (
        select(
            Marking.submission_id.label("submission"),
            Marking.number,
            Marking.levels,
            Marking.score,
            Marking.final_score,
            Marking.feedback,
            Marking.reason,
            Marking.graded_at,
            Marking.released_at,
        )
        .join(Submission, Submission.id == Marking.submission_id)
        .where(Submission.person_id == person_id, ~Marking.is_held)
        .order_by(Marking.id)
    )
    returned = (
        select(
            SubmissionReturn.submission_id.label("submission"),
            SubmissionReturn.note,
            SubmissionReturn.until,
            SubmissionReturn.returned_at,
        )
        .join(Submission, Submission.id == SubmissionReturn.submission_id)
        .where(Submission.person_id == person_id)
        .order_by(SubmissionReturn.id)
    )
    return {
        "submissions": rows(submissions),
        "drafts": rows(drafts),
        "feedback": rows(markings),
        "returned": rows(returned),
        "files": _files(person_id),
    }


def _files(person_id: int) -> list[dict[str, Any]]:
    found = rows(
        select(
            WorkFile.id,
            WorkFile.submission_id.label("submission"),
            WorkFile.name,
            WorkFile.content_type,
            WorkFile.size,
            WorkFile.uploaded_at,
        )
        .where(WorkFile.person_id == person_id)
        .order_by(WorkFile.id)
    )
    return [row | {"path": _path(row.pop("id"), row["name"])} for row in found]


def _uploads(person_id: int) -> Iterator[OwnFile]:
    own = select(WorkFile.id, WorkFile.name, WorkFile.key).where(WorkFile.person_id == person_id)
    for row in db.session.execute(own.order_by(WorkFile.id)).all():
        yield OwnFile(_path(row.id, row.name), row.key)


AREAS = (
    DataArea(
        name="assignments",
        title=lazy("Assignments"),
        what=lazy(
            "Drafts, submitted texts, links and files, with marks, feedback and notes of what was to be "
            "revised; the number that graders see instead of the name, where an assignment is graded without names."
        ),
        why=lazy("To mark assignments and to give feedback."),
        who=lazy("The person and, from submission on, the instructors of the course. Nobody else sees drafts."),
        how_long=left_to_the_agency,
        tables=("draft", "submission", "work_file", "marking", "submission_return", "anonymous_number"),
        copied=_assignments,
        files=_uploads,
        not_copied={
            "submission.text_html": REPEATED,
            "marking.feedback_html": REPEATED,
            "marking.is_held": "whether a mark may be told: those that may not are left out",
            "submission.is_graded": "copied as whether a mark was told",
            "submission_return.note_html": REPEATED,
            "work_file.key": "where the storage has the file, which is in the copy",
        },
    ),
)
