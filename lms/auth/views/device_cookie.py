"""The cookie of a device on which its owner has signed in before (OWASP, "device cookies").

It does not sign anybody in. It only makes failed attempts on this device count
separately. Several people may share a device; the last eight are remembered.
The cookie is only sent to ``/login``.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

NAME = "device"
PATH = "/login"
LIFE = timedelta(days=400)
MAX_PEOPLE = 8


def token_of(person_id: int | None) -> str:
    """The token of this person on this device; empty if the person has not signed in on it before."""
    return _people().get(str(person_id), "")


def remember(response: Response, person_id: int) -> None:
    """Set the device cookie for the person who just signed in."""
    people = _people()
    people.pop(str(person_id), None)
    people[str(person_id)] = secrets.token_urlsafe(12)
    kept = dict(list(people.items())[-MAX_PEOPLE:])
    response.set_cookie(
        NAME,
        _signer().dumps(kept),
        max_age=LIFE,
        path=PATH,
        secure=current_app.config["IS_HTTPS"],
        httponly=True,
        samesite="Lax",
    )


def _people() -> dict[str, str]:
    try:
        people = _signer().loads(request.cookies.get(NAME, ""))
    except BadSignature:
        return {}
    return people if isinstance(people, dict) else {}


def _signer() -> URLSafeSerializer:
    assert current_app.secret_key
    return URLSafeSerializer(current_app.secret_key, salt="device")
