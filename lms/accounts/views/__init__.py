"""The pages of this package, a module per audience; they share one blueprint."""

from __future__ import annotations

from lms.accounts.views import account, admin_people, admin_site, admin_units, passwords, sign_in
from lms.accounts.views.shared import bp

__all__ = ["account", "admin_people", "admin_site", "admin_units", "blueprints", "passwords", "sign_in"]

blueprints = [bp]
