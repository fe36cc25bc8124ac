"""Second factors: the app set up, checked, removed; recovery codes, and devices that are not asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import CursorResult, delete, insert, select, update

from lms.auth import one_time_codes, second_factor
from lms.auth import queries as auth_queries
from lms.auth.models import Passkey, RecoveryCode, SecondFactor, SignIn
from lms.auth.services.settings import SECOND_FACTOR
from lms.auth.services.sign_ins import clear_failures_of
from lms.core import ledger, settings
from lms.core.db import acquire_write_lock, db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.site import site_key
from lms.people.models import Person


class AlreadySetUp(Refusal):
    message = lazy("An authenticator app is already set up for this account. Remove it first if you have a new phone.")


class WrongCode(Refusal):
    message = lazy(
        "This code does not fit. Enter the 6 digits that the app shows now."
        " If that does not help, let the phone set its clock automatically."
    )
    status = 422


class OutdatedPage(Refusal):
    message = lazy("This page is out of date. Open it again and scan the new picture.")
    status = 422


class NotSetUp(Refusal):
    message = lazy("The second step is not set up for this account.")


class FactorUnreadable(Refusal):
    message = lazy(
        "Your code can no longer be checked, because the secret key of this site was changed."
        " Ask an admin to remove the second step from your account. Then you can sign in and set it up again."
    )


def is_off() -> bool:
    return bool(settings.value(SECOND_FACTOR) == "off")


def state(person_id: int) -> Literal["on", "off", None]:
    """Whether the person has set it up; None if the site does not offer it."""
    if auth_queries.has_second_factor(person_id):
        return "on"
    return None if is_off() else "off"


def is_asked(person_id: int) -> bool:
    """Whether the person has a second factor and the site uses them."""
    return auth_queries.has_second_factor(person_id) and not is_off()


def lock(person_id: int) -> bool:
    """Change a person's factors one after the other. Returns whether there is one."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    return auth_queries.has_second_factor(person_id)


def set_up(person: Person, sealed_secret: str, typed: str, *, now: datetime) -> list[str]:
    """Store a secret of which the person's app shows the right code.

    Returns the recovery codes, in groups, if it is the person's first factor.

    :raises OutdatedPage: the secret was made for somebody else or with another key.
    :raises WrongCode: it is not the app's code.
    :raises AlreadySetUp: the person has an app.
    """
    secret = second_factor.decrypt_secret(sealed_secret, person.id, site_key())
    if secret is None:
        raise OutdatedPage
    step = second_factor.step_of(secret, typed, now, after=0)
    if step is None:
        raise WrongCode
    has_factor = lock(person.id)
    values = {"sealed_secret": sealed_secret, "created_at": now, "last_step": step}
    if not insert_if_missing(SecondFactor, ("person_id",), person_id=person.id, **values):
        raise AlreadySetUp
    ledger.record(person.id, "set up second factor", f"person:{person.id}", now=now)
    return [] if has_factor else new_codes(person.id)


def renew_recovery_codes(person: Person, *, now: datetime) -> list[str]:
    """New recovery codes, in groups. Earlier ones no longer work.

    :raises NotSetUp: the person has no second factor.
    """
    if not lock(person.id):
        raise NotSetUp
    ledger.record(person.id, "make recovery codes", f"person:{person.id}", now=now)
    return new_codes(person.id)


def accept(person: Person, typed: str, *, now: datetime) -> bool:
    """Whether these are the app's digits or an unused recovery code. Either works once.

    :raises FactorUnreadable: the site's secret key has changed.
    """
    row = _locked(person.id)
    secret = second_factor.decrypt_secret(row.sealed_secret, person.id, site_key()) if row else None
    if row is not None and secret is None:
        raise FactorUnreadable
    if not second_factor.is_app_code(typed):
        return _use_recovery_code(person.id, typed, now)
    if row is None or secret is None:
        return False
    step = second_factor.step_of(secret, typed, now, after=row.last_step)
    if step is None:
        return False
    row.last_step = step
    db.session.flush()
    return True


def remove(person: Person, *, actor_id: int | None, now: datetime) -> bool:
    """Remove the app, all passkeys and what depends on them. False if there is nothing to remove."""
    if not lock(person.id):
        return False
    for factor in (SecondFactor, Passkey):
        db.session.execute(delete(factor).where(factor.person_id == person.id))
    ledger.record(actor_id, "remove second factor", f"person:{person.id}", now=now)
    end_without_factor(person)
    return True


def remove_app(person: Person, *, now: datetime) -> bool:
    """Remove one's own app. False if there is none."""
    lock(person.id)
    gone = db.session.execute(delete(SecondFactor).where(SecondFactor.person_id == person.id))
    if cast("CursorResult[Any]", gone).rowcount != 1:
        return False
    ledger.record(person.id, "remove authenticator app", f"person:{person.id}", now=now)
    end_without_factor(person)
    return True


def end_without_factor(person: Person) -> None:
    """Remove recovery codes and remembered devices of somebody who has no second factor any more."""
    if auth_queries.has_second_factor(person.id):
        return
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    remembered = update(SignIn).where(SignIn.person_id == person.id, SignIn.remembered_hash.is_not(None))
    db.session.execute(remembered.values(remembered_hash=None, remembered_until=None))
    clear_failures_of([person], "second factor")
    db.session.flush()


def _locked(person_id: int) -> SecondFactor | None:
    acquire_write_lock()
    row = select(SecondFactor).where(SecondFactor.person_id == person_id).with_for_update()
    return db.session.scalar(row.execution_options(populate_existing=True))


def new_codes(person_id: int) -> list[str]:
    codes = [one_time_codes.new_code() for _ in range(second_factor.RECOVERY_CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    hashes = [second_factor.recovery_hash(code, person_id, site_key()) for code in codes]
    rows = [{"person_id": person_id, "code_hash": text, "used_at": None} for text in hashes]
    db.session.execute(insert(RecoveryCode), rows)
    db.session.flush()
    return [one_time_codes.formatted(code) for code in codes]


def _use_recovery_code(person_id: int, typed: str, now: datetime) -> bool:
    unused = update(RecoveryCode).where(
        RecoveryCode.person_id == person_id,
        RecoveryCode.code_hash == second_factor.recovery_hash(typed, person_id, site_key()),
        RecoveryCode.used_at.is_(None),
    )
    if cast("CursorResult[Any]", db.session.execute(unused.values(used_at=now))).rowcount != 1:
        return False
    ledger.record(person_id, "use recovery code", f"person:{person_id}", now=now)
    return True
