"""The database's migrations: which ones it has seen, and running the others.

Alembic is imported only to run them: a web process does not need it, and it takes 10 MiB.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Connection, inspect, text

from lms.core.db import Base, db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def connect_migrations(app: Flask) -> None:
    """Needed by ``flask db``."""
    import flask_migrate

    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)


def upgrade(revision: str = "head") -> None:
    """Run the migrations that the database has not seen yet, up to ``revision``; needs an application context."""
    import flask_migrate

    connect_migrations(current_app)
    flask_migrate.upgrade(revision=revision)


def known_revisions() -> list[str]:
    """The revisions of this code, oldest first. Files are named by them: ``0011_title.py``."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*_*.py"))


def missing_migrations() -> list[str]:
    """The revisions that the database has not seen yet, oldest first; needs an application context.

    Empty if the database is at a revision that this code does not know, because a newer version migrated it.
    """
    with db.engine.connect() as connection:
        done = revision_of(connection)
    known = known_revisions()
    return known[known.index(done) + 1 :] if done in known else [] if done else known


def revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return cast("str | None", connection.scalar(text("SELECT version_num FROM alembic_version")))


def is_known(revision: str) -> bool:
    return revision in known_revisions()


def say_conditions_for_postgresql() -> None:
    """Of partial indexes, for those who write migrations from the models."""
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            if condition is not None:
                index.dialect_kwargs["postgresql_where"] = condition
