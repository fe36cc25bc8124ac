"""Moments and turns to write; on the engine of the run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from threading import Event, Thread, Timer
from time import monotonic

import pytest
from factories import NOON, make_person
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError, StatementError

from lms.core import db as database
from lms.core.db import db, insert_if_missing, reading
from lms.core.direct_query import DirectQuery
from lms.core.settings import SettingValue
from lms.people.models import Person


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC),
        datetime(2026, 11, 24, 3, 4, 5, 678901, tzinfo=UTC),
        datetime(2026, 11, 24, 23, 59, tzinfo=timezone(timedelta(hours=9))),
        datetime(1999, 1, 1, tzinfo=timezone(timedelta(hours=-11))),
    ],
)
def test_a_moment_comes_back_as_it_was_and_aware(session, moment):
    person = make_person(created_at=moment)
    session.commit()
    session.expire_all()
    assert person.created_at == moment
    assert person.created_at.utcoffset() == timedelta(0)
    assert session.scalar(select(func.max(Person.created_at))) == moment


def test_a_moment_without_a_zone_is_refused(session):
    with pytest.raises(StatementError, match="without a time zone"):
        make_person(created_at=datetime(2026, 11, 24))  # noqa: DTZ001


@pytest.mark.once
def test_who_writes_waits_for_who_writes(app):
    """And is let in as soon as the other has ended."""
    make_person()
    has_begun, may_end = Event(), Event()

    def slow() -> None:
        with app.app_context():
            make_person()
            has_begun.set()
            may_end.wait(10)
            db.session.commit()

    db.session.commit()
    other = Thread(target=slow)
    other.start()
    has_begun.wait(10)
    Timer(0.05, may_end.set).start()
    make_person()
    db.session.commit()
    other.join()
    assert count() == 3


@pytest.mark.once
def test_who_waits_for_too_long_is_told(app, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 20)
    with db.engine.connect() as other:
        other.execute(text("DELETE FROM person"))
        with pytest.raises(OperationalError, match="database is locked"):
            make_person()
    db.session.rollback()
    make_person()
    db.session.commit()
    assert count() == 1


@pytest.mark.once
def test_those_who_wait_in_line_are_told_together(app, monkeypatch):
    """Not one after the other, each after a patience of its own."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 300)
    told = []

    def write() -> None:
        with app.app_context(), pytest.raises(OperationalError, match="database is locked"):
            make_person()
        told.append(monotonic())

    with db.engine.connect() as other:
        other.execute(text("DELETE FROM person"))
        threads = [Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len(told) == 4
    assert max(told) - min(told) < 0.3


@pytest.mark.once
def test_a_pages_questions_see_one_moment(app):
    """What another writes between two questions of a page is not there for the second."""
    with reading():
        before = count()
        with reading(False), db.engine.begin() as other:
            other.execute(
                text(
                    "INSERT INTO person (email, name, title_before, title_after, status, rank, position, "
                    "must_change_password, is_active, is_demo, created_at) VALUES "
                    "('a@contoh.id', 'A', '', '', 'pns', '', '', 0, 1, 0, '2026-11-24 00:00:00.000000')"
                )
            )
        assert count() == before
        db.session.rollback()
        assert count() == before + 1


def test_a_row_is_inserted_unless_its_key_is_there(session):
    values = {"name": "jp_target", "value": 20, "changed_at": NOON, "changed_by": None}
    assert insert_if_missing(SettingValue, ("name",), **values) == "jp_target"
    assert insert_if_missing(SettingValue, ("name",), **values) is None


def may_write_now() -> bool:
    """Whether somebody else can take the turn to write at once."""
    try:
        with db.engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout=0")
            other.execute(text("DELETE FROM person WHERE 1 = 0"))
            other.rollback()
    except OperationalError:
        return False
    return True


@pytest.mark.once
def test_whoever_reads_before_writing_keeps_nobody_from_writing(app, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 20)
    count()
    assert may_write_now()
    make_person()
    assert not may_write_now()
    db.session.commit()
    assert may_write_now()


@pytest.mark.once
@pytest.mark.parametrize(
    "statement", [select(Person.id).with_for_update(), text("  UPDATE person SET name = name"), text("SAVEPOINT x")]
)
def test_whoever_locks_or_writes_has_the_turn(app, monkeypatch, statement):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 20)
    db.session.execute(statement)
    assert not may_write_now()
    db.session.rollback()
    assert may_write_now()


@pytest.mark.once
def test_a_query_past_sqlalchemy_that_locks_has_the_turn_too(app, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 20)
    DirectQuery(select(Person.id).with_for_update()).rows()
    assert not may_write_now()
    db.session.rollback()
    DirectQuery(select(Person.id)).rows()
    assert may_write_now()


@pytest.mark.once
def test_a_turn_can_be_taken_for_what_is_locked_without_rows(app, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 20)
    database.acquire_write_lock()
    assert not may_write_now()
    db.session.rollback()


def test_what_is_locked_is_what_another_has_committed_meanwhile(app):
    """A row that was read before its turn is read again with the lock."""
    person = make_person(name="Dulu")
    db.session.commit()
    assert person.name == "Dulu"
    with db.engine.begin() as other:
        other.execute(text("UPDATE person SET name = 'Kini'"))
    locked = select(Person).with_for_update().execution_options(populate_existing=True)
    assert db.session.scalars(locked).one().name == "Kini"
    db.session.rollback()
