"""What keeps a course from being shown as its author means it, beyond its sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.content.folder.outline import COURSE_FILE
from lms.content.markdown.problems import Message, Problem, say

REFUSED: dict[str, tuple[Message, Message]] = {
    "bomb": (
        say("This picture has too many pixels to be made smaller for phones"),
        say("make it smaller, to at most 4,000 pixels on each side"),
    ),
    "broken": (say("This picture is broken"), say("open it, save it again and replace the file")),
    "format": (
        say("This file is no picture that pages can show, whatever its name says"),
        say("save it as JPEG or PNG and replace the file"),
    ),
}


def picture_problems(refused: Mapping[str, str]) -> Iterator[Problem]:
    """``refused``: why there are no versions, by path. The file itself is shown instead, if it can be."""
    for path, reason in refused.items():
        yield Problem(path, 1, 1, *REFUSED[reason], is_warning=True)


def path_of(error: Exception) -> str:
    """The file that was being rendered, where the error names one; else the course's own."""
    path, _, _reason = str(error).partition(":")
    return path if path.endswith(".md") else COURSE_FILE


def too_complex(path: str) -> Problem:
    return Problem(
        path,
        1,
        1,
        say("The Markdown is nested too deeply or takes too long to render"),
        say("simplify lists, quotes and brackets"),
    )
