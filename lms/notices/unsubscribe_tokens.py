"""Tokens in the links that turn e-mail off without signing in."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer


def token(person_id: int, secret: str) -> str:
    """Does not expire: an old mail must still do what it says. It is good for nothing else."""
    return str(_signer(secret).dumps(person_id))


def person_id(given: str, secret: str) -> int | None:
    """Read a token; None if it is not one of this site."""
    try:
        found = _signer(secret).loads(given)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="unsubscribe")
