"""What the people of the demo have been told: a head's reminder, then the site's own first round. No mail goes out."""

from __future__ import annotations

from datetime import datetime, timedelta

from lms.core.db import db
from lms.courses.models import Course
from lms.demo_cast import Cast
from lms.enrolment import queries as enrolments
from lms.notices import queries
from lms.notices.services import events, inbox, reminders


def tell(cast: Cast, course: Course, *, now: datetime) -> None:
    """Nobody here has an address, so all of it stays in the inboxes. Who was reminded has read it."""
    reminded = cast.learner(13)
    taken = enrolments.enrolment_of(reminded.id, course.id)
    assert taken is not None
    reminders.remind([taken.id], actor_id=cast.head.id, now=now - timedelta(days=1))
    for notice in db.session.scalars(queries.inbox(reminded.id)):
        inbox.read_one(notice, now=now - timedelta(hours=20))
    found = events.new_events(inbox.sweep_from(now), now=now) + events.near_deadlines(now=now)
    inbox.notify(found, now=now)
    inbox.record_sweep(now)
