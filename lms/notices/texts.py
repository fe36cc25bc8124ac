"""The text of each kind of notice, in English with placeholders; ``services.wording`` translates it.

A placeholder that ends in ``_on`` is a date, one that ends in ``_at`` a timestamp, and ``score`` a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.content.markdown.problems import Message, say

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class NoticeText:
    """``title`` is the subject of the mail and the line in the inbox."""

    title: Message
    body: Message


@dataclass(frozen=True)
class UnfinishedCourse:
    course: str
    due_on: date | None
    is_past: bool


def text_of(kind: str, facts: Facts) -> NoticeText:
    """:raises KeyError: there is no such kind."""
    return _KINDS[kind](facts)


def _enrolled(facts: Facts) -> NoticeText:
    title = say("You are enrolled in %(course)s", course=facts["course"])
    if facts.get("starts_on"):
        days = {"starts_on": facts["starts_on"], "due_on": facts["due_on"]}
        return NoticeText(title, say("It starts on %(starts_on)s and ends on %(due_on)s.", **days))
    if facts.get("due_on"):
        return NoticeText(title, say("You can start now. The deadline is %(due_on)s.", due_on=facts["due_on"]))
    return NoticeText(title, say("You can start now, and stop and continue at any time."))


def _graded(facts: Facts) -> NoticeText:
    what = {"item": facts["item"], "score": facts["score"]}
    if facts["number"] > 1:
        title = say("The mark of your assignment “%(item)s” was changed: %(score)s", **what)
    else:
        title = say("Your assignment “%(item)s” was marked: %(score)s", **what)
    return NoticeText(title, say("Open it to read the feedback. Course: %(course)s.", course=facts["course"]))


def _due(facts: Facts) -> NoticeText:
    title = say("%(course)s: due on %(due_on)s", course=facts["course"], due_on=facts["due_on"])
    if facts["items"]:
        return NoticeText(title, say("Still to do by then: %(items)s.", items=", ".join(facts["items"])))
    return NoticeText(title, say("Please finish the rest of the course by then."))


def _overdue(facts: Facts) -> NoticeText:
    title = say("%(course)s: the deadline of %(due_on)s has passed", course=facts["course"], due_on=facts["due_on"])
    if facts["items"]:
        body = say(
            "Not done: %(items)s. Your saved work is kept. Ask your instructor what you can still do.",
            items=", ".join(facts["items"]),
        )
        return NoticeText(title, body)
    return NoticeText(
        title,
        say("Your work is kept. Ask your instructor or the admin whether your deadline can be extended."),
    )


def _certificate(facts: Facts) -> NoticeText:
    title = say("Your certificate of %(course)s is ready", course=facts["course"])
    return NoticeText(title, say("Number %(number)s. You can download it at any time.", number=facts["number"]))


def _reminder(facts: Facts) -> NoticeText:
    title = say("A reminder: %(course)s is waiting for you", course=facts["course"])
    if facts.get("is_past"):
        gone = say(
            "The deadline was %(due_on)s. Please finish the rest soon. Your work so far is kept.",
            due_on=facts["due_on"],
        )
        return NoticeText(title, gone)
    if facts.get("due_on"):
        return NoticeText(
            title,
            say("The deadline is %(due_on)s. Your work so far is kept.", due_on=facts["due_on"]),
        )
    return NoticeText(title, say("Please continue the course. Your work so far is kept."))


_KINDS: dict[str, Callable[[Facts], NoticeText]] = {
    "enrolled": _enrolled,
    "graded": _graded,
    "due": _due,
    "overdue": _overdue,
    "certificate": _certificate,
    "reminder": _reminder,
}
KINDS = tuple(_KINDS)


def whatsapp_reminder(name: str, courses: Sequence[UnfinishedCourse], url: str) -> list[Message]:
    """The lines of a message to one person: a greeting, each course with its deadline, the link."""
    return [
        say("Dear %(name)s, please continue your training:", name=name),
        *map(_course_line, courses),
        say("Your work so far is kept. Continue here: %(url)s", url=url),
    ]


def _course_line(one: UnfinishedCourse) -> Message:
    if one.due_on is None:
        return say("– %(course)s", course=one.course)
    day = {"course": one.course, "due_on": one.due_on.isoformat()}
    if one.is_past:
        return say("– %(course)s: the deadline, %(due_on)s, has passed; please finish it soon", **day)
    return say("– %(course)s, by %(due_on)s", **day)


def whatsapp_group(course: str, url: str) -> tuple[Message, Message]:
    """The first and the last line of a message to a group; the names go between them."""
    return (
        say("Colleagues who have not finished the course “%(course)s” yet:", course=course),
        say("Please continue here, thank you: %(url)s", url=url),
    )
