"""A course folder, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from lms.content.markdown.folder import Folder, read_folder
from lms.content.markdown.model import Course, Section
from lms.content.markdown.names import is_name, shorten, slugify
from lms.content.markdown.outline import COURSE_FILE
from lms.content.markdown.problems import Problem, say
from lms.content.markdown.whole import check_whole


def read_course(
    slug: str, files: Mapping[str, bytes], *, known_courses: Collection[str] | None = None
) -> tuple[Course | None, list[Problem]]:
    """Read the files of a course, by their paths within its folder.

    Returns the course, or None if there is any error, and all problems sorted
    by file, line and column; warnings alone do not keep the course back.
    Prerequisites are looked up in ``known_courses`` where these are given.
    """
    folder = read_folder(files)
    check_whole(slug, folder.cover, folder.sheets, known_courses)
    problems = [*folder.problems, *_missing(slug, folder)]
    problems.sort(key=lambda problem: (problem.path, problem.line, problem.column))
    if folder.cover is None or not all(problem.is_warning for problem in problems):
        return None, problems
    return Course(slug=slug, sections=_sections(folder), **folder.cover.values), problems


def _missing(slug: str, folder: Folder) -> list[Problem]:
    problems = []
    if not is_name(slug):
        what = say("the course's folder is named “%(name)s”", name=shorten(slug))
        mend = say("name it with lower-case letters, digits and hyphens: %(guess)s", guess=slugify(slug) or "kursus")
        problems.append(Problem(COURSE_FILE, 1, 1, what, mend))
    if not folder.outline.has_course_file:
        what = say("the file course.md is missing")
        mend = say("add it, with the course's title and summary in its front matter")
        problems.append(Problem(COURSE_FILE, 1, 1, what, mend))
    if not folder.sheets:
        what = say("the course has no item yet")
        mend = say("add one, such as 01-pengantar.md")
        problems.append(Problem(COURSE_FILE, 1, 1, what, mend))
    return problems


def _sections(folder: Folder) -> tuple[Section, ...]:
    """The sections with their items put in."""
    items = {sheet.path: sheet.item for sheet in folder.sheets}
    filled = []
    for section, chapter in zip(folder.sections, folder.outline.chapters, strict=True):
        found = (items[entry.path] for entry in chapter.entries)
        filled.append(replace(section, items=tuple(item for item in found if item)))
    return tuple(filled)
