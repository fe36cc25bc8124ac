"""Which question of a running attempt may be opened. Positions count from 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def first_open(dealt: Sequence[str], settled: Collection[str]) -> int | None:
    """The first question that is not in ``settled`` (answered or final ones); None: all are."""
    return next((position for position, question in enumerate(dealt, 1) if question not in settled), None)


def may_open(position: int, front: int | None, *, is_sequential: bool, gives_feedback: bool) -> bool:
    """Freely anywhere; one after the other only at the ``front``, the first question not yet passed by.

    Where questions are checked at once, the checked ones behind may be looked at again: they are locked.
    """
    if not is_sequential or position == front:
        return True
    return gives_feedback and (front is None or position < front)
