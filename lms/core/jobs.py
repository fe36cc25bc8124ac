"""Periodic jobs. ``lms.core.scheduler`` starts those that are due, beside the web processes or alone.

A job finds its work in rows. It must be harmless to run it twice, late or only
in part: a worker may be killed at any time. Where several workers share a
database, a lease lets one of them at a time run a job. It is renewed while the job
runs, so that another worker can soon take over from one that died.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import String, delete, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock, database_errors
from lms.core.db import Model, db, insert_if_missing, reading
from lms.lib.moments import SKEW, is_future

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEWED_EVERY_SECONDS = 8
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Job:
    """The lease is stored under the name.

    A job with a new name is due at once; ``forget_all_but`` deletes the old lease.
    """

    name: str
    work: Callable[[], object]
    every_seconds: int = 60


class JobLease(Model):
    __tablename__ = "job_lease"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    every_seconds: Mapped[int]
    holder: Mapped[str | None] = mapped_column(String(120))
    """Host and process id of the worker that runs it or ran it last."""
    until: Mapped[datetime | None]
    """Null: it is not running."""
    last_started_at: Mapped[datetime | None]
    last_finished_at: Mapped[datetime | None]
    """When it last ended without an error."""
    last_error: Mapped[str | None] = mapped_column(String(80))
    """The class of the last run's error, null after a success. Details are in the log."""

    def is_due(self, every_seconds: int, now: datetime) -> bool:
        is_free = self.until is None or not now < self.until <= _latest_end(now)
        started = self.last_started_at
        return is_free and (started is None or is_future(started, now) or started <= now - _interval(every_seconds))

    def is_behind(self, now: datetime) -> bool:
        """True if it should have been done long ago, or has never been done and failed."""
        done = self.last_finished_at or (None if self.last_error else self.last_started_at)
        return done is None or is_future(done, now) or now - done > 2 * timedelta(seconds=self.every_seconds) + LATE


def _latest_end(now: datetime) -> datetime:
    """No lease ends later, unless it was taken while the clock was ahead."""
    return now + LEASE + SKEW


def _interval(every_seconds: int) -> timedelta:
    """A little shorter, so that a job due a moment after this round does not wait for the next one."""
    return timedelta(seconds=every_seconds * 0.9)


def leases() -> Sequence[JobLease]:
    return db.session.scalars(select(JobLease).order_by(JobLease.name)).all()


def run_once(app: Flask, jobs: Sequence[Job]) -> None:
    """Run each job now, whether it is due or not; waits if another worker is running it."""
    for job in jobs:
        while not _run(app, job, only_if_due=False):
            time.sleep(0.2)


def begin_due(app: Flask, jobs: Sequence[Job]) -> list[threading.Thread]:
    """Start the jobs that are due, each in a thread, so that a long one delays no other."""
    with app.app_context(), reading():
        known, now = {lease.name: lease for lease in leases()}, clock.now()
        due = [job for job in jobs if job.name not in known or known[job.name].is_due(job.every_seconds, now)]
        db.session.rollback()
    threads = [threading.Thread(target=_run_or_try_again, args=(app, job), daemon=True) for job in due]
    for thread in threads:
        thread.start()
    return threads


def forget_all_but(app: Flask, jobs: Sequence[Job]) -> None:
    """Delete the leases of jobs that the code no longer has; they would be reported as late for ever."""
    with app.app_context():
        db.session.execute(delete(JobLease).where(JobLease.name.not_in([job.name for job in jobs])))
        db.session.commit()


def _run_or_try_again(app: Flask, job: Job) -> None:
    try:
        _run(app, job, only_if_due=True)
    except Exception as error:  # the database may be away
        log.warning("job %s could not begin or end (%s); it is tried again", job.name, type(error).__name__)


def _run(app: Flask, job: Job, *, only_if_due: bool) -> bool:
    """Run ``job`` and record the result; False if another worker has it or it is not due."""
    with app.app_context():
        if not _acquire(job, only_if_due, clock.now()):
            return False
        error = None
        with _renewed(app, job):
            try:
                job.work()
                db.session.commit()
            except Exception as failure:
                db.session.rollback()
                error = type(failure).__name__
                message = "job %s failed (%s); it is tried again in %s s"
                log.error(message, job.name, error, job.every_seconds, exc_info=not database_errors.is_away(failure))
        _release(job, error, clock.now())
    return True


def _own_name() -> str:
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def _acquire(job: Job, only_if_due: bool, now: datetime) -> bool:
    """Take the lease if it is free (and, with ``only_if_due``, the job is due)."""
    insert_if_missing(JobLease, ("name",), name=job.name, every_seconds=job.every_seconds)
    is_free = or_(JobLease.until.is_(None), JobLease.until <= now, JobLease.until > _latest_end(now))
    wanted = [JobLease.name == job.name, is_free]
    if only_if_due:
        since = now - _interval(job.every_seconds)
        started = JobLease.last_started_at
        wanted.append(or_(started.is_(None), started <= since, started > now + SKEW))
    acquired = db.session.execute(
        update(JobLease)
        .where(*wanted)
        .values(every_seconds=job.every_seconds, holder=_own_name(), until=now + LEASE, last_started_at=now)
        .returning(JobLease.name)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.commit()
    return acquired is not None


def _release(job: Job, error: str | None, now: datetime) -> None:
    values: dict[str, object] = {"until": None, "last_error": error}
    if error is None:
        values["last_finished_at"] = now
    _change_own(job, values)


def _change_own(job: Job, values: dict[str, object]) -> None:
    own = update(JobLease).where(JobLease.name == job.name, JobLease.holder == _own_name())
    db.session.execute(own.values(values).execution_options(synchronize_session=False))
    db.session.commit()


@contextmanager
def _renewed(app: Flask, job: Job) -> Iterator[None]:
    """Renew the lease for as long as this block takes."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(RENEWED_EVERY_SECONDS):
            with app.app_context():
                try:
                    _change_own(job, {"until": clock.now() + LEASE})
                except OperationalError:
                    log.warning("the lease of job %s could not be renewed", job.name)

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
