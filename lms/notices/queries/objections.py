"""Reports of questions and objections to marks, and their answers, to notify people of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists

from lms.assignments.models import AnonymousNumber
from lms.core.db import db
from lms.courses.models import ItemRevision
from lms.enrolment.models import Enrolment
from lms.notices.queries import PUBLISHED_ITEM, enrolled_with, open_to_instructors
from lms.objections.models import Objection


def new_objections(since: datetime) -> Sequence[Any]:
    """Reports of questions and objections to marks that nobody has answered, for each active instructor of the course.

    (instructor's id, objection id, item title, question or empty, whether the item is graded without names, the
    participant)
    """
    one = AnonymousNumber
    is_anonymous = exists().where(one.enrolment_id == Objection.enrolment_id, one.item_id == Objection.item_id)
    rows = open_to_instructors(Objection, Objection.id, ItemRevision.title, Objection.question, is_anonymous)
    rows = rows.join(ItemRevision, PUBLISHED_ITEM & (ItemRevision.item_id == Objection.item_id))
    return db.session.execute(rows.where(Objection.raised_at > since)).all()


def newly_answered_objections(since: datetime) -> Sequence[Any]:
    """(person id, enrolment id, slug, course title, item slug, item title, objection id, source, question, outcome,
    answer)"""
    one = Objection
    rows = enrolled_with(
        ItemRevision.slug, ItemRevision.title, one.id, one.source, one.question, one.outcome, one.answer
    )
    rows = rows.join(one, one.enrolment_id == Enrolment.id)
    rows = rows.join(ItemRevision, PUBLISHED_ITEM & (ItemRevision.item_id == one.item_id))
    return db.session.execute(rows.where(one.answered_at > since).order_by(one.id)).all()
