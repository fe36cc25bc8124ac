"""Long lists a part at a time: a statement names only so many rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 500


def in_parts(many: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """``many`` in lists of at most ``size``."""
    rest = iter(many)
    while part := list(islice(rest, size)):
        yield part
