"""Groups that hand in together; other deadlines of papers for a cohort.

Revision ID: 0040
Revises: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "work_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("formed_by", sa.Integer(), nullable=True),
        sa.Column("formed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_group")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_work_group_cohort_id")),
        sa.ForeignKeyConstraint(["formed_by"], ["person.id"], name=op.f("fk_work_group_formed_by")),
        sa.UniqueConstraint("cohort_id", "name", name=op.f("uq_work_group_cohort_id")),
    )
    op.create_index(op.f("ix_work_group_formed_by"), "work_group", ["formed_by"])
    op.create_table(
        "group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
        sa.ForeignKeyConstraint(["group_id"], ["work_group.id"], name=op.f("fk_group_member_group_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_group_member_enrolment_id")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_group_member_enrolment_id")),
    )
    op.create_index(op.f("ix_group_member_group_id"), "group_member", ["group_id"])
    op.create_table(
        "group_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(80), nullable=False),
        sa.Column("handed_in_by", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=False),
        sa.Column("is_returned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_paper")),
        sa.ForeignKeyConstraint(["group_id"], ["work_group.id"], name=op.f("fk_group_paper_group_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_group_paper_item_id")),
        sa.ForeignKeyConstraint(["handed_in_by"], ["person.id"], name=op.f("fk_group_paper_handed_in_by")),
        sa.UniqueConstraint("group_id", "item_id", "number", name=op.f("uq_group_paper_group_id")),
    )
    op.create_index(op.f("ix_group_paper_item_id"), "group_paper", ["item_id"])
    op.create_index(op.f("ix_group_paper_handed_in_by"), "group_paper", ["handed_in_by"])
    op.create_table(
        "deadline_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_override")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_deadline_override_cohort_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_deadline_override_item_id")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_deadline_override_given_by")),
        sa.UniqueConstraint("cohort_id", "item_id", "number", name=op.f("uq_deadline_override_cohort_id")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_deadline_override_closes_after_it_opens")),
        sa.CheckConstraint("due_at > opens_at", name=op.f("ck_deadline_override_due_after_it_opens")),
        sa.CheckConstraint("closes_at >= due_at", name=op.f("ck_deadline_override_closes_after_it_is_due")),
    )
    for column in ("item_id", "given_by", "given_at"):
        op.create_index(op.f(f"ix_deadline_override_{column}"), "deadline_override", [column])
    op.add_column("marking", sa.Column("is_alone", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(  # not in a batch: SQLite need not copy the table
        "ALTER TABLE submission ADD COLUMN paper_id INTEGER"
        " CONSTRAINT fk_submission_paper_id REFERENCES group_paper (id)"
    )
    op.create_index(op.f("ix_submission_paper_id"), "submission", ["paper_id"])


def downgrade() -> None:
    with op.batch_alter_table("submission") as batch:
        batch.drop_index(op.f("ix_submission_paper_id"))
        batch.drop_column("paper_id")
    with op.batch_alter_table("marking") as batch:
        batch.drop_column("is_alone")
    op.drop_table("deadline_override")
    op.drop_table("group_paper")
    op.drop_table("group_member")
    op.drop_table("work_group")
