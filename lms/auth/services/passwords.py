"""Setting passwords. Sessions that were signed in with the old one end."""

from __future__ import annotations

from datetime import datetime

from lms.auth import passwords
from lms.auth.password_rules import PasswordProblem, weakness
from lms.auth.services.codes import void_codes
from lms.auth.services.sign_ins import end_sign_ins
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import LazyString, lazy
from lms.people.models import Person

WORDS: dict[PasswordProblem, LazyString] = {
    PasswordProblem.SHORT: lazy("The password is too short: it needs at least 10 characters."),
    PasswordProblem.LONG: lazy("The password is too long: 200 characters are the most."),
    PasswordProblem.NIP: lazy("The password must not contain your NIP or a part of it: many people can read it."),
    PasswordProblem.BIRTH_DATE: lazy("The password must not contain your date of birth: many people know it."),
    PasswordProblem.DEMO: lazy("This is the password of the demo accounts; everybody knows it."),
    PasswordProblem.ADDRESS: lazy("The password must not be your e-mail address."),
    PasswordProblem.OBVIOUS: lazy("This password is a simple row or repetition and is guessed at once."),
    PasswordProblem.COMMON: lazy(
        "Very many people use this password, so it is tried first. Put several words together."
    ),
}


class WeakPassword(Refusal):
    """``weakness`` says which rule is broken."""

    status = 422

    def __init__(self, weakness: PasswordProblem) -> None:
        super().__init__()
        self.weakness = weakness
        self.message = WORDS[weakness]


def set_password(
    person: Person,
    password: str,
    now: datetime,
    *,
    actor_id: int | None = None,
    keep_sign_in_id: int | None = None,
) -> None:
    """Set the password. All other sign-ins end, and unused codes become void.

    Without ``actor_id`` an operator does it on the command line.

    :raises WeakPassword: a rule for passwords is broken.
    """
    found = weakness(password, nip=person.nip, address=person.email, is_demo=person.is_demo)
    if found:
        raise WeakPassword(found)
    person.password_hash = passwords.hashed(password)
    person.must_change_password = False
    end_sign_ins(person.id, now=now, but=keep_sign_in_id)
    void_codes(person, now=now)
    ledger.record(actor_id, "set password", f"person:{person.id}", now=now)
    db.session.flush()
