"""How Alembic meets the application's database."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from lms.core.db import Base, UtcDateTime


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Migrations name plain types only: they must run long after our own classes have changed."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.extensions["migrate"].db.engine.connect() as connection:
    run(connection)
    connection.commit()
