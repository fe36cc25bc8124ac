"""The second factor: 6 digits of an authenticator app (TOTP, RFC 6238), or a recovery code in its place."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

import pyotp

from lms.auth import one_time_codes
from lms.lib import encryption
from lms.lib.keyed_hash import hmac_hex

DIGITS = 6
SECONDS = 30
DRIFT = 1
"""Steps that the clock of a phone may be behind or ahead."""
RECOVERY_CODES = 10
REMEMBERED_FOR = timedelta(days=30)
SETTING, REQUIRED = "second_factor", "required"
"""The name of the site's setting, and its value with which people with office rights need a second factor."""


def new_secret() -> str:
    """160 random bits in base 32."""
    return pyotp.random_base32(32)


def in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def address(secret: str, login: str, site: str) -> str:
    """What the QR code holds."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(name=login, issuer_name=site)


def step_of(secret: str, typed: str, now: datetime, *, after: int) -> int | None:
    """The time step whose code this is; None if it is wrong, or not later than the step ``after``, last accepted."""
    present = int(now.timestamp()) // SECONDS
    codes = pyotp.HOTP(secret, digits=DIGITS)
    steps = range(present - DRIFT, present + DRIFT + 1)
    fits = [step for step in steps if hmac.compare_digest(codes.at(step).encode(), typed.encode())]
    return next((step for step in reversed(fits) if step > after), None)


def is_app_code(typed: str) -> bool:
    """True for 6 digits; a recovery code is longer. ``typed`` is normalised."""
    return len(typed) == DIGITS and typed.isascii() and typed.isdecimal()


def recovery_hash(code: str, person_id: int, key: str) -> str:
    """What is stored of a recovery code: keyed, like the hash of a one-time code, but never the same."""
    return hmac_hex(f"recovery code {person_id} {one_time_codes.normalise(code)}", key)


def encrypt_secret(secret: str, person_id: int, key: str) -> str:
    return encryption.encrypt(secret, _purpose(person_id), key)


def decrypt_secret(text: str, person_id: int, key: str) -> str | None:
    """Decrypt a secret; None if the site's secret key has changed since, or if the text belongs to somebody else."""
    return encryption.decrypt(text, _purpose(person_id), key)


def remembered_hash(token: str, person_id: int, key: str) -> str:
    """What is stored of a remembered device. ``token`` is what its device cookie holds for this person."""
    return hmac_hex(f"remembered device {person_id} {token}", key)


def _purpose(person_id: int) -> str:
    return f"second factor of person {person_id}"
