"""A cache of rows that never change once they are committed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Protocol, TypeVar

from lms.core.db import db

Loaded = TypeVar("Loaded", covariant=True)

_MAKES_ROWS = "makes cached rows"


class CachedById(Protocol[Loaded]):
    def __call__(self, row_id: int) -> Loaded: ...

    def cache_clear(self) -> None: ...


def cached_by_id(maxsize: int) -> Callable[[Callable[[int], Loaded]], CachedById[Loaded]]:
    """``lru_cache`` by the id of a row that never changes once it is committed.

    A transaction that makes such rows has a cache of its own: if it is rolled back, other rows get the same ids.
    """

    def decorate(function: Callable[[int], Loaded]) -> CachedById[Loaded]:
        cached = lru_cache(maxsize)(function)

        @wraps(function)
        def find(row_id: int) -> Loaded:
            own = _transaction_cache()
            if own is None:
                return cached(row_id)
            key = function, row_id
            if key not in own:
                own[key] = function(row_id)
            return own[key]  # type: ignore[no-any-return]

        find.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
        return find  # type: ignore[return-value]

    return decorate


def begin_transaction_cache() -> None:
    """Call before the ids of new rows are known. Until the transaction ends, ``cached_by_id`` forgets with it."""
    db.session.info[_MAKES_ROWS] = db.session().get_transaction() or db.session().begin(), {}


def _transaction_cache() -> dict[Any, Any] | None:
    if not db.session.registry.has():
        return None
    session = db.session.registry()
    transaction, cache = session.info.get(_MAKES_ROWS, (None, None))
    return cache if transaction is not None and transaction is session.get_transaction() else None
