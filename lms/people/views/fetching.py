"""Fetching people and units within the scope of the admin who asks. What lies outside does not exist (404)."""

from __future__ import annotations

from flask import abort, g
from flask_login import current_user

from lms.people import policy, queries
from lms.people.models import Person, Unit
from lms.people.scopes import Scope
from lms.web.access import require


def admin_scope() -> Scope:
    """Queried once per request."""
    if "admin_scope" not in g:
        g.admin_scope = queries.admin_scope(current_user) or abort(404)
    scope: Scope = g.admin_scope
    return scope


def person_here(person_id: int) -> Person:
    return queries.person_in(admin_scope(), person_id) or abort(404)


def person_to_change(person_id: int) -> Person:
    """Who may be seen and not changed: 403."""
    person = person_here(person_id)
    require(policy.may_change(current_user, person, admin_scope()))
    return person


def unit_here(unit_id: int) -> Unit:
    unit = queries.unit(unit_id) or abort(404)
    require(admin_scope().covers(unit.id), status=404)
    return unit


def unit_to_change(unit_id: int) -> Unit:
    """What may be seen and not changed: 403."""
    unit = unit_here(unit_id)
    require(policy.may_change_unit(current_user, unit, admin_scope()))
    return unit
