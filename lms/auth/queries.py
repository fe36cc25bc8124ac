"""Sign-ins, one-time codes, failed attempts and second factors."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, literal, or_, select

from lms.auth import second_factor, throttle
from lms.auth.models import Passkey, RecoveryCode, ResetCode, SecondFactor, SignIn, SignInFailure
from lms.auth.session_limits import DEFAULTS, session_limits
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.core.i18n import to_site_time
from lms.core.settings import SettingValue
from lms.core.site import site_key
from lms.people.account import ACCOUNT_COLUMNS, Account, HeldRole
from lms.people.models import Person, RoleGrant


def _has_factor(person_id: Any) -> ColumnElement[bool]:
    """An app or a passkey."""
    app = select(literal(1)).where(SecondFactor.person_id == person_id)
    passkey = select(literal(1)).where(Passkey.person_id == person_id)
    return or_(app.exists(), passkey.exists())


_ACCOUNT = DirectQuery(
    select(
        *(getattr(Person, name) for name in ACCOUNT_COLUMNS),
        SignIn.id.label("sign_in_id"),
        SignIn.created_at.label("began_at"),
        SignIn.last_seen_at,
        *(
            select(SettingValue.value).where(SettingValue.name == name).scalar_subquery().label(name)
            for name in (*DEFAULTS, second_factor.SETTING)
        ),
        _has_factor(Person.id).label("has_factor"),
        *(getattr(RoleGrant, name) for name in HeldRole._fields),
    )
    .join(SignIn, SignIn.person_id == Person.id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None), Person.is_active)
)


def account_signed_in(token: str, *, now: datetime) -> Account | None:
    """The account that this token belongs to; None if the sign-in has ended or expired, or the account is inactive.

    Where the site requires a second factor for office rights, the account has none of them without it.
    This runs on every request, so it is a single query, with a row per role, which also fetches the limits.
    """
    rows = _ACCOUNT.rows(token_hash=token_hash(token))
    if not rows:
        return None
    roles = len(HeldRole._fields)
    held = tuple(HeldRole(*row[-roles:]) for row in rows if row.role is not None)
    first = rows[0]
    values = [*first[: len(ACCOUNT_COLUMNS)], first.sign_in_id, to_site_time(now).date(), held]
    account = Account(*values)
    changed = {name: getattr(first, name) for name in DEFAULTS}
    has_office_rights = bool(held) and account.has_office_rights
    limits = session_limits(changed, has_office_rights=has_office_rights)
    if limits.have_passed(first.began_at, first.last_seen_at, now):
        return None
    is_required = getattr(first, second_factor.SETTING) == second_factor.REQUIRED
    if has_office_rights and is_required and not first.has_factor:
        account = replace(account, grants=(), needs_second_factor=True)
    needs_note = limits.needs_note(first.began_at, first.last_seen_at, now)
    return replace(account, use_needs_note=True) if needs_note else account


def has_expired(token: str) -> bool:
    """Whether a token that gives no account belongs to a sign-in that nobody ended: then a limit has passed."""
    return bool(_ACCOUNT.rows(token_hash=token_hash(token)))


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
    query = select(SettingValue.name, SettingValue.value).where(SettingValue.name.in_(DEFAULTS))
    changed = {row.name: row.value for row in db.session.execute(query)}
    has_office_rights = person.has_office_rights or person.needs_second_factor
    limits = session_limits(changed, has_office_rights=has_office_rights)
    return db.session.scalars(
        select(SignIn)
        .where(
            SignIn.person_id == person.id,
            SignIn.ended_at.is_(None),
            SignIn.last_seen_at >= now - limits.idle,
            SignIn.created_at >= now - limits.absolute,
        )
        .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    ).all()


def device(person: Account, sign_in_id: int) -> SignIn | None:
    """A sign-in of this person that has not ended."""
    return db.session.scalar(
        select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    )


class Proofs(NamedTuple):
    """When the person of a sign-in last entered the password or a code, and gave the second factor."""

    password_at: datetime
    factor_at: datetime | None


def proofs(sign_in_id: int) -> Proofs:
    password_at = func.coalesce(SignIn.proven_at, SignIn.created_at)
    return Proofs(
        *db.session.execute(select(password_at, SignIn.factor_proven_at).where(SignIn.id == sign_in_id)).one()
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


def has_second_factor(person_id: int) -> bool:
    """An app or a passkey."""
    return bool(db.session.scalar(select(_has_factor(person_id))))


def has_app(person_id: int) -> bool:
    return db.session.scalar(select(SecondFactor.person_id).where(SecondFactor.person_id == person_id)) is not None


def passkeys(person_id: int) -> Sequence[Passkey]:
    return db.session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)).all()


def people_with_second_factor() -> ColumnElement[bool]:
    """A condition for people."""
    return _has_factor(Person.id)


def recovery_codes_left(person_id: int) -> int:
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


class RememberedDevice(NamedTuple):
    """A device that is not asked for the second factor."""

    sign_in_id: int
    until: datetime


def remembered(person_id: int, token: str, now: datetime) -> RememberedDevice | None:
    """What is remembered of the device whose cookie holds ``token``. It ends with the sign-in, not with its limits."""
    if not token:
        return None
    text = second_factor.remembered_hash(token, person_id, site_key())
    row = db.session.scalar(
        select(SignIn).where(
            SignIn.person_id == person_id,
            SignIn.remembered_hash == text,
            SignIn.remembered_until > now,
            SignIn.remembered_until <= now + second_factor.REMEMBERED_FOR,
            SignIn.ended_at.is_(None),
        )
    )
    return RememberedDevice(row.id, row.remembered_until) if row and row.remembered_until else None


def new_token() -> str:
    """256 random bits, as text for a cookie or a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The hash that is stored. It needs no key, because nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
