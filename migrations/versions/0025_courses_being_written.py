"""A draft of a course that has no revision yet, and files that were taken out of a draft, and its review.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


REVIEW = {
    "review_state": sa.String(64),
    "review_asked_at": sa.DateTime(timezone=True),
    "review_asked_by": sa.Integer(),
    "returned_note": sa.Text(),
    "returned_at": sa.DateTime(timezone=True),
    "returned_by": sa.Integer(),
}


def upgrade() -> None:
    for name, kind in REVIEW.items():
        op.add_column("course_draft", sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("course_draft") as table:
        table.alter_column("revision_id", nullable=True)
    op.add_column("course_draft_file", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM course_draft_file WHERE removed_at IS NOT NULL")
    with op.batch_alter_table("course_draft_file") as table:
        table.drop_column("removed_at")
    op.execute("DELETE FROM course_draft_file WHERE draft_id IN (SELECT id FROM course_draft WHERE revision_id IS NULL)")
    op.execute("DELETE FROM course_draft WHERE revision_id IS NULL")
    with op.batch_alter_table("course_draft") as table:
        table.alter_column("revision_id", nullable=False)
        for name in REVIEW:
            table.drop_column(name)
