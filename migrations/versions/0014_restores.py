"""Indexes of foreign keys, numbers that are uncertain after a restore, and a row for the check of readiness.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEXED = (
    ("application", "decided_by"),
    ("application", "proposed_by"),
    ("completion", "revision_id"),
    ("draft", "item_id"),
    ("enrolment", "replaces_id"),
    ("extension", "given_by"),
    ("item_revision", "section_id"),
    ("marking", "graded_by"),
    ("people_import", "leaving_unit_id"),
    ("people_import", "units_under_id"),
    ("record", "issued_by"),
    ("record", "revoked_by"),
    ("work_file", "person_id"),
)


def upgrade() -> None:
    for table, column in INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_table(
        "write_probe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filling", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_probe")),
    )
    with op.batch_alter_table("number_sequence") as batch:
        batch.add_column(sa.Column("uncertain_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_table("write_probe")
    with op.batch_alter_table("number_sequence") as batch:
        batch.drop_column("uncertain_since")
    for table, column in INDEXED:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
