"""One-time codes: given by an admin over the phone, used once instead of a password.

Kept as argon2id hashes like passwords. A plain hash would not do: 49 bits are
out of reach for tries over the network, yet within reach of a rented machine
that has a copy of the database, and a code lives long enough for that.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, update

from lms.accounts import one_time_codes, passwords
from lms.accounts.models import Person, ResetCode
from lms.accounts.services.sign_ins import end_sign_ins
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy

VALID_FOR = timedelta(hours=24)


class AccountOff(Refusal):
    message = lazy("This account is switched off. Switch it on before giving a code.")


class CodeUsed(Refusal):
    message = lazy("This code has been used already or has expired. Ask for a new one.")


def issue_reset_code(person: Person, actor_id: int | None, *, now: datetime, valid_for: timedelta = VALID_FOR) -> str:
    """A new code to read out, in groups; it is shown this once. Older codes of the person die.

    The present password stays good until the code is used, so a code asked for
    by somebody else locks nobody out.

    :raises AccountOff: the person could not use it.
    """
    if not person.is_active:
        raise AccountOff
    void_codes(person, now=now)
    code = one_time_codes.new_code()
    db.session.add(
        ResetCode(
            person_id=person.id,
            code_hash=passwords.hashed(code),
            created_at=now,
            created_by=actor_id,
            expires_at=now + valid_for,
        )
    )
    ledger.record(actor_id, "issue code", f"person:{person.id}", now=now)
    db.session.flush()
    return one_time_codes.formatted(code)


def use_reset_code(person: Person, code_id: int, *, now: datetime) -> None:
    """Spend a code that was found right: a new password must be set before anything else.

    Whoever is signed in ends now: to them, too, the page would offer a new password without the present one.

    :raises CodeUsed: another request was quicker, or it has expired meanwhile.
    """
    spent = update(ResetCode).where(
        ResetCode.id == code_id,
        ResetCode.person_id == person.id,
        ResetCode.used_at.is_(None),
        ResetCode.expires_at > now,
    )
    if cast("CursorResult[Any]", db.session.execute(spent.values(used_at=now))).rowcount != 1:
        raise CodeUsed
    person.must_change_password = True
    end_sign_ins(person, now=now)
    ledger.record(person.id, "use code", f"person:{person.id}", now=now)
    db.session.flush()


def void_codes(person: Person, *, now: datetime) -> None:
    """Codes of the person that were not used cannot be used any more."""
    unused = update(ResetCode).where(ResetCode.person_id == person.id, ResetCode.used_at.is_(None))
    db.session.execute(unused.values(used_at=now))
