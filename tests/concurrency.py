"""Several requests at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from lms.core.db import db
from lms.core.errors import Refusal


def both(app: Flask, *deeds: Callable[[], object]) -> list[str]:
    """Run ``deeds`` in parallel, each in its own transaction.

    Returns how each ended, sorted: ``done``, or the class name of the refusal.
    """
    db.session.commit()
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        with app.app_context():
            start.wait()
            try:
                deed()
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        ends = sorted(pool.map(run, deeds))
    db.session.expire_all()
    return ends


def twice(app: Flask, deed: Callable[[], object]) -> list[str]:
    """Run the same deed twice in parallel."""
    return both(app, deed, deed)
