"""Signing in and out, and counting failed attempts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, case, delete, or_, text, update

from lms.auth import queries as auth_queries
from lms.auth import second_factor, throttle
from lms.auth.models import SignIn, SignInFailure
from lms.auth.queries import new_token, token_hash
from lms.core import ledger
from lms.core.db import acquire_write_lock, db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.site import site_key
from lms.people.models import Person


class MustWait(Refusal):
    """Too many failed attempts with this proof and name on this device. ``left`` is the remaining waiting time."""

    message = lazy("Too many failed attempts. Wait a moment, then try again.")
    status = 429

    def __init__(self, left: timedelta) -> None:
        super().__init__()
        self.left = left


def record_failure(bucket: throttle.Bucket, *, now: datetime) -> None:
    """Count a failure before the proof is checked. ``clear_failures`` removes it after a success.

    So an attempt counts even if it is aborted, and attempts sent at the same
    time are counted one after the other.

    :raises MustWait: the waiting time is not over, even if the proof is right.
    """
    _lock(bucket)
    left = auth_queries.wait_left(bucket, now)
    if left > throttle.NO_WAIT:
        raise MustWait(left)
    db.session.add(SignInFailure(login_hash=bucket.login_hash, device_hash=bucket.device_hash, at=now))
    db.session.flush()


def clear_failures(bucket: throttle.Bucket, *, now: datetime) -> None:
    """Clear a bucket after a success. Also deletes everybody's failures that are too old to count."""
    too_old = SignInFailure.at <= now - throttle.MEMORY
    db.session.execute(delete(SignInFailure).where(or_(auth_queries.in_bucket(bucket), too_old)))


def clear_failures_of(people: Sequence[Person], proof: throttle.Proof) -> int:
    """Clear the failures with a proof by the login names of these people, on all devices. Returns their number."""
    hashes = auth_queries.login_hashes(proof, people)
    cleared = db.session.execute(delete(SignInFailure).where(SignInFailure.login_hash.in_(hashes)))
    return cast("CursorResult[Any]", cleared).rowcount


def lift_waits(person: Person, *, actor_id: int | None, now: datetime) -> None:
    """Let somebody sign in who would have to wait because of failed attempts, maybe of a stranger."""
    if sum(clear_failures_of([person], proof) for proof in throttle.AT_SIGN_IN):
        ledger.record(actor_id, "lift sign-in wait", f"person:{person.id}", now=now)
        db.session.flush()


def start_sign_in(
    person: Person,
    device: str,
    *,
    now: datetime,
    by_factor: bool = False,
    remembered: tuple[str, datetime] | None = None,
) -> str:
    """Sign the person in on a device. Returns the token for its cookie.

    ``by_factor`` says that the second factor was given. ``remembered`` is what the device cookie holds, and until when
    this device is not asked for it.
    """
    token = new_token()
    row = SignIn(token_hash=token_hash(token), person_id=person.id, created_at=now, last_seen_at=now, device=device)
    row.factor_proven_at = now if by_factor else None
    if remembered is not None:
        device_token, row.remembered_until = remembered
        row.remembered_hash = second_factor.remembered_hash(device_token, person.id, site_key())
    db.session.add(row)
    db.session.flush()
    return token


def end_sign_in(sign_in_id: int, *, now: datetime) -> None:
    """End one sign-in. Its cookie no longer works."""
    row = update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    db.session.execute(row.values(ended_at=now))


def end_token(token: str, *, now: datetime) -> None:
    """End the sign-in of a cookie, also one that has expired."""
    row = update(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None))
    db.session.execute(row.values(ended_at=now))


def end_sign_ins(person_id: int, *, now: datetime, keep_id: int | None = None) -> None:
    """Sign the person out everywhere, except for the sign-in ``keep_id``."""
    rows = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (keep_id or 0))
    db.session.execute(rows.values(ended_at=now))


def note_proof(sign_in_id: int, *, now: datetime) -> None:
    """The person of this sign-in has just entered the password."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(proven_at=now))


def note_factor(sign_in_id: int, *, now: datetime) -> None:
    """The person of this sign-in has just given the second factor, or set it up."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(factor_proven_at=now))


def renew_last_seen(connection: Connection, sign_in_id: int, *, now: datetime) -> None:
    """Record that a device is in use. This is a separate connection because GET requests do not write.

    A sign-in stamped by a clock that was ahead begins now, so that it lasts no longer than others.
    """
    began_at = case((SignIn.created_at > now, now), else_=SignIn.created_at)
    row = update(SignIn).where(SignIn.id == sign_in_id)
    connection.execute(row.values(last_seen_at=now, created_at=began_at))


def _lock(bucket: throttle.Bucket) -> None:
    """Serialise attempts with one proof and name until the commit; on SQLite, all that write."""
    acquire_write_lock()
    if db.session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(bytes.fromhex(bucket.login_hash[:16]), signed=True)
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
