"""Notices of announcements: new ones, and those whose words were corrected or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import update

from lms.announcements import queries as announcements
from lms.announcements.models import Announcement
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.core.small_transactions import Parts
from lms.lib.plain_text import beginning
from lms.notices import notifications
from lms.notices.models import Notice
from lms.notices.notifications import EnrolledCourse, Notification
from lms.notices.queries import announcing as queries


def announced(since: datetime, parts: Parts) -> list[Notification]:
    """One for each person, in however many cohorts of the course they are."""
    new = announcements.told_since(since)
    return list(chain.from_iterable(parts.each(new, _told, "telling of announcement %s", attrgetter("id"))))


def _told(one: Announcement) -> list[Notification]:
    return [
        notifications.announced(course, one.id, one.told_number, _facts(one, course.title)) for course in _courses(one)
    ]


def _courses(one: Announcement) -> list[EnrolledCourse]:
    rows = queries.addressees(one, to_site_time(one.told_at).date())
    return list({row[0]: EnrolledCourse(*row) for row in rows}.values())


def outdated_notices(since: datetime, parts: Parts) -> list[tuple[dict[str, Any], list[int]]]:
    """Of announcements changed since then: what their notices should say, and the ids of those that do not."""
    changed = announcements.changed_since(since)
    found = parts.each(changed, _outdated, "looking for old notices of announcement %s", attrgetter("id"))
    return [one for one in found if one is not None]


def _outdated(one: Announcement) -> tuple[dict[str, Any], list[int]] | None:
    title = queries.course_title(one.course_id)
    if title is None:
        return None
    facts = _facts(one, title)
    return facts, [key for key, now in queries.notices_of(one) if now != facts]


def renew_facts(facts: dict[str, Any], notice_ids: Sequence[int]) -> int:
    own = update(Notice).where(Notice.id.in_(notice_ids)).values(facts=facts)
    db.session.execute(own.execution_options(synchronize_session=False))
    return len(notice_ids)


def _facts(one: Announcement, course: str) -> dict[str, Any]:
    is_withdrawn = one.withdrawn_at is not None
    return notifications.announcement_facts(course, one.title, beginning(one.text), is_withdrawn=is_withdrawn)
