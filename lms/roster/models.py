"""Lists of people that were handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model


class PeopleImport(Model):
    """A list of people that was handed in: read and compared by a job, then written at an admin's word.

    queued > checking > checked > approved > applying > done; or refused (no list can
    be read from it), withdrawn, failed (a fault of ours). Any of the first may be queued again.
    """

    __tablename__ = "people_import"
    __table_args__ = (Index("ix_people_import_state", "state"),)

    id: Mapped[Id]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Null: an operator on the command line."""
    file_name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(100))
    """The file in the storage."""
    sha256: Mapped[str] = mapped_column(String(64))
    units_under_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Units that do not exist are made below this one. Null: they are refused."""
    leaving_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Whoever of this unit and those below is missing in the list is switched off. Null: nobody."""
    state: Mapped[str] = mapped_column(String(20))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What it comes to: counts, problems, names; see ``people_plan``."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    """Of the plan that was shown: only this one is written."""
    refused_key: Mapped[str | None] = mapped_column(String(100))
    """The refused rows as a file, in the storage. Null: none were."""
    applied_at: Mapped[datetime | None]
