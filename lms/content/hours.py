"""Whether a course's lesson hours (JP) fit the time that its items take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.content.course import CourseContent
from lms.content.items.base import Item
from lms.content.markdown.problems import Message, Problem, SourcePosition, say

COURSE_FILE = "course.md"
FAR = 2
"""From half to twice the time of its JP, an item's time is not remarked on. JP are whole numbers, so one JP stands for
half to one and a half of them, and people read at different speeds."""


def check_hours(course: CourseContent, files: Mapping[str, bytes], jp_minutes: int) -> list[Problem]:
    """A warning for each item, or else for the course, whose JP are far from its own time. ``course`` is rendered."""
    found = list(_of_items(course, files, jp_minutes))
    own = sum(item.total_minutes(jp_minutes) for item in course.items)
    if found or not _is_far(own, course.jp, jp_minutes):
        return found
    what = say(
        "the course says %(jp)d jp, which are %(wanted)d minutes; its items take about %(own)d minutes",
        jp=course.jp,
        wanted=course.jp * jp_minutes,
        own=round(own),
    )
    fix = say("add “minutes: …” to the items that ask for practice, or correct the jp of the course and of its items")
    return [Problem(COURSE_FILE, *_position(files[COURSE_FILE]), what, fix, is_warning=True)]


def _of_items(course: CourseContent, files: Mapping[str, bytes], jp_minutes: int) -> Iterator[Problem]:
    for item in course.items:
        own = item.total_minutes(jp_minutes)
        if _is_far(own, item.jp, jp_minutes):
            what = say(
                "“%(title)s” says %(jp)d jp, which are %(wanted)d minutes; its own time is about %(own)d minutes",
                title=item.title,
                jp=item.jp,
                wanted=item.jp * jp_minutes,
                own=round(own),
            )
            fix = _fix(item, own, jp_minutes)
            yield Problem(item.path, *_position(files[item.path]), what, fix, is_warning=True)


def _fix(item: Item, own: float, jp_minutes: int) -> Message:
    if own > item.jp * jp_minutes:
        return say("correct “jp”, correct “minutes”, or make the item shorter")
    return say("state the practice that it asks for beyond that as “minutes: …”, or correct “jp”")


def _is_far(own: float, jp: int, jp_minutes: int) -> bool:
    wanted = jp * jp_minutes
    return wanted > 0 and not wanted / FAR <= own <= wanted * FAR


def _position(source: bytes) -> SourcePosition:
    """Where the front matter says ``jp``."""
    lines = source.decode("utf-8-sig").splitlines()
    return next(((number, 1) for number, line in enumerate(lines, 1) if line.startswith("jp:")), (1, 1))
