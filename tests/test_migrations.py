"""The migrations build what the models say, on both engines."""

from __future__ import annotations

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from lms.core import schema
from lms.core.db import Base, db


def test_the_migrated_database_is_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_steps_are_known_by_the_names_of_their_files():
    scripts = ScriptDirectory(str(schema.MIGRATIONS))
    assert [step.revision for step in scripts.walk_revisions()][::-1] == schema.known_revisions()


def test_a_newer_programs_database_misses_nothing(app):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert schema.missing_migrations() == []
    assert not schema.is_known("9999")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{schema.known_revisions()[-1]}'")


def test_a_server_that_answers_has_not_loaded_the_migration_tool():
    loaded = "import lms, sys; print([name for name in sys.modules if 'alembic' in name or name == 'mako'])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_migrated_database_misses_nothing_and_an_empty_one_all(app):
    assert schema.missing_migrations() == []
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE alembic_version RENAME TO hidden")
    assert schema.missing_migrations()[0] == "0001"
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO alembic_version")
