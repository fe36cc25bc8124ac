"""Caches of rows that never change once they are committed, by their ids."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Protocol, TypeVar

from lms.core.db import db

T = TypeVar("T", covariant=True)

_MAKES_ROWS = "makes cached rows"


class Cached(Protocol[T]):
    def __call__(self, row_id: int) -> T: ...

    def cache_clear(self) -> None: ...


def cached_by_id(maxsize: int) -> Callable[[Callable[[int], T]], Cached[T]]:
    """``lru_cache`` by the id of a row that never changes once it is committed.

    Bypassed in a transaction that makes such rows: if it is rolled back, other rows get the same ids.
    """

    def decorate(function: Callable[[int], T]) -> Cached[T]:
        cached = lru_cache(maxsize)(function)

        @wraps(function)
        def find(row_id: int) -> T:
            return function(row_id) if _makes_rows() else cached(row_id)

        find.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
        return find  # type: ignore[return-value]

    return decorate


def bypass_caches() -> None:
    """Call before the ids of new rows are known; holds until the transaction ends."""
    db.session.info[_MAKES_ROWS] = db.session().get_transaction() or db.session().begin()


def _makes_rows() -> bool:
    marked: Any = db.session.info.get(_MAKES_ROWS)
    return marked is not None and marked is db.session().get_transaction()
