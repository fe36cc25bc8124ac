"""units and roles"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'

OLD = ('id', 'person_id', 'role', 'course_id', 'unit_id', 'granted_at', 'granted_by')


def upgrade() -> None:
    _roles()
    _units()


def _roles() -> None:
    """Few rows, checks of their own and nobody who refers to them: the table is made anew, the same on both engines."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT {', '.join(OLD)} FROM role_grant ORDER BY id")).mappings().all()
    op.drop_table('role_grant')
    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('is_deputy', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('granted_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("(role = 'instructor') = (course_id IS NOT NULL)", name=op.f('ck_role_grant_an_instructor_has_a_course')),
    sa.CheckConstraint("(role IN ('head', 'agency-admin')) = (unit_id IS NOT NULL)", name=op.f('ck_role_grant_a_head_has_a_unit')),
    sa.CheckConstraint("(role = 'committee') = (cohort_id IS NOT NULL)", name=op.f('ck_role_grant_a_committee_has_a_cohort')),
    sa.CheckConstraint("role IN ('admin', 'agency-admin', 'instructor', 'head', 'committee')", name=op.f('ck_role_grant_role_is_known')),
    sa.CheckConstraint("role <> 'admin' OR (starts_on IS NULL AND ends_on IS NULL)", name=op.f('ck_role_grant_an_admin_has_no_dates')),
    sa.CheckConstraint("ends_on >= starts_on", name=op.f('ck_role_grant_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_grant_person_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_role_grant_course_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_role_grant_unit_id')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_role_grant_cohort_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    for column in ('person_id', 'course_id', 'unit_id', 'cohort_id'):
        op.create_index(op.f(f'ix_role_grant_{column}'), 'role_grant', [column], unique=False)
    _one_each('admin', 'person_id')
    _one_each('agency-admin', 'person_id', 'unit_id')
    _one_each('instructor', 'person_id', 'course_id')
    _one_each('head', 'person_id', 'unit_id')
    _one_each('committee', 'person_id', 'cohort_id')
    if rows:
        names = ', '.join(OLD)
        places = ', '.join(f':{name}' for name in OLD)
        connection.execute(sa.text(f'INSERT INTO role_grant ({names}) VALUES ({places})'), [dict(row) for row in rows])
    if connection.dialect.name == 'postgresql':
        connection.execute(sa.text("SELECT setval(pg_get_serial_sequence('role_grant', 'id'), coalesce(max(id), 0) + 1, false) FROM role_grant"))


def _one_each(role: str, *columns: str) -> None:
    where = sa.text(f"role = '{role}'")
    op.create_index(f"uq_role_grant_{role.replace('-', '_')}", 'role_grant', list(columns), unique=True, sqlite_where=where, postgresql_where=where)


def _units() -> None:
    op.add_column('unit', sa.Column('ended_on', sa.Date(), nullable=True))
    op.execute('ALTER TABLE unit ADD COLUMN merged_into_id INTEGER CONSTRAINT fk_unit_merged_into_id REFERENCES unit (id)')
    op.create_index(op.f('ix_unit_merged_into_id'), 'unit', ['merged_into_id'], unique=False)
    op.create_table('unit_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_unit_version_unit_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], name=op.f('fk_unit_version_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_version'))
    )
    op.create_index('ix_unit_version_unit', 'unit_version', ['unit_id', 'since'], unique=False)
    op.create_index(op.f('ix_unit_version_parent_id'), 'unit_version', ['parent_id'], unique=False)
    present = sa.text('until IS NULL')
    op.create_index('uq_unit_version_present', 'unit_version', ['unit_id'], unique=True, sqlite_where=present, postgresql_where=present)
    op.execute(PRESENT_UNITS)


PRESENT_UNITS = """
INSERT INTO unit_version (unit_id, name, kind, parent_id, since)
SELECT id, name, kind, parent_id,
       coalesce((SELECT date(min(at)) FROM ledger_entry
                 WHERE verb = 'create unit' AND target = 'unit:' || unit.id), date('2000-01-01'))
FROM unit
"""
"""A unit older than the ledger is taken to have always been as it is."""
