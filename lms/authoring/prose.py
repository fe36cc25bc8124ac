"""Two texts compared for people: changed paragraphs by their words, equal ones counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

MAX_PARAGRAPHS = 1_000
MAX_WORDS = 1_000
"""Longer texts are shown as removed and added, since the time for comparing is the product of both lengths."""

_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_WORDS = re.compile(r"\s+|\w+\s*|[^\w\s]\s*")

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True)
class Run:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A changed paragraph, or with ``equal`` so many that are the same in both texts."""

    runs: tuple[Run, ...] = ()
    equal: int = 0


def compare_texts(old: str, new: str) -> list[Paragraph]:
    before, after = _paragraphs(old), _paragraphs(new)
    if max(len(before), len(after)) > MAX_PARAGRAPHS:
        return [Paragraph(_whole(old, new))] if before != after else [Paragraph(equal=len(before))]
    found: list[Paragraph] = []
    for kind, first, last, begin, end in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            found.append(Paragraph(equal=last - first))
        else:
            pairs = zip_longest(before[first:last], after[begin:end], fillvalue="")
            found += [Paragraph(_by_words(one, other)) for one, other in pairs]
    return found


def _paragraphs(text: str) -> list[str]:
    unified = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return [one for one in _BLANK.split(unified) if one.strip()]


def _by_words(old: str, new: str) -> tuple[Run, ...]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if not before or not after or max(len(before), len(after)) > MAX_WORDS:
        return _whole(old, new)
    return tuple(_runs(before, after))


def _whole(old: str, new: str) -> tuple[Run, ...]:
    pair: tuple[tuple[Kind, str], ...] = (("removed", old), ("added", new))
    return tuple(Run(kind, text) for kind, text in pair if text)


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    for kind, first, last, begin, end in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            yield Run("same", "".join(before[first:last]))
            continue
        if first < last:
            yield Run("removed", "".join(before[first:last]))
        if begin < end:
            yield Run("added", "".join(after[begin:end]))
