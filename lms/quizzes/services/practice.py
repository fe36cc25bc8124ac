"""Practice at a quiz where no attempt is left: saved like any attempt, and apart from marks and progress."""

from __future__ import annotations

from datetime import datetime

from lms.content.items.quiz import Quiz
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.learning.queries import ItemContext
from lms.quizzes import queries
from lms.quizzes.models import Attempt
from lms.quizzes.queries import AttemptsAtQuiz
from lms.quizzes.services import obstacle_of
from lms.quizzes.services.new_attempts import new_attempt


class NoPractice(Refusal):
    message = lazy("You cannot practise at this quiz now. Your answers and results are unchanged.")


def may_practise(quiz: Quiz, attempts: AttemptsAtQuiz, closes_at: datetime | None, now: datetime) -> bool:
    """After an attempt that counts, once no other can be started. Not where answers stay hidden then, as in exams:
    practice would show their questions to people who are still to take them.

    ``quiz`` has the learner's own limits.
    """
    counted = attempts.counted
    if not counted or any(one.submitted_at is None for one in counted):
        return False
    obstacle = obstacle_of(quiz, counted, closes_at, now)
    if obstacle is None or obstacle.is_temporary:
        return False
    return "answers" in quiz.review.at("closed" if obstacle.reason == "closed" else "later")


def start_practice(context: ItemContext, *, seed: int, now: datetime) -> Attempt:
    """The running practice, or a new one. It has no time limit, and does not close with the quiz.

    :raises NoPractice:
    """
    queries.lock_enrolment(context.enrolment_id)
    item_id = context.item_revision.item_id
    attempts = queries.attempts_at_quiz(context.enrolment_id, item_id)
    quiz = queries.quiz_for(context.enrolment_id, item_id, queries.quiz_of_revision(context.item_revision.id))
    if not may_practise(quiz, attempts, context.closes_at, now):
        raise NoPractice
    running = next((one for one in attempts.practice if one.submitted_at is None), None)
    if running:
        return db.session.get_one(Attempt, running.id)
    before = [*attempts.practice, *attempts.counted]
    number = -len(attempts.practice) - 1
    return new_attempt(context, quiz, seed, before, number=number, deadline_at=None, is_practice=True, now=now)
