"""A folder of Markdown from elsewhere as the files of a course, and what was decided: one entry per cause."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lms.authoring.foreign_text import ForeignText, converted, read_foreign
from lms.authoring.starters import CourseFacts, course_file, section_file, slug_of
from lms.content.folder.outline import COURSE_FILE, lay_out
from lms.content.markdown.names import RESERVED_SLUGS, TakenNames, slugify
from lms.content.markdown.problems import Decision, Message, say
from lms.content.markdown.yaml_text import yaml_text
from lms.content.rendering.media import content_type

MAX_IN_SECTION = 99
_TEXT_ENDINGS = (".md", ".markdown", ".mdx")
_FOREIGN_FOLDERS = frozenset({"node_modules", "translations", "i18n", "translated_images", "vendor", "_site"})
_NOT_LESSONS = frozenset({"contributing", "code_of_conduct", "security", "license", "changelog", "support"}) | {
    *("authors", "citation", "summary", "agents")
}
_PLAIN_TITLES = ("index", "readme")
_LINK = re.compile(r"(\]\(\s*<?|^\s{0,3}\[[^\]\n]+\]:\s*<?)([^)\s>\n]+)", re.MULTILINE)
_ORDER_KEYS = ("sidebar_position", "nav_order", "weight", "order")


@dataclass(frozen=True)
class NewCourse:
    title: str
    files: Mapping[str, bytes]
    decisions: tuple[Decision, ...]
    is_ours: bool = False
    copies: Mapping[str, str] = field(default_factory=dict)
    """Media, which are copied as they are: the old path by the new one."""


@dataclass
class _Causes:
    found: dict[str, list[str]] = field(default_factory=dict)

    def decide(self, name: str, about: str) -> None:
        self.found.setdefault(name, []).append(about)

    def decisions(self) -> Iterator[Decision]:
        for name, about in self.found.items():
            examples = tuple(dict.fromkeys(" ".join(one.split())[:80] for one in about if one))
            yield Decision(_words(name), examples[:6], len(about))


def _words(name: str) -> Message:
    return {
        "heading": say("The heading at the beginning became the title of the item."),
        "key": say("Settings of another system were left out."),
        "front matter": say("Front matter that cannot be read was left out."),
        "encoding": say("Texts that are not UTF-8 were read as Windows text: look at their accents."),
        "template": say("Commands for another system's templates were left out."),
        "box": say("Boxes were written as those of this site."),
        "html": say("HTML became Markdown."),
        "frame": say("Embedded videos and pages became links."),
        "deep": say("Folders within folders were put into one section."),
        "summary": say("Order and sections are those of SUMMARY.md."),
        "position": say("The order is that of the settings in the files."),
        "readme": say("README.md became the description of the course."),
        "left out": say("Files that are no lessons or media were left out."),
        "translation": say("Folders with translations or programs were left out."),
        "renamed": say("Files got names with two digits, in their order."),
        "title": say("Items without a title were named after their file."),
        "split": say("Sections of more than 99 items were divided."),
        "empty": say("Files without text were left out."),
    }[name]


def course_of_folder(name: str, files: Mapping[str, bytes]) -> NewCourse | None:
    """The files as a course; a folder in our own format stays as it is. None if it has no text."""
    outline = lay_out(files)
    if outline.has_course_file and any(True for _ in outline.items):
        return NewCourse(_own_title(files[COURSE_FILE], name), files, (), is_ours=True)
    causes = _Causes()
    texts = _texts(files, causes)
    if not texts:
        return None
    return _Builder(name, files, texts, causes).built()


def _own_title(cover: bytes, name: str) -> str:
    return read_foreign(cover, lambda _name, _about: None).title or name


def _texts(files: Mapping[str, bytes], causes: _Causes) -> dict[str, ForeignText]:
    found = {}
    for path, data in files.items():
        folders = path.lower().split("/")[:-1]
        if any(one in _FOREIGN_FOLDERS for one in folders):
            causes.decide("translation", path.split("/")[[one in _FOREIGN_FOLDERS for one in folders].index(True)])
            continue
        stem, ending = posixpath.splitext(posixpath.basename(path).lower())
        if ending not in _TEXT_ENDINGS or stem.replace("-", "_") in _NOT_LESSONS:
            if content_type(path) is None and stem != "summary":
                causes.decide("left out", path)
            continue
        text = read_foreign(data, causes.decide)
        text.body = converted(text.body, causes.decide)
        if not text.body.strip():
            causes.decide("empty", path)
            continue
        found[path] = text
    return found


def _natural(text: str) -> tuple[Any, ...]:
    """A sort key that compares numbers in names by value: 2 before 10."""
    return tuple((0, int(one), "") if one.isdigit() else (1, 0, one) for one in re.findall(r"\d{1,9}|\D+", text))


def _stem(path: str) -> str:
    """A name without its number and ending."""
    name = re.sub(r"\.[A-Za-z]+$", "", posixpath.basename(path))
    return re.sub(r"^\d+[-_. )]*(?=\D)", "", name) or name


def _title_of_name(path: str) -> str:
    words = re.sub(r"[-_]+", " ", _stem(path)).strip()
    return (words[:1].upper() + words[1:])[:150] or "Materi"


def _is_index(path: str) -> bool:
    return posixpath.splitext(posixpath.basename(path).lower())[0] in _PLAIN_TITLES


_Part = tuple[str, list[str]]
"""The title of a section, empty for items at the root, and the paths of its items."""


@dataclass
class _Builder:
    name: str
    files: Mapping[str, bytes]
    texts: dict[str, ForeignText]
    causes: _Causes
    new_paths: dict[str, str] = field(default_factory=dict)
    """Where texts and media stand in the course, by their old paths."""

    def built(self) -> NewCourse:
        cover = self._cover_path()
        done = self._place_texts(self._order([path for path in self.texts if path != cover]))
        self._place_media()
        for old, new in self.new_paths.items():
            done[new] = self._item(old, new) if old in self.texts else self.files[old]
        self.causes.decide("renamed", "")
        course_title = (self.texts[cover].title if cover else "") or _title_of_name(self.name or "Kursus baru")
        done[COURSE_FILE] = self._cover(cover, course_title)
        copies = {new: old for old, new in self.new_paths.items() if old not in self.texts}
        return NewCourse(course_title, done, tuple(self.causes.decisions()), copies=copies)

    def _cover_path(self) -> str | None:
        """The README at the root, which becomes the course's own page if there are other texts."""
        found = next((path for path in self.texts if _is_index(path) and "/" not in path), None)
        if found is None or len(self.texts) == 1:
            return None
        self.causes.decide("readme", found)
        return found

    def _order(self, paths: list[str]) -> list[_Part]:
        order = self._summary(paths) or self._by_name(paths)
        if sum(1 if title else len(inside) for title, inside in order) > MAX_IN_SECTION:
            return [(title or "Materi", inside) for title, inside in order]
        return order

    def _place_texts(self, order: list[_Part]) -> dict[str, bytes]:
        """Give the texts their new paths; returns the files of the sections."""
        sections: dict[str, bytes] = {}
        slugs, folders = TakenNames(RESERVED_SLUGS), TakenNames(())
        at_root = 0
        for title, paths in order:
            folder = ""
            if title:
                at_root += 1
                folder = f"{at_root:02}-{folders.take(slug_of(title, 'bab'))}/"
                sections[f"{folder}index.md"] = section_file(title)
            for number, path in enumerate(paths, 1):
                at_root += not title
                stem = _stem(posixpath.dirname(path) if _is_index(path) and "/" in path else path)
                slug = slugs.take(slug_of(stem, self.texts[path].title or "materi"))
                self.new_paths[path] = f"{folder}{number if title else at_root:02}-{slug}.md"
        return sections

    def _cover(self, cover: str | None, title: str) -> bytes:
        body = self._relinked(self.texts[cover].body, cover, COURSE_FILE) if cover else ""
        plain = [one for one in re.split(r"\n\s*\n", body) if re.match(r"[\w“\"(]", one)]
        summary = re.sub(r"[*_`]|!?\[([^\]]*)\]\([^)]*\)", r"\1", plain[0]) if plain else title
        summary = " ".join(summary.split())
        summary = summary if len(summary) <= 200 else summary[:199].rsplit(" ", 1)[0] + "…"
        head = course_file(CourseFacts(title, summary)).decode()
        return (head.rpartition("---\n")[0] + "---\n" + (body or summary) + "\n").encode()

    def _item(self, old: str, new: str) -> bytes:
        text = self.texts[old]
        if not text.title:
            self.causes.decide("title", old)
        title = text.title or _title_of_name(posixpath.dirname(old) if _is_index(old) and "/" in old else old)
        body = self._relinked(text.body, old, new)
        return f"---\ntitle: {yaml_text(title)}\n---\n{body}\n".encode()

    def _by_name(self, paths: list[str]) -> list[_Part]:
        """The first folder of a path is its section. README.md is an item, and names its section."""
        base = self._content_folder(paths)
        sections: dict[str, list[str]] = {}
        for path in sorted(paths, key=lambda one: self._key(one, base)):
            folders = path[len(base) :].split("/")[:-1]
            if len(folders) > 1 and not (_is_index(path) and len(folders) == 2):
                self.causes.decide("deep", path)
            sections.setdefault(folders[0] if folders else "", []).append(path)
        order: list[_Part] = []
        for folder, inside in sections.items():
            index = next((one for one in inside if _is_index(one) and posixpath.dirname(one) == base + folder), None)
            is_item = not folder or (index and len(inside) == 1)
            title = "" if is_item else (self.texts[index].title if index else "") or _title_of_name(folder)
            order += self._divided(title, inside)
        return order

    def _divided(self, title: str, items: list[str]) -> Iterator[_Part]:
        for at in range(0, len(items), MAX_IN_SECTION):
            if at:
                self.causes.decide("split", title)
            name = f"{title or 'Materi'} ({at // MAX_IN_SECTION + 1})" if at else title
            yield name, items[at : at + MAX_IN_SECTION]

    def _content_folder(self, paths: list[str]) -> str:
        """The folder that holds all texts, such as docs/ or src/ or _episodes/."""
        base = posixpath.commonpath([posixpath.dirname(path) or "." for path in paths]) if paths else ""
        return f"{base}/" if base not in ("", ".") and not base.startswith("..") else ""

    def _key(self, path: str, base: str) -> tuple[Any, ...]:
        values = self.texts[path].values
        position = next((values[key] for key in _ORDER_KEYS if isinstance(values.get(key), int | float)), None)
        if position is not None:
            self.causes.decide("position", path)
        parts = path[len(base) :].split("/")
        is_index = _is_index(path)
        own = (0,) if is_index else (1, position) if position is not None else (2, 0)
        return (_natural("/".join(parts[:-1]).lower()), own, _natural(parts[-1].lower()))

    def _summary(self, paths: list[str]) -> list[_Part]:
        """The sections of an mdBook by its SUMMARY.md: lists of links, below headings or below a link of a higher
        level."""
        name = next((one for one in self.files if posixpath.basename(one) == "SUMMARY.md"), None)
        if name is None:
            return []
        base = posixpath.dirname(name)
        order: list[_Part] = [("", [])]
        left = set(paths)
        lines = self.files[name].decode(errors="replace").splitlines()
        for at, line in enumerate(lines):
            if at and (part := re.match(r"#+\s+(.+)", line)) and _folded_title(part[1]) != "summary":
                order.append((part[1].strip(), []))
            elif link := re.match(r"(\s*)(?:[-*+]\s+)?\[([^\]]+)\]\(<?([^)>]*)>?\)", line):
                path = posixpath.normpath(posixpath.join(base, unquote(link[3]))) if link[3] else ""
                deeper = at + 1 < len(lines) and re.match(r"(\s*)[-*+]", lines[at + 1])
                if not link[1] and deeper and len(deeper[1]) > 0:
                    order.append((link[2], []))
                elif not link[1] and order[-1][0] and not any(re.match("#+ ", one) for one in lines[1:]):
                    order.append(("", []))
                if path in left:
                    left.discard(path)
                    self.texts[path].title = self.texts[path].title or link[2]
                    order[-1][1].append(path)
        if left:
            order.append(("", sorted(left, key=_natural)))
        self.causes.decide("summary", name)
        return [part for title, items in order for part in self._divided(title, items)]

    def _place_media(self) -> None:
        names = TakenNames(())
        for path in self.files:
            if content_type(path) is None or path in self.texts or not self._is_mentioned(path):
                continue
            stem, ending = posixpath.splitext(posixpath.basename(path))
            self.new_paths[path] = f"media/{names.take(slugify(stem) or 'berkas')}{ending.lower()}"

    def _is_mentioned(self, path: str) -> bool:
        name = posixpath.basename(path)
        return any(name in text.body or name in unquote(text.body) for text in self.texts.values())

    def _relinked(self, body: str, old: str, new: str) -> str:
        def target(found: re.Match[str]) -> str:
            address, separator, rest = re.match(r"([^#?]*)([#?]?)(.*)", found[2], re.DOTALL).groups()  # type: ignore[union-attr]
            if not address or re.match(r"[a-z][a-z0-9+.-]*:|//", address, re.IGNORECASE):
                return found[0]
            there = self._found(unquote(address), old)
            if there is None:
                return found[0]
            relative = posixpath.relpath(self.new_paths[there], posixpath.dirname(new) or ".")
            return f"{found[1]}{relative}{separator if separator == '#' else ''}{rest if separator == '#' else ''}"

        return _LINK.sub(target, body)

    def _found(self, address: str, old: str) -> str | None:
        """The file that a link leads to: relative to the text, from the site's root, or without its extension."""
        places = [posixpath.normpath(posixpath.join(posixpath.dirname(old), address))]
        if address.startswith("/"):
            places = [posixpath.join(one, address[1:]) for one in ("", "static", "docs", "src")]
        for place in places:
            for one in (place, f"{place}.md", f"{place}.mdx", f"{place}/README.md", f"{place}/index.md"):
                if one in self.new_paths:
                    return one
        return None


def _folded_title(text: str) -> str:
    return text.strip().casefold()
