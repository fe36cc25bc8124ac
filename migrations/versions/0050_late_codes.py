"""Find the few attendance marks that wait for a decision.

Revision ID: 0050
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    claimed = sa.text("status = 'claimed'")
    columns = ["enrolment_id"]
    op.create_index(
        "ix_attendance_mark_claimed", "attendance_mark", columns, sqlite_where=claimed, postgresql_where=claimed
    )


def downgrade() -> None:
    op.drop_index("ix_attendance_mark_claimed", "attendance_mark")
