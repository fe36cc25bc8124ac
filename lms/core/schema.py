"""Whether the database has the tables this code expects, and bringing it there.

The steps are Alembic's. It is loaded only to take them: a server that answers has no use for it, and it
takes 10 MiB.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from flask import current_app
from sqlalchemy import Connection, inspect, text

from lms.core.db import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(revision: str = "head") -> None:
    """Take the steps that the database has not seen yet, up to ``revision``; needs an application context."""
    import flask_migrate

    app = cast(Any, current_app)._get_current_object()
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    flask_migrate.upgrade(revision=revision)


def known_revisions() -> list[str]:
    """This code's, oldest first: one follows the other, and their files are named by them."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*_*.py"))


def missing_migrations() -> list[str]:
    """The revisions the database has not seen yet, oldest first; needs an application context.

    None where a newer program's database is at one that this code does not know.
    """
    with db.engine.connect() as connection:
        done = revision_of(connection)
    known = known_revisions()
    return known[known.index(done) + 1 :] if done in known else [] if done else known


def revision_of(connection: Connection) -> str | None:
    """The last migration that the database has seen; None where it has seen none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return cast("str | None", connection.scalar(text("SELECT version_num FROM alembic_version")))


def is_known(revision: str) -> bool:
    """Whether this code has a migration of that name: a newer program's database may be at one it has not."""
    return revision in known_revisions()
