"""Files that graders give with marks and with returned work.

Revision ID: 0038
Revises: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("marking_id", sa.Integer(), nullable=True),
        sa.Column("return_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_file")),
        sa.ForeignKeyConstraint(["marking_id"], ["marking.id"], name=op.f("fk_feedback_file_marking_id")),
        sa.ForeignKeyConstraint(["return_id"], ["submission_return.id"], name=op.f("fk_feedback_file_return_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_feedback_file_uploaded_by")),
        sa.UniqueConstraint("marking_id", "key", "name", name=op.f("uq_feedback_file_marking_id")),
        sa.UniqueConstraint("return_id", "key", "name", name=op.f("uq_feedback_file_return_id")),
        sa.CheckConstraint("(marking_id IS NULL) != (return_id IS NULL)", name=op.f("ck_feedback_file_of_one_thing")),
    )
    op.create_index(op.f("ix_feedback_file_uploaded_by"), "feedback_file", ["uploaded_by"])


def downgrade() -> None:
    op.drop_table("feedback_file")
