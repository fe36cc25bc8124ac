"""Git repositories that courses are exchanged with.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_repository",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(300), nullable=False),
        sa.Column("branch", sa.String(100), nullable=False),
        sa.Column("folder", sa.String(255), nullable=False),
        sa.Column("commit", sa.String(64), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=True),
        sa.Column("exchanged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_repository")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_repository_course_id")),
    )


def downgrade() -> None:
    op.drop_table("course_repository")
