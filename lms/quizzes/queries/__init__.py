"""Reads of attempts and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, true

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Enrolment
from lms.learning import reading_again
from lms.learning.reading_again import ReadAgain
from lms.learning.states import ItemRow
from lms.people.models import Person
from lms.people.rights import Rights
from lms.quizzes import attempt_state as states
from lms.quizzes import responses, scoring
from lms.quizzes.attempt_state import AttemptState
from lms.quizzes.disclosure import disclosure, moment_of
from lms.quizzes.models import Answer, AnswerMark, Attempt, QuestionVoid, QuizOverride
from lms.quizzes.overrides import OverrideRow, Overrides, OverrideValues, applied, overrides_at
from lms.quizzes.regrading import Basis, keyed_questions
from lms.quizzes.scoring import COUNTS


class QuizLocation(NamedTuple):
    """Where the quiz is now. ``item_slug`` is None if the course no longer has it."""

    course_slug: str
    item_slug: str | None


class AttemptRow(NamedTuple):
    """An attempt as its pages and its answers need it: nothing of this changes but by submitting."""

    id: int
    enrolment_id: int
    person_id: int
    item_id: int
    item_revision_id: int
    number: int
    selection: list[dict[str, Any]]
    deadline_at: datetime | None
    submitted_at: datetime | None
    submitted_by: str | None
    points: Decimal | None
    most_points: Decimal
    score: Decimal | None
    is_passed: bool | None
    reviewed_at: datetime | None
    started_at: datetime
    is_practice: bool
    basis: dict[str, Any] | None
    title: str
    """The quiz's title as it was when the attempt started."""


_ROWS = select(*(getattr(Attempt, name) for name in AttemptRow._fields[:-1]), ItemRevision.title).join(
    ItemRevision, ItemRevision.id == Attempt.item_revision_id
)
_ROW = _ROWS.where(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
_OWN_ROW = DirectQuery(_ROW, AttemptRow)
_OWN_ROW_FOR_UPDATE = DirectQuery(_ROW.with_for_update(of=Attempt), AttemptRow)


def attempt_row(attempt_id: int, person_id: int) -> AttemptRow | None:
    """The person's own attempt; None for anyone else's."""
    row: AttemptRow | None = _OWN_ROW.row(attempt_id=attempt_id, person_id=person_id)
    return row


def attempt_row_for_update(attempt_id: int, person_id: int) -> AttemptRow | None:
    """The person's own attempt, locked until the transaction ends."""
    row: AttemptRow | None = _OWN_ROW_FOR_UPDATE.row(attempt_id=attempt_id, person_id=person_id)
    return row


def quiz_of_revision(item_revision_id: int) -> Quiz:
    return cast(Quiz, courses.item_content(item_revision_id))


_FOR_UPDATE = (
    select(Attempt)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update(of=Attempt)
    .execution_options(populate_existing=True)
)
_OWN_FOR_UPDATE = _FOR_UPDATE.where(Attempt.person_id == bindparam("person_id"))


def attempt_for_update(attempt_id: int, person_id: int | None = None) -> Attempt | None:
    """The attempt, locked until the transaction ends; with ``person_id`` only this person's own."""
    if person_id is None:
        return db.session.scalar(_FOR_UPDATE, {"attempt_id": attempt_id})
    return db.session.scalar(_OWN_FOR_UPDATE, {"attempt_id": attempt_id, "person_id": person_id})


_ATTEMPTS = DirectQuery(
    _ROWS.where(Attempt.enrolment_id == bindparam("enrolment_id"), Attempt.item_id == bindparam("item_id")).order_by(
        Attempt.number
    ),
    AttemptRow,
)


class AttemptsAtQuiz(NamedTuple):
    """``counted`` the first one first, ``practice`` the newest first."""

    counted: list[AttemptRow]
    practice: list[AttemptRow]


def attempts_at_quiz(enrolment_id: int, item_id: int) -> AttemptsAtQuiz:
    rows = _ATTEMPTS.rows(enrolment_id=enrolment_id, item_id=item_id)
    return AttemptsAtQuiz([one for one in rows if not one.is_practice], [one for one in rows if one.is_practice])


def attempts_of(enrolment_id: int, item_id: int) -> list[AttemptRow]:
    """All attempts of an enrolment at a quiz, without practice, the first one first."""
    return attempts_at_quiz(enrolment_id, item_id).counted


def attempts_of_enrolment(enrolment_id: int) -> list[AttemptRow]:
    """At all quizzes of the course, without practice, the first one first."""
    own = Attempt.enrolment_id == enrolment_id, Attempt.is_practice.is_(False)
    rows = db.session.execute(_ROWS.where(*own).order_by(Attempt.number, Attempt.id))
    return [AttemptRow._make(row) for row in rows]


def submitted_attempt(attempt_id: int, teacher: Rights) -> tuple[AttemptRow, Enrolment, Person] | None:
    """A submitted attempt, no practice, in a course that somebody teaches, or of any course for an admin."""
    taught = true() if teacher.is_admin else Enrolment.course_id.in_(teacher.taught_course_ids)
    found = _ROWS.join(Enrolment, Enrolment.id == Attempt.enrolment_id).join(Person, Person.id == Attempt.person_id)
    found = found.add_columns(Enrolment, Person)
    counted = Attempt.submitted_at.is_not(None), Attempt.is_practice.is_(False)
    row = db.session.execute(found.where(Attempt.id == attempt_id, *counted, taught)).first()
    return (AttemptRow._make(row[:-2]), row[-2], row[-1]) if row else None


def attempt_by_id(attempt_id: int) -> AttemptRow | None:
    """Anybody's: the caller has checked that the reader may see it."""
    row = db.session.execute(_ROWS.where(Attempt.id == attempt_id)).first()
    return AttemptRow._make(row) if row else None


def running_attempts(which: ColumnElement[bool]) -> Sequence[Attempt]:
    """The running attempts of enrolments, locked after these. ``which`` is a condition on ``Enrolment``."""
    is_running = Attempt.submitted_at.is_(None)
    has_running = exists().where(Attempt.enrolment_id == Enrolment.id, is_running)
    enrolments = select(Enrolment.id).where(which, has_running).order_by(Enrolment.id)
    ids = db.session.scalars(enrolments.with_for_update(key_share=True)).all()
    found = select(Attempt).where(Attempt.enrolment_id.in_(ids), is_running).order_by(Attempt.id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def attempts_by_item(enrolment_ids: Sequence[int]) -> dict[tuple[int, int], list[Attempt]]:
    """All attempts of enrolments by enrolment and item, without practice, the first one first. Running ones are
    locked."""
    mine = Attempt.enrolment_id.in_(enrolment_ids) & Attempt.is_practice.is_(False)
    running = select(Attempt.id).where(mine, Attempt.submitted_at.is_(None)).order_by(Attempt.id)
    db.session.execute(running.with_for_update()).all()
    found: dict[tuple[int, int], list[Attempt]] = {}
    rows = select(Attempt).where(mine).order_by(Attempt.number).execution_options(populate_existing=True)
    for attempt in db.session.scalars(rows):
        found.setdefault((attempt.enrolment_id, attempt.item_id), []).append(attempt)
    return found


def scores(enrolment_id: int, item_id: int) -> list[Decimal]:
    """The scores of all submitted attempts, the first one first."""
    return [one.score for one in attempts_of(enrolment_id, item_id) if one.score is not None]


class AnswerRow(NamedTuple):
    question: str
    response: dict[str, Any]
    is_flagged: bool
    event_id: int
    answered_at: datetime
    points: Decimal | None


_ANSWERS = DirectQuery(
    select(*(getattr(Answer, name) for name in AnswerRow._fields)).where(Answer.attempt_id == bindparam("attempt_id")),
    AnswerRow,
)


def answers(attempt_id: int) -> dict[str, AnswerRow]:
    """The answers that count, by question id."""
    return {row.question: row for row in _ANSWERS.rows(attempt_id=attempt_id)}


def attempt_state(attempt: Attempt | AttemptRow, known: Mapping[str, AnswerRow] | None = None) -> AttemptState:
    """``known`` are its answers, if they were read before."""
    rows, quiz = answers(attempt.id) if known is None else known, quiz_of_revision(attempt.item_revision_id)
    state = states.attempt_state(
        quiz,
        attempt.selection,
        {id: responses.from_json(answer.response, quiz.question(id)) for id, answer in rows.items()},
        frozenset(id for id, answer in rows.items() if answer.is_flagged),
        questions_as_marked(attempt) if attempt.basis else {},
    )
    if attempt.submitted_at is None:
        return state
    basis = Basis.of(attempt.basis, attempt.item_revision_id)
    return state.with_decisions(basis.voided, marks_by_hand([attempt.id]).get(attempt.id, {}))


def questions_as_marked(attempt: Attempt | AttemptRow, basis: Basis | None = None) -> Mapping[str, Question]:
    """The questions of an attempt by id, with the keys by which it was marked, or those of ``basis``."""
    basis = basis or Basis.of(attempt.basis, attempt.item_revision_id)
    asked, newer = quiz_of_revision(attempt.item_revision_id), quiz_of_revision(basis.revision_id)
    return keyed_questions(asked, newer, [one["id"] for one in attempt.selection]).questions


_MARKS = DirectQuery(
    select(AnswerMark.attempt_id, AnswerMark.question, AnswerMark.points)
    .where(AnswerMark.attempt_id.in_(bindparam("attempt_ids", expanding=True)), ~AnswerMark.is_held)
    .order_by(AnswerMark.number)
)


def marks_by_hand(attempt_ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """The points that instructors gave to single answers, by attempt and question, without what was withdrawn or is
    held."""
    newest: dict[int, dict[str, Decimal | None]] = {}
    for row in _MARKS.rows(attempt_ids=attempt_ids):
        newest.setdefault(row.attempt_id, {})[row.question] = row.points
    return {
        attempt_id: {question: points for question, points in own.items() if points is not None}
        for attempt_id, own in newest.items()
    }


_VOIDED = DirectQuery(
    select(QuestionVoid.question, QuestionVoid.rule)
    .where(QuestionVoid.item_id == bindparam("item_id"))
    .order_by(QuestionVoid.number),
    tuple,
)


def voided(item_id: int) -> dict[str, str]:
    """The rules of a quiz's void questions by id."""
    newest: dict[str, str] = dict(_VOIDED.rows(item_id=item_id))
    return {question: rule for question, rule in newest.items() if rule != COUNTS}


def is_discarded(attempt: Attempt | AttemptRow) -> bool:
    return scoring.is_discarded(quiz_of_revision(attempt.item_revision_id), attempt.submitted_by)


def marked_state(attempt: AttemptRow) -> AttemptState:
    """A submitted attempt with the points that its answers earned."""
    rows = answers(attempt.id)
    state = attempt_state(attempt, rows)
    return state if is_discarded(attempt) else state.with_points({id: row.points for id, row in rows.items()})


def to_read_again(
    enrolment_id: int, row: ItemRow, course_slug: str, rows: Sequence[ItemRow], now: datetime
) -> list[ReadAgain]:
    """What to read again before the next attempt at a failed item, by the newest result that its learner has seen.

    Of an item that is no quiz, what comes before it in the course.
    """
    seen = [one for one in attempts_of(enrolment_id, row.item.item_id) if one.reviewed_at is not None]
    if not seen:
        return reading_again.to_read_again(rows, row.item, course_slug, {})
    moment = moment_of(
        is_passed=False,
        may_retry=not row.is_failed_for_good,
        is_closed=row.closes_at is not None and now >= row.closes_at,
    )
    shown = disclosure(quiz_of_revision(row.item.item_revision_id).review, moment)
    if not shown.overall:
        return []
    return reading_again.to_read_again(rows, row.item, course_slug, marked_state(seen[-1]).failed_explanations(shown))


def attempts_left(enrolment_id: int, row: ItemRow) -> int | None:
    """None: no limit, or the item is no quiz."""
    if row.item.type != Quiz.type:
        return None
    quiz = quiz_for(enrolment_id, row.item.item_id, quiz_of_revision(row.item.item_revision_id))
    return None if quiz.attempts is None else quiz.attempts - len(attempts_of(enrolment_id, row.item.item_id))


def overdue_ids(now: datetime) -> Sequence[int]:
    """Running attempts whose deadline has passed, the longest overdue first. Some may still be within their grace."""
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.submitted_at.is_(None), Attempt.deadline_at < now)
        .order_by(Attempt.deadline_at)
    ).all()


_LOCKED_ENROLMENT = DirectQuery(select(Enrolment.id).where(Enrolment.id == bindparam("enrolment_id")).with_for_update())


def lock_enrolment(enrolment_id: int) -> None:
    """Make concurrent starts of one learner wait for each other."""
    _LOCKED_ENROLMENT.row(enrolment_id=enrolment_id)


_LOCATION = DirectQuery(
    select(Course.slug, CourseRevision.id)
    .join(Enrolment, Enrolment.course_id == Course.id)
    .outerjoin(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
    .where(Enrolment.id == bindparam("enrolment_id"))
)


def quiz_location(attempt: AttemptRow) -> QuizLocation:
    """By the published revision: slugs may have changed since the attempt started."""
    row = _LOCATION.row(enrolment_id=attempt.enrolment_id)
    assert row is not None
    if row.id is None:
        return QuizLocation(row.slug, None)
    item = courses.contents(row.id).item(attempt.item_id)
    return QuizLocation(row.slug, item.slug if item else None)


_OVERRIDES = DirectQuery(
    select(
        Enrolment.id.label("person_in"),
        QuizOverride.enrolment_id,
        QuizOverride.cohort_id,
        QuizOverride.item_id,
        QuizOverride.number,
        *(getattr(QuizOverride, name) for name in OverrideValues.__dataclass_fields__),
    )
    .join(Enrolment, or_(QuizOverride.enrolment_id == Enrolment.id, QuizOverride.cohort_id == Enrolment.cohort_id))
    .where(Enrolment.id.in_(bindparam("enrolment_ids", expanding=True)))
)


def override_rows(enrolment_ids: Sequence[int]) -> dict[int, list[OverrideRow]]:
    """By enrolment, all rows that were ever given to the person or the cohort."""
    found: dict[int, list[OverrideRow]] = {enrolment_id: [] for enrolment_id in enrolment_ids}
    for person_in, enrolment_id, cohort_id, item_id, number, *values in _OVERRIDES.rows(
        enrolment_ids=list(enrolment_ids)
    ):
        found[person_in].append(OverrideRow(enrolment_id, cohort_id, item_id, number, OverrideValues(*values)))
    return found


def overrides_of(enrolment_id: int, item_id: int) -> Overrides:
    return overrides_at(item_id, override_rows([enrolment_id])[enrolment_id])


def quiz_for(enrolment_id: int, item_id: int, quiz: Quiz) -> Quiz:
    """The quiz with the limits that hold for this person."""
    return applied(quiz, overrides_of(enrolment_id, item_id))
