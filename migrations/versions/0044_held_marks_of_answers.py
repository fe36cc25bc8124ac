"""Marks of essays that are told together.

Revision ID: 0044
Revises: 0043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer_mark", sa.Column("is_held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("answer_mark", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    held = sa.text("is_held")
    op.create_index("ix_answer_mark_held", "answer_mark", ["attempt_id"], sqlite_where=held, postgresql_where=held)


def downgrade() -> None:
    op.drop_index("ix_answer_mark_held", "answer_mark")
    with op.batch_alter_table("answer_mark") as batch:
        batch.drop_column("released_at")
        batch.drop_column("is_held")
