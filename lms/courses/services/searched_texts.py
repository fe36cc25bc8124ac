"""The texts that the catalogue's search looks through, of revisions that another release stored."""

from __future__ import annotations

from sqlalchemy import select

from lms.core.db import db
from lms.courses.contents import headings, words_of
from lms.courses.models import CourseRevision, ItemRevision
from lms.lib.folding import searchable


def renew_searched_texts() -> int:
    """Add the words of the course's page and the headings of its items where they are missing; returns to how many.

    Releases before searched by titles alone. Bodies are read only of courses whose page's words are missing.
    """
    rows = db.session.execute(
        select(CourseRevision.id, CourseRevision.description_html, CourseRevision.search_text).where(
            CourseRevision.is_current
        )
    ).all()
    wanting = [row for row in rows if searchable([words_of(row.description_html)]) not in row.search_text]
    for row in wanting:
        bodies = db.session.scalars(
            select(ItemRevision.body_html).where(ItemRevision.revision_id == row.id).order_by(ItemRevision.position)
        )
        revision = db.session.get_one(CourseRevision, row.id)
        revision.search_text = searchable([row.search_text, words_of(row.description_html), *headings(bodies)])
    db.session.flush()
    return len(wanting)
