"""Scopes: the people whom a role reaches, either everybody or the people of some units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lms.people.rights import Grant
from lms.people.terms import term_state

G = TypeVar("G", bound=Grant)


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


UNIT_ROLES = frozenset({"head", "agency-admin"})
"""Roles over the people of one unit and those below it. Any other role reaches people of every agency."""


def _lies_within(grant: Grant, scope: Scope) -> bool:
    """Whether a role reaches only units of the scope. Not so for a role that is missing in ``UNIT_ROLES``."""
    return grant.role in UNIT_ROLES and grant.unit_id is not None and scope.covers(grant.unit_id)


def grants_beyond(grants: Iterable[G], scope: Scope, today: date | None) -> list[G]:
    """The roles that reach beyond the scope, now or in future. If ``today`` is None, past roles count, too."""
    current = (grant for grant in grants if today is None or term_state(grant, today) != "past")
    return [grant for grant in current if not _lies_within(grant, scope)]
