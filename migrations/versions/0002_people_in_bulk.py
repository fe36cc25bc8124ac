"""people in bulk: where they stood, lists handed in, telephone numbers"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.add_column('person', sa.Column('phone', sa.String(length=20), nullable=True))
    op.create_table(
        'placement',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=True),
        sa.Column('status', sa.String(length=20), nullable=False),
        sa.Column('rank', sa.String(length=6), nullable=False),
        sa.Column('position', sa.String(length=160), nullable=False),
        sa.Column('since', sa.Date(), nullable=False),
        sa.Column('until', sa.Date(), nullable=True),
        sa.Column('source', sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_placement_person_id')),
        sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_placement_unit_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')),
    )
    op.create_index('ix_placement_person', 'placement', ['person_id', 'since'])
    op.create_index(op.f('ix_placement_unit_id'), 'placement', ['unit_id'])
    present = sa.text('until IS NULL')
    op.create_index(
        'uq_placement_present', 'placement', ['person_id'], unique=True, sqlite_where=present, postgresql_where=present
    )
    op.execute(
        'INSERT INTO placement (person_id, unit_id, status, rank, position, since, source) '
        "SELECT id, unit_id, status, rank, position, date(created_at), 'start' FROM person"
    )
    op.create_table(
        'people_import',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=True),
        sa.Column('file_name', sa.String(length=200), nullable=False),
        sa.Column('key', sa.String(length=100), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('units_under_id', sa.Integer(), nullable=True),
        sa.Column('leaving_unit_id', sa.Integer(), nullable=True),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('report', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('refused_key', sa.String(length=100), nullable=True),
        sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_people_import_created_by')),
        sa.ForeignKeyConstraint(['units_under_id'], ['unit.id'], name=op.f('fk_people_import_units_under_id')),
        sa.ForeignKeyConstraint(['leaving_unit_id'], ['unit.id'], name=op.f('fk_people_import_leaving_unit_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_people_import')),
    )
    op.create_index(op.f('ix_people_import_created_by'), 'people_import', ['created_by'])
    op.create_index('ix_people_import_state', 'people_import', ['state'])
