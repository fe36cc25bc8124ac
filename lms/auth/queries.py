"""Sign-ins, one-time codes and failed attempts."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select

from lms.auth import throttle
from lms.auth.models import ResetCode, SignIn, SignInFailure
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.core.site import site_key
from lms.people.account import ACCOUNT_COLUMNS, Account, HeldRole
from lms.people.models import Person, RoleGrant

COOKIE_LIFE = timedelta(days=61)
"""The cookie of a device that is not used for longer has expired."""


_ACCOUNT = DirectQuery(
    select(
        *(getattr(Person, name) for name in ACCOUNT_COLUMNS),
        SignIn.id.label("sign_in_id"),
        SignIn.last_seen_at,
        *(getattr(RoleGrant, name) for name in HeldRole._fields),
    )
    .join(SignIn, SignIn.person_id == Person.id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None), Person.is_active)
)


def account_signed_in(token: str, *, today: date) -> Account | None:
    """The account that this token belongs to; None if the sign-in has ended or the account is inactive.

    This runs on every request, so it is a single query, with a row per role.
    """
    rows = _ACCOUNT.rows(token_hash=token_hash(token))
    if not rows:
        return None
    roles = len(HeldRole._fields)
    held = (HeldRole(*row[-roles:]) for row in rows)
    values = [*rows[0][:-roles], today, tuple(one for one in held if one.role is not None)]
    return Account(*values)


def live_code(person: Person, now: datetime) -> ResetCode | None:
    """The person's code if it is neither used nor expired."""
    return db.session.scalar(
        select(ResetCode)
        .where(ResetCode.person_id == person.id, ResetCode.used_at.is_(None), ResetCode.expires_at > now)
        .order_by(ResetCode.id.desc())
        .limit(1)
    )


def wait_left(bucket: throttle.Bucket, now: datetime) -> timedelta:
    """The remaining waiting time of a bucket."""
    failures, last_at = db.session.execute(
        select(func.count(), func.max(SignInFailure.at)).where(
            in_bucket(bucket), SignInFailure.at > now - throttle.MEMORY
        )
    ).one()
    return throttle.wait_left(failures, last_at, now)


def in_bucket(bucket: throttle.Bucket) -> ColumnElement[bool]:
    return (SignInFailure.login_hash == bucket.login_hash) & (SignInFailure.device_hash == bucket.device_hash)


def login_hashes(proof: throttle.Proof, people: Iterable[Person]) -> list[str]:
    """The hashes under which failures of these people are counted, one for each login name."""
    names = (name for person in people for name in (person.nip, person.email) if name)
    return [throttle.login_hash(proof, name, site_key()) for name in names]


class SlowedSignIn(NamedTuple):
    """Several attempts failed on devices that the person has not used before."""

    proof: throttle.Proof
    failures: int
    until: datetime | None
    """The end of the waiting time. None: it is over, and another failed attempt begins a new one."""


def slowed_sign_ins(person: Person, now: datetime) -> list[SlowedSignIn]:
    """The proofs by which the person may have to wait on a device not used before."""
    found = (_slowed(proof, person, now) for proof in throttle.AT_SIGN_IN)
    return [one for one in found if one is not None]


def _slowed(proof: throttle.Proof, person: Person, now: datetime) -> SlowedSignIn | None:
    counted = (
        select(func.count(), func.max(SignInFailure.at))
        .where(
            SignInFailure.login_hash.in_(login_hashes(proof, [person])),
            SignInFailure.device_hash == "",
            SignInFailure.at > now - throttle.MEMORY,
        )
        .group_by(SignInFailure.login_hash)
        .having(func.count() >= throttle.FREE_FAILURES)
    )
    found = [(throttle.wait_left(count, last_at, now), count) for count, last_at in db.session.execute(counted)]
    if not found:
        return None
    left, failures = max(found)
    return SlowedSignIn(proof, failures, now + left if left > throttle.NO_WAIT else None)


def devices(person: Account, now: datetime) -> Sequence[SignIn]:
    """The devices on which a person is signed in, the most recently used first."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.last_seen_at > now - COOKIE_LIFE)
        .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    ).all()


def device(person: Account, sign_in_id: int) -> SignIn | None:
    """A sign-in of this person that has not ended."""
    return db.session.scalar(
        select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    )


class LiveCode(NamedTuple):
    created_at: datetime
    expires_at: datetime


def people_with_codes(now: datetime) -> dict[int, LiveCode]:
    """The unused and unexpired codes, by person id."""
    newest = func.max(ResetCode.created_at), func.max(ResetCode.expires_at)
    live = select(ResetCode.person_id, *newest).group_by(ResetCode.person_id)
    rows = db.session.execute(live.where(ResetCode.used_at.is_(None), ResetCode.expires_at > now))
    return {person_id: LiveCode(*moments) for person_id, *moments in rows}


def new_token() -> str:
    """256 random bits, as text for a cookie or a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The hash that is stored. It needs no key, because nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
