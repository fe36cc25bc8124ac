"""Setting passwords. A new password ends the sessions of other devices."""

from __future__ import annotations

from datetime import datetime

from lms.auth import passwords
from lms.auth.password_rules import PasswordProblem, find_problem
from lms.auth.services.codes import void_codes
from lms.auth.services.sign_ins import end_sign_ins
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import LazyString, lazy
from lms.people.models import Person

PROBLEM_TEXTS: dict[PasswordProblem, LazyString] = {
    PasswordProblem.SHORT: lazy("The password is too short. Use at least 10 characters."),
    PasswordProblem.LONG: lazy("The password is too long. Use at most 200 characters."),
    PasswordProblem.NIP: lazy(
        "The password must not contain your NIP or a part of it, because many people can see it."
    ),
    PasswordProblem.BIRTH_DATE: lazy("The password must not contain your date of birth, because many people know it."),
    PasswordProblem.DEMO: lazy("This is the password of the demo accounts, which everybody knows."),
    PasswordProblem.ADDRESS: lazy("The password must not be your e-mail address."),
    PasswordProblem.OBVIOUS: lazy("This password is a simple sequence or repetition, which is easy to guess."),
    PasswordProblem.COMMON: lazy("This password is too common. Combine several words instead."),
}


class WeakPassword(Refusal):
    """``problem`` is the rule that the password breaks."""

    status = 422

    def __init__(self, problem: PasswordProblem) -> None:
        super().__init__()
        self.problem = problem
        self.message = PROBLEM_TEXTS[problem]


def set_password(
    person: Person,
    password: str,
    now: datetime,
    *,
    actor_id: int | None = None,
    keep_sign_in_id: int | None = None,
) -> None:
    """Set the password. All other sign-ins end, and unused codes become void.

    ``actor_id`` is None on the command line.

    :raises WeakPassword: the password breaks a rule.
    """
    problem = find_problem(password, nip=person.nip, address=person.email, is_demo=person.is_demo)
    if problem:
        raise WeakPassword(problem)
    person.password_hash = passwords.hash_password(password)
    person.must_change_password = False
    end_sign_ins(person.id, now=now, keep_id=keep_sign_in_id)
    void_codes(person, now=now)
    ledger.record(actor_id, "set password", f"person:{person.id}", now=now)
    db.session.flush()
