"""Publications of drafts at a moment that was chosen.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheduled_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=True),
        sa.Column("review_asked_by", sa.Integer(), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(20), nullable=True),
        sa.Column("published_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_publication")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_scheduled_publication_course_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["course_revision.id"], name=op.f("fk_scheduled_publication_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_id"], ["course_revision.id"], name=op.f("fk_scheduled_publication_published_id")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'published', 'cancelled', 'refused')",
            name=op.f("ck_scheduled_publication_state_is_known"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_scheduled_publication_ended_or_waiting")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_scheduled_publication_refused_with_reason")
        ),
    )
    for name in ("course_id", "revision_id", "published_id"):
        op.create_index(op.f(f"ix_scheduled_publication_{name}"), "scheduled_publication", [name])
    op.create_index(
        "uq_scheduled_publication_waiting",
        "scheduled_publication",
        ["course_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.add_column("course_draft", sa.Column("scheduled_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("course_draft") as table:
        table.drop_column("scheduled_id")
    op.drop_table("scheduled_publication")
