"""The examples of the specification are a course without fault or warning."""

from __future__ import annotations

import re
from pathlib import Path

from lms.content.folder.reading import read_course

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "course-format.md"
SHORT_EXAMPLE = re.compile(r"^`([\w.-]+\.md)`[^\n]*:\n\n```markdown\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^(`{3,})course (\S+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_documentation_are_true():
    files = {name: text.encode() for _fence, name, text in EXAMPLE.findall(PAGE.read_text())}
    files["media/alur.svg"] = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    course, problems = read_course("contoh", files)
    assert problems == []
    assert course is not None
    assert [item.type for item in course.items] == ["module", "quiz", "assignment", "session", "survey"]


def test_the_course_of_the_readme_is_accepted_as_it_is_printed():
    files = {name: text.encode() for name, text in SHORT_EXAMPLE.findall((ROOT / "README.md").read_text())}
    course, problems = read_course("kursus-singkat", files)
    assert problems == []
    assert course is not None
    assert [item.type for item in course.items] == ["module", "quiz"]
