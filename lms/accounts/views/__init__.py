"""The pages of this package, a module per audience; they share one blueprint."""

from __future__ import annotations

from lms.accounts.views import (
    account,
    admin_import,
    admin_people,
    admin_roles,
    admin_site,
    admin_slips,
    admin_unit_mergers,
    admin_units,
    passwords,
    rights,
    sign_in,
)
from lms.accounts.views.shared import bp

__all__ = [
    "account",
    "admin_import",
    "admin_people",
    "admin_roles",
    "admin_site",
    "admin_slips",
    "admin_unit_mergers",
    "admin_units",
    "blueprints",
    "passwords",
    "rights",
    "sign_in",
]

blueprints = [bp]
