"""Reports of questions, objections to marks; marks that are told together.

Revision ID: 0036
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("marking", sa.Column("is_held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("marking", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric(6, 2), nullable=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("answer", sa.String(1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_objection_enrolment_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_objection_item_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_objection_answered_by")),
        sa.UniqueConstraint("enrolment_id", "item_id", "question", "number", name=op.f("uq_objection_enrolment_id")),
        sa.CheckConstraint("outcome IN ('unchanged', 'changed')", name=op.f("ck_objection_outcome_is_known")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL)", name=op.f("ck_objection_answered_with_an_outcome")
        ),
    )
    for column in ("item_id", "source", "raised_at", "answered_at", "answered_by"):
        op.create_index(op.f(f"ix_objection_{column}"), "objection", [column])
    waiting = sa.text("answered_at IS NULL")
    op.create_index(
        "uq_objection_open",
        "objection",
        ["enrolment_id", "item_id", "question"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_table("objection")
    with op.batch_alter_table("marking") as batch:
        batch.drop_column("released_at")
        batch.drop_column("is_held")
