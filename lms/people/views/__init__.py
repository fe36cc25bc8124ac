"""Pages about people, units and roles."""

from __future__ import annotations

from lms.people.views import admin_people, admin_roles, admin_unit_mergers, admin_units
from lms.people.views.shared import bp

__all__ = ["admin_people", "admin_roles", "admin_unit_mergers", "admin_units", "blueprints"]

blueprints = [bp]
