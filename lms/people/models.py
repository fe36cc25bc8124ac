"""Persons, the unit tree with its history, placements and roles."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import ComposedText, Id, Model, partial_index
from lms.core.search_text import SearchableMixin
from lms.people.names import full_name
from lms.people.rights import Rights, RoleName
from lms.people.terms import term_state

Status = Literal["pns", "cpns", "pppk", "pppk-paruh-waktu", "non-asn"]
UnitKind = Literal["instansi", "opd", "bidang", "seksi", "upt", "puskesmas", "sekolah"]


class Unit(SearchableMixin, Model):
    """A node of the tree instansi > OPD > bidang > seksi, or UPT, puskesmas or school below an OPD."""

    __tablename__ = "unit"
    SEARCHED_BY = ("name",)
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        # The constraint above does not apply without a parent, because nulls are never equal.
        partial_index("uq_unit_top", "name", where="parent_id IS NULL", unique=True),
    )

    id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """Null: an instansi, the root of its tree."""
    name: Mapped[str] = mapped_column(ComposedText(160))
    kind: Mapped[str] = mapped_column(String(20))
    ended_on: Mapped[date | None]
    """The first day on which the unit no longer exists. Null: it exists."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """The unit that took over its people."""

    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id", foreign_keys=[parent_id])
    merged_into: Mapped[Unit | None] = relationship(remote_side="Unit.id", foreign_keys=[merged_into_id])

    @property
    def own_name(self) -> str:
        """The name without the number that is appended when a unit ends, so that its name can be used again."""
        return self.name.removesuffix(f" #{self.id}") if self.ended_on else self.name


class UnitVersion(Model):
    """The name, kind and parent of a unit from a day on. A version that has ended is never changed."""

    __tablename__ = "unit_version"
    __table_args__ = (
        Index("ix_unit_version_unit", "unit_id", "since"),
        partial_index("uq_unit_version_present", "unit_id", where="until IS NULL", unique=True),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(ComposedText(160))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    """The day on which the next version begins, or the unit ended. Null: the current version."""


class Person(Rights, SearchableMixin, Model):
    """Somebody who can sign in. The key is neither the NI PPPK nor the e-mail address, because both can change."""

    __tablename__ = "person"
    SEARCHED_BY = ("name", "title_before", "title_after", "position")
    __table_args__ = (
        CheckConstraint("nip IS NOT NULL OR email IS NOT NULL", name="has_a_login_name"),
        CheckConstraint("length(nip) = 18", name="nip_has_18_digits"),
        # What offices count and page by, without a look at the rows themselves.
        Index("ix_person_office", "unit_id", "status", "is_active"),
        Index("ix_person_demo", "is_demo", "is_active"),
    )

    id: Mapped[Id]
    nip: Mapped[str | None] = mapped_column(String(18), unique=True)
    """NIP or NI PPPK, digits only. Null: not an ASN; signs in with the e-mail address."""
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    """Lower case. Null for most, because it is never required if there is a NIP."""
    phone: Mapped[str | None] = mapped_column(String(20))
    """``+62812…``, for WhatsApp. Null for most."""
    name: Mapped[str] = mapped_column(ComposedText(160), index=True)
    """Without titles."""
    title_before: Mapped[str] = mapped_column(ComposedText(60), default="")
    title_after: Mapped[str] = mapped_column(ComposedText(100), default="")
    status: Mapped[str] = mapped_column(String(20))
    rank: Mapped[str] = mapped_column(String(6), default="")
    """Golongan: ``III/b`` for PNS, ``IX`` for PPPK (who have no pangkat)."""
    position: Mapped[str] = mapped_column(ComposedText(160), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    language: Mapped[str | None] = mapped_column(String(5))
    """Null: the site's language."""
    wants_mail: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether notices are also sent by e-mail, if there is an address."""
    unread_notices: Mapped[int] = mapped_column(default=0, server_default="0")
    """Updated by ``lms.notices``. Stored here because every page shows it and reads this row anyway."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Null: never set; the person signs in with a one-time code first."""
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    unit: Mapped[Unit | None] = relationship()
    grants: Mapped[list[RoleGrant]] = relationship(
        foreign_keys="RoleGrant.person_id", back_populates="person", lazy="selectin"
    )

    today = None  # type: date | None
    """For ``Rights``. While it is None, only roles without dates count."""

    @property
    def full_name(self) -> str:
        return full_name(self.title_before, self.name, self.title_after)


def _one_each(role: RoleName, *columns: str) -> Index:
    """Allow one open-ended term per person and role. There is an index per role, because nulls are never equal."""
    name = f"uq_role_grant_{role.replace('-', '_')}"
    return partial_index(name, *columns, where=f"role = '{role}' AND ends_on IS NULL", unique=True)


class RoleGrant(Model):
    """A role of a person: admin of the site or of an instansi, instructor of a course, head of a unit, or member of
    the committee of a cohort. The same role may be granted for several terms, which do not overlap."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(role = 'instructor') = (course_id IS NOT NULL)", name="an_instructor_has_a_course"),
        CheckConstraint("(role IN ('head', 'agency-admin')) = (unit_id IS NOT NULL)", name="a_head_has_a_unit"),
        CheckConstraint("(role = 'committee') = (cohort_id IS NOT NULL)", name="a_committee_has_a_cohort"),
        CheckConstraint("role IN ('admin', 'agency-admin', 'instructor', 'head', 'committee')", name="role_is_known"),
        CheckConstraint("role <> 'admin' OR (starts_on IS NULL AND ends_on IS NULL)", name="an_admin_has_no_dates"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        _one_each("admin", "person_id"),
        _one_each("agency-admin", "person_id", "unit_id"),
        _one_each("instructor", "person_id", "course_id"),
        _one_each("head", "person_id", "unit_id"),
        _one_each("committee", "person_id", "cohort_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    is_deputy: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A deputy (Plt. or Plh.), who sees the same as the head."""
    starts_on: Mapped[date | None]
    """Null: from ``granted_at``."""
    ends_on: Mapped[date | None]
    """The last day, inclusive. Null: until revoked."""
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None]

    person: Mapped[Person] = relationship(back_populates="grants")

    def holds_on(self, day: date) -> bool:
        return term_state(self, day) == "present"


class Placement(Model):
    """The unit, status, rank and position of a person from a day on. A placement that has ended is never changed.

    A deactivated person has no current one.
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index("ix_placement_person", "person_id", "since"),
        partial_index("uq_placement_present", "person_id", where="until IS NULL", unique=True),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    rank: Mapped[str] = mapped_column(String(6))
    position: Mapped[str] = mapped_column(ComposedText(160))
    since: Mapped[date]
    until: Mapped[date | None]
    """The day on which the next placement begins, or the person was deactivated. Null: the current placement."""
    source: Mapped[str] = mapped_column(String(20))
    """Where it comes from: ``start`` (the state when this history began), ``page``, ``import:7``, ``merge:12``."""
