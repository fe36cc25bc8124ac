"""Whose names graders do not see: those of work that is graded without names, until its learner is told a mark."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from lms.assignments.models import AnonymousNumber, Marking, Submission, WorkFile
from lms.content.items.assignment import Assignment
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.courses import queries as courses

Key = tuple[int, int]
"""Enrolment and item."""


def hidden_numbers(where: ColumnElement[bool]) -> dict[Key, int]:
    """The numbers instead of names, by enrolment and item. ``where`` is a condition on ``AnonymousNumber``."""
    rows = db.session.execute(untold(where))
    return {(row[0], row[1]): row[2] for row in rows if is_anonymous(row[3])}


def untold(where: ColumnElement[bool]) -> Select[int, int, int, int]:
    """Enrolment, item, number and revision of the item: names are hidden where this revision ``is_anonymous``.

    The newest submission decides for all of a person's at an assignment, so that an earlier one, whose mark was told,
    names nobody. The revision of the submission holds: a later revision neither takes the promise back nor
    hides what was handed in with a name.
    """
    newer = aliased(Submission)
    is_newest = ~exists().where(
        newer.enrolment_id == Submission.enrolment_id,
        newer.item_id == Submission.item_id,
        newer.number > Submission.number,
    )
    is_told = exists().where(Marking.submission_id == Submission.id, ~Marking.is_held)
    same_work = (
        Submission.enrolment_id == AnonymousNumber.enrolment_id,
        Submission.item_id == AnonymousNumber.item_id,
    )
    columns = AnonymousNumber.enrolment_id, AnonymousNumber.item_id, AnonymousNumber.number
    return (
        select(*columns, Submission.item_revision_id)
        .join(Submission, and_(*same_work))
        .where(where, is_newest, ~is_told)
    )


def hidden_number(submission: Submission) -> int | None:
    """None if graders see the name."""
    key = submission.enrolment_id, submission.item_id
    own = (AnonymousNumber.enrolment_id == key[0]) & (AnonymousNumber.item_id == key[1])
    return hidden_numbers(own).get(key)


def hidden_of(enrolment_ids: Collection[int]) -> dict[Key, int]:
    return hidden_numbers(AnonymousNumber.enrolment_id.in_(enrolment_ids))


def hidden_submissions(ids: Collection[int]) -> dict[int, int]:
    """The numbers instead of names, by submission, of those whose learners are not to be named."""
    rows = db.session.execute(
        select(Submission.id, Submission.enrolment_id, Submission.item_id).where(Submission.id.in_(ids))
    ).all()
    hidden = hidden_of({row.enrolment_id for row in rows}) if rows else {}
    return {row.id: hidden[key] for row in rows if (key := (row.enrolment_id, row.item_id)) in hidden}


def numbers_taken(item_id: int) -> set[int]:
    return set(db.session.scalars(select(AnonymousNumber.number).where(AnonymousNumber.item_id == item_id)))


def has_number(enrolment_id: int, item_id: int) -> bool:
    own = AnonymousNumber.enrolment_id == enrolment_id, AnonymousNumber.item_id == item_id
    return bool(db.session.scalar(select(func.count()).select_from(AnonymousNumber).where(*own)))


def participant(number: int) -> str:
    """What graders read in place of the name."""
    return str(_("Participant %(number)s", number=number))


def file_name(file: WorkFile, number: int) -> str:
    """A name that tells nothing of the learner, since people name their files after themselves."""
    ending = PurePosixPath(file.name).suffix.lower()
    return f"{participant(number)} ({file.id}){ending}"


def is_anonymous(item_revision_id: int) -> bool:
    content: Any = courses.item_content(item_revision_id)
    return isinstance(content, Assignment) and content.anonymous
