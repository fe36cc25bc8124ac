"""Pictures without a description and links to missing files: warnings, not errors."""

from __future__ import annotations

import hashlib
import posixpath
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it.token import Token

from lms.content.markdown.blocks import Passage
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, SourcePosition, say
from lms.content.rendering.captions import captions_of
from lms.content.rendering.media import CLIPS, extension

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

MAX_KNOWN = 400
"""Texts whose links are kept in a process."""


class Link(NamedTuple):
    target: str
    is_image: bool = False
    has_words: bool = False
    """An image has a description."""


LinkedBlock = tuple[tuple[int, int], tuple[Link, ...]]

_known: dict[bytes, tuple[LinkedBlock, ...]] = {}


class Targets:
    """Everything a relative link can lead to: the files of the course and their folders."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = set(paths)
        self._by_name = {posixpath.basename(path).casefold(): path for path in sorted(self._paths)}
        for path in tuple(self._paths):
            while path := posixpath.dirname(path):
                if path in self._paths:
                    break
                self._paths.add(path)

    @property
    def paths(self) -> Collection[str]:
        return self._paths

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def with_name_of(self, path: str) -> str | None:
        return self._by_name.get(posixpath.basename(path).casefold())


def check_links(passage: Passage, findings: Findings, targets: Targets) -> None:
    """Warn of pictures without a description and of links to files that are not there."""
    if not any("](" in line or "]:" in line for line in passage.lines):
        return  # no link and no picture can be without one of these; most texts are spared the costlier reading
    finder = _Finder(passage)
    for lines, links in _links(passage):
        finder.enter(*lines)
        for link in links:
            if link.is_image:
                _check_image(link, finder, findings, targets)
            else:
                _check_target(link.target, finder, findings, targets)


def _links(passage: Passage) -> tuple[LinkedBlock, ...]:
    """The links of each block that has any, with the lines of the block.

    Cached by the text: finding them is most of the time of reading a course, and each page of a draft reads all of its
    texts.
    """
    key = hashlib.sha256("\n".join(passage.lines).encode(errors="surrogatepass")).digest()
    found = _known.get(key)
    if found is None:
        found = tuple(_linked_blocks(passage))
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        _known[key] = found
    return found


def _linked_blocks(passage: Passage) -> Iterator[LinkedBlock]:
    for block in passage.tokens():
        if block.type != "inline" or not block.map:
            continue
        links = tuple(_link(token) for token in block.children or () if token.type in ("image", "link_open"))
        if links:
            yield (block.map[0], block.map[1]), links


def _link(token: Token) -> Link:
    if token.type == "image":
        return Link(str(token.attrs.get("src", "")), is_image=True, has_words=bool(token.content.strip()))
    return Link(str(token.attrs.get("href", "")))


def _check_image(image: Link, finder: _Finder, findings: Findings, targets: Targets) -> None:
    position = finder.find("![")
    target = image.target
    element = CLIPS.get(extension(re.split("[?#]", target, maxsplit=1)[0]), "")
    if not image.has_words and element:
        findings.warn(
            position,
            say("the video or recording has no title"),
            say("write what it is between the brackets: ![title](…)"),
        )
    elif not image.has_words:
        findings.warn(
            position,
            say("the picture has no description for those who cannot see it"),
            say('write one between the brackets: ![what it shows](…); a mere decoration is <img src="…" alt="">'),
        )
    _check_target(target, finder, findings, targets)
    if element == "video" and not _SCHEME.match(target):
        _check_captions(target, position, findings, targets)


def _check_captions(target: str, position: SourcePosition, findings: Findings, targets: Targets) -> None:
    full = posixpath.normpath(posixpath.join(posixpath.dirname(findings.path), unquote(target)))
    if full in targets and not captions_of(full, targets.paths):
        findings.warn(
            position,
            say("the video has no captions for those who cannot hear it, or may not"),
            say("put a file of captions beside it: %(path)s", path=shorten(f"{full.rpartition('.')[0]}.vtt", 200)),
        )


def _check_target(target: str, finder: _Finder, findings: Findings, targets: Targets) -> None:
    position = finder.find(target)
    path = re.split("[?#]", target, maxsplit=1)[0]
    if not path or path.startswith("/") or _SCHEME.match(target):
        return
    folder = posixpath.dirname(findings.path)
    full = posixpath.normpath(posixpath.join(folder, unquote(path)))
    if full in targets:
        return
    what = say("“%(target)s” leads to a file that is not in the course", target=shorten(target))
    if other := targets.with_name_of(full):
        near = posixpath.relpath(other, folder or ".")
        findings.warn(position, what, say("did you mean “%(near)s”?", near=shorten(near, 200)))
    else:
        findings.warn(position, what, say("add the file or correct the link; a web address begins with https://"))


class _Finder:
    """Finds the position of a piece of a block: the Markdown parser gives only the block's lines."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._text = "\n".join(passage.lines)
        self._starts = [0]
        for line in passage.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._from = self._end = 0

    def enter(self, first: int, end: int) -> None:
        """Continue with the block on these lines. It never goes back, so cells of one row are told apart."""
        self._from = max(self._from, self._starts[first])
        self._end = self._starts[end]

    def find(self, piece: str) -> SourcePosition:
        """The position of the next occurrence of the piece, or of the block if there is none."""
        found = self._text.find(piece, self._from, self._end)
        offset = self._from if found < 0 else found
        if found >= 0:
            self._from = found + len(piece)
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1 if found >= 0 else 1
        return self._passage.position(line - 1 + self._passage.first, column)
