"""What a person has read of the own inbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from lms.core.db import db
from lms.notices.models import Notice
from lms.notices.services.telling import renew_unread


def read_one(notice: Notice, *, now: datetime) -> None:
    """The person opened it; when it was first is what is kept."""
    if notice.read_at is None:
        notice.read_at = now
        db.session.flush()
        renew_unread([notice.person_id])


def read_all(person_id: int, *, now: datetime) -> None:
    mine = Notice.person_id == person_id, Notice.channel == "site", Notice.read_at.is_(None)
    db.session.execute(update(Notice).where(*mine).values(read_at=now).execution_options(synchronize_session=False))
    renew_unread([person_id])
