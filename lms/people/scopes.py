"""Whom somebody looks after: everybody, or the people of some units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lms.people.rights import Grant
from lms.people.terms import standing


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
WITHOUT_UNIT = 0
"""Stands for a unit where one is chosen: the people who have none."""
NOBODY = Scope(frozenset())


def reaches_beyond(grants: Iterable[Grant], office: Scope, today: date | None) -> bool:
    """Whether somebody with these roles is an admin of the site, or has one in a unit outside the office.

    A role that is over counts no more; one that is still to come does.
    """
    return any(
        (grant.role == "admin" or (grant.unit_id is not None and not office.covers(grant.unit_id)))
        and (today is None or standing(grant, today) != "past")
        for grant in grants
    )
