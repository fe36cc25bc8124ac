"""The parts of a job: one that causes an error holds up no others, and the job is not said to be done."""

from __future__ import annotations

import logging

import pytest
from factories import make_person
from sqlalchemy.exc import OperationalError

from lms.core import clock, jobs
from lms.core.db import db
from lms.core.jobs import Job, JobLease
from lms.core.small_transactions import UNDIVIDED, Parts, SomeFailed
from lms.people.models import Person

log = logging.getLogger(__name__)


def rename(ids: list[int], bad: int) -> int:
    """Renames these people; the bad one causes an error after others were renamed."""
    for one in ids:
        db.session.get_one(Person, one).name = "Nama baru"
    db.session.flush()
    if bad in ids:
        raise ZeroDivisionError
    return len(ids)


def renamed() -> set[int]:
    db.session.expire_all()
    return {person.id for person in db.session.query(Person).filter_by(name="Nama baru")}


def test_of_a_batch_all_but_the_one_with_an_error_are_done(session, caplog):
    people = [make_person(name="Nama lama").id for _ in range(5)]
    session.commit()
    parts = Parts(log)
    assert parts.commit_batches(people, lambda ids: rename(ids, people[2]), "renaming person %s", key=int) == 4
    assert renamed() == {*people} - {people[2]}
    with pytest.raises(SomeFailed):
        parts.end()
    assert f"renaming person {people[2]} failed" in caplog.text
    assert "Nama" not in caplog.text


def test_what_a_failed_part_wrote_is_not_kept_by_the_next_one(session):
    people = [make_person(name="Nama lama").id for _ in range(3)]
    session.commit()
    parts = Parts(log)
    for one in people:
        parts.commit(lambda one=one: rename([one], people[0]), 0, "renaming person %s", one)
    assert renamed() == {*people[1:]}


def test_without_an_error_nothing_is_said(session, caplog):
    parts = Parts(log)
    assert parts.each([1, 2], str, "part %s", key=int) == ["1", "2"]
    parts.end()
    assert caplog.text == ""


def test_where_the_database_is_gone_nothing_else_is_tried(session):
    tried = []

    def gone(one: int) -> None:
        tried.append(one)
        raise OperationalError("SELECT 1", {}, Exception("the connection is lost"))

    with pytest.raises(OperationalError):
        Parts(log).each([1, 2, 3], gone, "part %s", key=int)
    with pytest.raises(OperationalError):
        Parts(log).commit_batches([1, 2, 3], lambda ids: gone(ids[0]), "part %s", key=int)
    assert tried == [1, 1]


def test_undivided_work_raises_its_error():
    with pytest.raises(ZeroDivisionError):
        UNDIVIDED.each([0], lambda one: 1 / one, "part %s", key=int)


def test_operators_see_a_job_that_does_all_but_some_even_if_it_never_was_done(app, session):
    def work() -> None:
        parts = Parts(log)
        parts.each([0, 1], lambda one: 1 / one, "part %s", key=int)
        parts.end()

    jobs.run_once(app, [Job("divide", work)])
    lease = session.get_one(JobLease, "divide")
    assert (lease.last_error, lease.is_behind(clock.now())) == ("SomeFailed", True)
