"""The unit tree as the choices of a select."""

from __future__ import annotations

from collections.abc import Collection

from lms.accounts import queries

INDENT = "\u2003"


def unit_choices(*, without: Collection[int] = ()) -> list[tuple[int, str]]:
    """All units in the order of the tree, the lower ones indented; ``without`` some."""
    branches = queries.units_in_order()
    return [(unit.id, INDENT * depth + unit.name) for unit, depth in branches if unit.id not in without]
