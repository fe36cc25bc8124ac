"""Certificates that are issued by the hundred, and deadlines that are renewed after a course was published.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("due_revision_id", sa.Integer(), nullable=True))
    op.create_table(
        "record_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_record_batch_course_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_record_batch_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_batch")),
    )
    op.create_index(op.f("ix_record_batch_course_id"), "record_batch", ["course_id"])
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_record_batch_unfinished", "record_batch", ["id"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_table(
        "record_batch_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(length=30), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint("record_id IS NULL OR refusal IS NULL", name=op.f("ck_record_batch_entry_one_result")),
        sa.ForeignKeyConstraint(["batch_id"], ["record_batch.id"], name=op.f("fk_record_batch_entry_batch_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_record_batch_entry_enrolment_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_record_batch_entry_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_batch_entry")),
        sa.UniqueConstraint("batch_id", "enrolment_id", name=op.f("uq_record_batch_entry_batch_id")),
    )
    waiting = sa.text("record_id IS NULL AND refusal IS NULL")
    op.create_index(
        "uq_record_batch_entry_waiting",
        "record_batch_entry",
        ["enrolment_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(op.f("ix_record_batch_created_by"), "record_batch", ["created_by"])
    for column in ("enrolment_id", "record_id"):
        op.create_index(op.f(f"ix_record_batch_entry_{column}"), "record_batch_entry", [column])


def downgrade() -> None:
    op.drop_table("record_batch_entry")
    op.drop_table("record_batch")
    op.drop_column("cohort", "due_revision_id")
