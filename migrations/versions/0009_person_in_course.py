"""an enrolment is found by person and course at once"""

from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.create_index('ix_enrolment_person', 'enrolment', ['person_id', 'course_id'], unique=False)
    op.drop_index('ix_enrolment_person_id', table_name='enrolment')
