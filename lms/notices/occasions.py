"""What there is to tell, and the key by which each thing is told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

MOST_ITEMS = 4
"""More titles make no message clearer."""


class Taken(NamedTuple):
    """Somebody's course: whom a notice is for and what page it leads to."""

    person_id: int
    enrolment_id: int
    slug: str
    course: str

    @property
    def link(self) -> str:
        return f"/courses/{self.slug}"


@dataclass(frozen=True)
class Occasion:
    """One thing that one person is to be told."""

    person_id: int
    key: str
    kind: str
    link: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def enrolled(taken: Taken, starts_on: date | None, due_on: date | None) -> Occasion:
    """``starts_on`` only where it is still to come."""
    facts = {"course": taken.course, "starts_on": _iso(starts_on if due_on else None), "due_on": _iso(due_on)}
    return Occasion(taken.person_id, f"enrolled:{taken.enrolment_id}", "enrolled", taken.link, facts)


def graded(taken: Taken, item_slug: str, item: str, source: str, number: int, score: Decimal) -> Occasion:
    """``source`` and ``number`` as the grade ledger has them: each correction is told too."""
    facts = {"course": taken.course, "item": item, "score": str(score), "number": number}
    return Occasion(taken.person_id, f"graded:{source}:{number}", "graded", f"{taken.link}/{item_slug}", facts)


def certificate(person_id: int, record_id: int, course: str, number: str) -> Occasion:
    facts = {"course": course, "number": number}
    return Occasion(person_id, f"certificate:{record_id}", "certificate", "/records", facts)


def due(taken: Taken, day: date, items: Sequence[str], days_left: int) -> Occasion:
    """A day on which something ends, told three days before and again on the eve; put off, it is told anew."""
    return _deadline("due-1" if days_left <= 1 else "due-3", "due", taken, day, items)


def overdue(taken: Taken, day: date, items: Sequence[str]) -> Occasion:
    return _deadline("overdue", "overdue", taken, day, items)


def reminder(taken: Taken, due_on: date | None, today: date) -> Occasion:
    """Sent by a person: once a day, however often the button is pressed."""
    facts = {"course": taken.course, "due_on": _iso(due_on), "is_past": is_past(due_on, today)}
    return Occasion(taken.person_id, reminder_key(taken.enrolment_id, today), "reminder", taken.link, facts)


def reminder_key(enrolment_id: int, today: date) -> str:
    return f"reminder:{enrolment_id}:{today}"


def is_past(due_on: date | None, today: date) -> bool:
    """Whether nobody can finish by that day any more."""
    return due_on is not None and due_on < today


class Standing(NamedTuple):
    """How an enrolment stands at the moment a mail about it goes out."""

    is_over: bool
    """Finished or left."""
    due_on: date | None
    extended_until: date | None


def enrolment_of(key: str) -> int | None:
    """The enrolment that asks for something, by the key of its occasion; None where the occasion asks for nothing."""
    step, _colon, rest = key.partition(":")
    if step not in ("enrolled", "reminder", "due-1", "due-3", "overdue"):
        return None
    return int(rest.removeprefix("enrolment:").partition(":")[0])


def still_holds(kind: str, facts: Mapping[str, Any], standing: Standing) -> bool:
    """Whether what was to be told is true when it is sent, perhaps a night later: the course is not over for this
    person, and the day by which something is asked for was not put off meanwhile."""
    if standing.is_over:
        return False
    if kind == "enrolled" or not facts.get("due_on"):
        return True
    told = date.fromisoformat(facts["due_on"])
    if standing.extended_until is not None and standing.extended_until > told:
        return False
    return bool(facts.get("items")) or standing.due_on == told


def _deadline(step: str, kind: str, taken: Taken, day: date, items: Sequence[str]) -> Occasion:
    names = [*items[:MOST_ITEMS], *(["…"] if len(items) > MOST_ITEMS else [])]
    facts = {"course": taken.course, "due_on": _iso(day), "items": names}
    return Occasion(taken.person_id, f"{step}:enrolment:{taken.enrolment_id}:{day}", kind, taken.link, facts)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
