"""Pages for lists of people and slips."""

from __future__ import annotations

from lms.roster.views import lists, slips
from lms.roster.views.blueprint import bp

__all__ = ["blueprints", "lists", "slips"]

blueprints = [bp]
