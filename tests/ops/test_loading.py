"""A restore takes time in proportion to its rows, and leaves all of a site or nothing of it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from backups import everything, run
from databases import empty_database
from factories import make_course, make_enrolment, make_person
from servers import LMS, Server
from sqlalchemy import func, select, text

from lms.core import storage
from lms.core.db import Base, db
from lms.ops import queries
from lms.ops.archive import TablePart
from lms.ops.services import loading, restoring
from lms.people.models import Person

EVENTS = (
    "event",
    {"id": 1, "person_id": 1, "device": "x", "subject": "x", "n": 1, "kind": "answer", "prev": "", "hash": ""},
)
ANSWERS = "answer", {"id": 1, "attempt_id": 1, "question": "", "response": "{}", "is_flagged": False, "event_id": 1}


def part(name: str, values: dict, count: int) -> TablePart:
    """``count`` rows with ids, and references, from 1."""
    shape = queries.shape(Base.metadata.tables[name])
    moment, counted = (
        datetime.now(UTC).isoformat(),
        [key for key in ("id", "event_id", "n", "question") if key in values],
    )
    rest = {"arrived_at": moment, "answered_at": moment, "bytes": "eA=="} | values

    def line(number: int) -> bytes:
        row = rest | {key: number for key in counted if key != "question"}
        row |= {"question": str(number), "hash": f"{number:064}"} if name == "answer" else {"hash": f"{number:064}"}
        return json.dumps([row.get(column) for column in shape.columns]).encode() + b"\n"

    return TablePart(shape, (line(number) for number in range(1, count + 1)))


class Undone(Exception):
    pass


def steps(count: int) -> int:
    """Of SQLite's machine, to load ``count`` answers and afterwards the events that they point to."""
    found = 0

    def note() -> None:
        nonlocal found
        found += 1

    with pytest.raises(Undone), loading.references_aside() as connection:
        connection.connection.driver_connection.set_progress_handler(note, 100)
        for one in (part(*ANSWERS, count), part(*EVENTS, count)):
            for _count in loading.load(connection, one):
                pass
        assert connection.scalar(text("SELECT count(*) FROM answer JOIN event ON event.id = answer.event_id")) == count
        raise Undone
    return found


def test_twice_the_rows_take_twice_the_work(request, session):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite counts its steps")
    session.commit()
    few, many = steps(1000), steps(2000)
    assert few > 100
    assert many < 2.5 * few


def test_references_are_checked_again_for_those_who_come_after(session):
    session.commit()
    with loading.unchecked():
        pass
    if db.engine.dialect.name == "sqlite":
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_numbers_go_on_after_the_highest_row_of_this_schema_alone(session):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite counts from the rows themselves")
    highest = make_person().id
    session.execute(text("CREATE SCHEMA elsewhere CREATE TABLE person (id serial PRIMARY KEY)"))
    session.execute(text("SELECT setval('elsewhere.person_id_seq', 40), setval('person_id_seq', 1, false)"))
    loading.set_sequences(session.connection())
    assert session.scalar(text("SELECT nextval('person_id_seq')")) == highest + 1
    assert session.scalar(text("SELECT nextval('elsewhere.person_id_seq')")) == 41


@pytest.fixture
def torn(app, tmp_path):
    """A backup in which an enrolment points to a person who is not in it."""
    make_enrolment(make_person(), make_course())
    db.session.commit()
    storage.save(b"of a learner", "work")
    person = db.session.scalar(select(func.max(Person.id)))
    db.session.rollback()
    with loading.unchecked() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM person WHERE id = :id"), {"id": person})
    path = tmp_path / "torn.tar"
    assert run(app, "backup", path).exit_code == 0
    return path


def test_a_row_that_points_to_nothing_is_named_and_nothing_stays(app, torn):
    done = run(app, "restore", torn, "--yes-replace", "Belajar ASN")
    assert done.exit_code == 1
    assert "enrolment" in done.output
    assert "person" in done.output
    assert "Traceback" not in done.output
    with db.engine.connect() as connection:
        assert loading.tables_there(connection) == []
    assert not list(storage.all_keys())
    assert not restoring.unfinished(app.config["LMS"])
    from lms.core import schema

    schema.upgrade()  # for the tests after this one


def test_what_is_verified_and_found_wanting_does_not_stay(app, tmp_path, monkeypatch):
    make_person()
    db.session.commit()
    path = tmp_path / "lms.tar"
    assert run(app, "backup", path).exit_code == 0
    before = everything(app)

    def wanting(*_given, **_named):
        raise restoring.RestoreIncomplete(what="person: 0 / 1")

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "verify", wanting)
        assert run(app, "restore", path, "--yes-replace", "Belajar ASN").exit_code == 1
    with db.engine.connect() as connection:
        assert loading.tables_there(connection) == []
    done = run(app, "restore", path)
    assert done.exit_code == 0, done.output
    assert everything(app)[0]["person"] == before[0]["person"]


def test_without_a_terminal_progress_is_told_in_lines(app, tmp_path):
    for _number in range(20):
        make_person()
    db.session.commit()
    done = run(app, "backup", tmp_path / "lms.tar")
    assert "Cadangan: 100 %" in done.output


KILLED = """
import os, signal
from lms.cli import main
from lms.ops.services import restoring
restoring.verify = lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL)
main()
"""


@pytest.mark.slow
def test_a_killed_restore_is_not_served_and_can_be_run_again(request, tmp_path):
    with empty_database(request, "lms_killed_restore") as url:
        server = Server(tmp_path / "site", url)
        (tmp_path / "site").mkdir()
        server.run("init")
        path = tmp_path / "lms.tar"
        server.run("backup", str(path))
        words = ["restore", str(path), "--yes-replace", "Belajar ASN"]
        done = subprocess.run([sys.executable, "-c", KILLED, *words], env=server.environ, capture_output=True)
        assert done.returncode == -signal.SIGKILL
        for command in (["serve", "--port", str(server.port)], ["jobs", "run", "--once"]):
            refused = subprocess.run([*LMS, *command], env=server.environ, capture_output=True, text=True, timeout=300)
            assert refused.returncode == 1
            assert "lms restore" in refused.stderr
        server.run(*words)
        assert not (Path(server.environ["LMS_INSTANCE"]) / restoring.UNFINISHED).exists()
        server.start()
        server.stop()
