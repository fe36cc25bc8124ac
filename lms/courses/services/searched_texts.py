"""The texts that the catalogue's search looks through, of revisions that another release stored."""

from __future__ import annotations

from sqlalchemy import select

from lms.core.db import db
from lms.courses.contents import headings, words_of
from lms.courses.models import CourseRevision, ItemRevision
from lms.lib.folding import searchable


def wanting() -> list[int]:
    """The published revisions whose text lacks the words of the course's page. Releases before searched by titles."""
    rows = db.session.execute(
        select(CourseRevision.id, CourseRevision.description_html, CourseRevision.search_text)
        .where(CourseRevision.is_current)
        .order_by(CourseRevision.id)
    ).all()
    return [row.id for row in rows if searchable([words_of(row.description_html)]) not in row.search_text]


def renew_searched_text(revision_id: int) -> None:
    """Add the words of the course's page and the headings of its items."""
    bodies = db.session.scalars(
        select(ItemRevision.body_html).where(ItemRevision.revision_id == revision_id).order_by(ItemRevision.position)
    )
    revision = db.session.get_one(CourseRevision, revision_id)
    revision.search_text = searchable([revision.search_text, words_of(revision.description_html), *headings(bodies)])
    db.session.flush()
