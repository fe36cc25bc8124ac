"""What this package stores about a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from lms.content.text import Text
from lms.core.db import db
from lms.core.i18n import lazy
from lms.core.personal_data import REPEATED, DataArea, OwnFile, copy_path, left_to_the_agency, rows
from lms.courses.models import Course, ItemRevision
from lms.enrolment.models import Enrolment
from lms.quizzes import queries, responses
from lms.quizzes.models import (
    Answer,
    AnswerFile,
    AnswerMark,
    Attempt,
    AttemptRequest,
    QuizOverride,
    Regrade,
    RegradeLine,
)
from lms.quizzes.overrides import OverrideValues


def _attempts(person_id: int) -> dict[str, Any]:
    attempts = (
        select(
            Attempt.id.label("attempt"),
            Attempt.enrolment_id.label("enrolment"),
            Course.slug.label("course"),
            ItemRevision.title.label("quiz"),
            Attempt.number,
            Attempt.is_practice,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.submitted_at,
            Attempt.submitted_by,
            Attempt.reviewed_at,
            Attempt.most_points,
            Attempt.points,
            Attempt.score,
            Attempt.is_passed,
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(ItemRevision, ItemRevision.id == Attempt.item_revision_id)
        .where(Attempt.person_id == person_id)
        .order_by(Attempt.id)
    )
    return {
        "attempts": rows(attempts),
        "answers": _answers(person_id),
        "answer_files": _files(person_id),
        "quiz_limits": rows(_limits(person_id)),
        "attempt_requests": rows(_requests(person_id)),
        **_marked_again(person_id),
    }


def _limits(person_id: int) -> Any:
    """What the person was given; what their cohort was given says nothing about them."""
    return (
        select(
            QuizOverride.enrolment_id.label("enrolment"),
            QuizOverride.item_id.label("item"),
            *(getattr(QuizOverride, name) for name in OverrideValues.__dataclass_fields__),
            QuizOverride.reason,
            QuizOverride.given_at,
        )
        .join(Enrolment, Enrolment.id == QuizOverride.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(QuizOverride.id)
    )


def _requests(person_id: int) -> Any:
    return (
        select(
            AttemptRequest.enrolment_id.label("enrolment"),
            AttemptRequest.item_id.label("item"),
            AttemptRequest.used_attempts,
            AttemptRequest.reason,
            AttemptRequest.asked_at,
            AttemptRequest.answered_at,
            AttemptRequest.is_granted,
            AttemptRequest.answer,
        )
        .join(Enrolment, Enrolment.id == AttemptRequest.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(AttemptRequest.id)
    )


def _marked_again(person_id: int) -> dict[str, Any]:
    """What changed the marks of attempts since they were handed in, without which person did it."""
    by_regrade = (
        select(
            RegradeLine.attempt_id.label("attempt"),
            RegradeLine.done_at,
            RegradeLine.state,
            RegradeLine.old_points,
            RegradeLine.old_most,
            RegradeLine.old_score,
            RegradeLine.new_points,
            RegradeLine.new_most,
            RegradeLine.new_score,
            RegradeLine.old_effective,
            RegradeLine.new_effective,
            RegradeLine.grade_number,
            Regrade.reason,
        )
        .join(Regrade, Regrade.id == RegradeLine.regrade_id)
        .join(Attempt, Attempt.id == RegradeLine.attempt_id)
        .where(Attempt.person_id == person_id)
        .order_by(RegradeLine.id)
    )
    by_hand = (
        select(
            AnswerMark.attempt_id.label("attempt"),
            AnswerMark.question,
            AnswerMark.number,
            AnswerMark.levels,
            AnswerMark.feedback,
            AnswerMark.reason,
            AnswerMark.marked_at,
            AnswerMark.released_at,
            AnswerMark.old_effective,
            AnswerMark.new_effective,
            AnswerMark.grade_number,
        )
        .join(Attempt, Attempt.id == AnswerMark.attempt_id)
        .where(Attempt.person_id == person_id, ~AnswerMark.is_held)
        .order_by(AnswerMark.id)
    )
    return {"marked_again": rows(by_regrade), "answers_marked": rows(by_hand)}


def _answers(person_id: int) -> list[dict[str, Any]]:
    """Questions and answers in words, without which of them are right: the review of a quiz decides about that."""
    found = db.session.execute(
        select(
            Answer.attempt_id,
            Answer.question,
            Answer.response,
            Answer.is_flagged,
            Answer.answered_at,
            Attempt.item_revision_id,
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.person_id == person_id)
        .order_by(Answer.id)
    )
    told = []
    for row in found:
        asked = queries.quiz_of_revision(row.item_revision_id).questions
        question = next((one for one in asked if one.id == row.question), None)
        response = responses.from_json(row.response, question) if question else responses.NO_RESPONSE
        told.append(
            {
                "attempt": row.attempt_id,
                "question": _plain(question.stem) if question else row.question,
                "answer": [] if question is None or response.answer is None else question.answer_texts(response.answer),
                "stored_as": row.response,
                "is_flagged": row.is_flagged,
                "answered_at": row.answered_at,
            }
        )
    return told


def _files(person_id: int) -> list[dict[str, Any]]:
    found = rows(
        select(
            AnswerFile.id,
            AnswerFile.attempt_id.label("attempt"),
            AnswerFile.question,
            AnswerFile.name,
            AnswerFile.content_type,
            AnswerFile.size,
            AnswerFile.uploaded_at,
        )
        .where(AnswerFile.person_id == person_id)
        .order_by(AnswerFile.id)
    )
    return [row | {"path": copy_path("answer-", row.pop("id"), row["name"])} for row in found]


def _uploads(person_id: int) -> Iterator[OwnFile]:
    own = select(AnswerFile.id, AnswerFile.name, AnswerFile.key).where(AnswerFile.person_id == person_id)
    for row in db.session.execute(own.order_by(AnswerFile.id)).all():
        yield OwnFile(copy_path("answer-", row.id, row.name), row.key)


def _plain(stem: Text) -> str:
    html = str(Markup(stem)).replace("</p>", "</p> ")  # noqa: S704 - it becomes text
    return Markup(html).striptags()  # noqa: S704


AREAS = (
    DataArea(
        name="quizzes",
        title=lazy("Quizzes"),
        what=lazy(
            "Attempts with their times and results, the answers and files attached to them; marks of essays with"
            " feedback; what changed marks afterwards; other limits that a person was given, and requests for a further"
            " attempt, each with its reason."
        ),
        why=lazy("To mark quizzes and to show the result."),
        who=lazy("The person and the instructors of the course."),
        how_long=left_to_the_agency,
        tables=(
            *("attempt", "answer", "answer_file", "quiz_override", "attempt_request"),
            *("answer_mark", "regrade", "regrade_line", "question_void"),
        ),
        copied=_attempts,
        files=_uploads,
        not_copied={
            "attempt.deal": "which questions in which order: says nothing about the person",
            "quiz_override.target": "the same as enrolment and item, which are copied",
            "quiz_override.number": "the order of the rows, which are copied in it",
            "answer.points": "would tell the right answers before the quiz's review does",
            "answer_file.key": "where the storage has the file, which is in the copy",
            "answer_mark.feedback_html": REPEATED,
            "answer_mark.is_held": "whether a mark may be told: those that may not are left out",
            "answer_mark.points": "would tell the right answers before the quiz's review does",
            "attempt.basis": "which keys marked the attempt: says nothing about the person",
            "regrade": "a decision about a quiz; what it changed for the person is copied with its reason",
            "question_void": "a decision about a question, which is the same for all who drew it",
        },
    ),
)
