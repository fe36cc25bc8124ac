"""The examples of the specification are a course without fault or warning."""

from __future__ import annotations

import re
from pathlib import Path

from lms.content.folder.reading import read_course

PAGE = Path(__file__).parents[3] / "docs" / "course-format.md"
EXAMPLE = re.compile(r"^(`{3,})course (\S+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_documentation_are_true():
    files = {name: text.encode() for _fence, name, text in EXAMPLE.findall(PAGE.read_text())}
    files["media/alur.svg"] = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    course, problems = read_course("contoh", files)
    assert problems == []
    assert course is not None
    assert [item.type for item in course.items] == ["module", "quiz", "assignment"]
