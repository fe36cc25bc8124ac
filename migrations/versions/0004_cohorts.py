"""cohorts"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    op.add_column('cohort', sa.Column('number', sa.Integer(), nullable=True))
    op.add_column('cohort', sa.Column('needs_approval', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('cohort', sa.Column('enrols_until', sa.Date(), nullable=True))
    op.add_column('cohort', sa.Column('quota', sa.Integer(), nullable=True))
    op.add_column('enrolment', sa.Column('due_on', sa.Date(), nullable=True))
    op.add_column('enrolment', sa.Column('extended_until', sa.Date(), nullable=True))
    op.add_column('enrolment', sa.Column('withdrawn_by', sa.Integer(), nullable=True))
    op.add_column('enrolment', sa.Column('withdraw_reason', sa.String(length=300), nullable=True))
    op.execute('ALTER TABLE enrolment ADD COLUMN replaces_id INTEGER CONSTRAINT fk_enrolment_replaces_id REFERENCES enrolment (id)')
    op.create_index(op.f('ix_enrolment_due_on'), 'enrolment', ['due_on'], unique=False)
    op.execute('UPDATE enrolment SET due_on = (SELECT ends_on FROM cohort WHERE cohort.id = enrolment.cohort_id)')
    _applications()
    op.create_table('extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('given_by', sa.Integer(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_extension_enrolment_id')),
    sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_extension_given_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension'))
    )
    op.create_index(op.f('ix_extension_enrolment_id'), 'extension', ['enrolment_id'], unique=False)


def _applications() -> None:
    op.create_table('application',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('login_name', sa.String(length=254), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.CheckConstraint('person_id IS NOT NULL OR login_name IS NOT NULL', name=op.f('ck_application_says_who')),
    sa.CheckConstraint("state IN ('proposed', 'waiting', 'accepted', 'refused', 'withdrawn')", name=op.f('ck_application_state_is_known')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_application_cohort_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_application_person_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_application_proposed_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_application_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application'))
    )
    for column in ('cohort_id', 'person_id', 'login_name'):
        op.create_index(op.f(f'ix_application_{column}'), 'application', [column], unique=False)
    is_open = sa.text("state IN ('proposed', 'waiting')")
    op.create_index('uq_application_person', 'application', ['cohort_id', 'person_id'], unique=True, sqlite_where=is_open, postgresql_where=is_open)
    is_unknown = sa.text("person_id IS NULL AND state IN ('proposed', 'waiting')")
    op.create_index('uq_application_login', 'application', ['cohort_id', 'login_name'], unique=True, sqlite_where=is_unknown, postgresql_where=is_unknown)
