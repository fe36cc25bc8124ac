"""A new attempt with its questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lms.content.items.quiz import Quiz
from lms.core.db import db
from lms.learning.queries import ItemContext
from lms.quizzes import scoring, selection
from lms.quizzes.models import Attempt
from lms.quizzes.queries import AttemptRow


def new_attempt(
    context: ItemContext,
    quiz: Quiz,
    seed: int,
    before: Sequence[AttemptRow],
    *,
    number: int,
    deadline_at: datetime | None,
    is_practice: bool = False,
    now: datetime,
) -> Attempt:
    """``before``: all attempts of the learner at the quiz. Questions that they did not have are drawn first."""
    selected = selection.select_questions(quiz, seed, selection.times_seen(one.selection for one in before))
    attempt = Attempt(
        enrolment_id=context.enrolment_id,
        person_id=context.person_id,
        item_id=context.item_revision.item_id,
        item_revision_id=context.item_revision.id,
        number=number,
        is_practice=is_practice,
        selection=selected,
        started_at=now,
        deadline_at=deadline_at,
        most_points=scoring.rounded(scoring.most_points(quiz.question(one["id"]) for one in selected)),
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt
