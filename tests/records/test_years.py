from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lms.records.years import Credit, JpTarget, Training, YearProgress, by_year, reached_at


def training(day: date, jp: int = 4, **values) -> Training:
    defaults = {
        "title": "Kursus",
        "cohort": "",
        "begins_on": day,
        "ends_on": day,
        "kind": "teknis",
        "number": "800/1/BKPSDM/XI/2026",
        "code": "X",
        "changed_at": datetime(2026, 11, 29, tzinfo=UTC),
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


@pytest.mark.parametrize(
    ("jp", "waiting", "learning", "cells"),
    [
        (0, 0, 0, [("left", 0, 20)]),
        (6, 0, 12, [("got", 0, 6), ("learn", 6, 12), ("left", 18, 2)]),
        (6, 4, 12, [("got", 0, 6), ("wait", 6, 4), ("learn", 10, 10)]),
        (16, 12, 12, [("got", 0, 16), ("wait", 16, 4)]),
        (31, 4, 0, [("got", 0, 20)]),
    ],
)
def test_each_jp_of_the_target_is_one_cell(jp, waiting, learning, cells):
    found = YearProgress(2026, jp, JpTarget(20, "floor"), waiting=waiting, learning=learning).cells
    assert [(one.kind, one.start, one.count) for one in found] == cells
    assert sum(one.count for one in found) == 20


def test_without_a_target_there_are_no_cells():
    assert YearProgress(2026, 6, JpTarget(0, "floor"), waiting=2, learning=4).cells == []


def credits(*jp: int) -> list[Credit]:
    return [Credit(one, datetime(2026, month, 1, tzinfo=UTC)) for month, one in enumerate(jp, start=1)]


@pytest.mark.parametrize(
    ("jp", "month"), [((8, 12), 2), ((8, 8, 8), 3), ((8, 11), None), ((), None), ((20, 4), 1), ((25,), 1)]
)
def test_a_target_is_reached_with_the_certificate_that_brings_the_last_jp(jp, month):
    found = reached_at(JpTarget(20, "floor"), reversed(credits(*jp)))
    assert (found.month if found else None) == month


@pytest.mark.parametrize("target", [JpTarget(20, "ceiling"), JpTarget(0, "floor")])
def test_a_ceiling_is_not_reached_nor_is_no_target(target):
    assert reached_at(target, credits(20, 20)) is None
    assert not target.is_reached(40)


@pytest.mark.parametrize(
    ("jp", "waiting", "is_reached"), [(8, 12, True), (8, 11, False), (20, 4, False), (0, 0, False)]
)
def test_what_waits_reaches_the_target(jp, waiting, is_reached):
    own = YearProgress(2026, jp, JpTarget(20, "floor"), waiting=waiting)
    assert own.is_reached_by_waiting is is_reached
