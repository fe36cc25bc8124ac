"""A new password, after a one-time code or instead of the current one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from lms.auth.forms import ChangePasswordForm, NewPasswordForm
from lms.auth.services import sign_ins
from lms.auth.services.passwords import set_password
from lms.auth.views import authentication
from lms.auth.views.shared import bp
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import say_wait
from lms.people import queries
from lms.web import form_recovery
from lms.web.access import signed_in
from lms.web.fields import saving


def new_password_page(form: NewPasswordForm | None = None) -> str:
    """The page on which a password must be set first. A form to recover is carried along."""
    form = form or NewPasswordForm(formdata=None)
    return render_template("auth/new_password.html", form=form, hidden=form_recovery.carried_inputs())


@bp.route("/account/new-password", methods=["GET", "POST"])
@form_recovery.not_recoverable
@signed_in
def new_password() -> Any:
    """Let people who must set a password do so. Everybody else has to enter the current one."""
    if not current_user.must_change_password:
        return redirect(url_for(".change_password"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        is_first = queries.row_of(current_user).password_hash is None
        with saving(form.new_password):
            _set(form)
            said = _("Your password was saved. From now on you sign in with it, on any device.")
            if not is_first:
                said += " " + _("A phone or computer on which you were signed in before will ask for it.")
            flash(said, "done")
            return form_recovery.resume() or redirect("/")
    return new_password_page(form), 422 if form.is_submitted() else 200


@bp.route("/account/password", methods=["GET", "POST"])
@form_recovery.not_recoverable
@signed_in
def change_password() -> Any:
    form = ChangePasswordForm()
    if form.validate_on_submit() and _is_current_password(form):
        with saving(form.new_password):
            _set(form)
            flash(_("Your new password was saved. All other devices were signed out."), "done")
            return redirect(url_for(".account"))
    return render_template("auth/change_password.html", form=form), 422 if form.is_submitted() else 200


def _set(form: NewPasswordForm) -> None:
    set_password(
        queries.row_of(current_user),
        form.new_password.data,
        clock.now(),
        actor_id=current_user.id,
        keep_sign_in_id=current_user.sign_in_id,
    )


def _is_current_password(form: ChangePasswordForm) -> bool:
    """Wrong current passwords are counted on this device, so an unlocked phone does not allow guessing.

    Failed sign-ins do not count here: with them, a stranger could keep the owner from changing the password.
    """
    person, failures, typed = queries.row_of(current_user), authentication.own_bucket(), form.present_password.data
    try:
        proven = authentication.authenticate(person, failures, typed, authentication.password_of, now=clock.now())
    except sign_ins.MustWait as refusal:
        words = _("Too many failed attempts. Wait %(time)s, then try again.", time=say_wait(refusal.left))
        form.present_password.errors = [words]
        return False
    if proven is None:
        form.present_password.errors = [_("This is not your current password.")]
        return False
    sign_ins.note_proof(current_user.sign_in_id, now=clock.now())
    return True
