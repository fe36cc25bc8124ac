"""Who has answered a survey, and the answers.

Revision ID: 0049
Revises: 0048
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_participant")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_survey_participant_enrolment_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_survey_participant_item_id")),
        sa.UniqueConstraint("enrolment_id", "item_id", name=op.f("uq_survey_participant_enrolment_id")),
    )
    op.create_index(op.f("ix_survey_participant_item_id"), "survey_participant", ["item_id"])
    op.create_table(
        "survey_reply",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_reply")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_survey_reply_item_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_survey_reply_cohort_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_survey_reply_enrolment_id")),
        sa.UniqueConstraint("enrolment_id", "item_id", name=op.f("uq_survey_reply_enrolment_id")),
        sa.CheckConstraint(
            "(enrolment_id IS NULL) = (replied_at IS NULL)", name=op.f("ck_survey_reply_no_moment_without_a_name")
        ),
        sa.CheckConstraint("is_told OR enrolment_id IS NULL", name=op.f("ck_survey_reply_told_with_a_name")),
    )
    op.create_index("ix_survey_reply_item_id", "survey_reply", ["item_id", "cohort_id"])
    op.create_index(op.f("ix_survey_reply_cohort_id"), "survey_reply", ["cohort_id"])


def downgrade() -> None:
    op.drop_table("survey_reply")
    op.drop_table("survey_participant")
