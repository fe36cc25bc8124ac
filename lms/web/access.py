"""Who may call a view. Every view carries exactly one mark, or the app does not start."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, abort, redirect, request, url_for
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from lms.web import form_recovery
from lms.web.urls import is_safe_redirect

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]


class SignIns(LoginManager):  # type: ignore[misc]
    """Flask-Login without "remember me" cookies: sign-ins are rows here."""

    def _update_remember_cookie(self, response: Response) -> Response:
        """Looking for one opens the session on every answer, and every stylesheet would vary by cookie."""
        return response

    def _session_protection_failed(self) -> bool:
        """Never: an address that changes is a phone on the move."""
        return False


login_manager = SignIns()
PASSWORD_ENDPOINTS = {"accounts.new_password", "accounts.logout", "static"}


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anyone may call this view."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Only a signed-in person may call this view; others go through the sign-in and come back."""
    return _guard(view, "signed in", lambda: True)


def role(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only who has one of the roles (``admin``, ``agency-admin``, ``instructor``, ``head`` …) may call this view.

    For everybody else the page does not exist.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        return _guard(view, "role " + " or ".join(names), lambda: any(current_user.has_role(n) for n in names))

    return mark


def require(allowed: bool, status: int = 403) -> None:
    """Stop here unless the policy said yes: 404 for what one may not know of, 403 for what one may not change."""
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
            abort(404)
        return view(*args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


def password_first(view: Callable[P, R]) -> Callable[P, R]:
    """A public page that shows people their own things: who must set a new password does that before."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        return _password_page() if _must_set_password() else view(*args, **kwargs)

    return guarded


def _must_set_password() -> bool:
    return bool(current_user.is_authenticated and current_user.must_change_password)


def _password_page() -> Any:
    """A page's script is told to sign in: what it has is not taken, and stays with it."""
    return ({"error": "signed-out"}, 401) if form_recovery.wants_json() else redirect(url_for("accounts.new_password"))


def sign_in_first() -> Any:
    """Send to the sign-in; what a form brought along is kept through it."""
    if form_recovery.wants_json():
        return {"error": "signed-out"}, 401
    if request.method == "POST":
        return form_recovery.page(status=401)
    target = request.full_path.rstrip("?")
    return redirect(url_for("accounts.login", next=target if target != "/" else None))


def set_up(app: Flask) -> None:
    login_manager.init_app(app)


def check_every_endpoint_is_marked(app: Flask) -> None:
    """Refuse to start with a view nobody decided about.

    :raises RuntimeError: naming the views without a mark.
    """
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    if bare:
        raise RuntimeError(f"no access mark on: {', '.join(sorted(bare))}")


def local_or(target: str | None, default: str) -> Response:
    """Redirect to ``target`` where it is a path of this site, else to ``default``."""
    return redirect(target if target and is_safe_redirect(target) else default)
