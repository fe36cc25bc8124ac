"""One-time codes: read out by an admin or printed on a slip, used once instead of a password.

Stored as hashes keyed with the site's secret (HMAC-SHA256). Without the key,
the 49 bits of a code could be guessed from a copy of the database. A slow hash
would also do, but five hundred slips would take too long.
Codes of earlier versions, stored like passwords (argon2id), work until they expire.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, insert, update

from lms.auth import one_time_codes, passwords
from lms.auth import queries as auth_queries
from lms.auth.models import ResetCode, SignIn
from lms.auth.services.sign_ins import clear_failures_of, end_sign_ins
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time
from lms.core.site import site_key
from lms.people import queries
from lms.people.models import Person
from lms.people.scopes import NOBODY, grants_beyond

VALID_FOR = timedelta(hours=24)
SLIPS_VALID_FOR = timedelta(days=30)


class AccountInactive(Refusal):
    message = lazy("This account is inactive. Reactivate it before you create a code.")


class CodeUsed(Refusal):
    message = lazy("This code was already used or has expired. Ask for a new one.")


def issue_reset_code(person: Person, actor_id: int | None, *, now: datetime, valid_for: timedelta = VALID_FOR) -> str:
    """Create a code and return it in groups; it cannot be shown again. Older codes of the person become void.

    The current password works until the code is used, so a code that somebody
    else asked for locks nobody out. Failed attempts with earlier codes no longer count.

    :raises AccountInactive: the person cannot sign in.
    """
    return issue_codes([person], actor_id, now=now, valid_for=valid_for)[person.id]


def issue_codes(
    people: Sequence[Person], actor_id: int | None, *, now: datetime, valid_for: timedelta = SLIPS_VALID_FOR
) -> dict[int, str]:
    """Issue codes like ``issue_reset_code`` for several people, and return them by person id.

    :raises AccountInactive: one of them cannot sign in; nobody gets a code.
    """
    if not all(person.is_active for person in people):
        raise AccountInactive
    if not people:
        return {}
    codes = {person.id: one_time_codes.new_code() for person in people}
    unused = update(ResetCode).where(ResetCode.person_id.in_(codes), ResetCode.used_at.is_(None))
    db.session.execute(unused.values(used_at=now))
    shared = {"created_at": now, "created_by": actor_id, "expires_at": now + valid_for, "used_at": None}
    hashes = [(person_id, one_time_codes.hash_code(code, person_id, site_key())) for person_id, code in codes.items()]
    db.session.execute(insert(ResetCode), [{"person_id": key, "code_hash": text, **shared} for key, text in hashes])
    clear_failures_of(people, "code")
    ledger.record_all(actor_id, "issue code", {f"person:{person_id}": {} for person_id in codes}, now=now)
    return {person_id: one_time_codes.formatted(code) for person_id, code in codes.items()}


def is_right(code_hash: str | None, typed: str, person_id: int | None) -> bool:
    """Whether the code is right. Without a hash (an unknown name) it is wrong, after the same time."""
    if code_hash is not None and not code_hash.startswith(one_time_codes.KEYED):
        return passwords.is_right(code_hash, typed)
    fits = one_time_codes.is_right(code_hash or one_time_codes.KEYED, typed, person_id or 0, site_key())
    return fits and code_hash is not None


def use_reset_code(person: Person, code_id: int, *, now: datetime) -> None:
    """Mark a correct code as used. The person must then set a new password.

    All sign-ins of the person end, because they could set a new password without the current one.

    :raises CodeUsed: another request has just used it, or it has expired meanwhile.
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
    end_sign_ins(person.id, now=now)
    ledger.record(person.id, "use code", f"person:{person.id}", now=now)
    db.session.flush()


def void_codes(person: Person, *, now: datetime) -> None:
    unused = update(ResetCode).where(ResetCode.person_id == person.id, ResetCode.used_at.is_(None))
    db.session.execute(unused.values(used_at=now))


def void_lent_code(person: Person, now: datetime) -> None:
    """Void an unused code if its creator lacks rights that the person was given since then.

    Nobody could create such a code now (``people.policy.may_change``).
    """
    code = auth_queries.live_code(person, now)
    creator = queries.person(code.created_by) if code is not None and code.created_by is not None else None
    if creator is None or creator.id == person.id:
        return
    creator.today = to_site_time(now).date()
    scope = queries.admin_scope(creator) or NOBODY
    if not creator.is_admin and grants_beyond(person.grants, scope, creator.today):
        void_codes(person, now=now)


def end_everybodys_access(*, now: datetime) -> tuple[int, int]:
    """Sign everybody out everywhere and void all unused codes. Returns the numbers of sign-ins and of codes."""
    signed_in = update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now)
    unused = update(ResetCode).where(ResetCode.used_at.is_(None)).values(used_at=now)
    ended, void = (cast("CursorResult[Any]", db.session.execute(one)).rowcount for one in (signed_in, unused))
    return ended, void


def end_access(person: Person, now: datetime) -> None:
    """Sign the person out everywhere and void unused codes."""
    end_sign_ins(person.id, now=now)
    void_codes(person, now=now)
