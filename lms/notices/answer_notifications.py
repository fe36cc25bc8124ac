"""Notifications of objections and of questions to instructors, and of their answers."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from lms.lib.plain_text import beginning
from lms.notices.notifications import EnrolledCourse, Notification


class ObjectionAnswer(NamedTuple):
    """``source`` is what it is about, ``question`` the question that was reported or empty."""

    source: str
    question: str
    outcome: str
    answer: str


def objection_raised(teacher_id: int, objection_id: int, item: str, *, name: str, question: str) -> Notification:
    """To an instructor of the course; ``question`` is empty where the mark is contested. ``name``
    is empty where work is graded without names: the notice stays when newer work is handed in."""
    facts = {"item": item, "name": name, "is_question": bool(question)}
    link = f"/teach/objections/{objection_id}"
    return Notification(teacher_id, f"objection-raised:{objection_id}", "objection-raised", link, facts)


def objection_answered(
    course: EnrolledCourse, item_slug: str, item: str, objection_id: int, *, answer: ObjectionAnswer
) -> Notification:
    facts = {"course": course.title, "item": item, **answer._asdict()}
    facts["is_question"] = bool(facts.pop("question"))
    source, _, number = str(facts.pop("source")).partition(":")
    link = f"/attempts/{number}/review" if source == "attempt" else f"{course.link}/{item_slug}"
    key = f"objection-answered:{objection_id}"
    return Notification(course.person_id, key, "objection-answered", link, facts)


def inquiry_asked(teacher_id: int, inquiry_id: int, course: str, *, name: str) -> Notification:
    """To an instructor of the course. The link leads to the list: the asker may take the inquiry back."""
    facts = {"course": course, "name": name}
    return Notification(teacher_id, f"inquiry-asked:{inquiry_id}", "inquiry-asked", "/teach/inquiries", facts)


def inquiry_answered(course: EnrolledCourse, inquiry_id: int, answer: str, answered_at: datetime) -> Notification:
    """Once for the words that were written at this moment."""
    key = f"inquiry-answered:{inquiry_id}:{answered_at.timestamp():.0f}"
    facts = {"course": course.title, "answer": beginning(answer)}
    return Notification(course.person_id, key, "inquiry-answered", f"/inquiries/{course.slug}", facts)
