"""Courses that share their questions, and where copied questions come from.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("course", sa.Column("shares_questions", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "question_origin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("from_course_id", sa.Integer(), nullable=True),
        sa.Column("from_question_id", sa.String(80), nullable=False),
        sa.Column("from_title", sa.String(300), nullable=False),
        sa.Column("from_revision", sa.Integer(), nullable=True),
        sa.Column("copied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copied_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_origin")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_question_origin_course_id")),
        sa.ForeignKeyConstraint(["from_course_id"], ["course.id"], name=op.f("fk_question_origin_from_course_id")),
        sa.UniqueConstraint("course_id", "question_id", name=op.f("uq_question_origin_course_id")),
    )
    op.create_index(op.f("ix_question_origin_from_course_id"), "question_origin", ["from_course_id"])


def downgrade() -> None:
    op.drop_table("question_origin")
    with op.batch_alter_table("course") as batch:
        batch.drop_column("shares_questions")
