"""Reminders and thanks that a person sends: by inbox and mail, or by WhatsApp from their own phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from lms.core import ledger
from lms.core.i18n import to_site_time
from lms.notices import notifications, queries, whatsapp
from lms.notices.notifications import EnrolledCourse, JpSoFar
from lms.notices.services.inbox import notify
from lms.notices.services.wording import translated
from lms.notices.whatsapp import WhatsAppMessage


def remind(enrolment_ids: Sequence[int], *, actor_id: int, now: datetime) -> int:
    """Remind the people of these enrolments; returns how many were reminded.

    One reminder per enrolment and day, also after a double click. People who have
    finished or withdrawn, or whose account is inactive, get none.
    """
    today = to_site_time(now).date()
    found = [
        notifications.reminder(EnrolledCourse(*row[:4]), row[4], today) for row in queries.to_remind(enrolment_ids)
    ]
    new = notify(found, now=now)
    entries = {f"enrolment:{one.key.split(':')[1]}": {"person": one.person_id} for one in new}
    ledger.record_all(actor_id, "remind", entries, now=now)
    return len({one.person_id for one in new})


def thank(enrolment_ids: Sequence[int], *, actor_id: int, name: str, now: datetime) -> int:
    """Thank the people of these enrolments who have finished, each once; returns how many were thanked now.

    Nobody is thanked by themselves. ``name`` is the actor's.
    """
    rows = queries.finished_of(enrolment_ids)
    found = [notifications.thanks(EnrolledCourse(*row), name) for row in rows if row[0] != actor_id]
    new = notify(found, now=now)
    entries = {f"enrolment:{one.key.split(':')[1]}": {"person": one.person_id} for one in new}
    ledger.record_all(actor_id, "thank", entries, now=now)
    return len({one.person_id for one in new})


def encourage(people: Mapping[int, JpSoFar], *, actor_id: int, name: str, now: datetime) -> int:
    """Invite these people to learn, each at most once a week, whoever does it; returns how many were invited now.

    Nobody invites themselves. ``name`` is the actor's.
    """
    today = to_site_time(now).date()
    found = [
        notifications.encouragement(person_id, name, so_far, today)
        for person_id, so_far in people.items()
        if person_id != actor_id
    ]
    new = notify(found, now=now)
    ledger.record_all(actor_id, "encourage", {f"person:{one.person_id}": {} for one in new}, now=now)
    return len(new)


def encouraged_this_week(*, now: datetime) -> set[int]:
    """The ids of the people who were invited to learn since Monday."""
    key = notifications.encouragement_key(to_site_time(now).date())
    return {person_id for person_id, _key in queries.already_sent([key])}


def reminded_today(enrolment_ids: Sequence[int], *, now: datetime) -> set[int]:
    """The ids of the enrolments whose people have already been reminded today."""
    keys = {notifications.reminder_key(one, to_site_time(now).date()): one for one in enrolment_ids}
    return {keys[key] for _person_id, key in queries.already_sent(keys)}


def whatsapp_message(
    name: str, phone: str | None, courses: Sequence[tuple[str, date | None]], url: str, *, now: datetime
) -> WhatsAppMessage:
    """A reminder of each course with its deadline; ``url`` is the absolute URL to continue at."""
    today = to_site_time(now).date()
    unfinished = [
        whatsapp.UnfinishedCourse(course, due_on, notifications.is_past(due_on, today)) for course, due_on in courses
    ]
    return WhatsAppMessage(
        name, phone, whatsapp.lines(translated(one) for one in whatsapp.reminder(name, unfinished, url))
    )


def group_text(course: str, url: str) -> str:
    return whatsapp.lines([translated(whatsapp.to_group(course, url))])


def encouragement_message(name: str, phone: str | None, so_far: JpSoFar, url: str) -> WhatsAppMessage:
    said = whatsapp.encouragement(name, so_far.year, so_far.jp, so_far.target, url)
    return WhatsAppMessage(name, phone, whatsapp.lines(translated(one) for one in said))


def encouragement_group_text(year: int, url: str) -> str:
    return whatsapp.lines([translated(whatsapp.encouragement_to_group(year, url))])
