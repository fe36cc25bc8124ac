"""Start, answer and submit attempts. Every action is an event first; the rows are a projection of the events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import bindparam, insert, update

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core.db import db
from lms.core.direct_query import DirectWrite
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_moment
from lms.courses import queries as courses
from lms.journal import queries as journal
from lms.journal import services as journaling
from lms.journal.events import SERVER, ClientSeq
from lms.journal.fold import fold
from lms.learning import services as learning
from lms.learning.queries import ItemContext
from lms.learning.results import NewGrade
from lms.quizzes import queries, responses, scoring, timing
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.queries import AnswerRow, AttemptRow, page_states
from lms.quizzes.regrading import Basis, voided_among
from lms.quizzes.responses import NO_RESPONSE, Response
from lms.quizzes.scoring import AttemptScore
from lms.quizzes.services.new_attempts import new_attempt
from lms.quizzes.timing import Obstacle

AnyAttempt = Attempt | AttemptRow
"""What only reads an attempt takes a row as well."""
SaveState = Literal["saved", "replaced", "late", "submitted", "locked"]


class QuizClosed(Refusal):
    message = lazy("This quiz closed on %(moment)s. What you handed in before still counts.")


class NoAttemptsLeft(Refusal):
    message = lazy("You have used all attempts at this quiz (%(allowed)s). The results you have still count.")


class NextAttemptLater(Refusal):
    message = lazy("You can start the next attempt from %(moment)s.")


class NotInAttempt(Refusal):
    message = lazy("This question is not part of your attempt. Your answers are unchanged.")


class SavedAnswer(NamedTuple):
    """What became of an answer: ``saved``; ``replaced``: the page shows another answer than the one that counts;
    or stored without counting because it came ``late``, after the attempt was ``submitted``, or after the question was
    ``locked``.

    ``answers`` are those that count now, by question; ``answered_at`` and ``event_id`` those of the question's one,
    None if there is none.
    """

    state: SaveState
    answered_at: datetime | None
    event_id: int | None
    answers: Mapping[str, AnswerRow]


def subject(attempt: AnyAttempt) -> str:
    """The attempt's name in the journal."""
    return f"attempt:{attempt.id}"


def quiz_of(attempt: AnyAttempt) -> Quiz:
    """The quiz as it was when the attempt started."""
    return queries.quiz_of_revision(attempt.item_revision_id)


def quiz_in_force(attempt: AnyAttempt) -> Quiz:
    """The quiz as it is published: its pass mark, attempts and rule for the score decide about every attempt.

    A quiz that the course no longer has is as it was when the attempt started.
    """
    return queries.quiz_of_revision(courses.published_item_id(attempt.item_id) or attempt.item_revision_id)


def refusal(obstacle: Obstacle, quiz: Quiz) -> Refusal:
    if obstacle.reason == "none-left":
        return NoAttemptsLeft(allowed=quiz.attempts)
    refused = QuizClosed if obstacle.reason == "closed" else NextAttemptLater
    return refused(moment=say_moment(obstacle.until))


def obstacle_of(
    quiz: Quiz, attempts: Sequence[AttemptRow], closes_at: datetime | None, now: datetime
) -> Obstacle | None:
    """What keeps a learner from a new attempt after ``attempts``. ``quiz`` has the learner's own limits."""
    last = attempts[-1].submitted_at if attempts else None
    return timing.obstacle(quiz, used=len(attempts), last_submitted_at=last, closes_at=closes_at, now=now)


def start_attempt(context: ItemContext, *, seed: int, now: datetime) -> Attempt:
    """The running attempt, or a new one. Starting twice, even at the same moment, gives the same attempt.

    A running attempt whose time is over is submitted and returned.

    :raises Refusal: the quiz is closed, no attempt is left, or it is too early for the next.
    """
    queries.lock_enrolment(context.enrolment_id)
    before, practice = queries.attempts_at_quiz(context.enrolment_id, context.item_revision.item_id)
    running = next((attempt for attempt in before if attempt.submitted_at is None), None)
    if running:
        submit_if_overdue(running.id, now=now)
        return db.session.get_one(Attempt, running.id)
    quiz = queries.quiz_for(
        context.enrolment_id, context.item_revision.item_id, queries.quiz_of_revision(context.item_revision.id)
    )
    if obstacle := obstacle_of(quiz, before, context.closes_at, now):
        raise refusal(obstacle, quiz)
    submit_practice(practice, now=now)
    attempt = new_attempt(
        context,
        quiz,
        seed,
        [*practice, *before],
        number=len(before) + 1,
        deadline_at=timing.deadline(now, quiz.time_limit, context.closes_at),
        now=now,
    )
    learning.record_started(context.enrolment_id, context.item_revision, now=now)
    return attempt


def submit_practice(practice: Sequence[AttemptRow], *, now: datetime) -> None:
    """A learner has only one running attempt at a quiz: practice makes room for one that counts."""
    for one in practice:
        running = queries.attempt_for_update(one.id) if one.submitted_at is None else None
        if running is not None:
            submit_attempt(running, now=now)


def is_over(attempt: AnyAttempt, now: datetime) -> bool:
    """True if the attempt's time is over, grace included."""
    return timing.is_over(attempt.deadline_at, timing.grace(quiz_of(attempt)), now)


def timer_moment(attempt: AnyAttempt) -> datetime | None:
    """When a page's timer submits: at the deadline, or after the grace if the quiz grants it to the learner.

    Otherwise the grace is for answers that are still on their way.
    """
    quiz = quiz_of(attempt)
    if quiz.on_expiry == "grace":
        return timing.last_moment(attempt.deadline_at, timing.grace(quiz))
    return attempt.deadline_at


def may_timer_submit(attempt: AnyAttempt, now: datetime) -> bool:
    moment = timer_moment(attempt)
    return moment is not None and now >= moment


def save_answer(
    attempt: AnyAttempt,
    question: Question,
    sent: Response,
    *,
    base_event_id: int | None = None,
    client_seq: str = "",
    is_try: bool = False,
    yields: bool = False,
    now: datetime,
) -> SavedAnswer:
    """Store an answer as an event and update its row. Nothing is scored here.

    ``attempt`` is locked (``queries.attempt_row_for_update``). ``base_event_id`` is the event that the page showed
    when it was opened, ``client_seq`` names the page and the change (``responses``). With ``is_try`` the answer is
    checked in a quiz with tries. With ``yields`` it changes nothing if another page has answered since this one was
    opened: nobody knows when it was given. An answer that comes too late is stored as well, and submits the attempt.

    :raises NotInAttempt: the question is not part of this attempt.
    """
    if question.id not in {selected["id"] for selected in attempt.selection}:
        raise NotInAttempt
    answers = queries.answers(attempt.id)
    row = answers.get(question.id)
    stored = responses.from_json(row.response, question) if row else NO_RESPONSE
    state = save_state(attempt, stored, now)
    answered_at, event_id = (row.answered_at, row.event_id) if row else (None, None)
    seq = ClientSeq.parse(client_seq)
    if yields and row and sent.answer != stored.answer and page_states.is_from_another_page(row, seq, base_event_id):
        return SavedAnswer("replaced", answered_at, event_id, answers)
    page = page_states.page_state(subject(attempt), question, seq, base_event_id, row, stored)
    sent = replace(sent, files=stored.files)  # they come and go by themselves (answer_files)
    if is_try:
        sent = responses.checked_response(sent, stored, question, quiz_of(attempt).try_penalty)
    else:
        sent = responses.with_tries_of(stored, sent)
    changed = responses.changed_response(sent, stored, seq, page)
    if changed:
        body: dict[str, Any] = {"about": question.id, "response": responses.to_json(changed, question)}
        body |= {"is_final": True} if changed.is_final else {}
        body |= {"turn": client_seq} if client_seq else {}
        appended_id = journaling.append(attempt.person_id, subject(attempt), "answer", body, now=now)
        if state == "saved":
            answered_at, event_id = now, appended_id
            values = {"response": body["response"], "event_id": event_id, "answered_at": now}
            if row is None:  # the lock on the attempt keeps two from inserting at once
                row = AnswerRow(question.id, is_flagged=False, points=None, **values)
                _INSERT_ANSWER.run(attempt_id=attempt.id, question=question.id, is_flagged=False, **values)
            else:
                row = row._replace(**values)
                _UPDATE_ANSWER.run(attempt=attempt.id, about=question.id, **values)
            answers[question.id] = row
    if state == "late":
        submit_if_overdue(attempt.id, now=now)
    if changed is None and state == "saved" and sent.answer != stored.answer:
        state = "replaced"
    return SavedAnswer(state, answered_at, event_id, answers)


def is_replaced(attempt: AnyAttempt, answers: Mapping[str, AnswerRow], position: int, event_id: int) -> bool:
    """True if ``answers``, those that count, have another one for the question than the event gave; 0: none was given.

    False for a position that the attempt does not have.
    """
    if not 1 <= position <= len(attempt.selection):
        return False
    question = quiz_of(attempt).question(attempt.selection[position - 1]["id"])
    row = answers.get(question.id)
    if row is None or row.event_id == event_id:
        return False
    bodies = (journal.entry(event).body for event in journal.events(subject(attempt)) if event.id == event_id)
    given: dict[str, Any] = next((body["response"] for body in bodies if body.get("about") == question.id), {})
    return bool(responses.from_json(row.response, question).answer != responses.from_json(given, question).answer)


def save_state(attempt: AnyAttempt, stored: Response, now: datetime) -> SaveState:
    if attempt.submitted_at is not None:
        return "submitted"
    if is_over(attempt, now):
        return "late"
    return "locked" if stored.is_final else "saved"


_ANSWER: Any = Answer.__table__
_GIVEN = ("response", "event_id", "answered_at")
_INSERT_ANSWER = DirectWrite(
    insert(_ANSWER).values({name: bindparam(name) for name in ("attempt_id", "question", "is_flagged", *_GIVEN)})
)
_UPDATE_ANSWER, _UPDATE_FLAG, _UPDATE_POINTS = (
    DirectWrite(
        update(_ANSWER)
        .where(_ANSWER.c.attempt_id == bindparam("attempt"), _ANSWER.c.question == bindparam("about"))
        .values({name: bindparam(name) for name in names})
    )
    for names in (_GIVEN, ("is_flagged",), ("points",))
)
"""``Answer`` objects that the session has loaded before become stale."""


def toggle_flag(attempt: AnyAttempt, question: Question, *, now: datetime) -> None:
    """Flag a question to look at it again, or remove the flag. Does nothing once the attempt is over."""
    if attempt.submitted_at is not None or is_over(attempt, now):
        return
    row = queries.answers(attempt.id).get(question.id)
    is_flagged = not (row and row.is_flagged)
    body = {"about": question.id, "is_flagged": is_flagged}
    event_id = journaling.append(attempt.person_id, subject(attempt), "flag", body, now=now)
    if row is None:
        values = {"response": responses.to_json(NO_RESPONSE, question), "event_id": event_id, "answered_at": now}
        _INSERT_ANSWER.run(attempt_id=attempt.id, question=question.id, is_flagged=is_flagged, **values)
    else:
        _UPDATE_FLAG.run(attempt=attempt.id, about=question.id, is_flagged=is_flagged)


def submit_attempt(attempt: Attempt, *, is_seen: bool = False, now: datetime) -> None:
    """Submit and score, once: a second time changes nothing. ``attempt`` is locked. With ``is_seen`` its learner sees
    the result at once (``open_review``).

    After the deadline and its grace the attempt counts as submitted by the deadline, with the answers that had
    arrived; a quiz may discard them.
    """
    if attempt.submitted_at is not None:
        return
    quiz = quiz_of(attempt)
    last = timing.last_moment(attempt.deadline_at, timing.grace(quiz))
    is_late = last is not None and now > last
    by = "deadline" if is_late else "learner"
    journaling.append(attempt.person_id, subject(attempt), "submit", {"by": by}, now=now)
    attempt.submitted_by, attempt.submitted_at = by, last if is_late else now
    attempt.reviewed_at = now if is_seen else None
    _score(attempt, quiz, is_discarded=is_late and quiz.on_expiry == "discard")
    if attempt.is_practice:
        return
    if attempt.score is None:
        learning.record_waiting(attempt.enrolment_id, courses.item_version(attempt.item_revision_id), now=now)
    else:
        record_result(attempt, now=now)


def _score(attempt: Attempt, quiz: Quiz, *, is_discarded: bool) -> None:
    """Score what the journal has, not the rows."""
    selected = {one["id"]: quiz.question(one["id"]) for one in attempt.selection}
    voided = voided_among(queries.voided(attempt.item_id), selected)
    if voided and not is_discarded:
        attempt.basis = Basis(attempt.item_revision_id, voided).to_json()
    answers = {} if is_discarded else counting_answers(attempt)
    store_score(attempt, scoring.score_attempt(selected.values(), answers, voided={} if is_discarded else voided))


def counting_answers(attempt: Attempt) -> dict[str, Response]:
    """The answers that count by the journal, by question."""
    quiz, last = quiz_of(attempt), timing.last_moment(attempt.deadline_at, timing.grace(quiz_of(attempt)))
    folded = fold(journal.entries(subject(attempt)), deadline=journal.milliseconds(last) if last else None)
    selected = {one["id"] for one in attempt.selection}
    return {
        about: responses.from_json(entry.body["response"], quiz.question(about))
        for (kind, about), entry in folded.newest.items()
        if kind == "answer" and about in selected
    }


def store_score(attempt: Attempt, result: AttemptScore) -> None:
    """While an answer waits for its mark, it has no points, and the attempt no score: nothing can come of it."""
    asked = [one["id"] for one in attempt.selection]
    _UPDATE_POINTS.for_each([{"attempt": attempt.id, "about": id, "points": result.earned(id)} for id in asked])
    attempt.points, attempt.most_points = result.total, result.most
    if result.unmarked:
        attempt.score = attempt.is_passed = None
    else:
        attempt.score = result.score
        attempt.is_passed = scoring.passes(result.score, learning.pass_mark(quiz_in_force(attempt).pass_mark))
    db.session.flush()


def record_result(
    attempt: Attempt, *, graded_by: int | None = None, reason: str = "", by_learner: bool = True, now: datetime
) -> int:
    """Pass on the score that counts over all submitted attempts; returns the number of the mark in the ledger."""
    assert attempt.score is not None
    quiz = queries.quiz_for(attempt.enrolment_id, attempt.item_id, quiz_in_force(attempt))
    scores = queries.scores(attempt.enrolment_id, attempt.item_id)
    outcome = scoring.item_outcome(scores, quiz, learning.pass_mark(quiz.pass_mark))
    newest = journal.head(SERVER, subject(attempt))
    grade = NewGrade(
        subject(attempt),
        attempt.score,
        graded_by=graded_by,
        reason=reason,
        journal_hash=newest[1] if newest else None,
    )
    version = courses.item_version(attempt.item_revision_id)
    return learning.record_result(attempt.enrolment_id, version, grade, outcome, by_learner=by_learner, now=now)


def submit_if_overdue(attempt_id: int, *, now: datetime) -> bool:
    """Submit an attempt whose time is over; returns True if it did."""
    attempt = queries.attempt_for_update(attempt_id)
    if attempt is None or attempt.submitted_at is not None or not is_over(attempt, now):
        return False
    submit_attempt(attempt, now=now)
    return True


def open_review(attempt: Attempt, *, now: datetime) -> None:
    """Note that the learner has seen the result. From now on late arrivals never change it automatically."""
    if attempt.submitted_at is not None and attempt.reviewed_at is None:
        attempt.reviewed_at = now
        db.session.flush()
