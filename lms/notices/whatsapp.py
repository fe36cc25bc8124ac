"""WhatsApp messages: a link that opens WhatsApp with number and text filled in, and a text to copy.

The site sends nothing itself: a person presses *send* on their own phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from lms.content.markdown.problems import Message, say
from lms.people import phones


@dataclass(frozen=True)
class WhatsAppMessage:
    """A message to one person. ``phone`` as it is stored or typed, None if unknown."""

    name: str
    phone: str | None
    text: str

    @property
    def link(self) -> str | None:
        digits = number(self.phone or "")
        return link(digits, self.text) if digits else None


def number(text: str) -> str | None:
    """The digits with the country code, ``62812…``, as WhatsApp expects them; None if ``text`` is not a number."""
    found = phones.normalise(text)
    return found.removeprefix("+") if found else None


def link(phone: str, text: str) -> str:
    """The URL that opens WhatsApp with the text filled in; ``phone`` as returned by ``number``."""
    return f"https://wa.me/{phone}?text={quote(text, safe='')}"


def lines(parts: Iterable[str]) -> str:
    """One text with each part on one line, so that a name with a line break cannot break a list."""
    return "\n".join(" ".join(part.split()) for part in parts)


@dataclass(frozen=True)
class UnfinishedCourse:
    course: str
    due_on: date | None
    is_past: bool


def reminder(name: str, courses: Sequence[UnfinishedCourse], url: str) -> list[Message]:
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


def encouragement(name: str, year: int, jp: int, target: int, url: str) -> list[Message]:
    """The lines of a message to one person; ``target`` is 0 if there is none to reach."""
    said = [say("Dear %(name)s,", name=name)]
    if target:
        said.append(say("you have %(jp)s of %(target)s JP in %(year)s.", jp=jp, target=target, year=year))
    return [*said, say("Go on with your course or choose one, a little at a time: %(url)s", url=url)]


def encouragement_to_group(year: int, url: str) -> Message:
    """It names nobody, as ``to_group``."""
    return say(
        "Colleagues, some of us still lack JP in %(year)s. If you are one of them: go on with your course or choose one"
        " here, a little at a time: %(url)s If something keeps you from it, please write to me.",
        year=year,
        url=url,
    )


def to_group(course: str, url: str) -> Message:
    """It names nobody: who is behind is written to alone."""
    return say(
        "Colleagues, some of us have not finished the course “%(course)s” yet. If you are one of them: you can go on "
        "here, a little at a time, too: %(url)s If something keeps you from it, please write to me.",
        course=course,
        url=url,
    )
