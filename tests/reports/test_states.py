"""The vocabulary of states: the rule, and that the database says the same."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from factories import NOON, make_course, make_enrolment, make_person
from sqlalchemy import select

from lms.enrolment.models import Enrolment
from lms.learning.models import EnrolmentState
from lms.reports.queries import state_of
from lms.reports.states import REMINDABLE, SIGNS, STATES, meant, state

TODAY = date(2026, 11, 23)
DAYS = (None, -400, -1, 0, 1, 6, 7, 8, 400)
PROGRESS = (None, "in-progress", "waiting", "failed", "finished")


def due(days: int | None) -> date | None:
    return None if days is None else TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("progress", "is_withdrawn", "days", "expected"),
    [
        (None, False, None, "not-started"),
        (None, False, 8, "not-started"),
        (None, False, 7, "near"),
        (None, False, 0, "near"),
        (None, False, -1, "overdue"),
        (None, True, -1, "withdrawn"),
        ("in-progress", False, None, "in-progress"),
        ("in-progress", False, 8, "in-progress"),
        ("in-progress", False, 7, "near"),
        ("in-progress", False, -1, "overdue"),
        ("in-progress", True, 8, "withdrawn"),
        ("waiting", False, 8, "waiting"),
        ("waiting", False, 0, "waiting"),
        ("waiting", False, -1, "waiting"),
        ("waiting", True, -1, "withdrawn"),
        ("failed", False, None, "failed"),
        ("failed", False, -1, "failed"),
        ("failed", False, 3, "failed"),
        ("failed", True, 3, "withdrawn"),
        ("finished", False, -1, "finished"),
        ("finished", False, 3, "finished"),
        ("finished", True, None, "withdrawn"),
    ],
)
def test_the_state_further_up_wins(progress, is_withdrawn, days, expected):
    assert state(progress, is_withdrawn=is_withdrawn, due_on=due(days), today=TODAY, near_days=7) == expected


def test_how_near_is_near_is_the_agencys_word():
    asked = {"is_withdrawn": False, "due_on": due(3), "today": TODAY}
    assert state(None, **asked, near_days=2) == "not-started"
    assert state(None, **asked, near_days=3) == "near"


def test_every_state_is_known_and_only_the_open_ones_are_reminded_of():
    assert set(SIGNS) <= set(STATES)
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
        expected[enrolment.id] = state(progress, **told)
    session.flush()
    rows = session.execute(
        select(Enrolment.id, state_of(TODAY, near_days)).outerjoin(
            EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id
        )
    )
    assert dict(rows.all()) == expected
    assert len(expected) == len(PROGRESS) * 2 * len(DAYS)


def test_a_filter_means_its_own_state_and_unfinished_all_who_take_a_course_without_an_end():
    assert [meant(one) for one in STATES] == [(one,) for one in STATES]
    assert set(STATES) - set(meant("unfinished")) == {"not-enrolled", "finished", "withdrawn"}
