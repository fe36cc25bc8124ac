"""The size of a course: what somebody downloads who opens all of it on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.authoring.media_names import unquoted, where_used
from lms.content.course import CourseContent
from lms.content.rendering.media import CLIPS, extension, is_picture
from lms.courses.weight import frame_size, packed_size


@dataclass(frozen=True)
class CourseWeight:
    """Bytes. Files that no text names cost nothing."""

    texts: int = 0
    pictures: int = 0
    clips: int = 0
    others: int = 0

    @property
    def total(self) -> int:
        return self.texts + self.pictures + self.clips + self.others


def course_weight(course: CourseContent, texts: Mapping[str, bytes], sizes: Mapping[str, int]) -> CourseWeight:
    """``sizes``: what each file by its path costs; of a picture, the version for a phone."""
    found = {"pictures": 0, "clips": 0, "others": 0}
    readable = unquoted(texts)
    for path, size in sizes.items():
        if where_used(path, readable):
            kind = "clips" if extension(path) in CLIPS else "pictures" if _is_shown(path) else "others"
            found[kind] += size
    frame = frame_size(course)
    pages = sum(packed_size(html) + frame for item in course.items for html in item.pages_html)
    return CourseWeight(texts=pages, **found)


def _is_shown(path: str) -> bool:
    return is_picture(path) or extension(path) == "svg"
