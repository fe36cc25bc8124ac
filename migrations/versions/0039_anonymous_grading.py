"""Numbers instead of names for graders, and who has work open.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anonymous_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymous_number")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_anonymous_number_enrolment_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_anonymous_number_item_id")),
        sa.UniqueConstraint("enrolment_id", "item_id", name=op.f("uq_anonymous_number_enrolment_id")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_anonymous_number_item_id")),
    )
    op.create_table(
        "open_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(160), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_work")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_open_work_person_id")),
        sa.UniqueConstraint("work", "person_id", name=op.f("uq_open_work_work")),
    )
    op.create_index(op.f("ix_open_work_person_id"), "open_work", ["person_id"])
    op.create_index(op.f("ix_open_work_seen_at"), "open_work", ["seen_at"])


def downgrade() -> None:
    op.drop_table("open_work")
    op.drop_table("anonymous_number")
