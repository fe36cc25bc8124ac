"""the daily checks of the ledger"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.create_table(
        'evidence_check',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True)),
        sa.Column('disagreements', sa.Integer()),
        sa.Column('found', sa.JSON(), nullable=False),
        sa.Column('error', sa.String(length=200)),
        sa.Column('mailed_at', sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_check')),
    )
