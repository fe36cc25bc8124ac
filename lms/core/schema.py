"""Whether the database has the tables this code expects."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from lms.core.db import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def missing_migrations() -> list[str]:
    """The revisions the database has not seen yet, oldest first; needs an application context."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(settings)
    with db.engine.connect() as connection:
        done = MigrationContext.configure(connection).get_current_revision()
    steps = list(scripts.iterate_revisions(scripts.get_current_head(), done or "base"))
    return [step.revision for step in reversed(steps)]
