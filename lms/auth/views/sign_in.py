"""Signing in by password or by a one-time code, and signing out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from lms.auth import one_time_codes, passwords
from lms.auth import queries as auth_queries
from lms.auth.forms import CodeForm, SignInForm
from lms.auth.services import codes, sign_ins
from lms.auth.views import authentication, entering, second_step
from lms.auth.views.shared import bp
from lms.core import clock, database_errors
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.separate_transaction import separate_transaction
from lms.people import queries
from lms.people.models import Person
from lms.web import form_recovery
from lms.web.access import public, redirect_within_site
from lms.web.rate_limits import limiter


@bp.app_template_global()
def new_sign_in_form() -> SignInForm:
    """The form of a sign-in page that ``lms.web.form_recovery`` renders in the place of another form."""
    return SignInForm(formdata=request.form if request.endpoint == form_recovery.SIGN_IN else None)


@bp.app_template_global()
def has_expired() -> bool:
    """Whether this browser's sign-in has reached a limit, so that the page to sign in says so."""
    return "_user_id" in session and not current_user.is_authenticated and auth_queries.has_expired(session["_user_id"])


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit(entering.POST_LIMIT, methods=["POST"])
@public
def login() -> Any:
    if current_user.is_authenticated and request.method == "GET":
        return redirect_within_site(request.args.get("next"))
    form = SignInForm()
    if not form.validate_on_submit():
        return _login_page(form, 422 if form.is_submitted() else 200)
    now, name, password = clock.now(), form.username.data, form.password.data
    person = queries.person_named(name)
    failures = authentication.bucket("password", name, person)
    try:
        proven = authentication.authenticate(person, failures, password, authentication.password_of, now=now)
    except sign_ins.MustWait as refusal:
        return entering.too_many_failures(_login_page, form, refusal)
    if proven is None:
        words = _("The username or the password is wrong. Please try again.")
        if one_time_codes.looks_like_code(password):
            words = _("The username or the password is wrong. If this is a one-time code, press “I have a code” below.")
        form.form_errors.append(words + entering.wait_text(failures, now))
        return _login_page(form, 422)
    person = proven[0]
    if not person.is_active:
        db.session.commit()
        form.form_errors.append(_("This account is inactive. Contact the admin of your agency."))
        return _login_page(form, 422)
    renewed = passwords.rehash_if_outdated(person.password_hash or "", password)
    if renewed:
        person.password_hash = renewed
    return second_step.after_password(person, now) or entering.finish_sign_in(person, now)


@bp.route("/login/code", methods=["GET", "POST"])
@limiter.limit(entering.POST_LIMIT, methods=["POST"])
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
        return entering.too_many_failures(_code_page, form, refusal)
    if proven is None:
        words = _("The username or the code is wrong, or the code has expired. Please try again.")
        form.form_errors.append(words + entering.wait_text(failures, now))
        return _code_page(form, 422)
    person, code_id = proven
    if page := second_step.after_code(person, code_id, now):
        return page
    try:
        codes.use_reset_code(person, code_id, now=now)
    except codes.CodeUsed as refusal:
        form.form_errors.append(refusal.text)
        return _code_page(form, 422)
    return entering.finish_sign_in(person, now)


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
    """Record every few minutes that the device is in use (``SessionLimits.needs_note``).

    This uses a separate connection, because GET requests do not write. So it must wait
    for the end of a transaction that may write. If it fails, a later request tries again.
    """
    person = g.get("_login_user")  # only if this request has loaded the account already: loading it costs a query
    if not getattr(person, "use_needs_note", False) or (request.method != "GET" and db.session().in_transaction()):
        return response
    try:
        with separate_transaction() as connection:
            sign_ins.renew_last_seen(connection, person.sign_in_id, now=clock.now())
    except SQLAlchemyError as error:
        trace = not database_errors.is_away(error)
        current_app.logger.warning("could not record that sign-in %s is in use", person.sign_in_id, exc_info=trace)
    return response


def _code_of(person: Person, now: datetime) -> authentication.StoredSecret | None:
    code = auth_queries.live_code(person, now) if person.is_active else None
    return authentication.StoredSecret(code.id, code.code_hash) if code else None


def _login_page(form: SignInForm, status: int) -> Any:
    hidden = form_recovery.carried_inputs()
    had_files = request.form.get(form_recovery.PREFIX + "files") == "1"
    template = "auth/login_kept.html" if hidden else "auth/login.html"
    return render_template(template, form=form, hidden=hidden, had_files=had_files), status


def _code_page(form: CodeForm, status: int) -> Any:
    return render_template("auth/use_code.html", form=form), status
