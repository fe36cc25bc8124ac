"""Answer a survey; and how many answers without names are told together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.content.items.survey import Survey
from lms.core import settings
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses.models import CourseItem
from lms.enrolment import queries as enrolments
from lms.learning import services as learning
from lms.learning.queries import ItemContext
from lms.surveys import queries
from lms.surveys.models import SurveyParticipant, SurveyReply

FEWEST = 3
"""No setting goes below it: with fewer, those who answered could be guessed."""
GROUP_SIZE = settings.whole_number(
    "survey_group_size",
    5,
    (FEWEST, 100),
    group=lazy("Surveys"),
    label=lazy("Answers without names that are shown together"),
    hint=lazy(
        "Instructors see answers of a cohort only in groups of this size, so that nobody can tell who wrote what by"
        " looking before and after somebody answers."
    ),
)


class SurveyClosed(Refusal):
    message = lazy(
        "This survey is closed. Your answers were not sent; what you chose and wrote is still on this page."
        " If something held you up, please talk to your instructor."
    )


class NothingAnswered(Refusal):
    message = lazy("Nothing is answered yet, so nothing was sent. Answer at least one question.")


class PromiseChanged(Refusal):
    message = lazy(
        "Who sees your name was changed since you opened this page. Nothing was sent; your answers are still here."
        " Read below who sees them now, then decide whether to send them."
    )


class SurveyAnswered(Refusal):
    message = lazy("Your answers to this survey had arrived already. Those count; nothing was added to them.")


class AnsweredElsewhere(Refusal):
    message = lazy(
        "You have sent other answers from another page or device in the meantime. Those are kept; what is here was not"
        " sent. To have what is here instead, press the button once more."
    )


def group_size() -> int:
    return int(settings.value(GROUP_SIZE))


def is_closed(context: ItemContext, now: datetime) -> bool:
    return context.closes_at is not None and now > context.closes_at


def answer_survey(
    context: ItemContext, survey: Survey, answers: Mapping[str, Any], *, as_anonymous: bool, seen: int, now: datetime
) -> None:
    """Sent twice, answers are stored once.

    :param as_anonymous: what the page promised.
    :param seen: the version of the person's own reply that the page showed; 0: none.
    :raises Refusal: one of this module.
    """
    item_id = context.item_revision.item_id
    reply = queries.own_reply(context.enrolment_id, item_id)
    if reply and reply.answers == answers:
        return
    if reply is None and queries.has_answered(context.enrolment_id, item_id):
        raise SurveyAnswered
    if is_closed(context, now):
        raise SurveyClosed
    if not answers:
        raise NothingAnswered
    if survey.anonymous != as_anonymous:
        raise PromiseChanged
    _lock(item_id)
    if survey.anonymous:
        _add(context, answers, enrolment_id=None, replied_at=None, is_told=False)
        tell_group(item_id, enrolments.cohort_id_of(context.enrolment_id))
    else:
        _save_named(context, answers, seen, now)
    learning.record_state(context.enrolment_id, context.item_revision, "done", by_learner=True, now=now)


def _lock(item_id: int) -> None:
    """One answer to a survey at a time, so that two that complete a group at once do not both miss the other."""
    db.session.execute(select(CourseItem.id).where(CourseItem.id == item_id).with_for_update(key_share=True))


def _add(context: ItemContext, answers: Mapping[str, Any], **values: Any) -> None:
    """:raises SurveyAnswered: this person has answered."""
    item_id = context.item_revision.item_id
    key = {"enrolment_id": context.enrolment_id, "item_id": item_id}
    if insert_if_missing(SurveyParticipant, tuple(key), **key) is None:
        raise SurveyAnswered
    reply = SurveyReply(
        item_id=item_id,
        cohort_id=enrolments.cohort_id_of(context.enrolment_id),
        answers=dict(answers),
        version=1,
        **values,
    )
    db.session.add(reply)
    db.session.flush()


def _save_named(context: ItemContext, answers: Mapping[str, Any], seen: int, now: datetime) -> None:
    reply = queries.own_reply(context.enrolment_id, context.item_revision.item_id)
    if reply is None:
        _add(context, answers, enrolment_id=context.enrolment_id, replied_at=now, is_told=True)
    elif reply.answers != answers:
        if reply.version != seen:
            raise AnsweredElsewhere
        reply.answers, reply.replied_at, reply.version = dict(answers), now, reply.version + 1
        db.session.flush()


def tell_group(item_id: int, cohort_id: int) -> None:
    """Once as many answers without names wait as a group has, instructors see them all.

    The rows are written anew in the order of their ids, which are random: so the table's own order on PostgreSQL, that
    of writing, says nothing of who came first.
    """
    waiting = select(SurveyReply).where(
        SurveyReply.item_id == item_id, SurveyReply.cohort_id == cohort_id, ~SurveyReply.is_told
    )
    found = db.session.scalars(waiting.order_by(SurveyReply.id)).all()
    if len(found) >= group_size():
        for one in found:
            one.is_told = True
        db.session.flush()
