"""Moving sections and items within a course folder, and adding new ones: which files get other names.

The names of files and folders begin with the numbers of their order; what follows, the slug, never changes, so an item
without an id keeps its identity. A link to a file that gets another name is written anew; no other byte changes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from lms.authoring.starters import item_file, section_file, slug_of
from lms.content.folder.ids import taken_item_ids
from lms.content.folder.outline import INDEX_FILE, MEDIA_FOLDER, lay_out
from lms.content.markdown.names import RESERVED_SLUGS, TakenNames

MAX_NUMBER = 99
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*(\w*)")
_LINK = re.compile(
    r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)"  # code
    r"|(\]\(|^ {0,3}\[[^\[\]\n]{1,200}\]:[ \t]*)(?:<([^<>\n]+)>|([^\s<>()]+))"
    r"|(<img\b[^<>]*?\ssrc=\")([^\"<>]+)"
)
_ELSEWHERE = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]*:")


class FolderFull(Exception):
    """There is no free number for another item or section."""


@dataclass(frozen=True)
class FolderEdit:
    """``renames`` from old to new paths; ``texts`` by new path, of files that are new or say something else."""

    renames: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def apply_to(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        return {self.renames.get(path, path): data for path, data in files.items()} | dict(self.texts)

    def new_path(self, path: str) -> str:
        """The new path of a file or of a section's folder."""
        if path in self.renames or not path:
            return self.renames.get(path, path)
        inside = (new for old, new in self.renames.items() if old.startswith(f"{path}/"))
        return next((posixpath.dirname(new) for new in inside), path)


def siblings(files: Collection[str], folder: str) -> list[str]:
    """The names in a section's folder, or of items and folders at the root, in order."""
    found: dict[str, None] = {}
    for section in lay_out(files).sections:
        if folder == "" and section.path:
            found[section.path] = None
        elif section.path == folder:
            found.update(dict.fromkeys(posixpath.basename(item.path) for item in section.items))
    return list(found)


def move(files: Mapping[str, bytes], path: str, by: int, hidden: Collection[str] = ()) -> FolderEdit:
    """An item or a section one place up (-1) or down (1), past what is ``hidden``; nothing where it cannot go on."""
    folder, name = posixpath.split(path)
    order = siblings(files, folder)
    shown = [one for one in order if not _is_hidden(posixpath.join(folder, one), files, hidden)]
    if name not in shown or not 0 <= shown.index(name) + by < len(shown):
        return FolderEdit()
    target = shown[shown.index(name) + by]
    at = order.index(target)
    order.remove(name)
    order.insert(at, name)
    return _renamed(files, _numbered(folder, _pairs(order)))


def move_to(files: Mapping[str, bytes], path: str, folder: str, at: int | None = None) -> FolderEdit:
    """An item in another section or elsewhere in its own, as number ``at`` among the others there, or at the end.

    Others are only renumbered where no number is free.
    """
    own, name = posixpath.split(path)
    order = [one for one in siblings(files, folder) if own != folder or one != name]
    at = len(order) if at is None else min(at, len(order))
    if own == folder:
        order.insert(at, name)
        return _renamed(files, _numbered(folder, _pairs(order)))
    pairs = _pairs(order)
    renames = _numbered(folder, [*pairs[:at], (name, pairs[at - 1][1] + 1 if at else 1), *pairs[at:]])
    renames[path] = renames.pop(posixpath.join(folder, name))
    return _renamed(files, renames)


def with_item(
    files: Mapping[str, bytes], folder: str, kind: str, title: str, used: Iterable[str] = ()
) -> tuple[FolderEdit, str]:
    """A new item at the end of a section, and its path. ``used`` are the ids of items that the course has had: what
    people did there is not theirs in the new one."""
    items = list(lay_out(files).items)
    slugs = {item.slug for item in items} | RESERVED_SLUGS | taken_item_ids(files) | set(used)
    slug = TakenNames(slugs).take(slug_of(title, kind))
    edit, path = _appended(files, folder, f"{slug}.md")
    return FolderEdit(edit.renames, {**edit.texts, path: item_file(kind, title, slug)}), path


def with_section(files: Mapping[str, bytes], title: str) -> tuple[FolderEdit, str]:
    """A new section at the end, and the path of its own file."""
    slugs = {section.slug for section in lay_out(files).sections}
    edit, path = _appended(files, "", TakenNames(slugs).take(slug_of(title, "bab")))
    index = f"{path}/{INDEX_FILE}"
    return FolderEdit(edit.renames, {**edit.texts, index: section_file(title)}), index


def paths_inside(files: Collection[str], path: str) -> list[str]:
    """The file itself, or all files of a section's folder."""
    return [one for one in files if one == path or one.startswith(f"{path}/")]


def _is_hidden(path: str, files: Collection[str], hidden: Collection[str]) -> bool:
    return all(one in hidden for one in paths_inside(files, path))


def _appended(files: Mapping[str, bytes], folder: str, name: str) -> tuple[FolderEdit, str]:
    pairs = _pairs(siblings(files, folder))
    placed = f"00-{name}"
    renames = _numbered(folder, [*pairs, (placed, pairs[-1][1] + 1 if pairs else 1)])
    path = renames.pop(posixpath.join(folder, placed))
    return _renamed(files, renames), path


def _number(name: str) -> int:
    return int(name[:2])


def _pairs(order: list[str]) -> list[tuple[str, int]]:
    return [(name, _number(name)) for name in order]


def _numbered(folder: str, order: list[tuple[str, int]]) -> dict[str, str]:
    """The new paths, by the old ones, that give this order. The numbers in use are kept if there are enough of them.

    :raises FolderFull: there are too many.
    """
    if len(order) > MAX_NUMBER:
        raise FolderFull
    numbers = sorted(number for _name, number in order)
    for at in range(1, len(numbers)):
        numbers[at] = max(numbers[at], numbers[at - 1] + 1)
    if numbers and numbers[-1] > MAX_NUMBER:
        numbers = list(range(1, len(order) + 1))
    return {
        posixpath.join(folder, name): posixpath.join(folder, f"{number:02}{name[2:]}")
        for (name, _old), number in zip(order, numbers, strict=True)
    }


def _renamed(files: Mapping[str, bytes], renames: Mapping[str, str]) -> FolderEdit:
    """The edit for renamed items and section folders, with the links to them."""
    found: dict[str, str] = {}
    for old, new in renames.items():
        if old != new:
            found |= {path: new + path[len(old) :] for path in paths_inside(files, old)}
    return FolderEdit(found, dict(_relinked(files, found))) if found else FolderEdit()


def _relinked(files: Mapping[str, bytes], renames: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    for path, raw in files.items():
        if not path.lower().endswith(".md") or path.startswith(f"{MEDIA_FOLDER}/"):
            continue
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            continue
        new = renames.get(path, path)
        other = relinked(text, path, new, files, renames)
        if other != text:
            yield new, other.encode()


def linked_files(text: str, path: str, files: Collection[str]) -> list[str]:
    """The files that a text at ``path`` links to."""
    found: dict[str, None] = {}

    def noted(target: str) -> str:
        if full := _leads_to(target, path, files):
            found[full] = None
        return target

    for _line in _with_targets(text, noted):
        pass
    return list(found)


def relinked(text: str, path: str, new: str, files: Collection[str], renames: Mapping[str, str]) -> str:
    """A text whose links lead to the same files as before, after these or its own file were renamed."""
    return "".join(_with_targets(text, lambda target: _target(target, path, new, files, renames)))


def _with_targets(text: str, change: Callable[[str], str]) -> Iterator[str]:
    """The text with changed link targets. Code stays as it is; the fence of a question is no code."""

    def replaced(found: re.Match[str]) -> str:
        target = found[3] or found[4] or found[6]
        other = change(target) if target else target
        if other == target:
            return found[0]
        return f"{found[2]}<{other}>" if found[3] else f"{found[2] or found[5]}{other}"

    fence = ""
    for line in re.split(r"(?<=\n)", text):
        opened = _FENCE.match(line)
        if fence:
            fence = "" if opened and opened[1].startswith(fence) and not opened[2] else fence
        elif opened and opened[2] != "question":
            fence = opened[1]
        elif "](" in line or "]:" in line or "<img" in line:
            line = _LINK.sub(replaced, line)
        yield line


def _target(target: str, path: str, new: str, files: Collection[str], renames: Mapping[str, str]) -> str:
    """A relative link that leads to the same file as before, after this or the linking file was renamed."""
    full = _leads_to(target, path, files)
    if full is None:
        return target
    address = _address(target)
    leads_to = renames.get(full, full)
    if leads_to == full and posixpath.dirname(path) == posixpath.dirname(new):
        return target
    other = posixpath.relpath(leads_to, posixpath.dirname(new) or ".")
    return (quote(other) if "%" in address else other) + target[len(address) :]


def _leads_to(target: str, path: str, files: Collection[str]) -> str | None:
    """The file that a link target leads to."""
    address = _address(target)
    if not address or _ELSEWHERE.match(address):
        return None
    full = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address)))
    return full if full in files else None


def _address(target: str) -> str:
    return re.split("[?#]", target, maxsplit=1)[0]
