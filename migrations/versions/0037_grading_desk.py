"""Comments that graders keep; notes on passages of submitted texts.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_comment")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_comment_person_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_saved_comment_course_id")),
    )
    for column in ("person_id", "course_id"):
        op.create_index(op.f(f"ix_saved_comment_{column}"), "saved_comment", [column])
    _unique("uq_saved_comment_course", "saved_comment", ["person_id", "course_id", "text"], "course_id IS NOT NULL")
    _unique("uq_saved_comment_any_course", "saved_comment", ["person_id", "text"], "course_id IS NULL")
    op.create_table(
        "passage_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_with", sa.Integer(), nullable=True),
        sa.Column("withdrawn_with", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage_note")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_passage_note_submission_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_passage_note_written_by")),
        sa.CheckConstraint("0 <= starts AND starts < ends", name=op.f("ck_passage_note_passage_has_characters")),
        sa.CheckConstraint(
            "withdrawn_with > given_with", name=op.f("ck_passage_note_withdrawn_after_it_was_given")
        ),
    )
    for column in ("submission_id", "written_by"):
        op.create_index(op.f(f"ix_passage_note_{column}"), "passage_note", [column])
    _unique(
        "uq_passage_note_pending", "passage_note", ["submission_id", "written_by", "starts"], "given_with IS NULL"
    )


def _unique(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_table("passage_note")
    op.drop_table("saved_comment")
