"""Files of answers to essays.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_file_person_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_file_attempt_id")),
        sa.UniqueConstraint("attempt_id", "question", "key", "name", name=op.f("uq_answer_file_attempt_id")),
    )
    op.create_index(op.f("ix_answer_file_person_id"), "answer_file", ["person_id"])


def downgrade() -> None:
    op.drop_table("answer_file")
