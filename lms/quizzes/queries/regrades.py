"""Reads for scoring attempts again, and of what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, null, select
from sqlalchemy.orm import lazyload

from lms.content.items.quiz import Quiz
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses.models import CourseItem
from lms.enrolment.models import Enrolment
from lms.learning.models import Progress
from lms.people.models import Person
from lms.quizzes import queries, responses
from lms.quizzes.models import Answer, AnswerMark, Attempt, QuestionVoid, Regrade, RegradeLine
from lms.quizzes.regrading import Basis, MarkedAttempt, Result
from lms.quizzes.responses import Response
from lms.quizzes.scoring import is_discarded


def submitted_attempts(item_id: int) -> tuple[dict[int, list[MarkedAttempt]], list[MarkedAttempt]]:
    """All that counts of the submitted attempts at a quiz: those with a score by enrolment, the first one first; and
    those of which people have still to mark an answer.

    Left out are those of people who have left, and those that a quiz discards: their answers never count.
    """
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.enrolment_id,
            Attempt.number,
            Attempt.selection,
            Attempt.item_revision_id,
            Attempt.basis,
            Attempt.points,
            Attempt.most_points,
            Attempt.score,
            Attempt.submitted_by,
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(_in_course_of(item_id), Attempt.submitted_at.is_not(None), Enrolment.withdrawn_at.is_(None))
        .order_by(Attempt.enrolment_id, Attempt.number)
    ).all()
    asked = {one: queries.quiz_of_revision(one) for one in {row.item_revision_id for row in rows}}
    counting = [row for row in rows if not is_discarded(asked[row.item_revision_id], row.submitted_by)]
    given = _answers(item_id, {row.id: asked[row.item_revision_id] for row in counting})
    marks = _all_marks(item_id)
    found: dict[int, list[MarkedAttempt]] = {}
    waiting = []
    for row in counting:
        attempt = MarkedAttempt(
            id=row.id,
            enrolment_id=row.enrolment_id,
            number=row.number,
            item_revision_id=row.item_revision_id,
            question_ids=tuple(one["id"] for one in row.selection),
            basis=Basis.of(row.basis, row.item_revision_id),
            old=Result.stored(row.points, row.most_points, row.score),
            answers=given.get(row.id, {}),
            marks=marks.get(row.id, {}),
        )
        if row.score is None:
            waiting.append(attempt)
        else:
            found.setdefault(row.enrolment_id, []).append(attempt)
    return found, waiting


def _in_course_of(item_id: int) -> ColumnElement[bool]:
    """Attempts at a quiz, found by the enrolments in its course: attempts have no index by item alone."""
    course_id = select(CourseItem.course_id).where(CourseItem.id == item_id).scalar_subquery()
    return and_(Enrolment.course_id == course_id, Attempt.item_id == item_id, ~Attempt.is_practice)


def _answers(item_id: int, quizzes: Mapping[int, Quiz]) -> dict[int, dict[str, Response]]:
    """The answers that count, by attempt and question; ``quizzes`` by attempt."""
    of_quiz = select(Attempt.id).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    of_quiz = of_quiz.where(_in_course_of(item_id), Attempt.submitted_at.is_not(None))
    rows = select(Answer.attempt_id, Answer.question, Answer.response).where(Answer.attempt_id.in_(of_quiz))
    found: dict[int, dict[str, Response]] = {}
    for attempt_id, question, response in db.session.execute(rows):
        if quiz := quizzes.get(attempt_id):
            given = responses.from_json(response, quiz.question(question))
            found.setdefault(attempt_id, {})[question] = given
    return found


def _all_marks(item_id: int) -> dict[int, dict[str, Any]]:
    marked = select(AnswerMark.attempt_id).join(Attempt, Attempt.id == AnswerMark.attempt_id)
    ids = db.session.scalars(marked.where(Attempt.item_id == item_id).distinct()).all()
    return queries.marks_by_hand(ids) if ids else {}


class Participant(NamedTuple):
    enrolment_id: int
    person_id: int
    full_name: str
    unit: str


def participants(enrolment_ids: Collection[int]) -> dict[int, Participant]:
    rows = select(Enrolment.id, Person).join(Person, Person.id == Enrolment.person_id)
    found = db.session.execute(rows.where(Enrolment.id.in_(enrolment_ids)).options(lazyload(Person.grants)))
    return {
        key: Participant(key, person.id, person.full_name, person.unit.name if person.unit else "")
        for key, person in found
    }


def newest_number(item_id: int) -> int:
    """The number of a quiz's newest regrade; 0 if there was none."""
    return db.session.scalar(select(func.max(Regrade.number)).where(Regrade.item_id == item_id)) or 0


def newest_void(item_id: int, question: str) -> int:
    """The number of the newest decision about a question; 0 if there was none."""
    own = QuestionVoid.item_id == item_id, QuestionVoid.question == question
    return db.session.scalar(select(func.max(QuestionVoid.number)).where(*own)) or 0


def regrade(item_id: int, number: int) -> Regrade | None:
    return db.session.scalar(select(Regrade).where(Regrade.item_id == item_id, Regrade.number == number))


def regrade_by_id(regrade_id: int) -> Regrade | None:
    return db.session.get(Regrade, regrade_id)


def regrades(item_id: int) -> Sequence[Regrade]:
    """All of a quiz, the newest first."""
    return db.session.scalars(select(Regrade).where(Regrade.item_id == item_id).order_by(Regrade.number.desc())).all()


def unfinished_ids() -> Sequence[int]:
    """The regrades that are under way, the oldest first."""
    return db.session.scalars(select(Regrade.id).where(Regrade.finished_at.is_(None)).order_by(Regrade.id)).all()


def line_counts(regrade_id: int) -> dict[str, int]:
    """How many lines are in each state."""
    rows = select(RegradeLine.state, func.count()).where(RegradeLine.regrade_id == regrade_id)
    return dict(db.session.execute(rows.group_by(RegradeLine.state)).all())


def lines(regrade_id: int) -> Select[RegradeLine, Attempt, Person]:
    """With their attempts and people: those that changed first, then those that kept their score, then the others."""
    found = select(RegradeLine, Attempt, Person).join(Attempt, Attempt.id == RegradeLine.attempt_id)
    found = found.join(Person, Person.id == Attempt.person_id).options(lazyload(Person.grants))
    found = found.where(RegradeLine.regrade_id == regrade_id, RegradeLine.state != "same")
    return found.order_by(RegradeLine.state, func.lower(Person.name), RegradeLine.id)


def scores_that_count(regrade_id: int, item_id: int) -> dict[int, Decimal]:
    """The present scores of a quiz by enrolment, of those whose attempts a regrade changed."""
    changed = select(Attempt.enrolment_id).join(RegradeLine, RegradeLine.attempt_id == Attempt.id)
    concerned = changed.where(RegradeLine.regrade_id == regrade_id, RegradeLine.state == "changed")
    rows = select(Progress.enrolment_id, Progress.score).where(
        Progress.item_id == item_id, Progress.score.is_not(None), Progress.enrolment_id.in_(concerned)
    )
    return {enrolment_id: score for enrolment_id, score in db.session.execute(rows) if score is not None}


class Remark(NamedTuple):
    """Why an attempt was marked again: by a regrade, or one of its answers by an instructor."""

    at: datetime
    reason: str
    question: str
    """Empty for a regrade."""
    old: Decimal | None
    new: Decimal | None
    """The attempt's score before and after a regrade; for an answer, ``new`` are its points, None if the key marks it
    again."""
    by: int
    grade_number: int | None
    regrade_number: int | None


_ATTEMPTS: Any = bindparam("attempt_ids", expanding=True)
_REGRADED = DirectQuery(
    select(
        RegradeLine.attempt_id,
        func.coalesce(RegradeLine.done_at, Regrade.started_at),
        Regrade.reason,
        literal(""),
        RegradeLine.old_score,
        RegradeLine.new_score,
        Regrade.started_by,
        RegradeLine.grade_number,
        Regrade.number,
    )
    .join(Regrade, Regrade.id == RegradeLine.regrade_id)
    .where(RegradeLine.attempt_id.in_(_ATTEMPTS), RegradeLine.state == "changed"),
    tuple,
)
_MARKED_AGAIN = DirectQuery(
    select(
        AnswerMark.attempt_id,
        AnswerMark.marked_at,
        AnswerMark.reason,
        AnswerMark.question,
        null(),
        AnswerMark.points,
        AnswerMark.marked_by,
        AnswerMark.grade_number,
        null(),
    ).where(AnswerMark.attempt_id.in_(_ATTEMPTS), AnswerMark.reason != "", ~AnswerMark.is_held),
    tuple,
)


def remarks(attempt_ids: Iterable[int]) -> dict[int, list[Remark]]:
    """What changed the marks of attempts since they were handed in, in order, by attempt.

    Left out are regrades that changed nothing, and the first mark of an essay.
    """
    ids = list(attempt_ids)
    found: dict[int, list[Remark]] = {}
    for attempt_id, *told in (*_REGRADED.rows(attempt_ids=ids), *_MARKED_AGAIN.rows(attempt_ids=ids)):
        found.setdefault(attempt_id, []).append(Remark(*told))
    return {key: sorted(own, key=lambda remark: remark.at) for key, own in found.items()}


def answer_marks(attempt_id: int) -> dict[str, AnswerMark]:
    """The newest of an instructor's marks by question, withdrawn and held ones included."""
    rows = select(AnswerMark).where(AnswerMark.attempt_id == attempt_id).order_by(AnswerMark.number)
    return {one.question: one for one in db.session.scalars(rows)}


def told_answer_marks(attempt_id: int) -> dict[str, AnswerMark]:
    """Those that the learner may know of."""
    told = AnswerMark.attempt_id == attempt_id, ~AnswerMark.is_held
    return {
        one.question: one for one in db.session.scalars(select(AnswerMark).where(*told).order_by(AnswerMark.number))
    }


class WrongAnswer(NamedTuple):
    """An answer that did not earn all points."""

    attempt_id: int
    item_revision_id: int
    question: str
    response: dict[str, Any]
    points: Decimal | None
    person_name: str
    selection: list[dict[str, Any]]


def answers_below(item_id: int) -> Sequence[WrongAnswer]:
    """The answers of submitted attempts at a quiz that an instructor has not marked."""
    by_hand = (AnswerMark.attempt_id == Answer.attempt_id) & (AnswerMark.question == Answer.question)
    rows = (
        select(Answer.attempt_id, Attempt.item_revision_id, Answer.question, Answer.response, Answer.points, Person)
        .add_columns(Attempt.selection)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(
            and_(_in_course_of(item_id), Attempt.submitted_at.is_not(None), Enrolment.withdrawn_at.is_(None)),
            ~select(AnswerMark.id).where(by_hand).exists(),
        )
        .options(lazyload(Person.grants))
        .order_by(Answer.attempt_id, Answer.id)
    )
    return [
        WrongAnswer(attempt_id, revision_id, question, response, points, person.full_name, selection)
        for attempt_id, revision_id, question, response, points, person, selection in db.session.execute(rows)
    ]
