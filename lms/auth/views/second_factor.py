"""One's own second factors: an authenticator app, passkeys, and the recovery codes that replace them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from lms.auth import devices, passkey
from lms.auth import queries as auth_queries
from lms.auth import second_factor as rules
from lms.auth.forms import PasskeyForm, SetUpFactorForm
from lms.auth.services import passkeys, second_factors, sign_ins
from lms.auth.views import passkey_challenges
from lms.auth.views.shared import bp
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.site import site_key
from lms.people import queries
from lms.web import form_recovery
from lms.web.access import recent_factor_proof, signed_in
from lms.web.fields import saving
from lms.web.urls import is_safe_redirect


@bp.route("/account/second-factor", methods=["GET", "POST"])
@form_recovery.not_recoverable
@signed_in
@recent_factor_proof
def second_factor() -> Any:
    """The second factors; without an app, a new secret to scan and to confirm. Nothing is stored before."""
    has_app, known = auth_queries.has_app(current_user.id), auth_queries.passkeys(current_user.id)
    is_off, form, now = second_factors.is_off(), SetUpFactorForm(), clock.now()
    if is_off and not (has_app or known):
        abort(404)
    takes_app = not (is_off or has_app)
    if takes_app and form.validate_on_submit():
        codes = None
        with saving(form.code):
            codes = second_factors.set_up(queries.row_of(current_user), form.sealed.data or "", form.code.data, now=now)
            sign_ins.note_factor(current_user.sign_in_id, now=now)
        if codes is not None:
            done = _("The authenticator app is set up. From the next sign-in on, you can enter its 6 digits.")
            return _after_adding(codes, done)
    page = render_template(
        "auth/second_factor.html",
        form=form,
        app=_new_app(form) if takes_app else None,
        has_app=has_app,
        passkeys=known,
        most_passkeys=passkey.MAX_PASSKEYS,
        allows_passkeys=passkey_challenges.site() is not None and not is_off,
        left=auth_queries.recovery_codes_left(current_user.id),
        is_off=is_off,
    )
    return _not_stored(page, 422 if form.errors else 200)


@bp.post("/account/second-factor/passkeys")
@signed_in
@recent_factor_proof
def add_passkey() -> Any:
    """A page with the question for the browser first, which sends its answer here."""
    site, form, now = passkey_challenges.site(), PasskeyForm(), clock.now()
    if site is None or second_factors.is_off():
        abort(404)
    if not form.answer.data:
        name = form.name.data or devices.describe_device(request.user_agent.string) or _("My phone")
        form = PasskeyForm(formdata=None, name=name)
    elif form.validate():
        challenge, codes = passkey_challenges.take("create", current_user.id, now), None
        with saving(form.name):
            person, name = queries.row_of(current_user), form.name.data
            codes = passkeys.add(person, form.answer.data, challenge, name, site=site, now=now)
            sign_ins.note_factor(current_user.sign_in_id, now=now)
        if codes is not None:
            done = _("The passkey “%(name)s” was added. At the next sign-in, you can use it.", name=name)
            return _after_adding(codes, done)
    form.answer.data = ""
    page = render_template("auth/add_passkey.html", form=form, options=_creation_options(site, now))
    return _not_stored(page, 422 if form.errors else 200)


@bp.post("/account/second-factor/passkeys/<int:passkey_id>/remove")
@signed_in
@recent_factor_proof
def remove_passkey(passkey_id: int) -> Any:
    if not passkeys.remove(queries.row_of(current_user), passkey_id, now=clock.now()):
        abort(404)
    db.session.commit()
    return _after_removing(_("The passkey was removed."))


@bp.post("/account/second-factor/codes")
@signed_in
@recent_factor_proof
def recovery_codes() -> Any:
    codes = second_factors.renew_recovery_codes(queries.row_of(current_user), now=clock.now())
    db.session.commit()
    return _codes_page(codes, "")


@bp.post("/account/second-factor/remove")
@signed_in
@recent_factor_proof
def remove_own_second_factor() -> Any:
    second_factors.remove_app(queries.row_of(current_user), now=clock.now())
    db.session.commit()
    return _after_removing(_("The authenticator app was removed."))


def _new_app(form: SetUpFactorForm) -> dict[str, Any]:
    """A secret for an app that is set up on this page, and the same again after a wrong code."""
    secret = rules.decrypt_secret(form.sealed.data or "", current_user.id, site_key()) or rules.new_secret()
    form.sealed.data = rules.encrypt_secret(secret, current_user.id, site_key())
    login = current_user.email or current_user.name
    address = rules.address(secret, login, current_app.config["SITE_NAME"])
    import segno  # memory that most web processes do not need

    picture = segno.make(address, error="m", micro=False).svg_inline(scale=4, light="#fff")
    qr = Markup(picture)  # noqa: S704  (made here, as a picture)
    return {"address": address, "secret": rules.in_groups(secret), "qr": qr}


def _creation_options(site: passkey.Site, now: datetime) -> str:
    return passkey.creation_options(
        site,
        passkey.user_handle(current_user.id, site_key()),
        current_user.email or current_user.name,
        current_user.full_name,
        passkey_challenges.current("create", current_user.id, now),
        passkeys.ways(current_user.id),
    )


def _after_adding(codes: list[str], done: str) -> Any:
    """The recovery codes come with the first factor."""
    if codes:
        return _codes_page(codes, done)
    flash(done, "done")
    return redirect(url_for(".second_factor"))


def _after_removing(done: str) -> Any:
    if auth_queries.has_second_factor(current_user.id):
        flash(done, "done")
        return redirect(url_for(".second_factor"))
    flash(done + " " + _("Your password alone signs you in now."), "done")
    return redirect(url_for(".account"))


def _codes_page(codes: list[str], done: str) -> Response:
    target = request.args.get("next")
    back = target if target and is_safe_redirect(target) else url_for(".account")
    return _not_stored(render_template("auth/recovery_codes.html", codes=codes, done=done, back=back), 200)


def _not_stored(page: str, status: int) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
