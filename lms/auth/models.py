"""Signed-in devices, failed sign-ins, one-time codes and second factors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model
from lms.people.models import Person


class SignIn(Model):
    """A device that is or was signed in. The cookie holds a random token; only its hash is stored."""

    __tablename__ = "sign_in"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    proven_at: Mapped[datetime | None]
    """When the password was last entered again. None: at the sign-in alone."""
    factor_proven_at: Mapped[datetime | None]
    """When the second factor was last given. None: not in this sign-in, which a remembered device began."""
    device: Mapped[str] = mapped_column(String(120))
    """For people: ``Chrome, Android``."""
    ended_at: Mapped[datetime | None]
    remembered_hash: Mapped[str | None] = mapped_column(String(64))
    """The hash of the device cookie, if this device is not asked for the second factor until ``remembered_until``."""
    remembered_until: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SignInFailure(Model):
    """A failed proof (``throttle.Proof``). Counted per proof, login name and device, so that a stranger cannot lock
    people out on a device that they have used before (OWASP, "device cookies").
    """

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_who", "login_hash", "device_hash", "at"),)

    id: Mapped[Id]
    login_hash: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the proof and the login name, so that the table contains no NIP."""
    device_hash: Mapped[str] = mapped_column(String(64))
    """The hash of the device cookie, if the person has signed in on this device before; otherwise empty."""
    at: Mapped[datetime]


class ResetCode(Model):
    """A one-time code."""

    __tablename__ = "reset_code"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was used or replaced by a newer code."""


class SecondFactor(Model):
    """The authenticator app of a person."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    sealed_secret: Mapped[str] = mapped_column(String(300))
    """Encrypted with a key derived from the site's secret key (``second_factor.seal``)."""
    created_at: Mapped[datetime]
    last_step: Mapped[int]
    """The time step of the code accepted last: no code is accepted twice."""


class Passkey(Model):
    """A key pair on a phone, computer or security key (WebAuthn). The site knows the public key alone."""

    __tablename__ = "passkey"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """In the encoding of COSE."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """How often it has signed: it never goes back, unless the key was copied. Many do not count and always say 0."""
    transports: Mapped[str] = mapped_column(String(100))
    """How a browser reaches it, separated by spaces: ``internal hybrid``."""
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class AnsweredChallenge(Model):
    """A challenge to passkeys that was answered rightly, so that the same answer does nothing a second time."""

    __tablename__ = "answered_challenge"

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    answered_at: Mapped[datetime]


class RecoveryCode(Model):
    """A code that replaces the second factor once."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
