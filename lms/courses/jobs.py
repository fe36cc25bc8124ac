"""Periodic work of courses."""

from __future__ import annotations

from lms.core import clock
from lms.core.db import db
from lms.courses.services import rendered_items


def delete_old_rendered() -> None:
    """Delete rendered items that were made long ago."""
    rendered_items.delete_old(clock.now())
    db.session.commit()
