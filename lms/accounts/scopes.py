"""Whom somebody looks after: everybody, or the people of some units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """``unit_ids`` with all units below them already among them; None: everybody, also who has no unit."""

    unit_ids: frozenset[int] | None

    def covers(self, unit_id: int | None) -> bool:
        """Whether somebody of this unit is looked after."""
        return self.unit_ids is None or unit_id in self.unit_ids

    def within(self, unit_ids: set[int] | frozenset[int]) -> Scope:
        """What of this scope lies in these units."""
        return Scope(frozenset(unit_ids) if self.unit_ids is None else self.unit_ids & frozenset(unit_ids))


EVERYBODY = Scope(None)
NOBODY = Scope(frozenset())
