"""What this package stores about a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import aliased

from lms.assignments.models import (
    AnonymousNumber,
    DeadlineOverride,
    Draft,
    FeedbackFile,
    GroupMember,
    GroupPaper,
    Marking,
    PassageNote,
    Submission,
    SubmissionReturn,
    WorkFile,
    WorkGroup,
)
from lms.core.db import db
from lms.core.i18n import lazy
from lms.core.personal_data import REPEATED, DataArea, OwnFile, copy_path, left_to_the_agency, rows
from lms.courses.models import Course, ItemRevision
from lms.enrolment.models import Enrolment


def _assignments(person_id: int) -> dict[str, Any]:
    return {
        "groups": rows(_groups(person_id)),
        "cohort_deadlines": rows(_deadlines(person_id)),
        "submissions": rows(_submissions(person_id)),
        "drafts": rows(_drafts(person_id)),
        "feedback": rows(_markings(person_id)),
        "returned": rows(_returned(person_id)),
        "notes": rows(_notes(person_id)),
        "files": _files(person_id),
        "files_given_back": _given_back(person_id),
    }


def _submissions(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
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
            GroupPaper.group_name.label("group"),
            (GroupPaper.handed_in_by == Submission.person_id).label("handed_in_by_oneself"),
            exists().where(Marking.submission_id == Submission.id, ~Marking.is_held).label("is_graded"),
        )
        .outerjoin(GroupPaper, GroupPaper.id == Submission.paper_id)
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


def _drafts(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Draft.enrolment_id.label("enrolment"), Draft.text, Draft.link, Draft.saved_at)
        .join(Enrolment, Enrolment.id == Draft.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Draft.id)
    )


def _markings(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Marking.submission_id.label("submission"),
            Marking.number,
            Marking.levels,
            Marking.score,
            Marking.late_deduction,
            Marking.late_reason,
            Marking.final_score,
            Marking.feedback,
            Marking.reason,
            Marking.is_alone,
            Marking.graded_at,
            Marking.released_at,
        )
        .join(Submission, Submission.id == Marking.submission_id)
        .where(Submission.person_id == person_id, ~Marking.is_held)
        .order_by(Marking.id)
    )


def _returned(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
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


def _notes(person_id: int) -> Select[*tuple[Any, ...]]:
    told = exists().where(
        Marking.submission_id == PassageNote.submission_id, Marking.number == PassageNote.given_with, ~Marking.is_held
    )
    return (
        select(
            PassageNote.submission_id.label("submission"),
            PassageNote.starts,
            PassageNote.ends,
            PassageNote.note,
            PassageNote.written_at,
            PassageNote.given_with.label("given_with_marking"),
            PassageNote.withdrawn_with.label("withdrawn_with_marking"),
        )
        .join(Submission, Submission.id == PassageNote.submission_id)
        .where(Submission.person_id == person_id, told | (PassageNote.given_with == 0))
        .order_by(PassageNote.id)
    )


def _groups(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(GroupMember.enrolment_id.label("enrolment"), WorkGroup.name.label("group"), GroupMember.joined_at)
        .join(WorkGroup, WorkGroup.id == GroupMember.group_id)
        .join(Enrolment, Enrolment.id == GroupMember.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(GroupMember.id)
    )


def _deadlines(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Enrolment.id.label("enrolment"),
            DeadlineOverride.opens_at,
            DeadlineOverride.due_at,
            DeadlineOverride.closes_at,
            DeadlineOverride.reason,
            DeadlineOverride.given_at,
        )
        .join(Enrolment, Enrolment.cohort_id == DeadlineOverride.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(DeadlineOverride.id)
    )


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
    return [row | {"path": copy_path("", row.pop("id"), row["name"])} for row in found]


def _told(person_id: int) -> Select[int, str, str]:
    """Files with the newest marking that this person knows of, and with work that came back: id, name, key."""
    later = aliased(Marking)
    is_replaced = exists().where(
        later.submission_id == Marking.submission_id, later.number > Marking.number, ~later.is_held
    )
    return (
        select(FeedbackFile.id, FeedbackFile.name, FeedbackFile.key)
        .outerjoin(Marking, Marking.id == FeedbackFile.marking_id)
        .outerjoin(SubmissionReturn, SubmissionReturn.id == FeedbackFile.return_id)
        .join(Submission, or_(Submission.id == Marking.submission_id, Submission.id == SubmissionReturn.submission_id))
        .where(Submission.person_id == person_id, or_(Marking.id.is_(None), ~Marking.is_held & ~is_replaced))
        .order_by(FeedbackFile.id)
    )


def _given_back(person_id: int) -> list[dict[str, Any]]:
    more = _told(person_id).with_only_columns(
        FeedbackFile.id,
        Submission.id.label("submission"),
        FeedbackFile.marking_id.label("marking"),
        FeedbackFile.return_id.label("return"),
        FeedbackFile.name,
        FeedbackFile.content_type,
        FeedbackFile.size,
        FeedbackFile.uploaded_at,
    )
    return [row | {"path": copy_path("given-back-", row.pop("id"), row["name"])} for row in rows(more)]


def _uploads(person_id: int) -> Iterator[OwnFile]:
    for row in db.session.execute(_told(person_id)).all():
        yield OwnFile(copy_path("given-back-", row.id, row.name), row.key)
    own = select(WorkFile.id, WorkFile.name, WorkFile.key).where(WorkFile.person_id == person_id)
    for row in db.session.execute(own.order_by(WorkFile.id)).all():
        yield OwnFile(copy_path("", row.id, row.name), row.key)


OF_COHORTS = ("work_group", "deadline_override")

AREAS = (
    DataArea(
        name="assignments",
        title=lazy("Assignments"),
        what=lazy(
            "Groups, drafts, submitted texts, links and files, with marks, feedback, notes on passages of the text and "
            "of what was to be revised, and files and recordings that graders gave with them; the number that graders "
            "see instead of the name, where an assignment is graded without names."
        ),
        why=lazy("To mark assignments and to give feedback."),
        who=lazy(
            "The person and, from submission on, the instructors of the course and, of group work, the others in the "
            "group. Nobody else sees drafts."
        ),
        how_long=left_to_the_agency,
        tables=(
            "draft",
            "submission",
            "work_file",
            "marking",
            "submission_return",
            "feedback_file",
            "passage_note",
            "group_member",
            "group_paper",
            "anonymous_number",
            *OF_COHORTS,
        ),
        copied=_assignments,
        files=_uploads,
        not_copied={
            "submission.text_html": REPEATED,
            "marking.feedback_html": REPEATED,
            "marking.is_held": "whether a mark may be told: those that may not are left out",
            "submission.is_graded": "copied as whether a mark was told",
            "submission_return.note_html": REPEATED,
            "feedback_file.key": "where the storage has the file, which is in the copy",
            "group_paper.number": "the order of a group's papers; that of the person's own is copied",
            "group_paper.handed_in_at": "the same as when the submission was handed in",
            "group_paper.is_returned": "the same as whether the submission was returned",
            "work_group.formed_at": "when the group was formed, which is nothing about this person",
            "deadline_override.number": "the order of the rows, which are copied in it",
            "work_file.key": "where the storage has the file, which is in the copy",
        },
    ),
)
