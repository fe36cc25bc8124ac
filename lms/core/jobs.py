"""Work done by the clock. ``lms serve`` runs one worker beside the web processes; ``lms jobs run`` runs it alone.

A job finds its work in rows, does it, and may run twice or late without harm:
two workers at once, or one killed in the middle, lose and double nothing.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Mapping

from flask import Flask

from lms.core.db import db

log = logging.getLogger(__name__)

Jobs = Mapping[str, Callable[[], object]]


def run_once(app: Flask, jobs: Jobs) -> None:
    """Do each job once, in a transaction of its own; one that fails does not stop the others."""
    for name, work in jobs.items():
        with app.app_context():
            try:
                work()
                db.session.commit()
            except Exception:
                db.session.rollback()
                log.exception("job %s failed; it is tried again within a minute", name)


def run_for_ever(app: Flask, jobs: Jobs, *, every_seconds: float = 60, parent: int | None = None) -> None:
    """Do the jobs until told to stop (TERM or INT), or until the process ``parent`` is gone."""
    told_to_stop: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _frame: told_to_stop.append(number))  # an Event could deadlock here
    next_at = time.monotonic()
    while not told_to_stop and (parent is None or os.getppid() == parent):
        if time.monotonic() >= next_at:
            run_once(app, jobs)
            next_at = time.monotonic() + every_seconds
        time.sleep(min(every_seconds, 0.5))
