"""Checking passwords and codes, and starting a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import g, request, session
from flask_login import current_user, login_user

from lms.auth import devices, passwords, throttle
from lms.auth import queries as auth_queries
from lms.auth.services import sign_ins
from lms.auth.views import device_cookie
from lms.core.db import db
from lms.core.site import site_key
from lms.people import queries
from lms.people.models import Person


class StoredSecret(NamedTuple):
    """A hash to compare with, and the id of its row."""

    row_id: int
    hash: str | None


def password_of(person: Person) -> StoredSecret:
    return StoredSecret(person.id, person.password_hash)


def bucket(proof: throttle.Proof, login: str, person: Person | None) -> throttle.Bucket:
    """The bucket of failures with this proof for this name on this device."""
    device = device_cookie.token_of(person.id) if person else ""
    return throttle.bucket(proof, login, device, site_key())


def own_bucket(proof: throttle.Proof = "current password") -> throttle.Bucket:
    """The bucket of the signed-in person, who is asked for the current password or the second factor."""
    return throttle.own_bucket(proof, current_user.id, current_user.sign_in_id, site_key())


def _password_fits(stored: str | None, typed: str, _person_id: int | None) -> bool:
    return passwords.is_right(stored, typed)


def authenticate(
    person: Person | None,
    failures: throttle.Bucket,
    typed: str,
    stored_of: Callable[[Person], StoredSecret | None],
    *,
    now: datetime,
    fits: Callable[[str | None, str, int | None], bool] = _password_fits,
) -> tuple[Person, int] | None:
    """The person and the id of the row whose hash matches. None if nothing matches or there is no person of this name.

    It takes the same time whether the name exists or not. The attempt is committed
    before the hash is checked, so that it counts in any case and no other writer
    waits for the 40 ms.

    :raises sign_ins.MustWait: there were too many failed attempts.
    """
    sign_ins.record_failure(failures, now=now)
    person_id = person.id if person else None
    stored = stored_of(person) if person else None
    db.session.commit()
    if not fits(stored.hash if stored else None, typed, person_id):
        return None
    assert stored is not None
    assert person_id is not None
    sign_ins.clear_failures(failures, now=now)
    proven = queries.person(person_id)
    return (proven, stored.row_id) if proven else None


def enter(person: Person, *, now: datetime, by_factor: bool = False, remembered_until: datetime | None = None) -> str:
    """Sign in this browser and commit. The new session keeps nothing of the old one, not even its CSRF token.

    Returns what the device cookie must hold for this person.
    """
    if "_user_id" in session:
        sign_ins.end_token(session["_user_id"], now=now)
    device, device_token = devices.describe_device(request.user_agent.string), device_cookie.new_token()
    remembered = (device_token, remembered_until) if remembered_until else None
    token = sign_ins.start_sign_in(person, device, now=now, by_factor=by_factor, remembered=remembered)
    db.session.commit()
    leave()
    login_user(auth_queries.account_signed_in(token, now=now))
    session["_user_id"] = token  # the user loader expects the token, not the id of the person
    session.permanent = True
    return device_token


def leave() -> None:
    """Clear the session except for a visitor's language."""
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # otherwise Flask-WTF would use the old token in this response
    if language:
        session["language"] = language
