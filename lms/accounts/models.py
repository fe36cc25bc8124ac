"""People, the unit tree, roles, and what signing in leaves behind."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model

Status = Literal["pns", "cpns", "pppk", "pppk-paruh-waktu", "non-asn"]
UnitKind = Literal["instansi", "opd", "bidang", "upt"]
RoleName = Literal["admin", "instructor", "head"]


class Unit(Model):
    """A node of the tree instansi > OPD > bidang or UPT."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        Index(  # the constraint above says nothing where there is no parent: null equals nothing
            "uq_unit_top",
            "name",
            unique=True,
            sqlite_where=text("parent_id IS NULL"),
            postgresql_where=text("parent_id IS NULL"),
        ),
    )

    id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """Null: an instansi, the top of its tree."""
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(20))

    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id")


class Person(UserMixin, Model):  # type: ignore[misc]
    """Somebody who may sign in. The key is a number of ours: a NI PPPK changes, an address too."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("nip IS NOT NULL OR email IS NOT NULL", name="has_a_login_name"),
        CheckConstraint("length(nip) = 18", name="nip_has_18_digits"),
    )

    id: Mapped[Id]
    nip: Mapped[str | None] = mapped_column(String(18), unique=True)
    """NIP or NI PPPK, digits only. Null: not an ASN, signs in with an address."""
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    """Lower case. Null for most: no address is ever required."""
    name: Mapped[str] = mapped_column(String(160), index=True)
    """Without titles."""
    title_before: Mapped[str] = mapped_column(String(60), default="")
    title_after: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(20))
    rank: Mapped[str] = mapped_column(String(6), default="")
    """Golongan: ``III/b`` for PNS, ``IX`` for PPPK (who have no pangkat)."""
    position: Mapped[str] = mapped_column(String(160), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    language: Mapped[str | None] = mapped_column(String(5))
    """Null: the site's own."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Null: never set; the person comes in by a one-time code."""
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    unit: Mapped[Unit | None] = relationship()
    grants: Mapped[list[RoleGrant]] = relationship(
        foreign_keys="RoleGrant.person_id", back_populates="person", lazy="selectin"
    )

    # Of the present request's sign-in, where the person is the one who asks; set by queries.person_signed_in.
    sign_in_id = None  # type: int | None
    last_seen_at = None  # type: datetime | None

    @property
    def full_name(self) -> str:
        """With titles, as it is printed: ``Dr. Contoh Nama, M.Si.``"""
        before = f"{self.title_before} " if self.title_before else ""
        after = f", {self.title_after}" if self.title_after else ""
        return f"{before}{self.name}{after}"

    @property
    def is_admin(self) -> bool:
        return any(grant.role == "admin" for grant in self.grants)

    @property
    def taught_course_ids(self) -> frozenset[int]:
        return frozenset(grant.course_id for grant in self.grants if grant.role == "instructor" and grant.course_id)

    @property
    def headed_unit_ids(self) -> frozenset[int]:
        """The units named to this head; what lies below them is the query's business."""
        return frozenset(grant.unit_id for grant in self.grants if grant.role == "head" and grant.unit_id)

    def has_role(self, role: RoleName) -> bool:
        return any(grant.role == role for grant in self.grants)


def _one_each(role: RoleName, *columns: str) -> Index:
    """One grant per person and place. Over all columns at once it would not hold: null equals nothing."""
    where = text(f"role = '{role}'")
    return Index(f"uq_role_grant_{role}", *columns, unique=True, sqlite_where=where, postgresql_where=where)


class RoleGrant(Model):
    """That a person is admin of the site, instructor of a course, or head of a unit."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(role = 'instructor') = (course_id IS NOT NULL)", name="an_instructor_has_a_course"),
        CheckConstraint("(role = 'head') = (unit_id IS NOT NULL)", name="a_head_has_a_unit"),
        CheckConstraint("role IN ('admin', 'instructor', 'head')", name="role_is_known"),
        _one_each("admin", "person_id"),
        _one_each("instructor", "person_id", "course_id"),
        _one_each("head", "person_id", "unit_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None]

    person: Mapped[Person] = relationship(back_populates="grants")


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
    """A wrong try. Counted per login name and device, so that a stranger cannot lock a person out
    of the device that person has signed in on before (OWASP, "device cookies")."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_who", "login_hash", "device_hash", "at"),)

    id: Mapped[Id]
    login_hash: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the login name as typed: nobody reads a NIP here."""
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
