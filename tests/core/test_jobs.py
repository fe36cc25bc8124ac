"""Jobs: due when their time has come, one worker at a time, never behind unnoticed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from factories import NOON
from sqlalchemy.exc import OperationalError, ProgrammingError

from lms.core import clock, jobs
from lms.core.db import db
from lms.core.jobs import Job, JobLease


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def job(done) -> Job:
    return Job("count", lambda: done.append("done"), every_seconds=60)


def lease(name: str = "count") -> JobLease:
    db.session.expire_all()
    return db.session.get_one(JobLease, name)


def change(**values) -> None:
    for name, value in values.items():
        setattr(lease(), name, value)
        db.session.commit()


def test_a_job_leaves_a_note_of_when_it_was_done(app, job, done):
    jobs.run_once(app, [job])
    assert done == ["done"]
    assert lease().last_finished_at >= lease().last_started_at
    assert (lease().until, lease().last_error, lease().every_seconds) == (None, None, 60)


def test_a_job_is_due_when_its_interval_has_passed(app, job, done):
    for _ in range(3):
        jobs._run(app, job, only_if_due=True)
    assert len(done) == 1
    change(last_started_at=clock.now() - timedelta(seconds=60))
    jobs._run(app, job, only_if_due=True)
    assert len(done) == 2


def test_a_clock_that_was_ahead_and_was_put_right_stops_no_job(app, job, done):
    jobs.run_once(app, [job])
    ahead = clock.now() + timedelta(hours=2)
    change(last_started_at=ahead, last_finished_at=ahead, until=ahead, holder="other:1")
    assert lease().is_due(60, clock.now())
    db.session.rollback()
    assert jobs._run(app, job, only_if_due=True)
    assert len(done) == 2
    assert not lease().is_behind(clock.now())


def test_what_another_worker_is_doing_is_left_to_it_until_its_lease_is_over(app, job, done):
    jobs.run_once(app, [job])
    change(holder="other:1", until=clock.now() + timedelta(seconds=20))
    assert not jobs._run(app, job, only_if_due=False)
    assert len(done) == 1
    change(until=clock.now() - timedelta(seconds=1))
    assert jobs._run(app, job, only_if_due=False)
    assert len(done) == 2


def test_of_workers_that_begin_at_once_one_does_the_job(app, done):
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        done.append("done")
        begun.set()
        go_on.wait(5)

    slow = Job("slow", work)
    threads = [threading.Thread(target=jobs._run, args=(app, slow), kwargs={"only_if_due": True}) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(5)
    go_on.set()
    for thread in threads:
        thread.join()
    assert done == ["done"]


def test_a_job_that_fails_says_so_and_stops_no_other(app, job, done):
    def fail() -> None:
        raise ValueError("197503122000031001")

    jobs.run_once(app, [Job("fail", fail), job])
    assert done == ["done"]
    assert lease("fail").last_error == "ValueError"
    assert lease("fail").last_finished_at is None
    assert lease("fail").until is None


def test_a_long_job_keeps_its_lease(app, monkeypatch):
    monkeypatch.setattr(jobs, "RENEWED_EVERY_SECONDS", 0.02)
    seen = []

    def work() -> None:
        for _ in range(100):
            seen.append(lease("long").until)
            db.session.rollback()  # on SQLite nobody else writes while this transaction lasts
            if seen[-1] > seen[0]:
                return
            threading.Event().wait(0.02)

    jobs.run_once(app, [Job("long", work)])
    assert seen[-1] > seen[0]


@pytest.mark.parametrize(
    ("finished", "is_behind"),
    [
        (None, True),
        (NOON - timedelta(minutes=8), True),
        (NOON - timedelta(minutes=6), False),
        (NOON + timedelta(hours=2), True),
    ],
)
def test_a_job_that_should_have_been_done_long_ago_is_behind(finished, is_behind):
    row = JobLease(name="count", every_seconds=60, last_finished_at=finished)
    assert row.is_behind(NOON) is is_behind


def test_a_job_that_the_code_no_longer_has_is_forgotten(app, job):
    jobs.run_once(app, [job, Job("gone", lambda: None)])
    jobs.forget_all_but(app, [job])
    assert [row.name for row in jobs.leases()] == ["count"]


@pytest.mark.parametrize(
    ("error", "is_traced"),
    [
        (OperationalError(None, None, Exception("connection failed")), False),
        (OperationalError("SELECT 1", None, Exception("terminated"), connection_invalidated=True), False),
        (OperationalError("SELECT 1", None, Exception("deadlock")), True),
        (ProgrammingError("SELECT 1", None, Exception("no such column")), True),
        (ValueError("no"), True),
    ],
)
def test_a_database_that_was_away_is_told_in_a_line_and_a_fault_of_the_code_with_its_place(
    app, caplog, error, is_traced
):
    def fail():
        raise error

    jobs.run_once(app, [Job("count", fail, every_seconds=60)])
    [told] = caplog.records
    assert told.getMessage() == f"job count failed ({type(error).__name__}); it is tried again in 60 s"
    assert bool(told.exc_info) == is_traced
    assert lease().last_error == type(error).__name__
