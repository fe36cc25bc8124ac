"""Learner status: which one wins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lms.learning.status import learner_status

TODAY = date(2026, 11, 23)


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
    assert learner_status(progress, is_withdrawn=is_withdrawn, due_on=due(days), today=TODAY, near_days=7) == expected


def test_how_near_is_near_is_the_agencys_word():
    asked = {"is_withdrawn": False, "due_on": due(3), "today": TODAY}
    assert learner_status(None, **asked, near_days=2) == "not-started"
    assert learner_status(None, **asked, near_days=3) == "near"
