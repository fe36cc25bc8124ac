"""Signing in by password or by a one-time code, and signing out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_login import current_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from lms.auth import passwords, throttle
from lms.auth import queries as auth_queries
from lms.auth.forms import CodeForm, SignInForm
from lms.auth.services import codes, sign_ins
from lms.auth.views import authentication, device_cookie
from lms.auth.views.passwords import new_password_page
from lms.auth.views.shared import bp
from lms.core import clock
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.core.i18n import say_wait
from lms.people import queries
from lms.people.models import Person
from lms.web import form_recovery
from lms.web.access import local_or, public
from lms.web.rate_limits import limiter

F = TypeVar("F", SignInForm, CodeForm)
POST_LIMIT = "300 per minute"
"""POST requests per IP address. It stops floods, but not an office of hundreds behind one address."""
LAST_SEEN_INTERVAL = timedelta(hours=1)
"""How often it is recorded that a device is in use."""


@bp.app_template_global()
def new_sign_in_form() -> SignInForm:
    """For the sign-in page that recovers another form (``lms.web.form_recovery``) and is rendered without this one."""
    return SignInForm(formdata=request.form if request.endpoint == form_recovery.SIGN_IN else None)


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit(POST_LIMIT, methods=["POST"])
@public
def login() -> Any:
    if current_user.is_authenticated and request.method == "GET":
        return local_or(request.args.get("next"), "/")
    form = SignInForm()
    if not form.validate_on_submit():
        return _login_page(form, 422 if form.is_submitted() else 200)
    now, name, password = clock.now(), form.username.data, form.password.data
    person = queries.person_named(name)
    failures = authentication.bucket("password", name, person)
    try:
        proven = authentication.authenticate(person, failures, password, authentication.password_of, now=now)
    except sign_ins.MustWait as refusal:
        return _too_many_failures(_login_page, form, refusal)
    if proven is None:
        form.form_errors.append(
            _("The username or the password is wrong. Please try again.") + _wait_text(failures, now)
        )
        return _login_page(form, 422)
    person = proven[0]
    if not person.is_active:
        db.session.commit()
        form.form_errors.append(_("This account is inactive. Contact the admin of your agency."))
        return _login_page(form, 422)
    renewed = passwords.renewed(person.password_hash or "", password)
    if renewed:
        person.password_hash = renewed
    authentication.enter(person, now=now)
    return _signed_in(person)


@bp.route("/login/code", methods=["GET", "POST"])
@limiter.limit(POST_LIMIT, methods=["POST"])
@form_recovery.not_recoverable
@public
def use_code() -> Any:
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form, 422 if form.is_submitted() else 200)
    now, name = clock.now(), form.username.data
    person = queries.person_named(name)
    failures = authentication.bucket("code", name, person)
    try:
        proven = authentication.authenticate(
            person, failures, form.code.data, lambda person: _code_of(person, now), now=now, fits=codes.is_right
        )
    except sign_ins.MustWait as refusal:
        return _too_many_failures(_code_page, form, refusal)
    if proven is None:
        words = _("The username or the code is wrong, or the code has expired. Please try again.")
        form.form_errors.append(words + _wait_text(failures, now))
        return _code_page(form, 422)
    person, code_id = proven
    try:
        codes.use_reset_code(person, code_id, now=now)
    except codes.CodeUsed as refusal:
        form.form_errors.append(refusal.text)
        return _code_page(form, 422)
    authentication.enter(person, now=now)
    return _signed_in(person)


@bp.route("/logout", methods=["GET", "POST"])
@form_recovery.not_recoverable
@public
def logout() -> Any:
    if not current_user.is_authenticated:
        return redirect("/")
    if request.method == "GET":
        return render_template("auth/logout.html")
    if current_user.sign_in_id:
        sign_ins.end_sign_in(current_user.sign_in_id, now=clock.now())
    db.session.commit()
    logout_user()
    authentication.leave()
    flash(_("You are signed out."), "done")
    response = redirect(url_for(".login"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.after_app_request
def record_device_in_use(response: Response) -> Response:
    """Record at most once an hour that the device is in use.

    This uses a separate connection, because GET requests do not write. If it fails,
    a later request tries again.
    """
    person = g.get("_login_user")  # only if this request has loaded the account already: loading it costs a query
    sign_in_id, seen_at = getattr(person, "sign_in_id", None), getattr(person, "last_seen_at", None)
    now = clock.now()
    if request.method != "GET" or sign_in_id is None or seen_at is None or now - seen_at < LAST_SEEN_INTERVAL:
        return response
    try:
        with reading(False), db.engine.begin() as connection:
            sign_ins.renew_last_seen(connection, sign_in_id, now=now)
    except SQLAlchemyError:
        current_app.logger.warning("could not record that sign-in %s is in use", sign_in_id, exc_info=True)
    return response


def _code_of(person: Person, now: datetime) -> authentication.StoredSecret | None:
    code = auth_queries.live_code(person, now) if person.is_active else None
    return authentication.StoredSecret(code.id, code.code_hash) if code else None


def _signed_in(person: Person) -> Response:
    """Redirect to the requested page, or show a recovered form; a password that must be set comes first."""
    if person.must_change_password:
        page: Any = new_password_page() if form_recovery.carried() else redirect(url_for(".new_password"))
    else:
        page = form_recovery.resume() or local_or(request.args.get("next"), "/")
    response = make_response(page)
    device_cookie.remember(response, person.id)
    return response


def _login_page(form: SignInForm, status: int) -> Any:
    hidden = form_recovery.carried()
    had_files = request.form.get(form_recovery.PREFIX + "files") == "1"
    template = "auth/login_kept.html" if hidden else "auth/login.html"
    return render_template(template, form=form, hidden=hidden, had_files=had_files), status


def _code_page(form: CodeForm, status: int) -> Any:
    return render_template("auth/use_code.html", form=form), status


def _too_many_failures(page: Callable[[F, int], Any], form: F, refusal: sign_ins.MustWait) -> Any:
    words = _("Too many failed attempts. Wait %(time)s, then try again.", time=say_wait(refusal.left))
    form.form_errors.append(words)
    response = make_response(page(form, refusal.status))
    response.headers["Retry-After"] = str(-(-refusal.left // timedelta(seconds=1)))
    return response


def _wait_text(failures: throttle.Bucket, now: datetime) -> str:
    """A sentence if the failed attempt has started a waiting time, otherwise empty."""
    left = auth_queries.wait_left(failures, now)
    if left <= throttle.NO_WAIT:
        return ""
    return " " + str(_("Wait %(time)s because of several failed attempts.", time=say_wait(left)))
