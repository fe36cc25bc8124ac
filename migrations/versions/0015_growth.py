"""Indexes for the lists of offices, and settings that hold from a year on.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HOURS = ["person_id", "completed_on", "revoked_at", "jp", "enrolment_id", "issued_at"]
INDEXES = (
    ("ix_person_office", "person", ["unit_id", "status", "is_active"], None),
    ("ix_person_demo", "person", ["is_demo", "is_active"], None),
    ("ix_enrolment_withdrawn", "enrolment", ["id"], "withdrawn_at IS NOT NULL"),
    ("ix_enrolment_year", "enrolment", ["course_id", "enrolled_at", "withdrawn_at"], None),
    ("ix_enrolment_places", "enrolment", ["cohort_id", "withdrawn_at"], None),
    ("ix_record_issued_at", "record", ["issued_at", "id"], None),
    ("ix_record_hours", "record", HOURS, None),
    ("ix_completion_report", "completion", ["enrolment_id", "revision_id", "completed_at", "score"], None),
    ("ix_record_revoked", "record", ["id"], "revoked_at IS NOT NULL"),
)
YEARLY = ("jp_target_", "jp_meaning_")
FIRST = 0
"""The year of a value that holds from the beginning."""


def upgrade() -> None:
    for name, table, columns, where in INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    op.drop_index("ix_record_completed_on", "record")  # SQLite took it where the wider one needs no rows
    op.create_table(
        "rule_value_from",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("pk_rule_value_from")),
    )
    _move_to_years(op.get_bind())


def downgrade() -> None:
    """The newest value of each setting holds for all years again."""
    bind = op.get_bind()
    rows = bind.execute(sa.select(_from).order_by(_from.c.year)).mappings().all()
    for name, row in {row["name"]: row for row in rows}.items():
        bind.execute(sa.insert(_value).values({key: row[key] for key in _value.c.keys()} | {"name": name}))
    op.drop_table("rule_value_from")
    op.create_index("ix_record_completed_on", "record", ["completed_on"])
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table)


def _table(name: str, *more: sa.ColumnClause[Any]) -> sa.TableClause:
    moment = sa.DateTime(timezone=True)
    changed = (sa.column("changed_at", moment), sa.column("changed_by", sa.Integer))
    return sa.table(name, sa.column("name", sa.String), sa.column("value", sa.JSON), *changed, *more)


_value = _table("rule_value")
_from = _table("rule_value_from", sa.column("year", sa.Integer))
_entry = sa.table(
    "ledger_entry",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id", sa.Integer),
    sa.column("verb", sa.String),
    sa.column("target", sa.String),
    sa.column("facts", sa.String),
)


def _move_to_years(bind: Any) -> None:
    """A target held for all years until now. The ledger knows since when: each value begins in the year it was set.

    A value that the ledger does not know holds from the beginning, as it did.
    """
    zone = ZoneInfo(current_app.config["TIMEZONE"])
    for row in bind.execute(sa.select(_value)).mappings().all():
        if not row["name"].startswith(YEARLY):
            continue
        changes = sa.select(_entry).where(_entry.c.verb == "change rule", _entry.c.target == f"rule:{row['name']}")
        found: dict[int, dict[str, Any]] = {}
        for change in bind.execute(changes.order_by(_entry.c.id)).mappings():
            year = _aware(change["at"]).astimezone(zone).year
            found[year] = {"value": json.loads(change["facts"])["after"], "at": change["at"], "by": change["actor_id"]}
        newest = {"value": row["value"], "at": row["changed_at"], "by": row["changed_by"]}
        if found:
            found[max(found)] = newest
        for year, one in (found or {FIRST: newest}).items():
            values = {"value": one["value"], "changed_at": _aware(one["at"]), "changed_by": one["by"]}
            bind.execute(sa.insert(_from).values(name=row["name"], year=year, **values))
        bind.execute(sa.delete(_value).where(_value.c.name == row["name"]))


def _aware(moment: datetime) -> datetime:
    """SQLite gives moments without their zone, which is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
