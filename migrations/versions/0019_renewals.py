"""Enrolments whose results are to be renewed: at first all, since rules may have changed before results followed them.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "renewal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_renewal_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal")),
    )
    op.create_index(op.f("ix_renewal_enrolment_id"), "renewal", ["enrolment_id"])
    op.execute(
        "INSERT INTO renewal (enrolment_id, marked_at) "
        "SELECT s.enrolment_id, CURRENT_TIMESTAMP FROM enrolment_state s "
        "JOIN enrolment e ON e.id = s.enrolment_id WHERE e.withdrawn_at IS NULL ORDER BY s.enrolment_id"
    )


def downgrade() -> None:
    op.drop_table("renewal")
