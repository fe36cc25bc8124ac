"""The migrations build what the models say, on both engines."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from lms.core import schema
from lms.core.db import Base, db


def test_the_migrated_database_is_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_migrated_database_misses_nothing_and_an_empty_one_all(app):
    assert schema.missing_migrations() == []
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE alembic_version RENAME TO hidden")
    assert schema.missing_migrations()[0] == "0001"
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO alembic_version")
