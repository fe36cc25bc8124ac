"""The blueprint of this package."""

from __future__ import annotations

from flask import Blueprint, abort
from flask_login import current_user

from lms.people import queries
from lms.people.scopes import Scope

bp = Blueprint("roster", __name__)


def admin_scope() -> Scope:
    """The people whom the admin who asks looks after."""
    return queries.admin_scope(current_user) or abort(404)
