"""Titles of courses that were never published, in rows of many courses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from lms.authoring.services.checking import title_of_course
from lms.core.db import db
from lms.courses.models import Course
from lms.reports.queries import BoardRow


def titled(rows: Iterable[BoardRow]) -> Iterator[BoardRow]:
    """The rows, with the titles of drafts where there is no published one. The few such courses are read once each."""
    found: dict[str, str] = {}
    for row in rows:
        if row.course is not None or row.slug is None:
            yield row
            continue
        if row.slug not in found:
            course = db.session.scalars(select(Course).where(Course.slug == row.slug)).one()
            found[row.slug] = title_of_course(course)
        yield row._replace(course=found[row.slug])
