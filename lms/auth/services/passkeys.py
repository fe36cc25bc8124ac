"""Passkeys: added, checked, removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update

from lms.auth import passkey
from lms.auth import queries as auth_queries
from lms.auth.models import AnsweredChallenge, Passkey
from lms.auth.services import second_factors
from lms.core import ledger
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.people.models import Person

KEPT_FOR = timedelta(days=1)
"""Answered challenges, which are valid for ten minutes."""


class OutdatedChallenge(Refusal):
    message = lazy("This page was open for too long. Nothing has been changed. Press the button once more.")
    status = 422


class NotCreated(Refusal):
    message = lazy("The passkey could not be checked, so it was not added. Press the button once more.")
    status = 422


class AlreadyAdded(Refusal):
    message = lazy("This passkey is already in use for an account of this site.")


class TooManyPasskeys(Refusal):
    message = lazy("An account has ten passkeys at most. Remove one that you no longer use.")


class CountWentBack(Refusal):
    """A copy of the key has signed as well, or a device was restored from a backup."""

    message = lazy(
        "This passkey was refused, because somebody may have copied it: it has counted fewer uses than the site."
        " Sign in another way, remove this passkey from your account, and tell the admin of your agency."
    )


def add(
    person: Person, answer: str, challenge: bytes | None, name: str, *, site: passkey.Site, now: datetime
) -> list[str]:
    """Store what the browser has made. Returns the recovery codes, in groups, if it is the person's first factor.

    :raises OutdatedChallenge: there is no challenge, or it was answered before.
    :raises NotCreated: the answer is not right.
    :raises TooManyPasskeys: the person has ten.
    :raises AlreadyAdded: somebody has this passkey.
    """
    if challenge is None:
        raise OutdatedChallenge
    made = passkey.verified_creation(answer, challenge, site)
    if made is None:
        raise NotCreated
    has_factor = second_factors.lock(person.id)
    if not _note_answer(challenge, now):
        raise OutdatedChallenge
    if _count(person.id) >= passkey.MAX_PASSKEYS:
        raise TooManyPasskeys
    values = {**made._asdict(), "name": name, "created_at": now, "last_used_at": None}
    if not insert_if_missing(Passkey, ("credential_id",), person_id=person.id, **values):
        raise AlreadyAdded
    ledger.record(person.id, "add passkey", f"person:{person.id}", now=now)
    return [] if has_factor else second_factors.new_codes(person.id)


def accept(person: Person, answer: str, challenge: bytes | None, *, site: passkey.Site, now: datetime) -> bool:
    """Whether a passkey of this person has signed the challenge. It does so once.

    :raises OutdatedChallenge: there is no challenge.
    :raises CountWentBack: the signature is right, but the passkey has counted no further than before.
    """
    if challenge is None:
        raise OutdatedChallenge
    credential_id = passkey.credential_id_of(answer)
    own = select(Passkey).where(Passkey.credential_id == credential_id, Passkey.person_id == person.id)
    row = db.session.scalar(own)
    count = passkey.verified_sign_count(answer, challenge, site, row.public_key) if row else None
    if row is None or count is None or not _note_answer(challenge, now):
        return False
    goes_on = Passkey.sign_count == 0 if count == 0 else Passkey.sign_count < count
    used = update(Passkey).where(Passkey.id == row.id, goes_on).values(sign_count=count, last_used_at=now)
    if cast("CursorResult[Any]", db.session.execute(used)).rowcount != 1:
        raise CountWentBack
    return True


def remove(person: Person, passkey_id: int, *, now: datetime) -> bool:
    """Remove one of the person's own. False if there is none with this id."""
    second_factors.lock(person.id)
    row = delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person.id)
    if cast("CursorResult[Any]", db.session.execute(row)).rowcount != 1:
        return False
    ledger.record(person.id, "remove passkey", f"person:{person.id}", now=now)
    second_factors.end_without_factor(person)
    return True


def ways(person_id: int) -> list[tuple[bytes, str]]:
    """What a browser must know of the person's passkeys to ask for one of them."""
    return [(one.credential_id, one.transports) for one in auth_queries.passkeys(person_id)]


def _note_answer(challenge: bytes, now: datetime) -> bool:
    """False if it was answered before."""
    db.session.execute(delete(AnsweredChallenge).where(AnsweredChallenge.answered_at < now - KEPT_FOR))
    values = {"challenge_hash": passkey.challenge_hash(challenge), "answered_at": now}
    return insert_if_missing(AnsweredChallenge, ("challenge_hash",), **values) is not None


def _count(person_id: int) -> int:
    return db.session.scalar(select(func.count()).where(Passkey.person_id == person_id)) or 0
