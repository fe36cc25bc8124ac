"""Where a learner stopped reading a module, and whether a finished one was taken back.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("progress", sa.Column("place", sa.Text(), nullable=True))
    op.add_column("progress", sa.Column("place_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("progress", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("progress") as table:
        for name in ("taken_back_at", "place_at", "place"):
            table.drop_column(name)
