"""Drafts of courses and their files.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_draft")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_draft_course_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["course_revision.id"], name=op.f("fk_course_draft_revision_id")),
        sa.UniqueConstraint("course_id", name=op.f("uq_course_draft_course_id")),
    )
    op.create_index(op.f("ix_course_draft_revision_id"), "course_draft", ["revision_id"])
    op.create_table(
        "course_draft_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("key", sa.String(120), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_draft_file")),
        sa.ForeignKeyConstraint(["draft_id"], ["course_draft.id"], name=op.f("fk_course_draft_file_draft_id")),
        sa.UniqueConstraint("draft_id", "path", name=op.f("uq_course_draft_file_draft_id")),
        sa.CheckConstraint("(content IS NULL) <> (key IS NULL)", name=op.f("ck_course_draft_file_content_or_key")),
    )


def downgrade() -> None:
    op.drop_table("course_draft_file")
    op.drop_table("course_draft")
