"""whether an application holds for somebody who has the course already"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    op.add_column('application', sa.Column('starts_over', sa.Boolean(), server_default=sa.false(), nullable=False))
