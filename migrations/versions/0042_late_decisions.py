"""What a grader decided that lateness costs.

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("marking", sa.Column("late_reason", sa.String(300), server_default="", nullable=False))
    op.execute(  # not in a batch: SQLite need not copy the table
        "ALTER TABLE marking ADD COLUMN late_deduction NUMERIC(5, 2)"
        " CONSTRAINT ck_marking_late_deduction_is_percent CHECK (late_deduction BETWEEN 0 AND 100)"
        " CONSTRAINT ck_marking_late_deduction_has_reason CHECK ((late_deduction IS NULL) = (late_reason = ''))"
    )


def downgrade() -> None:
    with op.batch_alter_table("marking") as batch:
        batch.drop_constraint(op.f("ck_marking_late_deduction_has_reason"), type_="check")
        batch.drop_constraint(op.f("ck_marking_late_deduction_is_percent"), type_="check")
        batch.drop_column("late_deduction")
        batch.drop_column("late_reason")
