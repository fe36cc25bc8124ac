"""Several requests at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from lms.core.db import db
from lms.core.errors import Refusal


def run_concurrently(app: Flask, *actions: Callable[[], object]) -> list[str]:
    """Run ``actions`` in parallel, each in its own transaction.

    Returns how each ended, sorted: ``done``, or the class name of the refusal.
    """
    db.session.commit()
    start = Barrier(len(actions))

    def run(action: Callable[[], object]) -> str:
        with app.app_context():
            start.wait()
            try:
                action()
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(actions)) as pool:
        ends = sorted(pool.map(run, actions))
    db.session.expire_all()
    return ends


def run_twice(app: Flask, action: Callable[[], object]) -> list[str]:
    """Run the same action twice in parallel."""
    return run_concurrently(app, action, action)
