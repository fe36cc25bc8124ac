"""The blueprint, and the scope of the current user."""

from __future__ import annotations

from flask import Blueprint, abort
from flask_login import current_user

from lms.people import queries
from lms.people.scopes import Scope

bp = Blueprint("roster", __name__)


def admin_scope() -> Scope:
    return queries.admin_scope(current_user) or abort(404)
