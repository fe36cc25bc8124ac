"""Starting, answering and handing in attempts. Every deed is an event first; rows are its projection."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Update, bindparam, insert, update

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_moment
from lms.journal import queries as journal
from lms.journal import services as journaling
from lms.journal.events import read
from lms.journal.fold import fold
from lms.learning import services as learning
from lms.learning.queries import ItemContext
from lms.quizzes import dealing, grading, queries, responses, scoring, timing
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.queries import Sitting, Stored
from lms.quizzes.responses import NOTHING, Response, Turn
from lms.quizzes.timing import Obstacle

State = Literal["saved", "late", "submitted", "locked"]


class QuizClosed(Refusal):
    message = lazy("This quiz closed on %(moment)s. What you handed in before still counts.")


class NoAttemptsLeft(Refusal):
    message = lazy("You have used all attempts at this quiz (%(allowed)s). The results you have still count.")


class NextAttemptLater(Refusal):
    message = lazy("You can start the next attempt from %(moment)s.")


class NotDealt(Refusal):
    message = lazy("This question is not part of your attempt. Your answers are unchanged.")


class Kept(NamedTuple):
    """What became of an answer: ``saved``; or kept without counting because it came ``late``, after
    the attempt was ``submitted``, or after the question was ``locked``.

    ``at`` and ``event_id`` are those of the answer that counts; None where there is none. A page that shows
    another one is told no time, and names the event it named before.
    """

    state: State
    at: datetime | None
    event_id: int | None


def subject(attempt: Attempt | Sitting) -> str:
    """What the journal calls an attempt."""
    return f"attempt:{attempt.id}"


def quiz_of(attempt: Attempt | Sitting) -> Quiz:
    """The quiz as it was dealt, whatever was published since."""
    return queries.quiz_of_revision(attempt.item_revision_id)


def refusal(obstacle: Obstacle, rules: Quiz) -> Refusal:
    """The words for what stands in the way of a new attempt."""
    if obstacle.why == "none-left":
        return NoAttemptsLeft(allowed=rules.attempts)
    kind = QuizClosed if obstacle.why == "closed" else NextAttemptLater
    return kind(moment=say_moment(obstacle.until))


def start_attempt(context: ItemContext, *, seed: int, now: datetime) -> Attempt:
    """The running attempt, or a new one: starting twice, even at the same moment, gives the same.

    A running one whose time is over is handed in and given back as such.

    :raises Refusal: the quiz is closed, no attempt is left, or it is too early for the next.
    """
    queries.lock_enrolment(context.enrolment_id)
    before = queries.attempts_of(context.enrolment_id, context.item_revision.item_id)
    running = next((attempt for attempt in before if attempt.submitted_at is None), None)
    if running:
        submit_if_overdue(running.id, now=now)
        return running
    rules = queries.quiz_of_revision(context.item_revision.id)
    last = before[-1].submitted_at if before else None
    obstacle = timing.obstacle(rules, used=len(before), last_submitted_at=last, closes_at=context.closes_at, now=now)
    if obstacle:
        raise refusal(obstacle, rules)
    dealt = dealing.deal(rules, seed)
    attempt = Attempt(
        enrolment_id=context.enrolment_id,
        person_id=context.person_id,
        item_id=context.item_revision.item_id,
        item_revision=context.item_revision,
        number=len(before) + 1,
        deal=dealt,
        started_at=now,
        deadline_at=timing.deadline(now, rules.time_limit, context.closes_at),
        most_points=scoring.rounded(scoring.most_points(rules.question(one["id"]) for one in dealt)),
    )
    db.session.add(attempt)
    db.session.flush()
    learning.record_started(context.enrolment_id, context.item_revision, now=now)
    return attempt


def is_over(attempt: Attempt | Sitting, now: datetime) -> bool:
    """Whether nothing that arrives now can count any more, for want of time."""
    return timing.is_over(attempt.deadline_at, timing.grace(quiz_of(attempt)), now)


def save_answer(
    attempt: Attempt | Sitting,
    question: Question,
    sent: Response,
    *,
    seen: int | None = None,
    turn: str = "",
    is_background: bool = False,
    now: datetime,
) -> Kept:
    """Keep the learner's answer as an event and renew the row that shows it. Nothing is scored here.

    ``attempt`` is locked (``queries.sitting_to_change``). ``seen`` is the event that the page showed,
    ``turn`` the page's own count of sendings: one sent in the background that a later one of the same
    page has overtaken changes nothing. What comes too late is kept as well, and hands the attempt in.

    :raises NotDealt: the question is not part of this attempt.
    """
    if question.id not in {dealt["id"] for dealt in attempt.deal}:
        raise NotDealt
    stored = queries.stored_answer(attempt.id, question.id)
    kept = responses.from_json(stored.response, question) if stored else NOTHING
    state = _state(attempt, kept, now)
    event_id, at = (stored.event_id, stored.answered_at) if stored else (None, None)
    new = responses.news(sent, _shown(attempt, question, seen, event_id, kept), kept)
    if new and not (is_background and _is_overtaken(turn, stored)):
        body: dict[str, Any] = {"about": question.id, "response": responses.to_json(new, question)}
        body |= {"is_final": True} if new.is_final else {}
        body |= {"turn": turn} if turn else {}
        written = journaling.append(attempt.person_id, subject(attempt), "answer", body, now=now)
        if state == "saved":
            event_id, at = written, now
            _project(attempt, question.id, stored, response=body["response"], event_id=written, answered_at=now)
    if state == "late":
        submit_if_overdue(attempt.id, now=now)
    if new is None and sent.answer != kept.answer:
        return Kept(state, None, seen)
    return Kept(state, at, event_id)


def _state(
    attempt: Attempt | Sitting, kept: Response, now: datetime
) -> Literal["saved", "late", "submitted", "locked"]:
    if attempt.submitted_at is not None:
        return "submitted"
    if is_over(attempt, now):
        return "late"
    return "locked" if kept.is_final else "saved"


def _shown(
    attempt: Attempt | Sitting, question: Question, seen: int | None, newest_id: int | None, kept: Response
) -> Response:
    """What the page that sends now had shown when it was opened."""
    if newest_id is not None and seen == newest_id:
        return kept
    event = queries.event_of(subject(attempt), seen) if seen else None
    return responses.from_json(journal.entry(event).body.get("response", {}), question) if event else NOTHING


def _is_overtaken(turn: str, newest: Stored | None) -> bool:
    sent = Turn.read(turn)
    if sent is None or newest is None:
        return False
    return sent.is_overtaken_by(Turn.read(read(newest.event, arrived=0).body.get("turn", "")))


def _project(attempt: Attempt | Sitting, question_id: str, stored: Stored | None, **values: Any) -> None:
    """Renew the row of one question, or make it. The attempt's lock keeps two from making it at once.

    Past the ORM, which took a tenth of saving an answer.
    """
    if stored is None:
        row = {"attempt_id": attempt.id, "question": question_id, "is_flagged": False} | values
        db.session.connection().execute(_NEW, row)
    else:
        db.session.connection().execute(_renewal(*values), values | {"answer_id": stored.id})


_ROWS: Any = Answer.__table__
_NEW = insert(_ROWS)


@cache
def _renewal(*columns: str) -> Update:
    return update(_ROWS).where(_ROWS.c.id == bindparam("answer_id")).values({name: bindparam(name) for name in columns})


def turn_flag(attempt: Attempt | Sitting, question: Question, *, now: datetime) -> None:
    """Mark a question to look at it again, or take the mark away. Without effect once the attempt is over."""
    if attempt.submitted_at is not None or is_over(attempt, now):
        return
    stored = queries.stored_answer(attempt.id, question.id)
    is_flagged = not (stored and stored.is_flagged)
    body = {"about": question.id, "is_flagged": is_flagged}
    event_id = journaling.append(attempt.person_id, subject(attempt), "flag", body, now=now)
    values: dict[str, Any] = {"is_flagged": is_flagged}
    if stored is None:
        values |= {"response": responses.to_json(NOTHING, question), "event_id": event_id, "answered_at": now}
    _project(attempt, question.id, stored, **values)


def submit_attempt(attempt: Attempt, *, now: datetime) -> None:
    """Hand in and mark, once: a second time changes nothing. ``attempt`` is locked.

    After the deadline and its grace it is the deadline that hands in: what had
    arrived counts, except where the quiz discards what nobody handed in.
    """
    if attempt.submitted_at is not None:
        return
    rules = quiz_of(attempt)
    last = timing.last_moment(attempt.deadline_at, timing.grace(rules))
    is_late = last is not None and now > last
    attempt.submitted_by = "deadline" if is_late else "learner"
    attempt.submitted_at = last if is_late else now
    journaling.append(attempt.person_id, subject(attempt), "submit", {"by": attempt.submitted_by}, now=now)
    _mark(attempt, rules, is_discarded=is_late and rules.on_expiry == "discard")
    _record(attempt, rules, now)


def _mark(attempt: Attempt, rules: Quiz, *, is_discarded: bool) -> None:
    """Score what the journal says, and write it beside the answers."""
    last = timing.last_moment(attempt.deadline_at, timing.grace(rules))
    folded = fold(journal.entries(subject(attempt)), deadline=journal.milliseconds(last) if last else None)
    dealt = {one["id"]: rules.question(one["id"]) for one in attempt.deal}
    counting = {
        about: responses.from_json(entry.body["response"], dealt[about])
        for (kind, about), entry in folded.newest.items()
        if kind == "answer" and about in dealt
    }
    result = scoring.score_attempt(dealt.values(), {} if is_discarded else counting)
    for question_id, answer in queries.answers(attempt.id).items():
        answer.points = result.points[question_id]
    attempt.points, attempt.most_points, attempt.score = result.total, result.most, result.score
    attempt.is_passed = grading.passes(result.score, learning.pass_mark(rules.pass_mark))
    db.session.flush()


def _record(attempt: Attempt, rules: Quiz, now: datetime) -> None:
    """Tell the course what counts now, over all attempts that were handed in."""
    assert attempt.score is not None
    scores = queries.scores(attempt.enrolment_id, attempt.item_id)
    effective = grading.effective_score(scores, rules.grade)
    learning.record_result(
        attempt.enrolment_id,
        attempt.item_revision,
        source=subject(attempt),
        score=attempt.score,
        effective=effective,
        is_passed=grading.passes(effective, learning.pass_mark(rules.pass_mark)),
        is_last_try=rules.attempts is not None and len(scores) >= rules.attempts,
        now=now,
    )


def submit_if_overdue(attempt_id: int, *, now: datetime) -> bool:
    """Hand in what arrived in an attempt whose time is over; says whether it did."""
    attempt = queries.attempt_to_change(attempt_id)
    if attempt is None or attempt.submitted_at is not None or not is_over(attempt, now):
        return False
    submit_attempt(attempt, now=now)
    return True


def open_review(attempt: Attempt, *, now: datetime) -> None:
    """Note that the person has seen the result: from now on no late arrival may change it by itself."""
    if attempt.submitted_at is not None and attempt.reviewed_at is None:
        attempt.reviewed_at = now
        db.session.flush()
