"""Checks of large courses that a job makes; rendered items that are kept between checks.

Revision ID: 0041
Revises: 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rendered_item",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rendered_item")),
    )
    op.create_index(op.f("ix_rendered_item_made_at"), "rendered_item", ["made_at"])
    op.create_table(
        "course_check",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("draft_state", sa.String(64), nullable=False),
        sa.Column("renderer", sa.String(16), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("result", sa.String(10), nullable=True),
        sa.Column("unrendered", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_check")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_check_course_id")),
        sa.CheckConstraint(
            "result IN ('checked', 'unrendered', 'failed')", name=op.f("ck_course_check_result_is_known")
        ),
        sa.CheckConstraint("(result IS NULL) = (ended_at IS NULL)", name=op.f("ck_course_check_result_at_the_end")),
        sa.CheckConstraint(
            "(unrendered IS NOT NULL) = (result IS NOT NULL AND result = 'unrendered')",
            name=op.f("ck_course_check_unrendered_is_named"),
        ),
    )


def downgrade() -> None:
    op.drop_table("course_check")
    op.drop_index(op.f("ix_rendered_item_made_at"), "rendered_item")
    op.drop_table("rendered_item")
