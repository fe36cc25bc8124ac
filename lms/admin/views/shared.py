"""The blueprint of this package."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort
from flask_login import current_user

from lms.core import clock
from lms.core.i18n import to_site_time
from lms.people import queries
from lms.people.models import Person

bp = Blueprint("admin", __name__)


def person_in_scope(person_id: int) -> Person:
    """A person within the scope of the current admin; 404 for others."""
    return queries.person_in(queries.admin_scope(current_user), person_id) or abort(404)


def today() -> date:
    return to_site_time(clock.now()).date()
