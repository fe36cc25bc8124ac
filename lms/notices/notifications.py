"""Notifications. Their keys make sure that nobody is notified of the same thing twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from lms.notices.changes import HistoryStep
from lms.people import nip

MAX_ITEMS = 4
"""Items named in a message; further ones are left out."""


REPLACED = ("group", "deadline", "item-deadline", "announcement")
"""Kinds of which only the newest about the same page is mailed: those before it no longer hold."""


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


def application_refused(person_id: int, slug: str, course: str, application_id: int, reason: str) -> Notification:
    facts = {"course": course, "reason": reason}
    key = f"application-refused:{application_id}"
    return Notification(person_id, key, "application-refused", f"/courses/{slug}", facts)


class NextMeeting(NamedTuple):
    """A meeting of a session as the person's cohort has it."""

    item_id: int
    item_slug: str
    item: str
    number: int
    starts_at: datetime
    place: str


def meeting(course: EnrolledCourse, at: NextMeeting) -> Notification:
    """It begins soon."""
    key = f"meeting:{course.enrolment_id}:{at.item_id}:{at.number}:{int(at.starts_at.timestamp())}"
    return Notification(course.person_id, key, "meeting", f"{course.link}/{at.item_slug}", _meeting_facts(course, at))


def meeting_moved(course: EnrolledCourse, at: NextMeeting, change_id: int) -> Notification:
    key = f"meeting-moved:{course.enrolment_id}:{change_id}"
    facts = _meeting_facts(course, at)
    return Notification(course.person_id, key, "meeting-moved", f"{course.link}/{at.item_slug}", facts)


def _meeting_facts(course: EnrolledCourse, at: NextMeeting) -> dict[str, Any]:
    return {"course": course.title, "item": at.item, "starts": at.starts_at.isoformat(), "place": at.place}


class MarkChange(NamedTuple):
    """A change of the score that counts for a quiz, and why."""

    old: Decimal
    new: Decimal
    reason: str


def graded(course: EnrolledCourse, item_slug: str, item: str, source: str, number: int, score: Decimal) -> Notification:
    """``source`` and ``number`` are the grade's, so each correction is a notification of its own."""
    facts = {"course": course.title, "item": item, "score": str(score), "number": number}
    kind, _, key = source.partition(":")
    link = f"{course.link}/{item_slug}"
    if kind == "attempt":
        facts["is_quiz"], link = True, f"/attempts/{key}/review"
    return Notification(course.person_id, f"graded:{source}:{number}", "graded", link, facts)


def graded_together(course: EnrolledCourse, items: Sequence[str], at: datetime) -> Notification:
    """Several marks that were told at the same moment."""
    names = list(dict.fromkeys(items))
    facts = {"course": course.title, "count": len(items), "items": _shortened(names)}
    key = f"graded-together:{course.enrolment_id}:{int(at.timestamp() * 1000)}"
    return Notification(course.person_id, key, "graded-together", f"/marks/{course.slug}", facts)


def returned(course: EnrolledCourse, item_slug: str, item: str, submission_id: int, until: date) -> Notification:
    facts = {"course": course.title, "item": item, "until": _iso(until)}
    return Notification(course.person_id, f"returned:{submission_id}", "returned", f"{course.link}/{item_slug}", facts)


def handed_in(
    course: EnrolledCourse, item_slug: str, item: str, paper_id: int, group: str, *, name: str
) -> Notification:
    """Another member handed in for the group."""
    facts = {"course": course.title, "item": item, "group": group, "name": name}
    link = f"{course.link}/{item_slug}"
    return Notification(course.person_id, f"handed-in:{paper_id}", "handed-in", link, facts)


def group_key(enrolment_id: int, entry_id: int) -> str:
    """``entry_id`` is the ledger's."""
    return f"group:{enrolment_id}:{entry_id}"


def group_changed(course: EnrolledCourse, change: HistoryStep) -> Notification:
    """Somebody put the person into a group, or took them out of it: the name is empty then."""
    facts = {"course": course.title, "group": change.after, "before": change.before}
    return Notification(course.person_id, change.key, "group", course.link, facts)


def deadline_key(enrolment_id: int, source: str) -> str:
    """``source`` names what was recorded when the deadline was changed."""
    return f"deadline:enrolment:{enrolment_id}:{source}"


def course_deadline(
    course: EnrolledCourse,
    key: str,
    due_on: date | None,
    *,
    starts_on: date | None = None,
    is_other_end: bool = True,
) -> Notification:
    """``starts_on`` is None if the first day has not changed."""
    facts = {
        "course": course.title,
        "due_on": _iso(due_on),
        "starts_on": _iso(starts_on),
        "is_other_end": is_other_end,
    }
    return Notification(course.person_id, key, "deadline", course.link, facts)


def item_deadline(
    course: EnrolledCourse,
    key: str,
    item_slug: str,
    item: str,
    *,
    what: str,
    moments: tuple[datetime | None, datetime | None],
) -> Notification:
    """``what`` changed: ``due_at``, ``last_at`` (nothing is accepted after it) or ``opens_at``; ``moments`` are the one
    before and the one now."""
    before, now = (moment.isoformat() if moment else None for moment in moments)
    facts = {"course": course.title, "item": item, "what": what, "moment_at": now, "before_at": before}
    return Notification(course.person_id, key, "item-deadline", f"{course.link}/{item_slug}", facts)


def quiz_limits(course: EnrolledCourse, item_slug: str, item: str, override_id: int, further: int) -> Notification:
    """Somebody gave the person or the cohort other limits; ``further`` attempts beyond the quiz's."""
    facts = {"course": course.title, "item": item, "further": further}
    link = f"{course.link}/{item_slug}" if item_slug else course.link
    return Notification(course.person_id, f"quiz-limits:{override_id}", "quiz-limits", link, facts)


def attempt_asked(
    teacher_id: int, request_id: int, slug: str, enrolment_id: int, item_slug: str, item: str, *, name: str
) -> Notification:
    """To an instructor of the course."""
    link = f"/teach/courses/{slug}/people/{enrolment_id}/{item_slug}"
    return Notification(teacher_id, f"attempt-asked:{request_id}", "attempt-asked", link, {"item": item, "name": name})


def attempt_refused(course: EnrolledCourse, item_slug: str, item: str, request_id: int, answer: str) -> Notification:
    facts = {"course": course.title, "item": item, "answer": answer}
    link = f"{course.link}/{item_slug}"
    return Notification(course.person_id, f"attempt-refused:{request_id}", "attempt-refused", link, facts)


def regraded(course: EnrolledCourse, key: str, item: str, attempt_id: int, change: MarkChange) -> Notification:
    """Links to the result of the attempt, which says the same and shows the answers."""
    facts = {
        "course": course.title,
        "item": item,
        "old_score": str(change.old),
        "new_score": str(change.new),
        "reason": change.reason,
    }
    return Notification(course.person_id, f"regraded:{key}", "regraded", f"/attempts/{attempt_id}/review", facts)


def announcement_key(announcement_id: int, told_number: int) -> str:
    return f"announcement:{announcement_id}:{told_number}"


def announcement_of(key: str) -> int | None:
    """The announcement's id in such a key; None for any other key."""
    kind, _colon, rest = key.partition(":")
    return int(rest.partition(":")[0]) if kind == "announcement" else None


def announced(course: EnrolledCourse, announcement_id: int, told_number: int, facts: Mapping[str, Any]) -> Notification:
    """``facts`` as ``announcement_facts`` has them."""
    key, link = announcement_key(announcement_id, told_number), f"/announcements/{course.slug}#a{announcement_id}"
    return Notification(course.person_id, key, "announcement", link, facts)


def announcement_facts(course: str, title: str, text: str, *, is_withdrawn: bool) -> dict[str, Any]:
    """Of a withdrawn one, nothing that it said."""
    said = {"title": "", "text": ""} if is_withdrawn else {"title": title, "text": text}
    return {"course": course, **said}


class JpOfYear(NamedTuple):
    """A person's JP of a year once a certificate was issued. ``target`` is 0 if there is none to reach."""

    year: int
    total: int
    target: int


def certificate(
    person_id: int, record_id: int, slug: str, course: str, number: str, jp: int | None, in_year: JpOfYear
) -> Notification:
    """Links to the page on which the certificate can be opened and shared. ``jp`` is None if they do not count
    again."""
    facts = {"course": course, "number": number, "jp": jp, **in_year._asdict()}
    return Notification(person_id, f"certificate:{record_id}", "certificate", f"/courses/{slug}/finish", facts)


def revoked(person_id: int, record_id: int, course: str, number: str, reason: str) -> Notification:
    facts = {"course": course, "number": number, "reason": reason}
    return Notification(person_id, f"revoked:{record_id}", "revoked", "/records", facts)


def second_factor_removed(person_id: int, entry_id: int) -> Notification:
    """By somebody else; ``entry_id`` is the ledger's."""
    return Notification(person_id, f"factor-removed:{entry_id}", "factor-removed", "/account/second-factor")


def number_changed(person_id: int, number: str, entry_id: int) -> Notification:
    """By somebody else; ``entry_id`` is the ledger's. The notice says the last digits only."""
    facts = {"end": nip.masked(number)}
    return Notification(person_id, f"number-changed:{entry_id}", "number-changed", "/account", facts)


def published_as_scheduled(person_id: int, scheduled_id: int, slug: str, course: str, number: int) -> Notification:
    link = f"/teach/courses/{slug}/revisions"
    facts = {"course": course, "number": number}
    return Notification(person_id, f"publication:{scheduled_id}", "published", link, facts)


def not_published(
    person_id: int, scheduled_id: int, slug: str, course: str, at: datetime, refusal: str
) -> Notification:
    """A publication that was scheduled and could not be carried out; ``refusal`` is its code."""
    facts = {"course": course, "moment_at": at.isoformat(), "refusal": refusal}
    link = f"/teach/courses/{slug}/publish"
    return Notification(person_id, f"publication:{scheduled_id}", "not-published", link, facts)


def due(course: EnrolledCourse, day: date, items: Sequence[str], days_left: int) -> Notification:
    """Sent three days before ``day`` and again on the eve. An extended deadline is a new notification."""
    return _deadline("due-1" if days_left <= 1 else "due-3", "due", course, day, items)


def overdue(course: EnrolledCourse, day: date, items: Sequence[str]) -> Notification:
    return _deadline("overdue", "overdue", course, day, items)


def reminder(course: EnrolledCourse, due_on: date | None, today: date) -> Notification:
    """Sent by a person, at most once a day."""
    facts = {"course": course.title, "due_on": _iso(due_on), "is_past": is_past(due_on, today)}
    return Notification(course.person_id, reminder_key(course.enrolment_id, today), "reminder", course.link, facts)


def thanks(course: EnrolledCourse, name: str) -> Notification:
    """Sent by a person, once for each enrolment; ``name`` is theirs."""
    facts = {"course": course.title, "name": name}
    return Notification(course.person_id, f"thanks:{course.enrolment_id}", "thanks", course.link, facts)


class JpSoFar(NamedTuple):
    """A person's JP of a year. ``target`` is 0 if there is none to reach."""

    year: int
    jp: int
    target: int


def encouragement(person_id: int, name: str, so_far: JpSoFar, today: date) -> Notification:
    """Sent by a person, whose ``name`` it is, at most once a week, to those who still lack JP."""
    return Notification(person_id, encouragement_key(today), "encouragement", "/", {"name": name, **so_far._asdict()})


def encouragement_key(today: date) -> str:
    """Of the week, from Monday."""
    year, week, _day = today.isocalendar()
    return f"encouragement:{year}-W{week:02}"


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
    if step not in ("enrolled", "reminder", "due-1", "due-3", "overdue", "deadline"):
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
    facts = {"course": course.title, "due_on": _iso(day), "items": _shortened(items)}
    return Notification(course.person_id, f"{step}:enrolment:{course.enrolment_id}:{day}", kind, course.link, facts)


def _shortened(items: Sequence[str]) -> list[str]:
    return [*items[:MAX_ITEMS], *(["…"] if len(items) > MAX_ITEMS else [])]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
