from __future__ import annotations

from datetime import date

import pytest

from lms.records.years import JpTarget, Training, by_year


def training(day: date, jp: int = 4, **values) -> Training:
    defaults = {
        "title": "Kursus",
        "cohort": "",
        "begins_on": day,
        "ends_on": day,
        "kind": "teknis",
        "number": "800/1/BKPSDM/XI/2026",
        "code": "X",
    }
    return Training(completed_on=day, jp=jp, **defaults | values)


def test_training_is_listed_by_the_year_of_its_completion_newest_first():
    years = by_year([training(date(2025, 12, 31)), training(date(2026, 1, 1)), training(date(2026, 11, 2), jp=6)], 2026)
    assert [(one.year, one.jp) for one in years] == [(2026, 10), (2025, 4)]
    assert [one.jp for one in years[0].trainings] == [6, 4]


def test_this_year_is_there_without_training_too():
    assert [(one.year, one.jp) for one in by_year([training(date(2024, 5, 5))], 2026)] == [(2026, 0), (2024, 4)]


def test_what_was_revoked_is_listed_and_does_not_count():
    (year,) = by_year([training(date(2026, 1, 1)), training(date(2026, 2, 1), jp=9, is_revoked=True)], 2026)
    assert len(year.trainings) == 2
    assert year.jp == 4
    assert year.jp_by_kind == {"teknis": 4}


def test_jp_are_summed_by_kind_the_largest_first():
    rows = [training(date(2026, 1, day), jp=day, kind=kind) for day, kind in [(2, "teknis"), (9, ""), (3, "teknis")]]
    (year,) = by_year(rows, 2026)
    assert list(year.jp_by_kind.items()) == [("", 9), ("teknis", 5)]


@pytest.mark.parametrize(("jp", "left", "shown"), [(0, 20, 0), (19, 1, 19), (20, 0, 20), (31, 0, 20)])
def test_a_target_says_what_is_left_and_how_far_its_bar_is(jp, left, shown):
    target = JpTarget(20, "floor")
    assert (target.left(jp), target.shown(jp)) == (left, shown)
