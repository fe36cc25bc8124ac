"""Whether somebody is who they say: the steps that every password and code goes through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import current_app, g, request, session
from flask_login import current_user, login_user

from lms.auth import devices, passwords, throttle
from lms.auth import queries as auth_queries
from lms.auth.services import sign_ins
from lms.auth.views import device_cookie
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.people import queries
from lms.people.models import Person


class StoredSecret(NamedTuple):
    """A hash to compare with, and the row it stands in."""

    row_id: int
    hash: str | None


def password_of(person: Person) -> StoredSecret:
    return StoredSecret(person.id, person.password_hash)


def bucket(login: str, person: Person | None) -> throttle.Bucket:
    """Where wrong tries of this name on this device are counted."""
    assert isinstance(current_app.secret_key, str)
    device = device_cookie.mark_of(person.id) if person else ""
    return throttle.bucket(login, device, current_app.secret_key)


def _password_fits(stored: str | None, typed: str, _person_id: int | None) -> bool:
    return passwords.is_right(stored, typed)


def authenticate(
    login: str,
    typed: str,
    stored_of: Callable[[Person], StoredSecret | None],
    *,
    now: datetime,
    fits: Callable[[str | None, str, int | None], bool] = _password_fits,
) -> tuple[Person, int] | None:
    """The person and the row whose hash matches, or None, also if the name is unknown.

    Takes the same time whether the name exists or not. The try is committed
    before the hash is looked at: it then counts in any case, and nobody's
    writing waits for the 40 ms.

    :raises sign_ins.MustWait: there were too many wrong tries.
    """
    person = queries.person_named(login)
    tries = bucket(login, person)
    sign_ins.record_failure(tries, now=now)
    person_id = person.id if person else None
    stored = stored_of(person) if person else None
    db.session.commit()
    if not fits(stored.hash if stored else None, typed, person_id):
        return None
    assert stored is not None
    assert person_id is not None
    sign_ins.clear_failures(tries, now=now)
    proven = queries.person(person_id)
    return (proven, stored.row_id) if proven else None


def enter(person: Person, *, now: datetime) -> None:
    """Sign in this browser, commit, and begin a new session: nothing of the old one goes on, its CSRF secret least."""
    if current_user.is_authenticated and current_user.sign_in_id:
        sign_ins.end_sign_in(current_user.sign_in_id, now=now)
    token = sign_ins.start_sign_in(person, devices.described(request.user_agent.string), now=now)
    db.session.commit()
    leave()
    login_user(auth_queries.account_signed_in(token, today=to_site_time(now).date()))
    session["_user_id"] = token  # the loader finds people by their sign-in, not by their number
    session.permanent = True


def leave() -> None:
    """Clear the session except for a visitor's language."""
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF would put the old token into this very answer
    if language:
        session["language"] = language
