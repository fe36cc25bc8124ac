"""The one blueprint that all views of this package share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)
