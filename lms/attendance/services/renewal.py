"""Renew what attendance means when the course asks for more or fewer meetings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lms.attendance import queries
from lms.attendance.meetings import attended
from lms.content.items.live_session import LiveSession
from lms.courses import queries as courses
from lms.learning.results import EnrolmentRules, ItemOutcome


def renew(rules: Mapping[int, EnrolmentRules], _now: datetime) -> dict[tuple[int, int], ItemOutcome]:
    """The outcomes by enrolment and item. Nothing of attendance itself depends on a rule."""
    outcomes = {}
    for (enrolment_id, item_id), marks in queries.marks_of_enrolments(list(rules)).items():
        item = rules[enrolment_id].contents.item(item_id)
        session = courses.item_content(item.item_revision_id) if item else None
        if not isinstance(session, LiveSession):
            continue
        found = attended(session, {number: one.status for number, one in marks.items()})
        outcomes[enrolment_id, item_id] = ItemOutcome(
            score=None, is_passed=found.is_enough, is_final=False, unfinished="started"
        )
    return outcomes
