"""Regrades of quizzes, void questions, and instructors' marks for single answers.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("attempt", sa.Column("basis", sa.JSON(), nullable=True))
    op.create_table(
        "question_void",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_void")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_question_void_item_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_question_void_decided_by")),
        sa.UniqueConstraint("item_id", "question", "number", name=op.f("uq_question_void_item_id")),
        sa.CheckConstraint("rule IN ('full', 'left-out', 'counts')", name=op.f("ck_question_void_rule_is_known")),
    )
    op.create_index(op.f("ix_question_void_decided_by"), "question_void", ["decided_by"])
    op.create_table(
        "answer_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("points", sa.Numeric(8, 2), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.Column("old_effective", sa.Numeric(6, 2), nullable=True),
        sa.Column("new_effective", sa.Numeric(6, 2), nullable=True),
        sa.Column("grade_number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_mark")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_mark_attempt_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_answer_mark_marked_by")),
        sa.UniqueConstraint("attempt_id", "question", "number", name=op.f("uq_answer_mark_attempt_id")),
    )
    op.create_index(op.f("ix_answer_mark_marked_by"), "answer_mark", ["marked_by"])
    op.create_index(op.f("ix_answer_mark_marked_at"), "answer_mark", ["marked_at"])
    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_revision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("voided", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_regrade_item_id")),
        sa.ForeignKeyConstraint(
            ["item_revision_id"], ["item_revision.id"], name=op.f("fk_regrade_item_revision_id")
        ),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_regrade_started_by")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_regrade_item_id")),
        sa.CheckConstraint("mode IN ('improved', 'all', 'chosen')", name=op.f("ck_regrade_mode_is_known")),
    )
    op.create_index(op.f("ix_regrade_started_by"), "regrade", ["started_by"])
    op.create_index(op.f("ix_regrade_item_revision_id"), "regrade", ["item_revision_id"])
    op.create_index(op.f("ix_regrade_finished_at"), "regrade", ["finished_at"])
    unfinished = sa.text("finished_at IS NULL")
    op.create_index("ix_regrade_unfinished", "regrade", ["id"], sqlite_where=unfinished, postgresql_where=unfinished)
    op.create_table(
        "regrade_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("old_points", sa.Numeric(8, 2), nullable=True),
        sa.Column("old_most", sa.Numeric(8, 2), nullable=True),
        sa.Column("old_score", sa.Numeric(6, 2), nullable=True),
        sa.Column("new_points", sa.Numeric(8, 2), nullable=True),
        sa.Column("new_most", sa.Numeric(8, 2), nullable=True),
        sa.Column("new_score", sa.Numeric(6, 2), nullable=True),
        sa.Column("old_effective", sa.Numeric(6, 2), nullable=True),
        sa.Column("new_effective", sa.Numeric(6, 2), nullable=True),
        sa.Column("grade_number", sa.Integer(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade_line")),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrade.id"], name=op.f("fk_regrade_line_regrade_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_regrade_line_attempt_id")),
        sa.UniqueConstraint("regrade_id", "attempt_id", name=op.f("uq_regrade_line_regrade_id")),
        sa.CheckConstraint(
            "state IN ('waiting', 'changed', 'same', 'kept', 'failed')", name=op.f("ck_regrade_line_state_is_known")
        ),
    )
    op.create_index(op.f("ix_regrade_line_attempt_id"), "regrade_line", ["attempt_id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_regrade_line_waiting", "regrade_line", ["regrade_id"], sqlite_where=waiting, postgresql_where=waiting
    )


def downgrade() -> None:
    for table in ("regrade_line", "regrade", "answer_mark", "question_void"):
        op.drop_table(table)
    op.drop_column("attempt", "basis")
