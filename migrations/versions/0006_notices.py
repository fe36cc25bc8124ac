"""notices"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.add_column('person', sa.Column('wants_mail', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('person', sa.Column('unread_notices', sa.Integer(), server_default='0', nullable=False))
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=4), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('link', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("channel IN ('site', 'mail')", name=op.f('ck_notice_channel_is_known')),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name=op.f('ck_notice_state_is_known')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('occasion', 'person_id', 'channel', name=op.f('uq_notice_occasion'))
    )
    op.create_index('ix_notice_inbox', 'notice', ['person_id', 'channel', 'id'], unique=False)
    for name, column, state in (('ix_notice_outbox', 'due_at', 'waiting'), ('ix_notice_failed', 'id', 'failed')):
        where = sa.text(f"state = '{state}'")
        op.create_index(name, 'notice', [column], unique=False, sqlite_where=where, postgresql_where=where)
    op.create_table('notice_mark',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_notice_mark'))
    )
