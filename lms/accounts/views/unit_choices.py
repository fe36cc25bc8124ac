"""The unit tree as the choices of a select."""

from __future__ import annotations

from collections.abc import Collection

from lms.accounts import queries
from lms.accounts.scopes import EVERYBODY, WITHOUT_UNIT, Scope
from lms.core.i18n import gettext as _

INDENT = "\u2003"


def unit_choices(scope: Scope = EVERYBODY, *, without: Collection[int] = ()) -> list[tuple[int, str]]:
    """The units of a scope in the order of the tree, the lower ones indented; ``without`` some."""
    branches = queries.units_in_order(scope)
    return [(unit.id, INDENT * depth + unit.name) for unit, depth in branches if unit.id not in without]


def unit_filters(scope: Scope) -> list[tuple[int, str]]:
    """The same where people are looked for; who looks after everybody finds also those without a unit."""
    nobody = [(WITHOUT_UNIT, _("without a unit"))] if scope.unit_ids is None else []
    return unit_choices(scope) + nobody


def agency_choices() -> list[tuple[int, str]]:
    """What has admins of its own."""
    return [(unit.id, unit.name) for unit in queries.agencies()]
