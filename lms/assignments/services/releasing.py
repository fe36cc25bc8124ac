"""Marks that are told together: held when they are given, until somebody who teaches the course releases them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lms.assignments import queries
from lms.assignments.models import Submission
from lms.assignments.services import grading
from lms.core import ledger
from lms.core.db import db


def release_marks(submission_ids: Collection[int], *, actor_id: int, now: datetime) -> int:
    """Tell the learners of these submissions the marks that are held; returns how many submissions had one.

    A mark counts from now on. Released twice, it is told once.
    """
    released = 0
    for submission_id in sorted(submission_ids):
        queries.lock(submission_id)
        held = [one for one in queries.markings(submission_id) if one.is_held]
        if not held:
            continue
        submission = db.session.get_one(Submission, submission_id)
        in_force = queries.assignment_in_force(submission)
        for marking in held:
            marking.is_held, marking.released_at = False, now
            db.session.flush()
            grading.tell_marking(submission, marking, in_force, now=now)
        ledger.record(actor_id, "release mark", queries.work_name(submission), now=now, number=held[-1].number)
        released += 1
    return released
