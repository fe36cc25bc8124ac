"""Texts to search people, units and cohorts by.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SEARCHED = {
    "person": ("name", "title_before", "title_after", "position"),
    "unit": ("name",),
    "cohort": ("name",),
}
LEFT_OUT, BETWEEN = "'’", "-,"


def upgrade() -> None:
    """Old rows get their words in lower case. Those with accents or other signs are folded by the job that renews the
    texts, which finds the rows, too, that the release before writes meanwhile."""
    for name, columns in SEARCHED.items():
        op.add_column(name, sa.Column("search_text", sa.String(length=600), nullable=True))
        table = sa.table(name, sa.column("search_text"), *map(sa.column, columns))
        words = sa.literal(" ")
        for column in columns:
            words = words.concat(sa.func.lower(table.c[column])).concat(" ")
        for character in LEFT_OUT:
            words = sa.func.replace(words, character, "")
        for character in BETWEEN:
            words = sa.func.replace(words, character, " ")
        op.execute(table.update().values(search_text=sa.func.substr(words, 1, 600)))


def downgrade() -> None:
    for name in SEARCHED:
        with op.batch_alter_table(name) as table:
            table.drop_column("search_text")
