"""Reminders that a person sends: through the inbox and by mail, or by WhatsApp from the own telephone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from lms.core import ledger
from lms.core.i18n import to_site_time
from lms.notices import occasions, queries, texts, whatsapp
from lms.notices.occasions import Taken
from lms.notices.services.telling import tell
from lms.notices.services.wording import said


def remind(enrolment_ids: Sequence[int], *, actor_id: int, now: datetime) -> int:
    """Remind the people of these enrolments; gives how many people were.

    One reminder per enrolment and day, also after a double click. Who has finished,
    withdrew or cannot sign in any more is passed over.
    """
    today = to_site_time(now).date()
    found = [occasions.reminder(Taken(*row[:4]), row[4], today) for row in queries.to_remind(enrolment_ids)]
    new = tell(found, now=now)
    for one in new:
        ledger.record(actor_id, "remind", f"enrolment:{one.key.split(':')[1]}", now=now, person=one.person_id)
    return len({one.person_id for one in new})


def reminded_today(enrolment_ids: Sequence[int], *, now: datetime) -> set[int]:
    """Those of the enrolments whose people were reminded today; pressed again, nobody hears a second time."""
    keys = {occasions.reminder_key(one, to_site_time(now).date()): one for one in enrolment_ids}
    return {keys[key] for _person_id, key in queries.told_already(keys)}


def whatsapp_entry(
    name: str, phone: str | None, courses: Sequence[tuple[str, date | None]], url: str, *, now: datetime
) -> whatsapp.Entry:
    """Somebody with a ready text: each course with its last day; ``url`` is the whole address where to go on."""
    today = to_site_time(now).date()
    waiting = [texts.Waiting(course, due_on, occasions.is_past(due_on, today)) for course, due_on in courses]
    return whatsapp.Entry(name, phone, whatsapp.lines(said(one) for one in texts.whatsapp_reminder(name, waiting, url)))


def group_text(course: str, names: Iterable[str], url: str) -> str:
    """A text for the office's group: who has not finished yet, a line each."""
    first, last = (said(message) for message in texts.whatsapp_group(course, url))
    return whatsapp.lines([first, *(f"{number}. {name}" for number, name in enumerate(names, 1)), "", last])
