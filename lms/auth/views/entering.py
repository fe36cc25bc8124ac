"""What the pages of the sign-in share: the way in, and the words about waiting times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Response, make_response, redirect, request, url_for
from flask_login import current_user

from lms.auth import queries as auth_queries
from lms.auth import throttle
from lms.auth.services import sign_ins
from lms.auth.views import authentication, device_cookie
from lms.auth.views.passwords import new_password_page
from lms.core.i18n import gettext as _
from lms.core.i18n import say_wait
from lms.people.models import Person
from lms.web import form_recovery
from lms.web.access import redirect_within_site
from lms.web.fields import Form

F = TypeVar("F", bound=Form)
POST_LIMIT = "1500 per minute"
"""POST requests per IP address: an office of 500 behind one address may all sign in within a minute, typing errors
included. It is about what two cores can check; guessing at one account is slowed down by the account's own waits."""


def finish_sign_in(
    person: Person, now: datetime, *, by_factor: bool = False, remembered_until: datetime | None = None
) -> Response:
    """Sign in, then redirect to the requested page or show a recovered form.

    A password that must be set comes first.
    """
    device_token = authentication.enter(person, now=now, by_factor=by_factor, remembered_until=remembered_until)
    if person.must_change_password:
        page: Any = new_password_page() if form_recovery.carried_inputs() else redirect(url_for(".new_password"))
    elif current_user.needs_second_factor and not form_recovery.carried_inputs():
        page = redirect(url_for(".second_factor", next=request.args.get("next")))
    else:
        page = form_recovery.resume() or redirect_within_site(request.args.get("next"))
    response = make_response(page)
    device_cookie.remember(response, person.id, device_token)
    return response


def too_many_failures(page: Callable[[F, int], Any], form: F, refusal: sign_ins.MustWait) -> Any:
    words = _("Too many failed attempts. Wait %(time)s, then try again.", time=say_wait(refusal.left))
    form.form_errors.append(words)
    response = make_response(page(form, refusal.status))
    response.headers["Retry-After"] = str(-(-refusal.left // timedelta(seconds=1)))
    return response


def wait_text(failures: throttle.Bucket, now: datetime) -> str:
    """A sentence if the failed attempt has started a waiting time, otherwise empty."""
    left = auth_queries.wait_left(failures, now)
    if left <= throttle.NO_WAIT:
        return ""
    return " " + str(_("Wait %(time)s because of several failed attempts.", time=say_wait(left)))
