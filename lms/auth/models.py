"""Signed-in devices, failed sign-ins and one-time codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model
from lms.people.models import Person


class SignIn(Model):
    """One signed-in device; the cookie holds a random token, the row only its hash."""

    __tablename__ = "sign_in"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(120))
    """What the browser calls itself, shortened for people: ``Chrome, Android``."""
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SignInFailure(Model):
    """A failed sign-in. Counted per login name and device, so that a stranger cannot lock a person out
    of the device that person has signed in on before (OWASP, "device cookies")."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_who", "login_hash", "device_hash", "at"),)

    id: Mapped[Id]
    login_hash: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the login name as typed, so that no NIP can be read here."""
    device_hash: Mapped[str] = mapped_column(String(64))
    """Of the device cookie given at an earlier sign-in of this person; empty: all other devices together."""
    at: Mapped[datetime]


class ResetCode(Model):
    """A one-time code an operator reads out over the phone."""

    __tablename__ = "reset_code"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """Set when used, and when a newer code took its place."""
