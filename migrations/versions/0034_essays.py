"""Marks of essays in quizzes, with levels and feedback, and the attempts that wait for them.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WAITS = sa.text("submitted_at IS NOT NULL AND score IS NULL")


def upgrade() -> None:
    op.add_column("answer_mark", sa.Column("levels", sa.JSON(), nullable=True))
    op.add_column("answer_mark", sa.Column("feedback", sa.Text(), server_default="", nullable=False))
    op.add_column("answer_mark", sa.Column("feedback_html", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_attempt_unmarked", "attempt", ["submitted_at"], sqlite_where=WAITS, postgresql_where=WAITS
    )


def downgrade() -> None:
    op.drop_index("ix_attempt_unmarked", "attempt")
    op.drop_column("answer_mark", "feedback_html")
    op.drop_column("answer_mark", "feedback")
    op.drop_column("answer_mark", "levels")
