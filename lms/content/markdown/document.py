"""A Markdown file as lines, and insertions that leave every other byte as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lms.content.markdown.problems import Findings, Message, SourcePosition, say

MAX_BYTES = 200 * 1024
BYTE_ORDER_MARK = "\ufeff"

_LINE_END = re.compile(r"(\r\n|\r|\n)")
# C0 and C1 controls but tab, the line separators that YAML counts as line ends, and marks that show nothing.
_HARD_SPACE = re.compile(r"[ \t]*(?:#{1,6}|[-*+]|[0-9]{1,9}[.)]|[-*+] \[[ xX]?|>|=)?\u00a0(?=\S)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Document:
    """The lines of a file without their ends; ``ends`` and ``mark`` keep what the lines leave out."""

    path: str
    lines: tuple[str, ...]
    ends: tuple[str, ...]
    mark: str

    def with_insertions(self, insertions: Mapping[SourcePosition, str]) -> bytes:
        """The file's bytes with each text inserted before its position. No other byte changes."""
        lines = list(self.lines)
        for (line, column), text in sorted(insertions.items(), reverse=True):
            old = lines[line - 1]
            lines[line - 1] = old[: column - 1] + text + old[column - 1 :]
        pairs = zip(lines, self.ends, strict=True)
        return (self.mark + "".join(line + end for line, end in pairs)).encode()


def open_document(raw: bytes, findings: Findings) -> Document | None:
    """The file as lines, or None (and the reason in ``findings``) where it is too large or not UTF-8.

    A byte order mark and Windows line ends are fine. Invisible control
    characters are refused: nobody sees them, and YAML, XML and spreadsheets
    stumble over them later. A file with zero bytes is no text at all.
    """
    if len(raw) > MAX_BYTES:
        findings.error(
            (1, 1),
            say(
                "the file has %(size)d KB; at most %(limit)d KB are read",
                size=_kb(len(raw)),
                limit=_kb(MAX_BYTES),
            ),
            say("split it into several files"),
        )
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        before = _LINE_END.split(raw[: error.start].decode())
        findings.error(
            (len(before) // 2 + 1, len(before[-1].removeprefix(BYTE_ORDER_MARK)) + 1),
            say("byte %(position)d of the file is not UTF-8", position=error.start + 1),
            say("save the file with the encoding UTF-8"),
        )
        return None
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    pieces = _LINE_END.split(text.removeprefix(mark))
    document = Document(findings.path, tuple(pieces[::2]), (*pieces[1::2], ""), mark)
    _warn_of_hard_spaces(document, findings)
    for number, line in enumerate(document.lines, 1):
        if found := _INVISIBLE.search(line):
            findings.error(
                (number, found.start() + 1),
                say("there is an invisible control character here (U+%(code)s)", code=f"{ord(found[0]):04X}"),
                say("delete it; typing the words around it afresh helps"),
            )
    return None if "\0" in text else document


def hard_space() -> tuple[Message, Message]:
    return (
        say("there is a non-breaking space here, as in Word and web pages, where Markdown needs an ordinary one"),
        say("type a space over it"),
    )


def _warn_of_hard_spaces(document: Document, findings: Findings) -> None:
    """Warn of hard spaces below the front matter that keep Markdown from reading a mark."""
    is_front, fence = document.lines[0].rstrip() == "---", ""
    for number, line in enumerate(document.lines, 1):
        if is_front:
            is_front = number == 1 or line.rstrip() != "---"
        elif opening := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or opening[1]
        elif not fence and (found := _HARD_SPACE.match(line)):
            findings.warn((number, found.end()), *hard_space())


def _kb(size: int) -> int:
    return -(-size // 1024)
