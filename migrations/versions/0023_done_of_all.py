"""A learner's progress as pages show it: done of all items that count. What a rule needs of them stays beside it.

Where a course's rule asks for all items, the two are the same; the results of other courses are renewed by the job
"renew results", and until then their pages show what the rule needs.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MARK = sa.text(
    "INSERT INTO renewal (enrolment_id, marked_at) "
    "SELECT s.enrolment_id, CURRENT_TIMESTAMP FROM enrolment_state s JOIN enrolment e ON e.id = s.enrolment_id "
    "WHERE e.course_id = :course_id AND e.withdrawn_at IS NULL ORDER BY s.enrolment_id"
)


def upgrade() -> None:
    op.add_column("enrolment_state", sa.Column("total_done", sa.Integer(), nullable=True))
    op.add_column("enrolment_state", sa.Column("total", sa.Integer(), nullable=True))
    connection = op.get_bind()
    published = sa.text("SELECT course_id, completion FROM course_revision WHERE is_current")
    for course_id, rule in connection.execute(published).all():
        if (json.loads(rule) if isinstance(rule, str) else rule).get("items", "all") != "all":
            connection.execute(MARK, {"course_id": course_id})


def downgrade() -> None:
    with op.batch_alter_table("enrolment_state") as table:
        table.drop_column("total")
        table.drop_column("total_done")
