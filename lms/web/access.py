"""Access marks for views. Every view carries exactly one, or the application does not start."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, abort, redirect, request, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, current_user
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response

from lms.core.hooks import Hook
from lms.web import form_recovery
from lms.web.held_forms import is_held
from lms.web.urls import is_safe_redirect

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]


class SignInManager(LoginManager):  # type: ignore[misc]
    """Flask-Login without "remember me" cookies and session protection: sign-ins are rows here."""

    def _update_remember_cookie(self, response: Response) -> Response:
        """The original opens the session in every response, so that even stylesheets would vary by cookie."""
        return response

    def _session_protection_failed(self) -> bool:
        """The original compares IP addresses, but a phone on the move changes its address."""
        return False


class CachedSerializer(SecureCookieSessionInterface):
    """Flask makes a serializer per request, but the secret key of a running application never changes.

    Signatures are those of Flask. Its own function makes ``hmac`` compute them in Python instead of OpenSSL.
    """

    digest_method = staticmethod(hashlib.sha1)
    _serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer


login_manager = SignInManager()
missing_proof: Hook[[bool], Any | None] = Hook("missing_proof")
"""The page that asks for the password again, and for the second factor if the argument is true and the person has one.
None if they were given lately."""
PASSWORD_ENDPOINTS = {"auth.new_password", "auth.logout", "static"}


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anyone may call this view."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Let only signed-in people call a view; others sign in first and come back."""
    return _guard(view, "signed in", lambda: True)


def role(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only people with one of the roles (``admin``, ``agency-admin``, ``instructor``, ``head`` …) call a view.

    Everyone else gets a 404.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        return _guard(view, "role " + " or ".join(names), lambda: any(current_user.has_role(n) for n in names))

    return mark


def recent_proof(view: Callable[P, R]) -> Callable[P, R]:
    """Posting to this view does what a stolen session must not do: it asks for the password again (``missing_proof``).

    Below the access mark. ``tests/auth/test_proof.py`` finds the views that need it.
    """
    return _proven(view, with_factor=False)


def recent_factor_proof(view: Callable[P, R]) -> Callable[P, R]:
    """Like ``recent_proof``, for views that change the second factor: people who have one give it as well."""
    return _proven(view, with_factor=True)


def gives_file(view: Callable[P, R]) -> Callable[P, R]:
    """The answer is a download: the page that asks for the password stays open, and says so."""
    view.gives_file = True  # type: ignore[attr-defined]
    return view


def _proven(view: Callable[P, R], *, with_factor: bool) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        page = missing_proof(with_factor) if request.method == "POST" else None
        return view(*args, **kwargs) if page is None else page

    guarded.needs_recent_proof = True  # type: ignore[attr-defined]
    return guarded


def require(allowed: bool, status: int = 403) -> None:
    """Abort unless ``allowed``: with 404 for what a person may not know of, 403 for what they may not change."""
    if not allowed:
        abort(status)


def _guard(view: Callable[P, R], access: str, allowed: Callable[[], bool]) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        if not current_user.is_authenticated:
            return sign_in_first()
        if _must_set_password() and request.endpoint not in PASSWORD_ENDPOINTS:
            return _password_page()
        if not allowed():
            return _second_factor_page() if current_user.needs_second_factor else abort(404)
        return view(*args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


def password_first(view: Callable[P, R]) -> Callable[P, R]:
    """Send people who must set a new password there first: for public views that show personal data."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        return _password_page() if _must_set_password() else view(*args, **kwargs)

    return guarded


def _must_set_password() -> bool:
    return bool(current_user.is_authenticated and current_user.must_change_password)


def _password_page() -> Any:
    """Scripts get a 401, and keep the data that they wanted to send."""
    if form_recovery.wants_json() or is_held():
        return {"error": "signed-out"}, 401
    return redirect(url_for("auth.new_password"))


def _second_factor_page() -> Any:
    """Send people whose roles rest to the second factor, and then on to what they asked for; a posted form is kept."""
    if form_recovery.wants_json():
        return {"error": "second-factor"}, 403
    if request.method == "POST":
        return form_recovery.page(status=403)
    return redirect(url_for("auth.second_factor", next=request.full_path.rstrip("?")))


def sign_in_first() -> Any:
    """Redirect to the sign-in page; a posted form is carried along."""
    if form_recovery.wants_json():
        return {"error": "signed-out"}, 401
    if request.method == "POST":
        return form_recovery.page(status=401)
    target = request.full_path.rstrip("?")
    return redirect(url_for("auth.login", next=target if target != "/" else None))


def set_up(app: Flask) -> None:
    app.session_interface = CachedSerializer()
    login_manager.init_app(app)


def check_every_endpoint_is_marked(app: Flask) -> None:
    """:raises RuntimeError: names the views without a mark."""
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    if bare:
        raise RuntimeError(f"no access mark on: {', '.join(sorted(bare))}")


def redirect_within_site(target: str | None) -> Response:
    """Redirect to ``target`` if it is a path of this site, else to the first page."""
    return redirect(target if target and is_safe_redirect(target) else "/")
