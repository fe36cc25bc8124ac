"""where people stand in whole courses"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.add_column('progress', sa.Column('is_dead_end', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table('enrolment_state',
    sa.Column('enrolment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('in-progress', 'waiting', 'failed', 'finished')", name=op.f('ck_enrolment_state_state_is_known')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_enrolment_state_enrolment_id')),
    sa.PrimaryKeyConstraint('enrolment_id', name=op.f('pk_enrolment_state'))
    )
    op.execute(PRESENT)


PRESENT = """
INSERT INTO enrolment_state (enrolment_id, state, done, needed, touched_at)
SELECT progress.enrolment_id,
       CASE WHEN count(completion.id) > 0 THEN 'finished'
            WHEN sum(CASE WHEN progress.state = 'waiting' THEN 1 ELSE 0 END) > 0 THEN 'waiting'
            ELSE 'in-progress' END,
       sum(CASE WHEN progress.state = 'done' THEN 1 ELSE 0 END),
       coalesce(max(course_revision.item_count), 0),
       max(progress.touched_at)
FROM progress
JOIN enrolment ON enrolment.id = progress.enrolment_id
LEFT JOIN course_revision ON course_revision.course_id = enrolment.course_id AND course_revision.is_current
LEFT JOIN completion ON completion.enrolment_id = progress.enrolment_id
GROUP BY progress.enrolment_id
"""
"""What is needed by the course's own rule is counted again with each person's next step; until then all items are."""
