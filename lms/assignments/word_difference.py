"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

MAX_WORDS = 4000
"""Compared words of each text, without what both begin and end with: all that a submission can have."""
_WORDS = re.compile(r"\S+\s*|\s+")


class DifferencePiece(NamedTuple):
    kind: Literal["same", "removed", "added"]
    old: str
    new: str
    """Equal to ``old`` but for white space where ``kind`` is ``same``; one of both is empty otherwise."""


def word_difference(old: str, new: str) -> list[DifferencePiece] | None:
    """Both texts in pieces, whose ``old`` and ``new`` make the whole texts.

    White space belongs to the word before it, and does not count as a change. None if the texts are too long.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    keys_before, keys_after = [one.strip() for one in before], [one.strip() for one in after]
    first, last = _common_ends(keys_before, keys_after)
    end_before, end_after = len(before) - last, len(after) - last
    if max(end_before, end_after) - first > MAX_WORDS:
        return None
    matcher = SequenceMatcher(None, keys_before[first:end_before], keys_after[first:end_after])
    found = [_same(before[:first], after[:first])]
    for tag, *places in matcher.get_opcodes():
        i1, i2, j1, j2 = (place + first for place in places)
        if tag == "equal":
            found.append(_same(before[i1:i2], after[j1:j2]))
        else:
            found.append(DifferencePiece("removed", "".join(before[i1:i2]), ""))
            found.append(DifferencePiece("added", "", "".join(after[j1:j2])))
    found.append(_same(before[end_before:], after[end_after:]))
    return [one for one in found if one.old or one.new]


def _same(before: list[str], after: list[str]) -> DifferencePiece:
    return DifferencePiece("same", "".join(before), "".join(after))


def _common_ends(one: list[str], other: list[str]) -> tuple[int, int]:
    """How many words both begin with, and how many of the rest both end with."""
    shorter = min(len(one), len(other))
    first = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    rest = shorter - first
    last = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    return first, last
