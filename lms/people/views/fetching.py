"""People and units in the scope of the signed-in admin. Anything outside is answered with 404."""

from __future__ import annotations

from flask import abort, g
from flask_login import current_user

from lms.people import policy, queries
from lms.people.models import Person, Unit
from lms.people.scopes import Scope
from lms.people.services import roles
from lms.web.access import require


def admin_scope() -> Scope:
    """Queried once per request."""
    if "admin_scope" not in g:
        g.admin_scope = queries.admin_scope(current_user) or abort(404)
    scope: Scope = g.admin_scope
    return scope


def person_in_scope(person_id: int) -> Person:
    return queries.person_in(admin_scope(), person_id) or abort(404)


def person_to_change(person_id: int) -> Person:
    """Locked. 403 for people that the admin may see but not change."""
    person = person_in_scope(person_id)
    roles.lock([person])
    require(policy.may_change(current_user, person, admin_scope()))
    return person


def unit_in_scope(unit_id: int) -> Unit:
    unit = queries.unit(unit_id) or abort(404)
    require(admin_scope().covers(unit.id), status=404)
    return unit


def unit_to_change(unit_id: int) -> Unit:
    """403 for units that the admin may see but not change."""
    unit = unit_in_scope(unit_id)
    require(policy.may_change_unit(current_user, unit, admin_scope()))
    return unit
