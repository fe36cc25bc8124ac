"""The states of boards: that the database says the same as the rule, and what filters mean."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from factories import NOON, make_course, make_enrolment, make_person
from sqlalchemy import select

from lms.enrolment.models import Enrolment
from lms.learning.models import EnrolmentState
from lms.learning.status import TAGS, learner_status
from lms.reports.forms import WORDS
from lms.reports.queries import state_of
from lms.reports.states import FILTERS, REMINDABLE, STATES, matching_states

TODAY = date(2026, 11, 23)
DAYS = (None, -400, -1, 0, 1, 6, 7, 8, 400)
PROGRESS = (None, "in-progress", "waiting", "failed", "finished")


def due(days: int | None) -> date | None:
    return None if days is None else TODAY + timedelta(days=days)


def test_every_state_is_known_and_only_the_open_ones_are_reminded_of():
    assert set(TAGS) <= set(STATES)
    assert set(WORDS) == set(FILTERS)
    assert set(REMINDABLE) == {"not-started", "in-progress", "near", "overdue"}


@pytest.mark.parametrize("near_days", [0, 7])
def test_the_database_says_the_same_on_every_combination(session, near_days):
    course, expected = make_course(), {}
    for progress, is_withdrawn, days in product(PROGRESS, (False, True), DAYS):
        withdrawn_at = NOON if is_withdrawn else None
        enrolment = make_enrolment(make_person(), course, due_on=due(days), withdrawn_at=withdrawn_at)
        if progress:
            session.add(EnrolmentState(enrolment_id=enrolment.id, state=progress, done=1, needed=2, touched_at=NOON))
        told = {"is_withdrawn": is_withdrawn, "due_on": due(days), "today": TODAY, "near_days": near_days}
        expected[enrolment.id] = learner_status(progress, **told)
    session.flush()
    rows = session.execute(
        select(Enrolment.id, state_of(TODAY, near_days)).outerjoin(
            EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id
        )
    )
    assert dict(rows.all()) == expected
    assert len(expected) == len(PROGRESS) * 2 * len(DAYS)


def test_a_filter_means_its_own_state_and_unfinished_all_who_take_a_course_without_an_end():
    assert [matching_states(one) for one in STATES] == [(one,) for one in STATES]
    assert set(STATES) - set(matching_states("unfinished")) == {"not-enrolled", "finished", "withdrawn"}
