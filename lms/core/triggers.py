"""Triggers: a statement that the database itself executes for each changed row, whoever changes it and in whatever way.

They are no part of the migrations: SQLite loses those of a table that a migration rebuilds. After each run of
migrations ``install`` creates the ones that are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, inspect, text


@dataclass(frozen=True)
class Trigger:
    """``statement`` knows the row as ``NEW`` and ``OLD``. Of an update, it is executed if one of ``columns`` changes.

    Another definition needs another name, and a migration that drops the old one.
    """

    name: str
    table: str
    event: Literal["INSERT", "UPDATE", "DELETE"]
    statement: str
    columns: tuple[str, ...] = ()

    def create(self, dialect: str) -> list[str]:
        differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        when = " OR ".join(f"OLD.{one} {differs} NEW.{one}" for one in self.columns)
        head = f"CREATE TRIGGER {self.name} AFTER {self.event}{of} ON {self.table} FOR EACH ROW"
        head += f" WHEN ({when})" if when else ""
        if dialect == "sqlite":
            return [f"{head} BEGIN {self.statement}; END"]
        body = f"BEGIN {self.statement}; RETURN NULL; END"
        function = f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        return [function, f"{head} EXECUTE FUNCTION {self.name}()"]


@dataclass(frozen=True)
class TriggerGroup:
    """Triggers that write into the table ``into``. ``catch_up`` does what they missed until they were installed."""

    into: str
    triggers: tuple[Trigger, ...]
    catch_up: str


GROUPS: list[TriggerGroup] = []
"""Filled by the packages' models."""


def install(connection: Connection) -> None:
    """Create the triggers that are missing. An older database does not have the table that they write into."""
    dialect = connection.dialect.name
    there = _names(connection)
    for group in GROUPS:
        missing = [one for one in group.triggers if one.name not in there]
        if not missing or not inspect(connection).has_table(group.into):
            continue
        for statement in [statement for one in missing for statement in one.create(dialect)]:
            connection.execute(text(statement))
        connection.execute(text(group.catch_up))


def missing(connection: Connection) -> list[str]:
    there = _names(connection)
    return [one.name for group in GROUPS for one in group.triggers if one.name not in there]


def _names(connection: Connection) -> set[str]:
    of_sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    of_postgresql = (
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    )
    return set(connection.scalars(text(of_sqlite if connection.dialect.name == "sqlite" else of_postgresql)))


@contextmanager
def kept_while_tables_change(connection: Connection) -> Iterator[None]:
    """Let migrations rebuild tables that triggers of others name: SQLite would refuse to rename the new table.

    Those of the rebuilt table itself are gone then, and created again.
    """
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute("PRAGMA legacy_alter_table=ON")
    try:
        yield
    finally:
        if connection.dialect.name == "sqlite" and driver is not None:
            driver.execute("PRAGMA legacy_alter_table=OFF")
    install(connection)
