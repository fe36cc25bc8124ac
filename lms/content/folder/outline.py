"""The structure of a course folder, derived from the paths alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lms.content.folder.naming import NameGuesses, is_numbered
from lms.content.markdown.names import RESERVED_SLUGS, shorten
from lms.content.markdown.problems import Message, Problem, say

COURSE_FILE = "course.md"
INDEX_FILE = "index.md"
MEDIA_FOLDER = "media"
MAX_PATH_LENGTH = 200


@dataclass(frozen=True)
class ItemPath:
    """An item's file."""

    path: str
    slug: str


@dataclass(frozen=True)
class SectionFolder:
    """A section's folder with its items in order, or consecutive items at the root (path and slug ``""``)."""

    path: str
    slug: str
    index: str | None
    items: tuple[ItemPath, ...]


@dataclass(frozen=True)
class Outline:
    has_course_file: bool
    sections: tuple[SectionFolder, ...]
    problems: tuple[Problem, ...]

    @property
    def items(self) -> Iterator[ItemPath]:
        return (item for folder in self.sections for item in folder.items)


def lay_out(paths: Iterable[str]) -> Outline:
    """Sections and items in order. Misplaced files are in ``problems``."""
    in_order = sorted(paths)
    names = NameGuesses(in_order)
    told: dict[tuple[str, str], Problem] = {}
    good = []
    for path in in_order:
        faults = list(_faults_of(path, names))
        for place, problem in faults:
            told.setdefault((place, problem.what.template), problem)
        if not faults:
            good.append(path)
    problems = list(told.values())
    sections = tuple(_sections([path for path in good if not path.startswith(f"{MEDIA_FOLDER}/")]))
    return Outline(COURSE_FILE in good, sections, (*problems, *_taken_slugs(sections)))


def is_safe(path: str) -> bool:
    """True if the path stays inside its folder on every system and is printable."""
    return (
        0 < len(path) <= MAX_PATH_LENGTH
        and path.isprintable()
        and "\\" not in path
        and not re.match(r"[A-Za-z]:", path)
        and all(part not in ("", ".", "..") for part in path.split("/"))
    )


def _faults_of(path: str, names: NameGuesses) -> Iterator[tuple[str, Problem]]:
    """Each fault with the file or folder that has it: what is wrong with a folder is told once, at its first file."""
    if not is_safe(path):
        shown = ascii(path)[1:-1][:MAX_PATH_LENGTH]
        what = say("this path is not safe")
        fix = say("use relative paths with / between folders, without .. and control characters")
        yield path, _problem(shown, what, fix)
        return
    *folders, file = path.split("/")
    if path == COURSE_FILE or folders[:1] == [MEDIA_FOLDER]:
        return
    if not file.lower().endswith(".md") or path.lower() == "readme.md":
        what = say("this file is not a part of the course")
        fix = say("put what items link to into media/, or take the file out")
        yield "/".join(folders) or path, _problem(path, what, fix, is_warning=True)
        return
    if len(folders) > 1:
        what = say("this file lies too deep: a section has no folders")
        fix = say("put it into the section's folder itself")
        yield "/".join(folders), _problem(path, what, fix)
        return
    parts = [(folder, "") for folder in folders if not is_numbered(folder)]
    if not (is_numbered(file) and file.endswith(".md")) and not (folders and file == INDEX_FILE):
        parts.append((file, "/".join(folders)))
    for name, folder in parts:
        what = say("the name “%(name)s” does not have the form NN-name", name=shorten(name))
        fix = say("name it like this: %(guess)s", guess=names.guess(folder, name))
        yield posixpath.join(folder, name), _problem(path, what, fix)


def _sections(paths: Sequence[str]) -> Iterator[SectionFolder]:
    """Folders and root files in the order of their names, which begin with numbers."""
    in_order = sorted(paths, key=lambda path: path.removesuffix(".md").split("/"))
    for folder, run in groupby(in_order, posixpath.dirname):
        inside = [path for path in run if path != COURSE_FILE]
        index = f"{folder}/{INDEX_FILE}" if f"{folder}/{INDEX_FILE}" in inside else None
        items = tuple(ItemPath(path, _slug(posixpath.basename(path)[:-3])) for path in inside if path != index)
        if inside:
            yield SectionFolder(folder, _slug(folder), index, items)


def _slug(name: str) -> str:
    return name.partition("-")[2]


def _taken_slugs(sections: Sequence[SectionFolder]) -> Iterator[Problem]:
    """Report slugs of items and folders that are taken by another one or by a page of the site."""
    taken: dict[str, str] = {}
    for folder in sections:
        for item in folder.items:
            if item.slug in taken:
                yield _problem(item.path, *_taken(item.slug, taken[item.slug]))
            if item.slug in RESERVED_SLUGS:
                yield _problem(
                    item.path,
                    say("the name “%(slug)s” belongs to a page of the site", slug=item.slug),
                    say("give the item another name after its number"),
                )
            taken.setdefault(item.slug, item.path)
    folders: dict[str, str] = {}
    for folder in sections:
        if folder.path and folder.slug in folders:
            path = folder.index or folder.items[0].path
            yield _problem(path, *_taken(folder.slug, folders[folder.slug]))
        if folder.path:
            folders.setdefault(folder.slug, folder.path)


def _taken(slug: str, other: str) -> tuple[Message, Message]:
    return (
        say("the name “%(slug)s” is taken by %(other)s", slug=slug, other=other),
        say("give one of the two another name after its number"),
    )


def _problem(path: str, what: Message, fix: Message, *, is_warning: bool = False) -> Problem:
    return Problem(path, 1, 1, what, fix, is_warning)
