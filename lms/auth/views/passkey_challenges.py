"""Challenges to passkeys, in the session's signed cookie. Each is for one person and one use, for ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from flask import current_app, session

from lms.auth import passkey
from lms.lib.moments import is_future

NAME = "passkey_challenges"
VALID_FOR = timedelta(minutes=10)
SHOWN_AGAIN = timedelta(minutes=5)
"""So that a page in a second tab does not take the first one's away."""
Use = Literal["create", "get"]


def site() -> passkey.Site | None:
    """This site as passkeys know it; None if its address allows none."""
    return passkey.site_at(current_app.config["BASE_URL"], current_app.config["SITE_NAME"])


def current(use: Use, person_id: int, now: datetime) -> bytes:
    """The challenge for a page that is shown now."""
    challenge = _find(use, person_id, now, SHOWN_AGAIN) or passkey.new_challenge()
    if challenge.hex() != _stored(use).get("value"):
        made = {"value": challenge.hex(), "person": person_id, "at": now.isoformat()}
        session[NAME] = {**session.get(NAME, {}), use: made}
    return challenge


def take(use: Use, person_id: int, now: datetime) -> bytes | None:
    """The challenge that was shown, once. None if there is none, or it is too old."""
    challenge = _find(use, person_id, now, VALID_FOR)
    session[NAME] = {name: one for name, one in session.get(NAME, {}).items() if name != use}
    return challenge


def _find(use: Use, person_id: int, now: datetime, age: timedelta) -> bytes | None:
    one = _stored(use)
    if one.get("person") != person_id:
        return None
    at = datetime.fromisoformat(one["at"])
    return None if is_future(at, now) or now - at > age else bytes.fromhex(one["value"])


def _stored(use: Use) -> dict[str, Any]:
    return dict(session.get(NAME, {}).get(use, {}))
