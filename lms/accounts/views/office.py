"""Whom the admin who asks looks after, and people and units fetched from there: what lies outside does not exist."""

from __future__ import annotations

from datetime import date

from flask import abort, g
from flask_login import current_user
from sqlalchemy import Select

from lms.accounts import policy, queries
from lms.accounts.forms.admin import PeopleFilter
from lms.accounts.models import Person, Unit
from lms.accounts.scopes import Scope
from lms.core import clock
from lms.core.i18n import to_site_time
from lms.web.access import require


def office() -> Scope:
    """Asked for once per request."""
    if "office" not in g:
        g.office = queries.office_scope(current_user) or abort(404)
    scope: Scope = g.office
    return scope


def people_by(form: PeopleFilter) -> Select[Person]:
    """Those of the office whom a filter finds; the list and its files are one query."""
    return queries.people_found(
        form.q.data or "",
        scope=office(),
        unit_ids=queries.units_meant(form.unit.data) if form.unit.data is not None else None,
        is_active={"active": True, "inactive": False}.get(form.state.data),
    )


def person_here(person_id: int) -> Person:
    person = queries.person(person_id) or abort(404)
    require(office().covers(person.unit_id), status=404)
    return person


def person_to_change(person_id: int) -> Person:
    """Who may be seen and not changed: 403."""
    person = person_here(person_id)
    require(policy.may_change(current_user, person, office()))
    return person


def unit_here(unit_id: int) -> Unit:
    unit = queries.unit(unit_id) or abort(404)
    require(office().covers(unit.id), status=404)
    return unit


def unit_to_change(unit_id: int) -> Unit:
    """What may be seen and not changed: 403."""
    unit = unit_here(unit_id)
    require(policy.may_change_unit(current_user, unit, office()))
    return unit


def today() -> date:
    return to_site_time(clock.now()).date()
