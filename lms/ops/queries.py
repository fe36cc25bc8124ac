"""What a backup contains, the backups made so far, and figures for the doctor and a monitor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Date,
    LargeBinary,
    Numeric,
    Select,
    Table,
    Text,
    cast,
    func,
    select,
)
from sqlalchemy.types import Double, Float

from lms.auth import queries as auth_queries
from lms.authoring.models import CourseCheck
from lms.core.db import Base, UtcDateTime, db, reading
from lms.core.jobs import JobLease, leases
from lms.core.ledger import LedgerEntry
from lms.core.ledger_heads import LedgerHead
from lms.counts import models as counts
from lms.courses.models import RenderedItem
from lms.enrolment.models import Enrolment
from lms.lib.moments import is_future
from lms.notices import queries as notices
from lms.ops.models import Backup, EvidenceCheck, WriteProbe
from lms.ops.values import Kind, TableShape
from lms.people.models import Person, RoleGrant

Sample = tuple[dict[str, str], float]
LATE = timedelta(hours=30)
"""A daily backup or check older than this is missed."""
_LOCAL = (JobLease, Backup, EvidenceCheck, WriteProbe, RenderedItem, CourseCheck, *counts.TABLES)
LOCAL_TABLES = {one.__tablename__ for one in _LOCAL}
"""Tables about this server, or of what can be made again. Backups leave them out."""


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever is written meanwhile. It blocks no writer."""
    with reading(), db.engine.connect() as plain:
        connection = plain
        if plain.dialect.name == "postgresql":
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def tables() -> list[Table]:
    """The tables in a backup, by name."""
    return sorted(
        (table for table in Base.metadata.tables.values() if table.name not in LOCAL_TABLES),
        key=lambda table: table.name,
    )


def shape(table: Table) -> TableShape:
    return TableShape(table.name, {column.name: _kind(column.type) for column in table.columns})


def _kind(type_: Any) -> Kind:
    kinds: list[tuple[type | tuple[type, ...], Kind]] = [
        (UtcDateTime, "moment"),
        (Date, "date"),
        (LargeBinary, "bytes"),
        (JSON, "json"),
        ((Double, Float), "plain"),
        (Numeric, "decimal"),
    ]
    return next((kind for known, kind in kinds if isinstance(type_, known)), "plain")


def rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """All rows by primary key, fetched in batches."""
    columns: list[ColumnElement[Any]] = [
        cast(column, Text) if isinstance(column.type, JSON) else column for column in table.columns
    ]
    query = select(*columns).order_by(*table.primary_key)
    yield from connection.execution_options(yield_per=500).execute(query)


def row_count(connection: Connection) -> int:
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables())


def last_backup() -> Backup | None:
    """The newest that was read back in full."""
    return db.session.scalar(_newest_first().where(Backup.is_checked).limit(1))


def last_attempt(beginning: str = "") -> Backup | None:
    """The newest whose file name begins so, successful or not."""
    named = Backup.file_name.startswith(beginning, autoescape=True)
    return db.session.scalar(_newest_first().where(named).limit(1))


@dataclass(frozen=True)
class BackupState:
    """The newest good backup, and the newest attempt if it failed."""

    last: Backup | None
    failed: Backup | None
    is_late: bool


def backup_state(now: datetime) -> BackupState:
    last, attempt = last_backup(), last_attempt()
    failed = attempt if attempt is not None and attempt.error else None
    return BackupState(last, failed, last is None or is_future(last.started_at, now) or now - last.started_at > LATE)


def checked_backups() -> Sequence[Backup]:
    found = select(Backup).where(Backup.is_checked).order_by(Backup.started_at.desc(), Backup.id.desc())
    return db.session.scalars(found).all()


@dataclass(frozen=True)
class EvidenceState:
    """The newest finished check of the ledger, and the newest attempt if it failed."""

    last: EvidenceCheck | None
    failed: EvidenceCheck | None
    is_late: bool

    @property
    def is_sound(self) -> bool:
        return self.last is not None and not self.last.disagreements and not self.is_late


def last_evidence_check(*, is_finished: bool = False) -> EvidenceCheck | None:
    """By id: their times may be those of a clock that was ahead."""
    newest = select(EvidenceCheck).order_by(EvidenceCheck.id.desc()).limit(1)
    return db.session.scalar(newest.where(EvidenceCheck.disagreements.is_not(None)) if is_finished else newest)


def evidence_state(now: datetime) -> EvidenceState:
    last, attempt = last_evidence_check(is_finished=True), last_evidence_check()
    failed = attempt if attempt is not None and attempt.error else None
    return EvidenceState(last, failed, last is None or is_future(last.started_at, now) or now - last.started_at > LATE)


def _newest_first() -> Select[Backup]:
    """By id: their times may be those of a clock that was ahead."""
    return select(Backup).order_by(Backup.id.desc())


def jobs_behind(now: datetime) -> list[JobLease]:
    return [lease for lease in leases() if lease.is_behind(now)]


def future_stamps(now: datetime) -> dict[str, datetime]:
    """The latest moment in each table that the doctor reads, where it is ahead of the clock."""
    columns = (
        JobLease.last_started_at,
        JobLease.last_finished_at,
        Backup.started_at,
        Backup.finished_at,
        LedgerEntry.at,
        LedgerHead.signed_at,
    )
    found: dict[str, datetime] = {}
    for column in columns:
        latest, name = db.session.scalar(select(func.max(column))), column.class_.__tablename__
        if latest is not None and is_future(latest, now):
            found[name] = max(latest, found.get(name, latest))
    return found


_ADMINS = select(RoleGrant.person_id).where(RoleGrant.role == "admin")


def demo_count() -> int:
    return _count(Person, Person.is_demo, Person.is_active)


def has_admin() -> bool:
    return _count(Person, Person.is_active, Person.id.in_(_ADMINS)) > 0


def admins_without_second_factor() -> int:
    return _count(Person, Person.is_active, Person.id.in_(_ADMINS), ~auth_queries.people_with_second_factor())


def gauges(now: datetime) -> list[tuple[str, str, list[Sample]]]:
    """The state of the site for a monitor: name, help, samples."""
    outbox = notices.outbox()
    backup = last_backup()
    age = (now - backup.started_at).total_seconds() if backup else float("inf")
    check = last_evidence_check(is_finished=True)
    check_age = (now - check.started_at).total_seconds() if check else float("inf")
    disagreements = (check.disagreements or 0) if check else 0
    behind = {lease.name for lease in jobs_behind(now)}
    return [
        (
            "lms_job_behind",
            "1 where a periodic job should have been done long ago.",
            [({"job": lease.name}, float(lease.name in behind)) for lease in leases()],
        ),
        ("lms_outbox_waiting", "Mails that wait to be sent.", [({}, outbox.waiting)]),
        ("lms_outbox_failed", "Mails that could not be sent.", [({}, outbox.failed)]),
        ("lms_backup_age_seconds", "Age of the newest backup that was read back.", [({}, age)]),
        ("lms_ledger_check_age_seconds", "Age of the newest finished check of the ledger.", [({}, check_age)]),
        ("lms_ledger_disagreements", "What disagreed with the ledger at that check.", [({}, disagreements)]),
        ("lms_people", "Active people.", [({}, _count(Person, Person.is_active))]),
        ("lms_enrolments", "Enrolments not withdrawn.", [({}, _count(Enrolment, Enrolment.withdrawn_at.is_(None)))]),
    ]


def _count(model: type[Base], *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
