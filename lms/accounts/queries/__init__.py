"""Reads about people, units, roles and sign-ins; a module per noun, found here by one name."""

from __future__ import annotations

from lms.accounts.queries.people import (
    count_in,
    imports_seen_by,
    names_of,
    people_by_unit,
    people_found,
    people_in,
    person,
    person_named,
)
from lms.accounts.queries.roles import (
    grant,
    grant_numbered,
    grants_at,
    grants_over,
    has_another_admin,
    heads_by_unit,
    office_scope,
    team_scope,
)
from lms.accounts.queries.signing_in import (
    device,
    devices,
    in_bucket,
    live_code,
    people_with_codes,
    person_signed_in,
    wait_left,
)
from lms.accounts.queries.site import (
    LedgerState,
    changed_rules,
    ledger_entries,
    ledger_state,
)
from lms.accounts.queries.unit_history import tree_on, unit_and_below_on, unit_of_people_on, versions_of
from lms.accounts.queries.units import (
    Branch,
    agencies,
    merged_into,
    tree_now,
    unit,
    unit_and_below,
    unit_names,
    unit_path,
    units_in_order,
)

__all__ = [
    "Branch",
    "LedgerState",
    "agencies",
    "changed_rules",
    "count_in",
    "device",
    "devices",
    "grant",
    "grant_numbered",
    "grants_at",
    "grants_over",
    "has_another_admin",
    "heads_by_unit",
    "imports_seen_by",
    "in_bucket",
    "ledger_entries",
    "ledger_state",
    "live_code",
    "merged_into",
    "names_of",
    "office_scope",
    "people_by_unit",
    "people_found",
    "people_in",
    "people_with_codes",
    "person",
    "person_named",
    "person_signed_in",
    "team_scope",
    "tree_now",
    "tree_on",
    "unit",
    "unit_and_below",
    "unit_and_below_on",
    "unit_names",
    "unit_of_people_on",
    "unit_path",
    "units_in_order",
    "versions_of",
    "wait_left",
]
