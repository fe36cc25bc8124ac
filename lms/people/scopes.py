"""Scopes: the people whom a role reaches, either everybody or the people of some units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lms.people.rights import Grant
from lms.people.terms import term_state


@dataclass(frozen=True)
class Scope:
    """``unit_ids`` includes all units below. None: everybody, including people without a unit."""

    unit_ids: frozenset[int] | None

    def covers(self, unit_id: int | None) -> bool:
        return self.unit_ids is None or unit_id in self.unit_ids

    def within(self, unit_ids: set[int] | frozenset[int]) -> Scope:
        """The part of this scope that lies in these units."""
        return Scope(frozenset(unit_ids) if self.unit_ids is None else self.unit_ids & frozenset(unit_ids))


EVERYBODY = Scope(None)
WITHOUT_UNIT = 0
"""A choice in unit filters: people who have no unit."""
NOBODY = Scope(frozenset())


def reaches_beyond(grants: Iterable[Grant], scope: Scope, today: date | None) -> bool:
    """Whether one of these roles is site admin, or a role for a unit outside the scope.

    Past roles do not count; future roles do.
    """
    return any(
        (grant.role == "admin" or (grant.unit_id is not None and not scope.covers(grant.unit_id)))
        and (today is None or term_state(grant, today) != "past")
        for grant in grants
    )
