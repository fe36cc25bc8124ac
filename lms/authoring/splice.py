"""The text of a file as a browser sends it back, put into the file so that only changed lines differ.

A browser turns all line ends into CRLF, and the site composes characters and drops controls
(``web.request_limits``). A line that is the same after all that keeps its bytes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import normalize

MARK = "\ufeff"
_LINE_END = re.compile(r"(\r\n|\r|\n)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class Line(NamedTuple):
    """``end`` is empty for the last line only."""

    text: str
    end: str


class NoText(Exception):
    """The bytes are not UTF-8, so no text box can show them."""


def editable_text(raw: bytes) -> str:
    """The text for a text box.

    :raises NoText: the bytes are not UTF-8.
    """
    return "\n".join(plain(line.text) for line in lines_of(decoded(raw)[1]))


def splice(raw: bytes, sent: str) -> bytes:
    """The file with the text of the text box.

    :raises NoText: the bytes are not UTF-8.
    """
    mark, text = decoded(raw)
    old = lines_of(text)
    usual = usual_end(old)
    found: list[Line] = []
    for piece in _merged(old, [plain(one) for one in _LINE_END.split(sent)[::2]]):
        found.append(piece if piece.end else Line(piece.text, usual))
    found[-1] = Line(found[-1].text, "")
    return join_lines(mark, found)


def join_lines(mark: str, lines: list[Line]) -> bytes:
    """The file with these lines. Changes ``lines`` if two line ends would otherwise become one."""
    for at in range(len(lines) - 2, -1, -1):
        if lines[at].end == "\r" and not lines[at + 1].text and lines[at + 1].end == "\n":
            lines[at] = Line(lines[at].text, "\n")
    return (mark + "".join(line.text + line.end for line in lines)).encode()


def decoded(raw: bytes) -> tuple[str, str]:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise NoText from error
    return (MARK, text[1:]) if text.startswith(MARK) else ("", text)


def lines_of(text: str) -> list[Line]:
    pieces = _LINE_END.split(text)
    return [Line(one, end) for one, end in zip(pieces[::2], [*pieces[1::2], ""], strict=True)]


def plain(text: str) -> str:
    return normalize("NFC", _CONTROLS.sub("", text))


def usual_end(lines: list[Line]) -> str:
    ends = [line.end for line in lines if line.end]
    return max(dict.fromkeys(ends), key=ends.count) if ends else "\n"


def _merged(old: list[Line], new: list[str]) -> list[Line]:
    """The new lines, with the old bytes where a line says the same.

    Lines that occur once in both texts hold the others in place: linear, unlike a full comparison, which a pasted
    text with many equal lines makes cubic. A line that is taken for a new one loses nothing but an odd line end.
    """
    words = [plain(line.text) for line in old]
    found: list[Line] = []
    at, begin = 0, 0
    for first, second in [*_anchors(words, new), (len(words), len(new))]:
        found += _gap(old[at:first], words[at:first], new[begin:second])
        found += old[first : first + 1]
        at, begin = first + 1, second + 1
    return found


def _gap(old: list[Line], words: list[str], new: list[str]) -> Iterator[Line]:
    """Equal lines at both ends of a stretch keep their bytes; of the rest, line by line, their ends."""
    most = min(len(words), len(new))
    head = next((at for at in range(most) if words[at] != new[at]), most)
    tail = next((at for at in range(most - head) if words[-1 - at] != new[-1 - at]), most - head)
    yield from old[:head]
    ends = [line.end for line in old[head : len(old) - tail]]
    for at, text in enumerate(new[head : len(new) - tail]):
        yield Line(text, ends[at] if at < len(ends) else "")
    yield from old[len(old) - tail :]


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest sequence of lines that occur once in both texts, in the same order."""
    once, also = Counter(old), Counter(new)
    places = {line: at for at, line in enumerate(new)}
    pairs = [(at, places[line]) for at, line in enumerate(old) if once[line] == 1 and also[line] == 1]
    ends: list[int] = []
    best: list[int] = []
    before: list[int | None] = []
    for number, (_at, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(best[length - 1] if length else None)
        ends[length : length + 1] = [place]
        best[length : length + 1] = [number]
    row: list[tuple[int, int]] = []
    at_end = best[-1] if best else None
    while at_end is not None:
        row.append(pairs[at_end])
        at_end = before[at_end]
    return row[::-1]
