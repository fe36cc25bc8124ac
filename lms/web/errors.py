"""Error pages: what happened, what was saved, what to do now."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from lms.core.db import db
from lms.core.errors import Refusal
from lms.web import kept


def set_up(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)


def _stale(_error: CSRFError) -> Any:
    """What a handler raises would be a 500, so the refusals of ``kept.page`` are answered here."""
    try:
        return kept.page(status=400)
    except HTTPException as refusal:
        return _http(refusal)


def _refused(error: Refusal) -> Any:
    db.session.rollback()
    if kept.wants_json():
        return {"error": "refused", "message": error.text}, error.status
    return render_template("error.html", status=error.status, message=error.text), error.status


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if kept.wants_json():
        return {"error": error.name}, error.code
    return render_template("error.html", status=error.code, message=None), error.code


def _broken(_error: Exception) -> Any:
    db.session.rollback()
    if kept.wants_json():
        return {"error": "broken"}, 500
    return render_template("error.html", status=500, message=None), 500
