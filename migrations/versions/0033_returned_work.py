"""Submissions that were returned for revision.

Revision ID: 0033
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submission_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(4000), nullable=False),
        sa.Column("note_html", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("returned_by", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_return")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_return_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by"], ["person.id"], name=op.f("fk_submission_return_returned_by_person")
        ),
        sa.UniqueConstraint("submission_id", name=op.f("uq_submission_return_submission_id")),
    )
    op.create_index("ix_submission_return_returned_by", "submission_return", ["returned_by"])


def downgrade() -> None:
    op.drop_index("ix_submission_return_returned_by", "submission_return")
    op.drop_table("submission_return")
