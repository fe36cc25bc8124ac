from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from lms.people.terms import overlap, overlapping, term_state


@dataclass(frozen=True)
class Term:
    starts_on: date | None = None
    ends_on: date | None = None


def term(first: int | None = None, last: int | None = None) -> Term:
    return Term(*(date(2026, 11, day) if day else None for day in (first, last)))


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (term(), "present"),
        (term(23), "present"),
        (term(None, 23), "present"),
        (term(23, 23), "present"),
        (term(24), "future"),
        (term(None, 22), "past"),
        (term(1, 22), "past"),
    ],
)
def test_both_days_of_a_term_count(one, found):
    assert term_state(one, date(2026, 11, 23)) == found


@pytest.mark.parametrize(
    ("one", "other", "do"),
    [
        (term(), term(), True),
        (term(1, 10), term(10, 20), True),
        (term(1, 9), term(10, 20), False),
        (term(None, 9), term(10), False),
        (term(10), term(None, 10), True),
    ],
)
def test_terms_that_share_a_day_overlap(one, other, do):
    assert overlap(one, other) is overlap(other, one) is do


def test_each_pair_that_overlaps_is_named():
    first, second, third = term(1, 10), term(10, 20), term(11)
    assert overlapping([first, second, third]) == [(first, second), (second, third)]
