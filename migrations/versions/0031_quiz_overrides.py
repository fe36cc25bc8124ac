"""Limits of quizzes for one person or cohort, requests for a further attempt, practice.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("item_dates", sa.JSON(), nullable=True))
    op.add_column("enrolment", sa.Column("item_dates", sa.JSON(), nullable=True))
    op.add_column("attempt", sa.Column("is_practice", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "quiz_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_limit", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("extra_time", sa.Integer(), nullable=True),
        sa.Column("further_attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_override")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_quiz_override_enrolment_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_quiz_override_cohort_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_quiz_override_item_id")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_quiz_override_given_by")),
        sa.UniqueConstraint("target", "number", name=op.f("uq_quiz_override_target")),
        sa.CheckConstraint(
            "(enrolment_id IS NULL) <> (cohort_id IS NULL)", name=op.f("ck_quiz_override_person_or_cohort")
        ),
        sa.CheckConstraint(
            "extra_time >= 0 AND further_attempts >= 0", name=op.f("ck_quiz_override_nothing_below_zero")
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_quiz_override_closes_after_it_opens")),
    )
    for column in ("enrolment_id", "cohort_id", "item_id", "given_by", "given_at"):
        op.create_index(op.f(f"ix_quiz_override_{column}"), "quiz_override", [column])
    op.create_table(
        "attempt_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("used_attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_request")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_attempt_request_enrolment_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_attempt_request_item_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_attempt_request_answered_by")),
        sa.UniqueConstraint("enrolment_id", "item_id", "used_attempts", name=op.f("uq_attempt_request_enrolment_id")),
    )
    for column in ("item_id", "asked_at", "answered_at", "answered_by"):
        op.create_index(op.f(f"ix_attempt_request_{column}"), "attempt_request", [column])


def downgrade() -> None:
    op.drop_table("attempt_request")
    op.drop_table("quiz_override")
    for table, column in (("attempt", "is_practice"), ("enrolment", "item_dates"), ("cohort", "item_dates")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
