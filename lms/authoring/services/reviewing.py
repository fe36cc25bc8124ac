"""Reviews of a draft by a second person before it is published: asking for one, and returning the draft with a note."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from lms.authoring import queries
from lms.authoring.models import CourseDraft
from lms.authoring.review import Review
from lms.authoring.services import DraftChanged, lock, source
from lms.core import ledger
from lms.core.db import db


def review_of(course_id: int, state: str) -> Review | None:
    """The request for a review of the draft in this state."""
    draft = queries.draft(course_id)
    if draft is None or draft.review_state != state or draft.review_asked_at is None or draft.review_asked_by is None:
        return None
    return Review(draft.review_asked_by, draft.review_asked_at)


def courses_to_review(course_ids: Collection[int], *, not_by: int) -> set[int]:
    """The courses with a review that somebody else asked for, and whose draft has not changed since."""
    asked = select(CourseDraft.course_id).where(
        CourseDraft.course_id.in_(course_ids), CourseDraft.review_asked_by != not_by
    )
    found = db.session.scalars(asked).all()
    return {course_id for course_id in found if review_of(course_id, source(course_id).state)}


def ask_for_review(course_id: int, state: str, *, actor_id: int, now: datetime) -> None:
    """:raises DraftChanged: the draft is another one than what was shown. Nothing was asked for."""
    draft = _draft(course_id, state)
    draft.review_state, draft.review_asked_at, draft.review_asked_by = state, now, actor_id
    draft.returned_note = draft.returned_at = draft.returned_by = None
    ledger.record(actor_id, "ask for review", f"course:{course_id}", now=now)
    db.session.flush()


def return_draft(course_id: int, state: str, note: str, *, actor_id: int, now: datetime) -> None:
    """End the review without publishing, and say why.

    :raises DraftChanged: the draft is another one than what was shown, or no review is asked for any more.
    """
    draft = _draft(course_id, state)
    if draft.review_state != state:
        raise DraftChanged
    draft.review_state = draft.review_asked_at = draft.review_asked_by = None
    draft.returned_note, draft.returned_at, draft.returned_by = note, now, actor_id
    ledger.record(actor_id, "return draft", f"course:{course_id}", now=now)
    db.session.flush()


def _draft(course_id: int, state: str) -> CourseDraft:
    lock(course_id)
    draft = queries.draft(course_id)
    if draft is None or source(course_id).state != state:
        raise DraftChanged
    return draft
