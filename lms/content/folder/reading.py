"""A course folder, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from lms.content.course import CourseContent, Section
from lms.content.folder.folder import Folder, read_folder
from lms.content.folder.outline import COURSE_FILE
from lms.content.folder.whole import check_whole
from lms.content.markdown.names import is_name, shorten, slugify
from lms.content.markdown.problems import Problem, say


def read_course(
    slug: str, files: Mapping[str, bytes], *, known_courses: Mapping[str, Collection[str]] | None = None
) -> tuple[CourseContent | None, list[Problem]]:
    """Read the files of a course, by their paths within its folder.

    Returns the course, or None if there is any error, and all problems sorted
    by file, line and column; warnings alone do not keep the course back.
    Prerequisites are looked up in ``known_courses`` (slug to its own prerequisites) where these are given.
    """
    folder = read_folder(files)
    check_whole(slug, folder.course_file, folder.item_files, known_courses)
    problems = [*folder.problems, *_missing(slug, folder)]
    problems.sort(key=lambda problem: (problem.path, problem.line, problem.column))
    if folder.course_file is None or not all(problem.is_warning for problem in problems):
        return None, problems
    return CourseContent(slug=slug, sections=_sections(folder), **folder.course_file.values), problems


def _missing(slug: str, folder: Folder) -> list[Problem]:
    problems = []
    if not is_name(slug):
        what = say("the course's folder is named “%(name)s”", name=shorten(slug))
        fix = say("name it with lower-case letters, digits and hyphens: %(guess)s", guess=slugify(slug) or "kursus")
        problems.append(Problem(COURSE_FILE, 1, 1, what, fix))
    if not folder.outline.has_course_file:
        what = say("the file course.md is missing")
        fix = say("add it, with the course's title and summary in its front matter")
        problems.append(Problem(COURSE_FILE, 1, 1, what, fix))
    if not folder.item_files:
        what = say("the course has no item yet")
        fix = say("add one, such as 01-pengantar.md")
        problems.append(Problem(COURSE_FILE, 1, 1, what, fix))
    return problems


def _sections(folder: Folder) -> tuple[Section, ...]:
    """The sections with their items."""
    items = {item_file.path: item_file.item for item_file in folder.item_files}
    filled = []
    for section, one in zip(folder.sections, folder.outline.sections, strict=True):
        found = (items[item.path] for item in one.items)
        filled.append(replace(section, items=tuple(item for item in found if item)))
    return tuple(filled)
