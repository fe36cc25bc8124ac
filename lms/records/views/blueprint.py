"""The one blueprint that all views of this package share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from lms.records import codes

bp = Blueprint("records", __name__)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"in_groups": codes.in_groups}
