"""Replacing lines of a file, and writing texts into existing lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lms.authoring.splice import Line, join_lines, plain, usual_end


class Replacement(NamedTuple):
    """The lines from ``start`` to before ``end``, counted from 0, are replaced; a new line has no end yet."""

    start: int
    end: int
    lines: list[Line]


def replaced(mark: str, lines: Sequence[Line], replacements: Sequence[Replacement]) -> bytes:
    found: list[Line] = []
    at = 0
    for one in sorted(replacements, key=lambda one: one.start):  # stable: insertions stay in their order
        found += [*lines[at : one.start], *one.lines]
        at = max(at, one.end)
    found += lines[at:]
    usual = usual_end(list(lines))
    ended = [line if line.end else Line(line.text, usual) for line in found[:-1]]
    return join_lines(mark, [*ended, *found[-1:]])


def new_lines(texts: Sequence[str], prefix: str, first_prefix: str | None = None) -> list[Line]:
    """Blank lines get no white space at their end."""
    prefixes = [prefix if first_prefix is None else first_prefix, *[prefix] * len(texts)]
    return [
        Line((before + text) if text else before.rstrip(), "") for before, text in zip(prefixes, texts, strict=False)
    ]


def rewritten(
    raw: Sequence[Line], old: Sequence[str], new: Sequence[str], prefix: str, *, first_is_special: bool = False
) -> list[Line]:
    """``raw`` says ``old``; the lines that say ``new``. Those that stay the same keep their bytes.

    :param prefix: what stands before a line that has no counterpart.
    :param first_is_special: the first line follows a mark, which it keeps.
    """
    if first_is_special and raw and new:
        first = raw[0] if plain(old[0]) == new[0] else _with_text(raw[0], old[0], new[0], prefix)
        return [first, *rewritten(raw[1:], old[1:], new[1:], prefix)]
    said = [plain(one) for one in old]
    most = min(len(said), len(new))
    head = next((at for at in range(most) if said[at] != new[at]), most)
    tail = next((at for at in range(most - head) if said[-1 - at] != new[-1 - at]), most - head)
    middle = []
    for at in range(head, len(new) - tail):
        if at < len(old) - tail:
            middle.append(_with_text(raw[at], old[at], new[at], prefix))
        else:
            middle += new_lines([new[at]], prefix)
    return [*raw[:head], *middle, *raw[len(raw) - tail :]]


def _with_text(raw: Line, old: str, new: str, prefix: str) -> Line:
    if not new or not old or not raw.text.endswith(old):
        return Line(new_lines([new], prefix)[0].text, raw.end)
    return Line(raw.text[: len(raw.text) - len(old)] + new, raw.end)
