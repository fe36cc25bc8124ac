"""The account page: details, language and devices."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from lms.auth import queries as auth_queries
from lms.auth.forms import LanguageForm
from lms.auth.services import second_factors, sign_ins
from lms.auth.services.language import choose_language
from lms.auth.views.shared import bp
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.people import nip, queries, ranks
from lms.web.access import public, redirect_within_site, signed_in
from lms.web.urls import is_safe_redirect, own_path


@bp.get("/account")
@signed_in
def account() -> str:
    devices = auth_queries.devices(current_user, clock.now())
    number = nip.formatted(current_user.nip) if current_user.nip else ""
    rank = ranks.written(current_user.rank)
    unit = queries.unit(current_user.unit_id) if current_user.unit_id else None
    factor = second_factors.state(current_user.id)
    return render_template(
        "auth/account.html", devices=devices, number=number, rank=rank, unit=unit, second_factor=factor
    )


@bp.post("/account/devices/<int:sign_in_id>/sign-out")
@signed_in
def sign_out_device(sign_in_id: int) -> Any:
    device = auth_queries.device(current_user, sign_in_id) or abort(404)
    sign_ins.end_sign_in(device.id, now=clock.now())
    db.session.commit()
    flash(_("The device was signed out."), "done")
    return redirect(url_for(".account"))


@bp.post("/account/devices/sign-out-others")
@signed_in
def sign_out_others() -> Any:
    sign_ins.end_sign_ins(current_user.id, now=clock.now(), keep_id=current_user.sign_in_id)
    db.session.commit()
    flash(_("All other devices were signed out."), "done")
    return redirect(url_for(".account"))


@bp.route("/language", methods=["GET", "POST"])
@public
def language() -> Any:
    """Choose the language. By POST, so that it works without scripts and is not part of any URL."""
    form = LanguageForm()
    if not form.validate_on_submit():
        page = render_template("auth/language.html", next=_previous_page())
        return page, 422 if form.is_submitted() else 200
    if current_user.is_authenticated:
        choose_language(queries.row_of(current_user), form.language.data)
        db.session.commit()
    session["language"] = form.language.data
    return redirect_within_site(request.form.get("next"))


def _previous_page() -> str:
    """The page of this site that linked to this one."""
    target = request.values.get("next") or own_path(request.referrer) or "/"
    return target if is_safe_redirect(target) and urlsplit(target).path != url_for(".language") else "/"
