"""a revoked record may be replaced"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'

FIRST = sa.text('replaces_id IS NULL')


def upgrade() -> None:
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.add_column(sa.Column('replaces_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_record_replaces_id'), 'record', ['replaces_id'], ['id'])
        batch_op.create_unique_constraint(op.f('uq_record_replaces_id'), ['replaces_id'])
        batch_op.drop_constraint(op.f('uq_record_enrolment_id'), type_='unique')
        batch_op.create_index(op.f('ix_record_enrolment_id'), ['enrolment_id'], unique=False)
    op.create_index(
        'uq_record_first_of_enrolment',
        'record',
        ['enrolment_id'],
        unique=True,
        sqlite_where=FIRST,
        postgresql_where=FIRST,
    )
