"""Reads of handed-in attempts, for those who teach the course."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, cast, func, or_, select

from lms.analysis import quiz_analysis
from lms.analysis.choosing import Which, choose_attempts
from lms.analysis.marks import AnalysedAttempt
from lms.analysis.quiz_analysis import QuizAnalysis
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment.models import Cohort, Enrolment
from lms.people.models import Person, Unit
from lms.people.names import full_name
from lms.quizzes import queries as quizzes
from lms.quizzes.gain import Gain
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.scoring import is_discarded


class SubmittedAttempt(NamedTuple):
    id: int
    enrolment_id: int
    person_id: int
    item_revision_id: int
    number: int
    started_at: datetime
    submitted_at: datetime
    submitted_by: str
    points: Decimal
    most_points: Decimal
    score: Decimal | None
    """None, as ``is_passed``, while an essay waits for its mark."""
    is_passed: bool | None


_SUBMITTED = (
    Attempt.item_id == bindparam("item_id"),
    Attempt.submitted_at.is_not(None),
    ~Attempt.is_practice,
    Enrolment.withdrawn_at.is_(None),
    or_(bindparam("cohort_id", type_=Integer).is_(None), Enrolment.cohort_id == bindparam("cohort_id")),
)
_ATTEMPTS = DirectQuery(
    select(*(getattr(Attempt, name) for name in SubmittedAttempt._fields))
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .where(*_SUBMITTED)
    .order_by(Attempt.enrolment_id, Attempt.number),
    SubmittedAttempt,
)
_SELECTIONS = (
    select(Attempt.id, cast(Attempt.selection, String))
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .where(*_SUBMITTED)
)
_ANSWERS = DirectQuery(
    select(
        Answer.attempt_id,
        Answer.question,
        cast(func.round(Answer.points * 100), Integer).label("cents"),
        cast(Answer.response, String).label("response"),
    )
    .join(Attempt, Attempt.id == Answer.attempt_id)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .where(*_SUBMITTED),
    tuple,
)
"""As they are stored: of thousands of attempts, most responses are equal, and each is read once."""


def submitted_attempts(item_id: int, cohort_id: int | None, which: Which) -> list[SubmittedAttempt]:
    """By enrolment, without attempts that the quiz discarded and those of people who left."""
    rows: list[SubmittedAttempt] = _ATTEMPTS.rows(item_id=item_id, cohort_id=cohort_id)
    quiz_of = quizzes.quiz_of_revision
    counted = (one for one in rows if not is_discarded(quiz_of(one.item_revision_id), one.submitted_by))
    return choose_attempts(counted, which)


def scored_attempts(item_id: int, cohort_id: int | None, which: Which) -> list[SubmittedAttempt]:
    """The ``submitted_attempts`` that have a score; in the others, an essay waits for its mark."""
    return [one for one in submitted_attempts(item_id, cohort_id, which) if one.score is not None]


def versions(attempts: Iterable[SubmittedAttempt]) -> dict[int, Quiz]:
    """The quiz as these attempts had it, by the item's revision, the newest last."""
    ids = sorted({one.item_revision_id for one in attempts})
    return {id: quizzes.quiz_of_revision(id) for id in ids}


def analysis(item: ItemSummary, cohort_id: int | None, attempts: Sequence[SubmittedAttempt]) -> QuizAnalysis:
    """:param attempts: ``scored_attempts`` of the same cohort."""
    found = versions(attempts)
    selected = _selections(item.item_id, cohort_id) if any(quiz.draw for quiz in found.values()) else {}
    answers = _ANSWERS.each(item_id=item.item_id, cohort_id=cohort_id) if attempts else ()
    marked = _marked(attempts, found, selected)
    return quiz_analysis.analysed(quizzes.quiz_of_revision(item.item_revision_id), found, marked, answers)


def _marked(
    attempts: Iterable[SubmittedAttempt], found: dict[int, Quiz], selected: dict[int, Any]
) -> list[AnalysedAttempt]:
    """Attempts that were asked the same share what is known of it."""
    of_all = {id: quiz_analysis.marked_attempt(0, id, quiz, None) for id, quiz in found.items()}
    return [
        of_all[one.item_revision_id]._replace(id=one.id)
        if found[one.item_revision_id].draw is None
        else quiz_analysis.marked_attempt(one.id, one.item_revision_id, found[one.item_revision_id], selected[one.id])
        for one in attempts
    ]


def _selections(item_id: int, cohort_id: int | None) -> dict[int, Any]:
    rows = db.session.execute(_SELECTIONS, {"item_id": item_id, "cohort_id": cohort_id})
    return {id: json.loads(selection) for id, selection in rows}


def attempt_counts(item_ids: Sequence[int]) -> dict[int, int]:
    """How many people have a mark in each quiz."""
    counted = (
        select(Attempt.item_id, func.count(Attempt.enrolment_id.distinct()))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.item_id.in_(item_ids), Attempt.score.is_not(None), ~Attempt.is_practice)
        .where(Enrolment.withdrawn_at.is_(None))
        .group_by(Attempt.item_id)
    )
    return dict(db.session.execute(counted).all())


def quizzes_of(revision_id: int) -> list[ItemSummary]:
    """The quizzes of a course, in order."""
    return [item for item in courses.contents(revision_id).items if item.type == Quiz.type]


class AttemptPerson(NamedTuple):
    """Who an attempt is of. ``nip`` is whole: mask it before it is shown."""

    enrolment_id: int
    full_name: str
    nip: str | None
    unit: str | None
    cohort: str


def people(course_id: int, cohort_id: int | None) -> dict[int, AttemptPerson]:
    """The participants by enrolment."""
    found = (
        select(Enrolment.id, Person.title_before, Person.name, Person.title_after, Person.nip, Unit.name, Cohort.name)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
    )
    if cohort_id is not None:
        found = found.where(Enrolment.cohort_id == cohort_id)
    return {
        key: AttemptPerson(key, full_name(before, name, after), nip, unit, cohort)
        for key, before, name, after, nip, unit, cohort in db.session.execute(found)
    }


class WrittenAnswer(NamedTuple):
    """``text`` is None where nothing was answered, ``points`` while people have still to mark it."""

    text: str | None
    points: Decimal | None


AT_ONCE = 200
"""Attempts whose answers are in memory at the same time."""


def written_answers(
    attempts: Sequence[SubmittedAttempt],
) -> Iterator[tuple[SubmittedAttempt, dict[str, WrittenAnswer]]]:
    """Each attempt with its answers as people read them, by question: of all that the attempt asked."""
    for first in range(0, len(attempts), AT_ONCE):
        some = attempts[first : first + AT_ONCE]
        selected = select(Attempt.id, Attempt.selection).where(Attempt.id.in_([one.id for one in some]))
        asked = {id: [one["id"] for one in selection] for id, selection in db.session.execute(selected)}
        given: dict[int, dict[str, Any]] = {one.id: {} for one in some}
        answers = select(Answer.attempt_id, Answer.question, Answer.response, Answer.points)
        for row in db.session.execute(answers.where(Answer.attempt_id.in_(list(given)))):
            given[row.attempt_id][row.question] = row
        for one in some:
            quiz = quizzes.quiz_of_revision(one.item_revision_id)
            yield one, {id: _written(quiz.question(id), given[one.id].get(id)) for id in asked[one.id]}


def _written(question: Question, row: Any) -> WrittenAnswer:
    answer = question.load_answer(row.response) if row else None
    if answer is None:
        return WrittenAnswer(None, Decimal(0))
    is_unmarked = question.is_marked_by_people and row.points is None
    return WrittenAnswer(" · ".join(question.answer_texts(answer)), None if is_unmarked else row.points or Decimal(0))


class Gains(NamedTuple):
    """What the people of a cohort gained, by enrolment, and the questions that stand in both quizzes as pairs."""

    by_enrolment: dict[int, Gain]
    pairs: list[PairedQuestion]


class PairedQuestion(NamedTuple):
    """Facility of both questions, of those who answered both quizzes."""

    title: str
    before: float
    after: float


def gains(before: ItemSummary, after: ItemSummary, cohort_id: int | None, which: Which) -> Gains:
    """The gains of those who have handed in both, from the first attempt at the pretest to ``which`` at the posttest.

    ``all`` is taken as the first.
    """
    pretests = {one.enrolment_id: one for one in scored_attempts(before.item_id, cohort_id, "first")}
    posttests = scored_attempts(after.item_id, cohort_id, "first" if which == "all" else which)
    both = [one for one in posttests if one.enrolment_id in pretests]
    found = {
        one.enrolment_id: Gain(was, one.score)
        for one in both
        if one.score is not None and (was := pretests[one.enrolment_id].score) is not None
    }
    first = analysis(before, cohort_id, [pretests[one.enrolment_id] for one in both])
    second = analysis(after, cohort_id, both)
    facility = {one.question.pair: one.item.facility for one in first.questions if one.question.pair}
    pairs = [
        PairedQuestion(one.question.title, facility[one.question.pair], one.item.facility)
        for one in second.questions
        if one.question.pair in facility
    ]
    return Gains(found, pairs)
