"""Connects Alembic to the application's database and models."""

from __future__ import annotations

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection

from lms.core.db import Base, UtcDateTime
from lms.core.schema import say_conditions_for_postgresql
from lms.core.triggers import kept_while_tables_change


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Migrations name plain types only: they must run long after our own classes have changed."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def number(migration_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    """Number new migrations one after the other, and write none if nothing has changed."""
    [script] = directives
    is_migrate = getattr(context.config.cmd_opts, "autogenerate", False)  # `flask db check` needs the directive
    if is_migrate and script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        directives.clear()
        return
    head = context.script.get_current_head() or "0"
    script.rev_id = f"{int(head) + 1:04}"


def run(connection: Connection) -> None:
    say_conditions_for_postgresql()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        process_revision_directives=number,
        transaction_per_migration=True,
    )
    with kept_while_tables_change(connection), context.begin_transaction():
        context.run_migrations()


with current_app.extensions["migrate"].db.engine.connect() as connection:
    run(connection)
    connection.commit()
