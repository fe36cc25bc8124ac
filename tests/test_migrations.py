"""The migrations build what the models say, on both engines."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ForeignKeyConstraint, Table, TableClause, UniqueConstraint, column, insert, inspect, select
from sqlalchemy import table as sql_table

from lms.core import schema
from lms.core.db import Base, db
from lms.core.schema import say_conditions_for_postgresql
from lms.enrolment.jobs import renew_searched
from lms.quizzes.models import Attempt


def test_the_migrated_database_is_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_partial_indexes_are_partial_on_both_databases(app):
    named = {
        index.name
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    found = inspect(db.engine)
    where = f"{db.engine.dialect.name}_where"
    partial = {
        index["name"]
        for table in Base.metadata.tables
        for index in found.get_indexes(table)
        if where in index.get("dialect_options", {})
    }
    assert len(named) > 10
    assert named == partial


def test_who_writes_a_migration_is_told_the_conditions_for_both_databases():
    say_conditions_for_postgresql()
    [index] = [one for one in Attempt.__table__.indexes if one.name == "uq_attempt_running"]
    told = {name: str(condition) for name, condition in index.dialect_kwargs.items()}
    assert told == dict.fromkeys(("sqlite_where", "postgresql_where"), "submitted_at IS NULL")


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


HOT = "written with each answer or try; nobody searches by it, and what it points to is never deleted"
NOT_INDEXED = {
    ("answer", "event_id"): HOT,
    ("attempt", "item_id"): HOT,
    ("attempt", "item_revision_id"): HOT,
    ("grade", "item_id"): HOT,
    ("grade", "item_revision_id"): HOT,
    ("grade", "graded_by"): HOT,
    ("progress", "item_id"): HOT,
    ("progress", "item_revision_id"): HOT,
    ("submission", "item_revision_id"): HOT,
}


def test_every_foreign_key_has_an_index_or_a_reason(app):
    """Without one, deleting a row reads the whole table that points to it, and so may loading one."""
    without = {
        (table.name, *key.column_keys)
        for table in Base.metadata.tables.values()
        for key in table.foreign_key_constraints
        if not _has_index(table, key)
    }
    assert without == NOT_INDEXED.keys()


def _has_index(table: Table, key: ForeignKeyConstraint) -> bool:
    """A partial index does not count: it lacks rows."""
    whole = [index for index in table.indexes if index.dialect_options["sqlite"].get("where") is None]
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    names = list(key.column_keys)
    return any(
        [column.name for column in one.columns][: len(names)] == names for one in [table.primary_key, *whole, *unique]
    )


def test_targets_hold_from_the_years_in_which_they_were_set(app):
    """The ledger knows when each was set; what it does not know held from the beginning and still does."""
    scripts = ScriptDirectory(str(schema.MIGRATIONS))
    schema.connect_migrations(app)
    flask_migrate.downgrade(revision=scripts.get_revision("0015").down_revision)
    value, entry = (Base.metadata.tables[name] for name in ("rule_value", "ledger_entry"))
    new_year = datetime(2025, 12, 31, 16, tzinfo=UTC)  # 2026 in Sorong
    with db.engine.begin() as connection:
        for name, new in (("jp_target_pns", 30), ("jp_meaning_pns", "maksimal"), ("near_days", 9)):
            connection.execute(insert(value).values(name=name, value=new, changed_at=new_year, changed_by=None))
        for at, before, after in ((new_year - timedelta(days=400), 20, 22), (new_year, 22, 30)):
            facts = json.dumps({"before": before, "after": after})
            target = "rule:jp_target_pns"
            connection.execute(insert(entry).values(at=at, verb="change rule", target=target, facts=facts))
    schema.upgrade()
    with db.engine.connect() as connection:
        moved = Base.metadata.tables["rule_value_from"].c
        found = connection.execute(select(moved.name, moved.year, moved.value).order_by(moved.name, moved.year)).all()
        left = connection.scalars(select(value.c.name)).all()
    assert found == [("jp_meaning_pns", 0, "maksimal"), ("jp_target_pns", 2024, 22), ("jp_target_pns", 2026, 30)]
    assert left == ["near_days"]


def test_people_and_units_of_before_are_found(app):
    """At once by what is in lower case; what has accents once the job has folded it."""
    scripts = ScriptDirectory(str(schema.MIGRATIONS))
    schema.connect_migrations(app)
    flask_migrate.downgrade(revision=scripts.get_revision("0020").down_revision)
    fixed = {"status": "non-asn", "rank": "", "created_at": datetime(2025, 1, 1, tzinfo=UTC), "is_active": True}
    fixed |= {"must_change_password": False, "is_demo": False, "title_after": "M.Si.,M.M.", "position": "Kepala"}
    person, unit = (Base.metadata.tables[name] for name in ("person", "unit"))
    with db.engine.begin() as connection:
        for name in ("Ma\u2019ruf Al-Amin", "José"):
            values = {"name": name, "title_before": "Dr.", "email": f"{len(name)}@contoh.go.id"} | fixed
            connection.execute(old(person).insert().values(values))
        connection.execute(old(unit).insert().values(name="Dinas Kesehatan", kind="opd"))
    schema.upgrade()
    with db.engine.connect() as connection:
        found = connection.scalars(select(person.c.search_text).order_by(person.c.id)).all()
        units = connection.scalars(select(unit.c.search_text)).all()
    assert found[0] == " maruf al amin dr. m.si. m.m. kepala "
    assert units == [" dinas kesehatan "]
    renew_searched()
    with db.engine.connect() as connection:
        assert connection.scalars(select(person.c.search_text).order_by(person.c.id)).all()[1].startswith(" jose dr. ")


def old(table: Table) -> TableClause:
    """The table as the release before knows it."""
    return sql_table(table.name, *(column(one.name, one.type) for one in table.columns if one.name != "search_text"))
