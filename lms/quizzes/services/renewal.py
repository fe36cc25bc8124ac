"""Renew what is stored of attempts when a rule that they depend on has changed (``docs/decisions/0011``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement

from lms.core.db import db
from lms.core.i18n import zone
from lms.learning import services as learning
from lms.learning.queries.enrolments import enrolment_rules
from lms.learning.results import EnrolmentRules, ItemOutcome, later
from lms.quizzes import queries, scoring, timing
from lms.quizzes.models import Attempt
from lms.quizzes.overrides import Overrides, applied, overrides_at
from lms.quizzes.services import quiz_of


def renew(rules: Mapping[int, EnrolmentRules], now: datetime) -> dict[tuple[int, int], ItemOutcome]:
    """Renew running attempts' ends and whether attempts are passed; returns the outcomes by enrolment and item."""
    outcomes, overrides = {}, queries.override_rows(list(rules))
    for (enrolment_id, item_id), attempts in queries.attempts_by_item(list(rules)).items():
        one = rules[enrolment_id]
        item = one.contents.item(item_id)
        if item is None:
            continue
        own = overrides_at(item_id, overrides[enrolment_id])
        quiz = applied(queries.quiz_of_revision(item.item_revision_id), own)
        mark = learning.pass_mark(quiz.pass_mark)
        for attempt in attempts:
            if attempt.score is not None:
                attempt.is_passed = scoring.passes(attempt.score, mark) or (one.is_completed and attempt.is_passed)
            elif attempt.submitted_at is None:
                _renew_end(attempt, one.window.item_moment(item_id, item.closes, "closes"), own)
        outcomes[enrolment_id, item_id] = scoring.item_outcome(
            [one.score for one in attempts], quiz, mark, _unfinished(attempts)
        )
    db.session.flush()
    return outcomes


def _unfinished(attempts: Sequence[Attempt]) -> Literal["started", "waiting"] | None:
    if any(one.waits_for_mark for one in attempts):
        return "waiting"
    return "started" if any(one.submitted_at is None for one in attempts) else None


def renew_ends(which: ColumnElement[bool]) -> None:
    """Renew the ends of running attempts of enrolments, by the dates that hold now."""
    attempts = queries.running_attempts(which)
    rules = enrolment_rules({one.enrolment_id for one in attempts}, zone()) if attempts else {}
    overrides = queries.override_rows(list(rules)) if rules else {}
    for attempt in attempts:
        one = rules.get(attempt.enrolment_id)
        item = one.contents.item(attempt.item_id) if one else None
        if one and item:
            own = overrides_at(item.item_id, overrides[attempt.enrolment_id])
            _renew_end(attempt, one.window.item_moment(item.item_id, item.closes, "closes"), own)
    db.session.flush()


def _renew_end(attempt: Attempt, closes_at: datetime | None, overrides: Overrides) -> None:
    """A running attempt may end later than it was to; never earlier than its learner was told."""
    end = timing.deadline(attempt.started_at, applied(quiz_of(attempt), overrides).time_limit, closes_at)
    attempt.deadline_at = later(attempt.deadline_at, end)
