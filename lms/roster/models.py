"""Uploaded lists of people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model


class PeopleImport(Model):
    """An uploaded list of people. A job reads and compares it; after an admin's approval, a job writes it.

    queued > checking > checked > approved > applying > done; or refused (the file cannot
    be read), withdrawn, failed (a bug). A list that is queued or checked may be queued again.
    """

    __tablename__ = "people_import"
    __table_args__ = (Index("ix_people_import_state", "state"),)

    id: Mapped[Id]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Null: imported on the command line."""
    file_name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(100))
    """Storage key of the file; empty once it was deleted."""
    sha256: Mapped[str] = mapped_column(String(64))
    units_under_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """Missing units are created below this one. Null: their rows are refused."""
    leaving_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """People of this unit and those below who are not in the list are deactivated. Null: nobody is."""
    identities: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What an admin has said of the rows with a new number that may belong to somebody registered: by the number of the
    row the id of the person, or 0 for somebody new."""
    state: Mapped[str] = mapped_column(String(20))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Counts, problems and names for the page; see ``imports.show_plan``."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    """``Plan.digest`` of the plan that was shown; only this plan may be written."""
    refused_key: Mapped[str | None] = mapped_column(String(100))
    """Storage key of the file of refused rows. Null: no row was refused."""
    applied_at: Mapped[datetime | None]
