"""The cookie of a device on which its owner has signed in before (OWASP, "device cookies").

It does not sign anybody in. It makes failed attempts on this device count separately,
and a device that was remembered is not asked for the second factor
(``auth_queries.remembered``). Several people may share a device; the last eight are kept.
The cookie is only sent to ``/login``.
"""

from __future__ import annotations

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from lms.auth.devices import COOKIE_LIFE, COOKIE_NAME
from lms.core.site import site_key

PATH = "/login"
MAX_PEOPLE = 8


def token_of(person_id: int | None) -> str:
    """The token of this person on this device; empty if the person has not signed in on it before."""
    return _people().get(str(person_id), "")


def new_token() -> str:
    """96 random bits, too many to guess."""
    return secrets.token_urlsafe(12)


def remember(response: Response, person_id: int, token: str) -> None:
    """Set the device cookie for the person who just signed in."""
    people = _people()
    people.pop(str(person_id), None)
    people[str(person_id)] = token
    kept = dict(list(people.items())[-MAX_PEOPLE:])
    response.set_cookie(
        COOKIE_NAME,
        _signer().dumps(kept),
        max_age=COOKIE_LIFE,
        path=PATH,
        secure=current_app.config["IS_HTTPS"],
        httponly=True,
        samesite="Lax",
    )


def _people() -> dict[str, str]:
    try:
        people = _signer().loads(request.cookies.get(COOKIE_NAME, ""))
    except BadSignature:
        return {}
    return people if isinstance(people, dict) else {}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(site_key(), salt="device")
