"""Ask, take back, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from lms.core import ledger
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.enrolment.models import Enrolment
from lms.inquiries import queries
from lms.inquiries.models import Inquiry

MAX_OPEN = 5
"""Of one participant in a course."""


class TooManyOpen(Refusal):
    message = lazy(
        "%(n)s of your questions wait for an answer already. Nothing was sent; wait for the answers, or take one back."
    )


class InquiryAnswered(Refusal):
    message = lazy("It was answered in the meantime, so it stays. The answer stands below.")


class AnswerChanged(Refusal):
    message = lazy(
        "Somebody has answered in the meantime. Nothing was changed, and your text is still here. The answer now:"
        " %(answer)s"
    )


def ask(enrolment: Enrolment, item_id: int | None, text: str, *, number: int, now: datetime) -> None:
    """The same text under the same ``number`` is asked once; another text gets the next number.

    :raises TooManyOpen: ``MAX_OPEN`` of the participant wait for an answer.
    """
    while True:
        found = queries.by_number(enrolment.id, number)
        if found is not None and (found.text, found.item_id) == (text, item_id):
            return
        if queries.own_open_count(enrolment.id) >= MAX_OPEN:
            raise TooManyOpen(n=MAX_OPEN)
        if found is not None:
            number = queries.next_number(enrolment.id)
        values: dict[str, Any] = {"course_id": enrolment.course_id, "item_id": item_id, "text": text, "asked_at": now}
        values |= {"answer": "", "is_shared": False, "version": 0}
        keys = {"enrolment_id": enrolment.id, "number": number}
        if insert_if_missing(Inquiry, ("enrolment_id", "number"), **keys, **values) is not None:
            return


def take_back(inquiry_id: int) -> None:
    """:raises InquiryAnswered: somebody has answered it."""
    waiting = delete(Inquiry).where(Inquiry.id == inquiry_id, Inquiry.answered_at.is_(None))
    if not db.session.connection().execute(waiting).rowcount:
        raise InquiryAnswered


def answer(inquiry: Inquiry, text: str, *, is_shared: bool, version: int, actor_id: int, now: datetime) -> None:
    """Answer, or change the answer or who reads it. ``version`` is the one that was shown.

    The asker is told of new words, not of who else reads them.

    :raises AnswerChanged: somebody else was faster.
    """
    if (inquiry.answer, inquiry.is_shared) == (text, is_shared) and inquiry.answered_at is not None:
        return
    values: dict[str, Any] = {"answer": text, "is_shared": is_shared, "version": version + 1}
    if inquiry.answer != text:
        values |= {"answered_at": now, "answered_by": actor_id}
    same = update(Inquiry).where(Inquiry.id == inquiry.id, Inquiry.version == version)
    done = db.session.connection().execute(same.values(**values))
    db.session.refresh(inquiry)
    if not done.rowcount:
        raise AnswerChanged(answer=inquiry.answer)
    ledger.record(
        actor_id, "answer inquiry", f"course:{inquiry.course_id}", now=now, inquiry=inquiry.id, is_shared=is_shared
    )
