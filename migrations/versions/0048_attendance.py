"""Attendance at live sessions: moved meetings, check-ins and marks.

Revision ID: 0048
Revises: 0047
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_change")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_meeting_change_cohort_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_meeting_change_item_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_meeting_change_changed_by")),
        sa.UniqueConstraint("cohort_id", "item_id", "meeting", "number", name=op.f("uq_meeting_change_cohort_id")),
    )
    for column in ("item_id", "changed_by"):
        op.create_index(op.f(f"ix_meeting_change_{column}"), "meeting_change", [column])
    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(32), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_check_in_cohort_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_check_in_item_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_check_in_opened_by")),
        sa.UniqueConstraint("cohort_id", "item_id", "meeting", name=op.f("uq_check_in_cohort_id")),
        sa.CheckConstraint("closes_at >= opened_at", name=op.f("ck_check_in_closes_after_it_opens")),
    )
    for column in ("item_id", "opened_by"):
        op.create_index(op.f(f"ix_check_in_{column}"), "check_in", [column])
    op.create_table(
        "attendance_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_mark")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_mark_enrolment_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_attendance_mark_item_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_attendance_mark_marked_by")),
        sa.UniqueConstraint(
            "enrolment_id", "item_id", "meeting", "number", name=op.f("uq_attendance_mark_enrolment_id")
        ),
        sa.CheckConstraint(
            "status IN ('present', 'excused', 'absent', 'claimed')", name=op.f("ck_attendance_mark_status_is_known")
        ),
    )
    for column in ("item_id", "marked_by"):
        op.create_index(op.f(f"ix_attendance_mark_{column}"), "attendance_mark", [column])


def downgrade() -> None:
    for table in ("attendance_mark", "check_in", "meeting_change"):
        op.drop_table(table)
