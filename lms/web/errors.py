"""Error pages: what happened, what was saved, what to do now, and the request number to look up in the log."""

from __future__ import annotations

import errno
import logging
import sqlite3
from contextlib import suppress
from typing import Any

from flask import Flask, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError

from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.storage import StorageUnavailable
from lms.web import access, form_recovery
from lms.web.overload import Overloaded
from lms.web.requests import number

log = logging.getLogger(__name__)

UNAVAILABLE = (OperationalError, InterfaceError, PoolExhausted, StorageUnavailable)
"""Errors of a database or storage that does not answer or is full."""
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
RETRY_AFTER_SECONDS, RETRY_WHEN_BUSY = 30, 10


def set_up(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Overloaded, _overloaded)
    app.register_error_handler(500, _internal_error)
    app.register_error_handler(OSError, _disk_error)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, _unavailable)


def _csrf_error(_error: CSRFError) -> Any:
    """An exception in an error handler would give a 500, so those of ``form_recovery.page`` are handled here."""
    try:
        return form_recovery.page(status=400)
    except HTTPException as refusal:
        return _http(refusal)


def _refused(error: Refusal) -> Any:
    db.session.rollback()
    if form_recovery.wants_json():
        return {"error": "refused", "message": error.text, "request": number()}, error.status
    return render_template("error.html", status=error.status, message=error.text), error.status


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if form_recovery.wants_json():
        return {"error": error.name, "request": number()}, error.code
    if isinstance(error, BadHost):  # for such a name no address can be made, and every page has some
        return f"{error.name} {number()}", error.code, {"Content-Type": "text/plain; charset=utf-8"}
    return render_template("error.html", status=error.code, message=None), error.code


def _internal_error(error: InternalServerError) -> Any:
    cause = error.original_exception
    if isinstance(cause, UNAVAILABLE) and not _is_programming_error(cause):
        return _unavailable(cause)
    with suppress(SQLAlchemyError):
        db.session.rollback()
    if form_recovery.wants_json():
        return {"error": "broken", "request": number()}, 500
    return render_template("error.html", status=500, message=None), 500


def _disk_error(error: OSError) -> Any:
    if error.errno not in DISK_ERRORS:
        raise error
    return _unavailable(error)


def _unavailable(error: Exception) -> Any:
    if _is_programming_error(error):
        raise error
    log.error("unavailable: %s: %s", type(error).__name__, _first_line(error))
    with suppress(SQLAlchemyError):
        db.session.rollback()
    return _try_later(RETRY_AFTER_SECONDS)


def _overloaded(_error: Overloaded) -> Any:
    """Nothing has been asked of the database, and ``overload`` has told the log."""
    return _try_later(RETRY_WHEN_BUSY, is_busy=True)


def _try_later(seconds: int, *, is_busy: bool = False) -> Any:
    """A page that needs neither the database nor the account."""
    if form_recovery.wants_json():
        response = make_response({"error": "unavailable", "request": number()}, 503)
    else:
        g._login_user = access.login_manager.anonymous_user()
        fields = form_recovery.to_send_again()
        is_post = request.method == "POST"
        is_filled = form_recovery.has_entries(fields)
        page = render_template("unavailable.html", fields=fields, is_filled=is_filled, is_post=is_post, is_busy=is_busy)
        response = make_response(page, 503)
    response.headers["Retry-After"] = str(seconds)
    return response


def _is_programming_error(error: Exception) -> bool:
    """SQLite raises the same class for an invalid statement as for a full disk, but with a different error code."""
    return getattr(getattr(error, "orig", None), "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
