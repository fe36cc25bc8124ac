"""What counts of answers that arrive at the end and after it (``late_policy: strict``), also where it was moved."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from factories import NOON
from quiz_factories import MINUTE, quiz_context, running

from lms.core.db import db
from lms.enrolment.models import Enrolment
from lms.quizzes import services
from lms.quizzes.models import Attempt
from lms.quizzes.overrides import OverrideValues
from lms.quizzes.responses import Response
from lms.quizzes.services import overrides

SECOND = timedelta(seconds=1)
END, GRACE = NOON + 10 * MINUTE, 2 * MINUTE


@pytest.fixture
def attempt(session) -> Attempt:
    """Of ten minutes, with two minutes of grace."""
    return running(quiz_context(time_limit=600, on_expiry="grace", grace=120))


def answer(attempt: Attempt, at: datetime) -> str:
    question = services.quiz_of(attempt).question("asas")
    picked = question.answer_from({"picked": ["a"]})
    return services.save_answer(attempt, question, Response(picked), client_seq="halaman.1", now=at).state


def give(attempt: Attempt, at: datetime, **values: int) -> None:
    enrolment = db.session.get_one(Enrolment, attempt.enrolment_id)
    given = OverrideValues(**values)
    overrides.override_for_person(enrolment, attempt.item_id, given, "Listrik padam", seen=0, actor_id=None, now=at)


def score_at(attempt: Attempt, at: datetime) -> float:
    services.submit_if_overdue(attempt.id, now=at)
    db.session.refresh(attempt)
    assert attempt.score is not None
    return float(attempt.score)


@pytest.mark.parametrize(
    ("late", "state", "score"),
    [(timedelta(0), "saved", 33.33), (GRACE, "saved", 33.33), (GRACE + SECOND, "late", 0.0)],
)
def test_the_grace_is_counted_from_the_end_and_its_last_second_counts(attempt, late, state, score):
    assert answer(attempt, END + late) == state
    assert score_at(attempt, END + timedelta(hours=1)) == score


@pytest.mark.parametrize(("late", "state"), [(5 * MINUTE + GRACE, "saved"), (5 * MINUTE + GRACE + SECOND, "late")])
def test_the_grace_follows_the_end_that_was_moved_for_a_person(attempt, late, state):
    give(attempt, NOON + MINUTE, extra_time=50)
    assert attempt.deadline_at == END + 5 * MINUTE
    assert answer(attempt, END + late) == state


def test_time_that_is_granted_after_the_end_does_not_bring_late_answers_back(attempt):
    assert answer(attempt, END + GRACE + SECOND) == "late"
    assert score_at(attempt, END + timedelta(hours=1)) == 0
    give(attempt, END + timedelta(hours=2), time_limit=3600)
    assert score_at(attempt, END + timedelta(hours=3)) == 0
    assert attempt.submitted_by == "deadline"
