"""The blueprint of this package."""

from __future__ import annotations

from flask import Blueprint, abort
from flask_login import current_user

from lms.people import queries
from lms.people.models import Person

bp = Blueprint("admin", __name__)


def person_in_scope(person_id: int) -> Person:
    """A person within the scope of the current admin; 404 for others."""
    return queries.person_in(queries.admin_scope(current_user), person_id) or abort(404)
