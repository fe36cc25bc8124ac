"""Essays that wait for a mark, which are answers without points in submitted attempts without a score; and essays that
have one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select

from lms.core.db import db
from lms.core.numbered_rows import is_newest
from lms.courses.models import CourseRevision, ItemRevision
from lms.enrolment.models import Enrolment
from lms.people.models import Person
from lms.quizzes import queries
from lms.quizzes.models import Answer, AnswerMark, Attempt
from lms.quizzes.queries import AttemptRow

WAITS: tuple[ColumnElement[bool], ...] = (
    Attempt.submitted_at.is_not(None),
    Attempt.score.is_(None),
    ~Attempt.is_practice,
)
_HAS_HELD = exists().where(
    AnswerMark.attempt_id == Answer.attempt_id, AnswerMark.question == Answer.question, AnswerMark.is_held
)
_UNMARKED = Answer.points.is_(None) & ~_HAS_HELD
"""Nobody has given a mark, not even one that is held."""
NEEDS_MARK: tuple[ColumnElement[bool], ...] = (*WAITS, exists().where(Answer.attempt_id == Attempt.id, _UNMARKED))
"""An attempt of which somebody has still to mark an answer."""
IS_READY: tuple[ColumnElement[bool], ...] = (
    exists().where(AnswerMark.attempt_id == Attempt.id, AnswerMark.is_held),
    ~exists().where(Answer.attempt_id == Attempt.id, _UNMARKED),
)
"""An attempt with marks that are held, all of them given."""


@dataclass(frozen=True)
class WaitingQuestion:
    """An essay question with the answers that wait, all people together."""

    item_id: int
    question: str
    title: str
    item_title: str
    course_title: str
    count: int
    since: datetime
    """When the oldest was handed in."""
    attempt_id: int
    position: int
    """Where the oldest answer is, if possible of those that nobody else has open."""


class EssayPosition(NamedTuple):
    """An answer: the attempt, and the question's position in it, from 1."""

    attempt_id: int
    position: int


def work_name(item_id: int, question: str, attempt_id: int | str) -> str:
    """What the answer is called among work that graders have open."""
    return f"essay:{item_id}:{question}:{attempt_id}"


def _waiting(course_ids: Collection[int], not_by: int | None, *columns: Any) -> Select[Any]:
    found = select(*columns).select_from(Answer).join(Attempt, Attempt.id == Answer.attempt_id)
    found = found.join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    in_course = (Enrolment.course_id + 0).in_(course_ids)  # without its index: the few that wait are looked up first
    found = found.where(*WAITS, _UNMARKED, in_course, Enrolment.withdrawn_at.is_(None))
    return found if not_by is None else found.where(Attempt.person_id != not_by)


def waiting_counts(course_ids: Collection[int], *, not_by: int | None = None) -> dict[int, int]:
    """By course; courses without waiting essays are left out. ``not_by`` leaves out this person's own."""
    rows = _waiting(course_ids, not_by, Enrolment.course_id, func.count()).group_by(Enrolment.course_id)
    return dict(db.session.execute(rows).all())


def waiting_questions(
    course_ids: Collection[int],
    *,
    item_id: int | None = None,
    not_by: int | None = None,
    others: Collection[str] = (),
) -> list[WaitingQuestion]:
    """The questions with essays that wait, the one with the oldest answer first."""
    key = Attempt.item_id, Answer.question
    revision_id = func.max(Attempt.item_revision_id)
    rows = _waiting(course_ids, not_by, *key, func.count(), func.min(Attempt.submitted_at), revision_id)
    rows = rows.group_by(*key).order_by(func.min(Attempt.submitted_at), *key)
    if item_id is not None:
        rows = rows.where(Attempt.item_id == item_id)
    found = db.session.execute(rows).all()
    titles = _titles({row[4] for row in found})
    made = []
    for item, question, count, since, revision in found:
        oldest = next_waiting(course_ids, item, question, not_by=not_by, others=others)
        oldest = oldest or next_waiting(course_ids, item, question, not_by=not_by)
        assert oldest is not None
        title = queries.quiz_of_revision(revision).question(question).title
        made.append(WaitingQuestion(item, question, title, *titles[revision], count, since, *oldest))
    return made


def _titles(item_revision_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = select(ItemRevision.id, ItemRevision.title, CourseRevision.title)
    rows = rows.join(CourseRevision, CourseRevision.id == ItemRevision.revision_id)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(rows.where(ItemRevision.id.in_(item_revision_ids)))}


def next_waiting(
    course_ids: Collection[int],
    item_id: int,
    question: str | None,
    *,
    after: Attempt | AttemptRow | None = None,
    skipped_question: str = "",
    not_by: int | None = None,
    others: Collection[str] = (),
) -> EssayPosition | None:
    """The oldest essay that waits at a quiz, of one question or of any.

    With ``after`` the one of the attempts that follow; after the last one, the first again. Never the answer of this
    attempt to ``skipped_question``, and none that others have open (``others``, by ``work_name``).
    """
    rows = _waiting(course_ids, not_by, Attempt.id, Attempt.selection, Answer.question)
    rows = rows.where(Attempt.item_id == item_id).order_by(Attempt.submitted_at, Attempt.id, Answer.question).limit(1)
    if question is not None:
        rows = rows.where(Answer.question == question)
    rows = rows.where(*_not_open(item_id, others))
    row = None
    if after is not None:
        rows = rows.where((Attempt.id != after.id) | (Answer.question != skipped_question))
        at_once = (Attempt.submitted_at == after.submitted_at) & (Attempt.id > after.id)
        row = db.session.execute(rows.where((Attempt.submitted_at > after.submitted_at) | at_once)).first()
    row = row or db.session.execute(rows).first()
    return EssayPosition(row[0], [one["id"] for one in row[1]].index(row[2]) + 1) if row else None


def _not_open(item_id: int, others: Collection[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name in others:
        kind, item, *rest = name.split(":")
        if (kind, item) == ("essay", str(item_id)):
            found.append((Attempt.id != int(rest[-1])) | (Answer.question != ":".join(rest[:-1])))
    return found


def waiting_since(enrolment_ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """Since when the oldest attempt waits for its marks, by enrolment and item."""
    rows = select(Attempt.enrolment_id, Attempt.item_id, func.min(Attempt.submitted_at))
    rows = rows.where(*WAITS, Attempt.enrolment_id.in_(enrolment_ids)).group_by(Attempt.enrolment_id, Attempt.item_id)
    return {(enrolment_id, item_id): at for enrolment_id, item_id, at in db.session.execute(rows) if at}


def marks_of_answer(attempt_id: int, question: str) -> Sequence[AnswerMark]:
    """The first one first."""
    own = AnswerMark.attempt_id == attempt_id, AnswerMark.question == question
    return db.session.scalars(select(AnswerMark).where(*own).order_by(AnswerMark.number)).all()


def held_marks(attempt_id: int) -> Sequence[AnswerMark]:
    """The last one given comes last."""
    own = AnswerMark.attempt_id == attempt_id, AnswerMark.is_held
    rows = select(AnswerMark).where(*own).order_by(AnswerMark.marked_at, AnswerMark.id)
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


def is_ready(attempt_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(Attempt.id == attempt_id, *IS_READY))))


@dataclass(frozen=True)
class GradedQuestion:
    """An essay question with the answers that people have marked."""

    item_id: int
    question: str
    title: str
    item_title: str
    course_title: str
    count: int
    newest_at: datetime


def _marked(course_ids: Collection[int], not_by: int, *columns: Any) -> Select[Any]:
    """The newest mark of each answer."""
    found = select(*columns).select_from(AnswerMark).join(Attempt, Attempt.id == AnswerMark.attempt_id)
    found = found.join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    counted = ~Attempt.is_practice, AnswerMark.points.is_not(None), Attempt.person_id != not_by
    return found.where(is_newest(AnswerMark, "attempt_id", "question"), *counted, Enrolment.course_id.in_(course_ids))


def graded_questions(
    course_ids: Collection[int], *, item_id: int | None = None, question: str | None = None, not_by: int
) -> list[GradedQuestion]:
    """The essay questions with marked answers, the one with the newest mark first."""
    key = Attempt.item_id, AnswerMark.question
    newest = func.max(AnswerMark.marked_at)
    rows = _marked(course_ids, not_by, *key, func.count(), newest, func.max(Attempt.item_revision_id))
    rows = rows.group_by(*key).order_by(newest.desc(), *key)
    if item_id is not None:
        rows = rows.where(Attempt.item_id == item_id)
    if question is not None:
        rows = rows.where(AnswerMark.question == question)
    found = db.session.execute(rows).all()
    titles = _titles({row[4] for row in found})
    made = []
    for item, of, count, at, revision in found:
        asked = queries.quiz_of_revision(revision).question(of)
        if asked.is_marked_by_people:
            made.append(GradedQuestion(item, of, asked.title, *titles[revision], count, at))
    return made


def graded_answers(course_ids: Collection[int], item_id: int, question: str, *, not_by: int) -> Select[Any]:
    """(Attempt, Person, AnswerMark) of each marked answer to a question, the newest mark first."""
    rows = _marked(course_ids, not_by, Attempt, Person, AnswerMark).join(Person, Person.id == Attempt.person_id)
    rows = rows.where(Attempt.item_id == item_id, AnswerMark.question == question)
    return rows.order_by(AnswerMark.marked_at.desc(), AnswerMark.id.desc())
