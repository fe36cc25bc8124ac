"""Signing in and out, and counting wrong tries."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, text, update

from lms.auth import queries as auth_queries
from lms.auth import throttle
from lms.auth.models import SignIn, SignInFailure
from lms.auth.queries import new_token, token_hash
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.people.models import Person


class MustWait(Refusal):
    """Too many wrong tries of this name on this device; ``left`` says how long."""

    message = lazy("There were too many wrong tries. Please wait a little, then try again.")
    status = 429

    def __init__(self, left: timedelta) -> None:
        super().__init__()
        self.left = left


def record_failure(bucket: throttle.Bucket, *, now: datetime) -> None:
    """Count a failure before the secret is checked; ``clear_failures`` takes it back after a success.

    So a try counts even if it is broken off, and tries sent all at once are
    counted one after the other.

    :raises MustWait: not even the right password is looked at now.
    """
    _one_at_a_time(bucket)
    left = auth_queries.wait_left(bucket, now)
    if left > throttle.NO_WAIT:
        raise MustWait(left)
    db.session.add(SignInFailure(login_hash=bucket.login_hash, device_hash=bucket.device_hash, at=now))
    db.session.flush()


def clear_failures(bucket: throttle.Bucket, *, now: datetime) -> None:
    """Clear the bucket after a success. Failures that are too old to count are deleted too, for everyone."""
    too_old = SignInFailure.at <= now - throttle.MEMORY
    db.session.execute(delete(SignInFailure).where(or_(auth_queries.in_bucket(bucket), too_old)))


def start_sign_in(person: Person, device: str, *, now: datetime) -> str:
    """Sign the person in on a device. Returns the token for its cookie."""
    token = new_token()
    row = SignIn(token_hash=token_hash(token), person_id=person.id, created_at=now, last_seen_at=now, device=device)
    db.session.add(row)
    db.session.flush()
    return token


def end_sign_in(sign_in_id: int, *, now: datetime) -> None:
    """End one sign-in. Its cookie becomes worthless."""
    row = update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    db.session.execute(row.values(ended_at=now))


def end_sign_ins(person_id: int, *, now: datetime, but: int | None = None) -> None:
    """Sign the person out everywhere, except at the sign-in ``but``."""
    rows = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (but or 0))
    db.session.execute(rows.values(ended_at=now))


def renew_last_seen(connection: Connection, sign_in_id: int, *, now: datetime) -> None:
    """Record that a device is in use, on a connection of its own, because GET requests do not write."""
    connection.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=now))


def _one_at_a_time(bucket: throttle.Bucket) -> None:
    """Tries of one name wait for each other until the commit. On SQLite all writers do."""
    if db.session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(bytes.fromhex(bucket.login_hash[:16]), signed=True)
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
