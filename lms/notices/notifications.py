"""Notifications. Their keys make sure that nobody is notified of the same thing twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

MAX_ITEMS = 4
"""Items named in a message; further ones are left out."""


class EnrolledCourse(NamedTuple):
    """A person's enrolment with the course's address and title."""

    person_id: int
    enrolment_id: int
    slug: str
    title: str

    @property
    def link(self) -> str:
        return f"/courses/{self.slug}"


@dataclass(frozen=True)
class Notification:
    """One message to one person. ``key`` is unique per event; see ``models.Notice`` for the other fields."""

    person_id: int
    key: str
    kind: str
    link: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def enrolled(course: EnrolledCourse, starts_on: date | None, due_on: date | None) -> Notification:
    """``starts_on`` is None if the cohort has already started."""
    facts = {"course": course.title, "starts_on": _iso(starts_on if due_on else None), "due_on": _iso(due_on)}
    return Notification(course.person_id, f"enrolled:{course.enrolment_id}", "enrolled", course.link, facts)


def graded(course: EnrolledCourse, item_slug: str, item: str, source: str, number: int, score: Decimal) -> Notification:
    """``source`` and ``number`` are the grade's, so each correction is a notification of its own."""
    facts = {"course": course.title, "item": item, "score": str(score), "number": number}
    return Notification(course.person_id, f"graded:{source}:{number}", "graded", f"{course.link}/{item_slug}", facts)


def certificate(person_id: int, record_id: int, course: str, number: str) -> Notification:
    facts = {"course": course, "number": number}
    return Notification(person_id, f"certificate:{record_id}", "certificate", "/records", facts)


def due(course: EnrolledCourse, day: date, items: Sequence[str], days_left: int) -> Notification:
    """Sent three days before ``day`` and again on the eve. An extended deadline is a new notification."""
    return _deadline("due-1" if days_left <= 1 else "due-3", "due", course, day, items)


def overdue(course: EnrolledCourse, day: date, items: Sequence[str]) -> Notification:
    return _deadline("overdue", "overdue", course, day, items)


def reminder(course: EnrolledCourse, due_on: date | None, today: date) -> Notification:
    """Sent by a person, at most once a day."""
    facts = {"course": course.title, "due_on": _iso(due_on), "is_past": is_past(due_on, today)}
    return Notification(course.person_id, reminder_key(course.enrolment_id, today), "reminder", course.link, facts)


def reminder_key(enrolment_id: int, today: date) -> str:
    return f"reminder:{enrolment_id}:{today}"


def is_past(due_on: date | None, today: date) -> bool:
    return due_on is not None and due_on < today


class DeadlineState(NamedTuple):
    """An enrolment's deadlines at the moment a mail about it is sent."""

    is_over: bool
    """True if the course is finished or the person has left it."""
    due_on: date | None
    extended_until: date | None


def enrolment_of(key: str) -> int | None:
    """The enrolment id in the key of a notification that asks the person to act; None for any other key."""
    step, _colon, rest = key.partition(":")
    if step not in ("enrolled", "reminder", "due-1", "due-3", "overdue"):
        return None
    return int(rest.removeprefix("enrolment:").partition(":")[0])


def still_holds(kind: str, facts: Mapping[str, Any], now: DeadlineState) -> bool:
    """True if the message is still correct when it is sent, perhaps a night later.

    It no longer is once the person has finished or left the course, or the deadline it names was extended.
    """
    if now.is_over:
        return False
    if kind == "enrolled" or not facts.get("due_on"):
        return True
    named = date.fromisoformat(facts["due_on"])
    if now.extended_until is not None and now.extended_until > named:
        return False
    return bool(facts.get("items")) or now.due_on == named


def _deadline(step: str, kind: str, course: EnrolledCourse, day: date, items: Sequence[str]) -> Notification:
    names = [*items[:MAX_ITEMS], *(["…"] if len(items) > MAX_ITEMS else [])]
    facts = {"course": course.title, "due_on": _iso(day), "items": names}
    return Notification(course.person_id, f"{step}:enrolment:{course.enrolment_id}:{day}", kind, course.link, facts)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
