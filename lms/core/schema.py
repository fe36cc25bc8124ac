"""Whether the database has the tables this code expects."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lms.core.db import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def missing_migrations() -> list[str]:
    """The revisions the database has not seen yet, oldest first; needs an application context."""
    scripts = _scripts()
    with db.engine.connect() as connection:
        done = revision_of(connection)
    steps = list(scripts.iterate_revisions(scripts.get_current_head(), done or "base"))
    return [step.revision for step in reversed(steps)]


def revision_of(connection: Connection) -> str | None:
    """The last migration that the database has seen; None where it has seen none."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this code has a migration of that name: a newer program's database may be at one it has not."""
    return revision in {step.revision for step in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(settings)
