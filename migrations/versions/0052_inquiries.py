"""What participants ask the instructors of their course, and the answers.

Revision ID: 0052
Revises: 0051
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_inquiry_course_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_inquiry_enrolment_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_inquiry_item_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_inquiry_answered_by")),
        sa.UniqueConstraint("enrolment_id", "number", name=op.f("uq_inquiry_enrolment_id")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_inquiry_answered_by_somebody")
        ),
        sa.CheckConstraint("answered_at IS NOT NULL OR NOT is_shared", name=op.f("ck_inquiry_shared_with_an_answer")),
    )
    for column in ("course_id", "item_id", "asked_at", "answered_at", "answered_by"):
        op.create_index(op.f(f"ix_inquiry_{column}"), "inquiry", [column])
    waiting = sa.text("answered_at IS NULL")
    op.create_index("ix_inquiry_open", "inquiry", ["course_id"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("inquiry")
