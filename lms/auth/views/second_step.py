"""The second step of the sign-in. Before it, there is no sign-in: the cookie only says whose password was right."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user

from lms.auth import queries as auth_queries
from lms.auth import second_factor, throttle
from lms.auth.forms import SecondStepForm
from lms.auth.services import codes, second_factors, sign_ins
from lms.auth.views import device_cookie, entering, factor_check
from lms.auth.views.shared import bp
from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.site import site_key
from lms.lib.keyed_hash import hmac_hex
from lms.lib.moments import is_future
from lms.people import queries
from lms.people.models import Person
from lms.web import form_recovery
from lms.web.access import public
from lms.web.rate_limits import limiter

FIRST_STEP = "first_step"
"""The name of what the session's cookie holds in between."""
VALID_FOR = timedelta(minutes=10)


class FirstStep(NamedTuple):
    person: Person
    code_id: int | None
    """The one-time code that was right, which is used up by the second step. None: it was the password."""


def after_password(person: Person, now: datetime) -> Any | None:
    """The second step, if the person has one. A device that was remembered is signed in without it."""
    if not second_factors.is_asked(person.id):
        return None
    remembered = auth_queries.remembered(person.id, device_cookie.token_of(person.id), now)
    if remembered is None:
        return _begin(person, None, now)
    sign_ins.end_sign_in(remembered.sign_in_id, now=now)  # the new sign-in takes its place
    return entering.finish_sign_in(person, now, remembered_until=remembered.until)


def after_code(person: Person, code_id: int, now: datetime) -> Any | None:
    """The second step, if the person has one, on remembered devices too: whoever took one may have heard the code."""
    return _begin(person, code_id, now) if second_factors.is_asked(person.id) else None


@bp.route("/login/second-factor", methods=["GET", "POST"])
@limiter.limit(entering.POST_LIMIT, methods=["POST"])
@form_recovery.not_recoverable
@public
def second_step() -> Any:
    form, now = SecondStepForm(), clock.now()
    first = _first_step(now)
    if first is None:
        return _from_the_beginning(form.is_submitted())
    person, keeps = first.person, form.remember.data
    factor_check.fit_to(form, person.id)
    if not form.validate_on_submit():
        return _page(form, person, now, 422 if form.is_submitted() else 200)
    login = person.nip or person.email or ""
    failures = throttle.bucket("second factor", login, device_cookie.token_of(person.id), site_key())
    try:
        if not factor_check.is_right(person, form, failures, now=now):
            return _page(form, person, now, 422)
    except sign_ins.MustWait as refusal:
        return entering.too_many_failures(lambda form, status: _page(form, person, now, status), form, refusal)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.text)
        return _page(form, person, now, refusal.status)
    if first.code_id is not None:
        try:
            codes.use_reset_code(person, first.code_id, now=now)
        except codes.CodeUsed as refusal:
            db.session.rollback()
            session.pop(FIRST_STEP, None)
            return _from_the_beginning(True, refusal.text)
    until = now + second_factor.REMEMBERED_FOR if keeps else None
    return entering.finish_sign_in(person, now, by_factor=True, remembered_until=until)


def _begin(person: Person, code_id: int | None, now: datetime) -> Any:
    """Commit, and remember in the cookie what was right. A form to recover is carried along."""
    db.session.commit()
    proof = _mark(person) if code_id is None else ""
    session[FIRST_STEP] = {"person": person.id, "code": code_id, "password": proof, "at": now.isoformat()}
    if form_recovery.carried_inputs():
        form = SecondStepForm(formdata=None)
        factor_check.fit_to(form, person.id)
        return _page(form, person, now, 200)
    return redirect(url_for(".second_step", next=request.args.get("next")))


def _first_step(now: datetime) -> FirstStep | None:
    """The first step; None if it is too long ago, the password was changed meanwhile, or the account deactivated."""
    kept = session.get(FIRST_STEP)
    if not isinstance(kept, dict):
        return None
    at = datetime.fromisoformat(kept["at"])
    person = queries.person(kept["person"])
    if person is None or not person.is_active or is_future(at, now) or now - at > VALID_FOR:
        return None
    if kept["code"] is None and kept["password"] != _mark(person):
        return None
    return FirstStep(person, kept["code"])


def _mark(person: Person) -> str:
    """Identifies the password that was right, so that a new password ends what the old one began."""
    return hmac_hex(f"first step {person.id} {person.password_hash}", site_key())[:32]


def _from_the_beginning(is_late: bool, words: str = "") -> Any:
    """The page to sign in, with the form to recover in it."""
    if current_user.is_authenticated:
        return form_recovery.resume() or redirect("/")
    if not is_late:
        return redirect(url_for(".login", next=request.args.get("next")))
    words = words or _("That took too long, or the password was changed meanwhile. Please sign in again.")
    hidden = form_recovery.carried_inputs()
    had_files = request.form.get(form_recovery.PREFIX + "files") == "1"
    template = "auth/login_kept.html" if hidden else "auth/login.html"
    return render_template(template, hidden=hidden, had_files=had_files, words=words), 422


def _page(form: SecondStepForm, person: Person, now: datetime, status: int) -> Any:
    form.empty()
    options, hidden = factor_check.request_options(person.id, now), form_recovery.carried_inputs()
    return render_template("auth/second_step.html", form=form, options=options, hidden=hidden), status
