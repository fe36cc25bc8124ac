"""Ready means that people can save: a small write now and then, which waits for nobody and tires nobody."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select, text

from lms.core.db import db
from lms.ops.models import WriteProbe
from lms.ops.services import readiness
from lms.ops.services.readiness import Busy, WriteCheck


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Writing:
    """Counts; fails with what it is told to."""

    def __init__(self) -> None:
        self.count, self.fails_with = 0, None

    def __call__(self) -> None:
        self.count += 1
        if self.fails_with is not None:
            raise self.fails_with


@pytest.fixture
def parts():
    clock, writing = Clock(), Writing()
    return clock, writing, WriteCheck(writing, clock)


def test_frequent_questions_are_few_writes(parts):
    clock, writing, check = parts
    for _second in range(60):
        assert check.is_fine()
        assert check.is_fine()
        clock.now += 1
    assert writing.count == 60 / readiness.EVERY_SECONDS


def test_a_write_that_fails_is_told_and_tried_again_soon(parts):
    clock, writing, check = parts
    writing.fails_with = sqlite3.OperationalError("database or disk is full")
    assert not check.is_fine()
    assert not check.is_fine()
    assert writing.count == 1
    writing.fails_with = None
    clock.now += readiness.AFTER_A_FAILURE_SECONDS
    assert check.is_fine()


def test_that_others_write_is_no_failure_for_a_minute(parts):
    clock, writing, check = parts
    assert check.is_fine()
    writing.fails_with = Busy()
    clock.now += readiness.EVERY_SECONDS
    assert check.is_fine()
    clock.now += readiness.BUSY_SECONDS
    assert not check.is_fine()
    clock.now += readiness.EVERY_SECONDS
    assert not check.is_fine(), "a busy database is not ready again before something was written"
    writing.fails_with = None
    clock.now += readiness.EVERY_SECONDS
    assert check.is_fine()


def test_it_writes_one_row_again_and_again(session):
    session.commit()
    readiness.write()
    first = session.scalar(select(WriteProbe.written_at))
    session.rollback()
    readiness.write()
    assert session.scalar(select(func.count()).select_from(WriteProbe)) == 1
    assert session.scalar(select(WriteProbe.written_at)) > first


@contextmanager
def writer():
    """Somebody who holds what the check needs, and does not end."""
    readiness.write()
    with db.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE write_probe SET written_at = written_at"))
        yield


def test_it_does_not_wait_for_who_writes(session):
    session.commit()
    with writer(), pytest.raises(Busy):
        readiness.write()
    readiness.write()


def test_connections_wait_for_others_as_before(session):
    session.commit()
    readiness.write()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            assert connection.scalar(text("PRAGMA busy_timeout")) > 1000


def test_a_server_that_cannot_write_is_not_ready(client, session, monkeypatch):
    def full() -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(readiness, "check", WriteCheck(full))
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(readiness, "check", WriteCheck(readiness.write))
    assert client.get("/readyz").status_code == 200


def test_a_database_that_is_read_only_is_not_ready(client, session, monkeypatch):
    """A real failure of the engine, on both."""
    session.commit()
    monkeypatch.setattr(readiness, "check", WriteCheck(readiness.write))
    db.engine.dispose()

    def restrict(connection, _record) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute("SET default_transaction_read_only = on")
            connection.commit()

    engine = db.engine
    event.listen(engine, "connect", restrict)
    try:
        assert client.get("/readyz").status_code == 503
    finally:
        event.remove(engine, "connect", restrict)
        engine.dispose()
