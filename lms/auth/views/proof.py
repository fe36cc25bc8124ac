"""Asking for the password again before what grants rights, gives codes, changes settings or makes records.

Before the second factor is changed, people who have one are asked for it as well: a password and an open session are
not enough to replace it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, render_template, request
from flask_login import current_user

from lms.auth import queries as auth_queries
from lms.auth.forms import FactorForm, ProofForm
from lms.auth.services import sign_ins
from lms.auth.services.settings import PROOF_MINUTES
from lms.auth.views import authentication, factor_check
from lms.core import clock, settings
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import say_wait
from lms.lib.moments import is_future
from lms.people import queries
from lms.web import form_recovery
from lms.web.urls import own_path

PREFIX = form_recovery.PROOF


def missing_proof(with_factor: bool) -> Any | None:
    """The page that asks for what is missing, with the posted form in it; None if it was given lately.

    The page posts to the address that was asked for, so that what was asked is done with the same click.
    """
    now, minutes = clock.now(), settings.value(PROOF_MINUTES)
    given = auth_queries.proofs(current_user.sign_in_id)
    wants_password = _is_old(given.password_at, minutes, now)
    wants_factor = with_factor and _is_old(given.factor_at, minutes, now)
    wants_factor = wants_factor and auth_queries.has_second_factor(current_user.id)
    if not (wants_password or wants_factor):
        return None
    if form_recovery.wants_json():
        return {"error": "proof"}, 403
    is_answer = any(name.startswith(PREFIX) for name in request.form)
    password = _missing_password(is_answer, now) if wants_password else None
    factor = _missing_factor(is_answer and password is None, now) if wants_factor else None
    if password is None and factor is None:
        return None
    return _page(password, factor, minutes, now, is_answer=is_answer)


def _missing_password(is_answer: bool, now: datetime) -> ProofForm | None:
    """The form that is still to be filled in; None if the right password came with the request."""
    if not is_answer:
        return ProofForm(formdata=None, prefix=PREFIX)
    form = ProofForm(prefix=PREFIX)
    return None if form.validate() and _is_right(form, now) else form


def _missing_factor(is_answer: bool, now: datetime) -> FactorForm | None:
    """Like ``_missing_password`` for the second factor, which is looked at only once the password is right."""
    if not is_answer:
        return FactorForm(formdata=None, prefix=PREFIX)
    form = factor_check.fit_to(FactorForm(prefix=PREFIX), current_user.id)
    return None if form.validate() and _factor_is_right(form, now) else form


def _page(
    password: ProofForm | None, factor: FactorForm | None, minutes: int, now: datetime, *, is_answer: bool
) -> tuple[str, int]:
    fields, back = form_recovery.fields_to_keep(), own_path(request.referrer)
    if back is None or is_answer:  # a second attempt comes from an address that may take no GET
        back = "/"
    options = ""
    if factor is not None:
        factor_check.fit_to(factor, current_user.id).empty()
        options = factor_check.request_options(current_user.id, now)
    page = render_template(
        "auth/proof.html",
        form=password,
        factor=factor,
        options=options,
        fields=fields,
        minutes=minutes,
        back=back,
        gives_file=hasattr(current_app.view_functions[request.endpoint or ""], "gives_file"),
    )
    return page, 422 if is_answer else 401


def _is_old(given_at: datetime | None, minutes: int, now: datetime) -> bool:
    return given_at is None or is_future(given_at, now) or now - given_at > timedelta(minutes=minutes)


def _is_right(form: ProofForm, now: datetime) -> bool:
    """Counted on this device, like the current password before it is changed."""
    field, failures = form.password, authentication.own_bucket()
    person = queries.row_of(current_user)
    try:
        proven = authentication.authenticate(person, failures, field.data, authentication.password_of, now=now)
    except sign_ins.MustWait as refusal:
        db.session.rollback()
        field.errors = [_wait_words(refusal)]
        return False
    if proven is None:
        field.errors = [_("This is not your password.")]
        return False
    sign_ins.note_proof(current_user.sign_in_id, now=now)
    db.session.commit()
    return True


def _factor_is_right(form: FactorForm, now: datetime) -> bool:
    failures = authentication.own_bucket("second factor")
    try:
        if not factor_check.is_right(queries.row_of(current_user), form, failures, now=now):
            return False
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(_wait_words(refusal) if isinstance(refusal, sign_ins.MustWait) else refusal.text)
        return False
    sign_ins.note_factor(current_user.sign_in_id, now=now)
    db.session.commit()
    return True


def _wait_words(refusal: sign_ins.MustWait) -> str:
    return _("Too many failed attempts. Wait %(time)s, then try again.", time=say_wait(refusal.left))
