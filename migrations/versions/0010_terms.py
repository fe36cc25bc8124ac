"""a role may be given for several terms: only one of them has no end"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'

PLACES = {'agency-admin': 'unit_id', 'instructor': 'course_id', 'head': 'unit_id', 'committee': 'cohort_id', 'admin': None}


def upgrade() -> None:
    for role, place in PLACES.items():
        name = f"uq_role_grant_{role.replace('-', '_')}"
        columns = ['person_id', place] if place else ['person_id']
        where = sa.text(f"role = '{role}' AND ends_on IS NULL")
        op.drop_index(name, table_name='role_grant')
        op.create_index(name, 'role_grant', columns, unique=True, sqlite_where=where, postgresql_where=where)
