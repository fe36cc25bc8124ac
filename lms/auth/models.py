"""Signed-in devices, failed sign-ins and one-time codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
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
    device: Mapped[str] = mapped_column(String(120))
    """For people: ``Chrome, Android``."""
    ended_at: Mapped[datetime | None]

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
    """Of the device cookie, if the person has signed in on this device before; otherwise empty."""
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
