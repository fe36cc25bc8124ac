"""Fifty lessons in the habits of many authors: each must look here as it looks on a Git host."""

from __future__ import annotations

from pathlib import Path

import pytest
from content.rendering.structure import git_host, levels_from_two, lines, structure

from lms.content.rendering.markdown_html import LinkTarget, render

LESSONS = sorted((Path(__file__).parent / "lessons").glob("*.md"))


def as_text(path: Path) -> str:
    return path.read_bytes().decode()


def test_there_are_fifty_lessons() -> None:
    assert len(LESSONS) == 50


def unbroken(html: str) -> list[str]:
    return [line.replace(r"\xa0", " ") for line in lines(structure(html))]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_the_structure_that_a_git_host_gives_it(path: Path) -> None:
    """But for the places where lines may not break."""
    source = as_text(path)
    here = render(source, resolve=LinkTarget).html
    there = levels_from_two(git_host().render(source))
    assert unbroken(here) == unbroken(there)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_the_same_when_rendered_again(path: Path) -> None:
    assert render(as_text(path)) == render(as_text(path))
