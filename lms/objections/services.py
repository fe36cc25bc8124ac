"""Raise an objection, and answer it. Both stay: rows are added and answered once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import update

from lms.core import ledger, settings
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_moment, say_number, zone
from lms.core.settings import whole_number
from lms.objections import queries
from lms.objections.models import Objection
from lms.objections.queries import RaisedObjection
from lms.objections.subjects import ObjectionTarget, last_moment

DAYS = whole_number(
    "objection_days",
    7,
    (0, 365),
    group=lazy("Assessment"),
    label=lazy("Objections to marks (days)"),
    hint=lazy("Participants may object to a mark until the end of this day after they were told it. 0: not at all."),
)


class TooLateToObject(Refusal):
    message = lazy("The time for objecting to this mark ended on %(moment)s. Nothing was sent; the mark stays.")


class NoObjections(Refusal):
    message = lazy("Marks cannot be objected to on this site. Nothing was sent; ask your instructor.")


class ObjectionDecided(Refusal):
    message = lazy("Your objection to this mark was answered already, and the mark has not changed since.")


class ObjectionAnswered(Refusal):
    message = lazy("Somebody has answered this in the meantime. Nothing was changed; your text is still here.")


class MarkUnchanged(Refusal):
    message = lazy("The mark is still %(score)s. Change it first, then say here that it was changed.")


class MarkUnchangedHere(Refusal):
    message = lazy("The mark is still the same. Change it first, then say here that it was changed.")


def may_object_until(told_at: datetime) -> datetime | None:
    """The last moment to contest a mark that was told then; None if this site takes no objections."""
    return last_moment(told_at, settings.value(DAYS), zone())


class OwnObjections(NamedTuple):
    """What a participant raised about the work at an item, and whether the mark may be contested."""

    raised: list[RaisedObjection]
    until: datetime | None
    """None: it may not be, or not any more, or it was contested already."""


def own_objections(sources: Collection[str], told_at: datetime | None, now: datetime) -> OwnObjections:
    """``told_at``: when the mark as it is now was told; None if there is none to contest."""
    raised = queries.about(sources)
    until = may_object_until(told_at) if told_at else None
    if told_at is None or until is None or until < now:
        return OwnObjections(raised, None)
    is_contested = any(not one.question and (one.answered_at is None or one.raised_at >= told_at) for one in raised)
    return OwnObjections(raised, None if is_contested else until)


def report_question(target: ObjectionTarget, reason: str, *, actor_id: int, now: datetime) -> bool:
    """False if the participant's report of this question is still open."""
    return _add(target, reason, actor_id=actor_id, now=now)


def contest_mark(target: ObjectionTarget, reason: str, *, told_at: datetime, actor_id: int, now: datetime) -> bool:
    """``told_at``: when the participant was told the mark as it is now. False if an objection is still open.

    :raises Refusal: one of ``NoObjections``, ``TooLateToObject``, ``ObjectionDecided``.
    """
    until = may_object_until(told_at)
    if until is None:
        raise NoObjections
    before = queries.newest(target.enrolment_id, target.item_id)
    if before is not None and before.answered_at is not None and before.raised_at >= told_at:
        raise ObjectionDecided
    if now > until:
        raise TooLateToObject(moment=say_moment(until))
    return _add(target, reason, actor_id=actor_id, now=now)


def _add(target: ObjectionTarget, reason: str, *, actor_id: int, now: datetime) -> bool:
    before = queries.newest(target.enrolment_id, target.item_id, target.question)
    if before is not None and before.answered_at is None:
        return False
    number = before.number + 1 if before else 1
    added = insert_if_missing(
        Objection,
        ("enrolment_id", "item_id", "question", "number"),
        **target._asdict(),
        number=number,
        reason=reason,
        raised_at=now,
        answer="",
    )
    if added is None:
        return False
    verb = "report question" if target.question else "contest mark"
    question = {"question": target.question} if target.question else {}
    ledger.record(actor_id, verb, target.source, now=now, number=number, **question)
    return True


def answer_objection(
    objection: Objection,
    outcome: str,
    answer: str,
    *,
    score: Decimal | None,
    tells_score: bool = True,
    actor_id: int,
    now: datetime,
) -> None:
    """``score`` is the mark as it is now; without ``tells_score`` no refusal names it.

    :raises MarkUnchanged: it is still the one that is contested, and ``outcome`` says otherwise.
    :raises ObjectionAnswered: somebody else was faster.
    """
    if outcome == "changed" and objection.is_about_mark and score == objection.score:
        if not tells_score:
            raise MarkUnchangedHere
        raise MarkUnchanged(score=say_number(score) if score is not None else "–")
    waiting = update(Objection).where(Objection.id == objection.id, Objection.answered_at.is_(None))
    done = db.session.connection().execute(
        waiting.values(outcome=outcome, answer=answer, answered_by=actor_id, answered_at=now)
    )
    db.session.refresh(objection)
    if not done.rowcount:
        if (objection.outcome, objection.answer, objection.answered_by) == (outcome, answer, actor_id):
            return
        raise ObjectionAnswered
    facts = {"number": objection.number, "question": objection.question, "outcome": outcome, "reason": answer}
    ledger.record(actor_id, "answer objection", objection.source, now=now, **facts)
