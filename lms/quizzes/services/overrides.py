"""Give one person or one cohort other limits than the quiz's, and answer who asks for a further attempt.

What depends on them is renewed in the same transaction: ends of running attempts, and whether an attempt is left.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update

from lms.core import ledger
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.numbered_rows import add_next
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.services import dates
from lms.learning.queries import ItemContext
from lms.learning.services import renewal as results
from lms.quizzes import queries
from lms.quizzes.models import AttemptRequest, QuizOverride
from lms.quizzes.overrides import OverrideValues, facts, target
from lms.quizzes.queries import limits as given_limits
from lms.quizzes.services import obstacle_of
from lms.quizzes.services.renewal import renew_ends


class LimitsChanged(Refusal):
    message = lazy(
        "Somebody has changed these limits since you opened the page. Nothing was changed. Please look again."
    )


class ClosesBeforeItOpens(Refusal):
    message = lazy("The quiz would close before it opens. Nothing was changed.")


class StartsAnyway(Refusal):
    message = lazy("You can start an attempt now: there is nothing to ask for.")


class AlreadyAnswered(Refusal):
    message = lazy("This request was answered already. Nothing was changed.")


def override_for_person(
    enrolment: Enrolment,
    item_id: int,
    values: OverrideValues,
    reason: str,
    *,
    seen: int,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """``seen`` is the number of the newest override that the actor saw, 0 if there was none. Further attempts that
    were given stay. Returns False if a double click sent the same again.

    :raises LimitsChanged: somebody else was faster.
    :raises ClosesBeforeItOpens:
    """
    values = replace(values, further_attempts=values_of(enrolment.id, item_id).further_attempts)
    return _give_person(enrolment, item_id, values, reason, seen=seen, actor_id=actor_id, now=now)


def give_further_attempt(
    enrolment: Enrolment,
    item_id: int,
    closes_at: datetime | None,
    reason: str,
    *,
    seen: int,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """One attempt more than the person has; ``closes_at`` None leaves the closing moment. Grants a request that waits.

    :raises LimitsChanged: somebody else was faster.
    """
    own = values_of(enrolment.id, item_id)
    values = replace(own, further_attempts=own.further_attempts + 1, closes_at=closes_at or own.closes_at)
    if not _give_person(enrolment, item_id, values, reason, seen=seen, actor_id=actor_id, now=now, is_step=True):
        return False
    waiting = given_limits.newest_request(enrolment.id, item_id)
    if waiting is not None and waiting.answered_at is None:
        _answer(waiting, is_granted=True, answer="", actor_id=actor_id, now=now)
    return True


def give_extra_time(
    enrolment: Enrolment, percent: int, reason: str, *, seen: int, actor_id: int | None, now: datetime
) -> bool:
    """At every quiz of the person's course; 0 takes it back.

    :raises LimitsChanged: somebody else was faster.
    """
    values = OverrideValues(extra_time=percent or None)
    return _give_person(enrolment, None, values, reason, seen=seen, actor_id=actor_id, now=now)


def override_for_cohort(
    cohort: Cohort,
    item_id: int,
    values: OverrideValues,
    reason: str,
    *,
    seen: int,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """:raises LimitsChanged: somebody else was faster.
    :raises ClosesBeforeItOpens:
    """
    key, row = target(cohort_id=cohort.id, item_id=item_id), {"cohort_id": cohort.id, "item_id": item_id}
    if not _add(key, row, values, reason, seen=seen, actor_id=actor_id, now=now):
        return False
    dates.override_dates(cohort, item_id, values.opens_at, values.closes_at)
    ledger.record(
        actor_id, "override quiz", f"cohort:{cohort.id}", now=now, item=item_id, reason=reason, **facts(values)
    )
    _renew(Enrolment.cohort_id == cohort.id, now)
    return True


def values_of(enrolment_id: int, item_id: int) -> OverrideValues:
    return queries.overrides_of(enrolment_id, item_id).person


def _give_person(
    enrolment: Enrolment,
    item_id: int | None,
    values: OverrideValues,
    reason: str,
    *,
    seen: int,
    actor_id: int | None,
    now: datetime,
    is_step: bool = False,
) -> bool:
    queries.lock_enrolment(enrolment.id)
    key, row = target(enrolment_id=enrolment.id, item_id=item_id), {"enrolment_id": enrolment.id, "item_id": item_id}
    if not _add(key, row, values, reason, seen=seen, actor_id=actor_id, now=now, is_step=is_step):
        return False
    if item_id is not None:
        dates.override_dates(enrolment, item_id, values.opens_at, values.closes_at)
    ledger.record(
        actor_id, "override quiz", f"enrolment:{enrolment.id}", now=now, item=item_id, reason=reason, **facts(values)
    )
    _renew(Enrolment.id == enrolment.id, now)
    return True


def _add(
    key: str,
    row: dict[str, Any],
    values: OverrideValues,
    reason: str,
    *,
    seen: int,
    actor_id: int | None,
    now: datetime,
    is_step: bool = False,
) -> bool:
    """False if the same person has just added the same row.

    With ``is_step`` the values count on from those of the row before, which were read anew: a double click is known by
    its number and its reason alone.
    """
    if values.opens_at and values.closes_at and values.closes_at <= values.opens_at:
        raise ClosesBeforeItOpens
    given = {name: getattr(values, name) for name in OverrideValues.__dataclass_fields__}
    row |= given | {"reason": reason, "given_by": actor_id, "given_at": now}
    compared = ("reason", "given_by", *(() if is_step else given))
    return add_next(QuizOverride, {"target": key}, row, seen=seen, compared=compared, changed=LimitsChanged)


def _renew(which: ColumnElement[bool], now: datetime) -> None:
    """As when dates have changed: running attempts first, however many."""
    renew_ends(which)
    results.mark(which, now=now)


def ask_for_attempt(context: ItemContext, reason: str, *, now: datetime) -> bool:
    """Once for each number of used attempts: False if the learner has asked already.

    :raises StartsAnyway: nothing keeps the learner from starting, or only a pause.
    """
    item_id = context.item_revision.item_id
    attempts = queries.attempts_of(context.enrolment_id, item_id)
    quiz = queries.quiz_for(context.enrolment_id, item_id, queries.quiz_of_revision(context.item_revision.id))
    obstacle = obstacle_of(quiz, attempts, context.closes_at, now)
    if obstacle is None or obstacle.is_temporary or any(one.submitted_at is None for one in attempts):
        raise StartsAnyway
    added = insert_if_missing(
        AttemptRequest,
        ("enrolment_id", "item_id", "used_attempts"),
        enrolment_id=context.enrolment_id,
        item_id=item_id,
        used_attempts=len(attempts),
        reason=reason,
        asked_at=now,
        answer="",
    )
    return added is not None


def refuse_request(request: AttemptRequest, answer: str, *, actor_id: int | None, now: datetime) -> None:
    """:raises AlreadyAnswered:"""
    _answer(request, is_granted=False, answer=answer, actor_id=actor_id, now=now)
    ledger.record(
        actor_id,
        "refuse attempt",
        f"enrolment:{request.enrolment_id}",
        now=now,
        item=request.item_id,
        reason=answer,
    )


def _answer(request: AttemptRequest, *, is_granted: bool, answer: str, actor_id: int | None, now: datetime) -> None:
    """One statement: of two who answer at once, one is told."""
    waiting = update(AttemptRequest).where(AttemptRequest.id == request.id, AttemptRequest.answered_at.is_(None))
    done = db.session.connection().execute(
        waiting.values(is_granted=is_granted, answer=answer, answered_by=actor_id, answered_at=now)
    )
    if not done.rowcount:
        raise AlreadyAnswered
    db.session.refresh(request)
