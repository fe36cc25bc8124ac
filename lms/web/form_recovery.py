"""Recovers forms that were posted with an expired session or token.

The fields travel as hidden inputs of the sign-in page. After the sign-in, the page
"your entries are still here" sends them again with a fresh token. The form names the
account it was made for, so that on a shared computer one person's text is never
submitted by another. Posts from other sites are not recovered, as they would then get
past the token; nor are passwords and codes, nor any form of a view marked ``not_recoverable``.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, redirect, render_template, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from lms.core.i18n import gettext as _
from lms.core.site import site_key
from lms.lib.keyed_hash import hmac_hex
from lms.web.held_forms import NEW_TOKEN, is_held
from lms.web.urls import is_safe_redirect, own_path

P = ParamSpec("P")
R = TypeVar("R")

PREFIX = "kept-"
FIELD = PREFIX + "field-"
OWN_INPUTS = (PREFIX + "path", PREFIX + "owner", PREFIX + "files")
OWNER = "for"
OWN_FIELDS = {"csrf_token", OWNER}
FILLED_BY_THE_PAGE = {
    "age", "back", "check", "cohort", "complete", "confirmed", "do", "enrolment", "everyone", "go", "known",
    "known_note", "language", "newest", "next", "notice", "number", "place", "seen", "starts_over", "then",
    "turn", "unread", "withdraws",
}  # fmt: skip
"""Hidden inputs and buttons: a form with no other fields has nothing that somebody typed or chose."""
PROOF = "confirm_"
"""How the names of fields begin that prove who somebody is. They are sent once."""
MAX_BYTES = 256 * 1024
MAX_FIELDS = 520
"""Each field becomes an input of the page. The largest form is that of slips, with a field per person."""
SIGN_IN = "auth.login"


def not_recoverable(view: Callable[P, R]) -> Callable[P, R]:
    """The form of this view holds a secret. If it cannot be accepted, it is shown again empty."""
    view.is_not_recoverable = True  # type: ignore[attr-defined]
    return view


def owner_mark(person_id: int) -> str:
    """A short keyed hash of an account: tells two accounts apart and reveals nothing."""
    return hmac_hex(f"owner {person_id}", site_key())[:12]


def form_owner() -> str:
    """The mark of the account that the page is made for."""
    return owner_mark(current_user.id)


def form_tokens() -> Markup:
    """The hidden inputs of every form: the CSRF token and the mark of the account."""
    tokens = _hidden("csrf_token", generate_csrf())
    return tokens + _hidden(OWNER, owner_mark(current_user.id)) if current_user.is_authenticated else tokens


def _hidden(name: str, value: str) -> Markup:
    """Put together by ``+``, which escapes as well, and in a tenth of the time of ``Markup.format``."""
    return Markup('<input type="hidden" name="') + name + Markup('" value="') + value + Markup('">')


def keep_token() -> None:
    """The forms of this response carry the token that the request came with, which has been checked.

    Signing another takes a thirtieth of saving an answer. Only for views that leave the session as it is.
    """
    if g.get("csrf_valid") and "csrf_token" in request.form:
        g.csrf_token = request.form["csrf_token"]


def wants_json() -> bool:
    """True if the request comes from one of our scripts."""
    return request.headers.get("X-Requested-With") == "fetch"


def page(status: int) -> Any:
    """The response to a form that cannot be accepted as it came: the page to sign in (then with 401) or to confirm."""
    status = status if current_user.is_authenticated else 401
    if is_held():
        is_own = status == 400 and _came_from_here() and _is_mine(request.form.get(OWNER, ""))
        return {}, status, {NEW_TOKEN: generate_csrf()} if is_own else {}
    if wants_json():
        return {"error": "token" if current_user.is_authenticated else "signed-out"}, status
    if not _came_from_here():
        abort(400)
    if request.endpoint == SIGN_IN:
        return _sign_in_again()
    if hasattr(current_app.view_functions.get(request.endpoint or ""), "is_not_recoverable"):
        flash(_("This page was open for too long. Nothing has been submitted yet. Please fill it in again."))
        return redirect(_address())
    fields = fields_to_keep()
    had_files = any(upload.filename for upload in request.files.values())
    return _answer(_address(), fields, request.form.get(OWNER, ""), had_files, status)


def resume() -> Any | None:
    """Return the page that sends the recovered fields after a sign-in, or None if there are none."""
    path = request.form.get(PREFIX + "path", "")
    if not is_safe_redirect(path):
        return None
    fields = MultiDict((name.removeprefix(FIELD), text) for name, text in carried_inputs() if name.startswith(FIELD))
    owner = request.form.get(PREFIX + "owner", "")
    return _answer(path, fields, owner, request.form.get(PREFIX + "files") == "1", 200)


def carried_inputs() -> list[tuple[str, str]]:
    """The hidden inputs that a sign-in form must carry along when it is shown again."""
    own = [(name, request.form[name]) for name in OWN_INPUTS if name in request.form]
    fields = [(name, text) for name, text in request.form.items(multi=True) if name.startswith(FIELD)]
    _bounded([(name.removeprefix(FIELD), text) for name, text in fields])
    return own + fields


def _bounded(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    size = sum(len(name.encode()) + len(text.encode()) for name, text in fields)
    if len(fields) > MAX_FIELDS or size > MAX_BYTES:
        abort(413)
    return fields


def _sign_in_again() -> Any:
    """The token of the sign-in form had expired. Go on if the person has signed in in another tab meanwhile."""
    if current_user.is_authenticated:
        return resume() or redirect("/")
    hidden = carried_inputs()
    template = "auth/login_kept.html" if hidden else "auth/login.html"
    had_files = request.form.get(PREFIX + "files") == "1"
    return render_template(template, hidden=hidden, had_files=had_files, is_late=True), 400


def to_send_again() -> list[tuple[str, str]]:
    """The fields of a form that cannot be processed now, for a button that sends them again.

    Empty if they hold a secret or a file, are too many, or came from another site.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or not _came_from_here() or hasattr(view, "is_not_recoverable") or request.files:
        return []
    fields = list(request.form.items(multi=True))
    if len(fields) > MAX_FIELDS or any(_is_secret(name) for name, _text in fields):
        return []
    return fields


def has_entries(fields: Iterable[tuple[str, str]]) -> bool:
    """True if somebody has typed or chosen something, not only pressed a button."""
    return any(text.strip() and name not in OWN_FIELDS | FILLED_BY_THE_PAGE for name, text in fields)


def fields_to_keep() -> MultiDict[str, str]:
    """The posted fields without tokens, passwords and codes."""
    fields = [
        (name, text) for name, text in request.form.items(multi=True) if name not in OWN_FIELDS and not _is_secret(name)
    ]
    return MultiDict(_bounded(fields))


def _is_secret(name: str) -> bool:
    return "password" in name or name.startswith(PROOF)


def _answer(path: str, fields: MultiDict[str, str], owner: str, had_files: bool, status: int) -> Any:
    if not current_user.is_authenticated:
        hidden = [(PREFIX + "path", path), (PREFIX + "owner", owner), (PREFIX + "files", "1" if had_files else "")]
        hidden += [(FIELD + name, text) for name, text in fields.items(multi=True)]
        return render_template("auth/login_kept.html", hidden=hidden, had_files=had_files), status
    if owner and not _is_mine(owner):
        flash(_("This form belongs to another account, so it was not submitted. Sign in with that account."))
        return redirect("/")
    is_filled = has_entries(fields.items(multi=True))
    page = render_template("form_recovery.html", path=path, fields=fields, is_filled=is_filled, had_files=had_files)
    return page, status


def _is_mine(owner: str) -> bool:
    return hmac.compare_digest(owner.encode(), owner_mark(current_user.id).encode())


def _address() -> str:
    """Path and query of the request, encoded for a form's ``action``."""
    parts = urlsplit(iri_to_uri(request.url))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _came_from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    source = request.headers.get("Origin") or request.headers.get("Referer")
    return own_path(source) is not None
