"""What holds, told from the events alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.journal.events import GENESIS, Entry
from lms.journal.fold import fold


def entry(
    n: int, kind: str = "answer", *, at: int | None = None, device: str = "server", wall: int | None = None, **body
):
    """An event that arrives at ``at`` (by default as many ms as its number) with ``wall`` on its device's clock."""
    at = n if at is None else at
    return Entry(device, "attempt:1", n, GENESIS, at if wall is None else wall, kind, body, "", at)


def held(folded, about: str = "a"):
    found = folded.newest.get(("answer", about))
    return found and found.body["value"]


def test_nothing_holds_of_an_empty_log():
    folded = fold([])
    assert (folded.newest, folded.closing, folded.uncounted) == ({}, None, ())


def test_the_newest_answer_about_a_thing_holds():
    assert held(fold([entry(1, about="a", value=1), entry(2, about="a", value=2)])) == 2


def test_answers_about_other_things_are_left_alone():
    folded = fold([entry(1, about="a", value=1), entry(2, about="b", value=2)])
    assert (held(folded, "a"), held(folded, "b")) == (1, 2)


def test_other_kinds_about_the_same_thing_stand_beside_it():
    folded = fold([entry(1, about="a", value=1), entry(2, "flag", about="a", is_flagged=True)])
    assert held(folded) == 1
    assert folded.newest["flag", "a"].body["is_flagged"]


def test_on_one_device_the_later_event_wins_even_when_its_clock_went_back():
    assert held(fold([entry(1, at=5000, about="a", value=1), entry(2, at=4000, about="a", value=2)])) == 2


def test_between_devices_the_later_time_wins():
    early = entry(7, at=100, device="telepon", about="a", value="telepon")
    late = entry(1, at=200, device="server", about="a", value="server")
    assert held(fold([early, late])) == "server"


def test_a_clock_that_runs_ahead_gains_nothing_beyond_its_arrival():
    ahead = entry(1, at=100, wall=10_000, device="telepon", about="a", value="telepon")
    later = entry(1, at=200, device="server", about="a", value="server")
    assert held(fold([ahead, later])) == "server"


@pytest.mark.parametrize(("arrived", "counts"), [(999, True), (1000, True), (1001, False)])
def test_what_arrives_after_the_deadline_is_kept_but_does_not_count(arrived, counts):
    one = entry(1, at=arrived, about="a", value=1)
    folded = fold([one], deadline=1000)
    assert (held(folded) == 1) is counts
    assert (one in folded.uncounted) is not counts


def test_a_late_answer_leaves_the_one_before_it_standing():
    assert held(fold([entry(1, at=10, about="a", value=1), entry(2, at=20, about="a", value=2)], deadline=15)) == 1


def test_nothing_after_handing_in_counts_even_in_the_same_millisecond():
    log = [entry(1, at=5, about="a", value=1), entry(2, "submit", at=5), entry(3, at=5, about="a", value=3)]
    folded = fold(log)
    assert held(folded) == 1
    assert [one.n for one in folded.uncounted] == [3]


def test_the_first_handing_in_closes():
    log = [entry(1, "submit", at=5), entry(2, about="a", value=2, at=6), entry(3, "submit", at=7)]
    assert fold(log).closing.n == 1
    assert held(fold(log)) is None


def test_another_devices_answer_that_arrived_before_the_handing_in_counts():
    log = [entry(1, at=4, device="telepon", about="a", value=1), entry(1, "submit", at=5)]
    assert held(fold(log)) == 1


def test_a_final_answer_cannot_be_replaced():
    log = [entry(1, about="a", value=1, is_final=True), entry(2, about="a", value=2)]
    folded = fold(log)
    assert held(folded) == 1
    assert [one.n for one in folded.uncounted] == [2]


def test_events_about_nothing_are_passed_over():
    assert fold([entry(1, "read")]).newest == {}


@st.composite
def logs(draw):
    """A few devices, each with a chain whose arrivals and clocks jump about."""
    log = []
    for device in draw(st.lists(st.sampled_from(["server", "x", "y"]), unique=True, max_size=3)):
        for n in range(1, draw(st.integers(1, 6)) + 1):
            kind = draw(st.sampled_from(["answer", "answer", "answer", "flag", "submit"]))
            body = {} if kind == "submit" else {"about": draw(st.sampled_from("ab")), "value": (device, n)}
            if kind == "answer" and draw(st.booleans()):
                body["is_final"] = True
            at, wall = draw(st.integers(0, 40)), draw(st.integers(0, 40))
            log.append(Entry(device, "s", n, GENESIS, wall, kind, body, "", at))
    return log


@given(logs(), st.randoms(use_true_random=False), st.none() | st.integers(0, 40))
def test_the_order_of_processing_makes_no_difference(log, chance, deadline):
    mixed = list(log)
    chance.shuffle(mixed)
    assert fold(mixed, deadline=deadline) == fold(log, deadline=deadline)


@given(logs(), st.none() | st.integers(0, 40))
def test_no_event_vanishes_and_none_counts_that_came_too_late(log, deadline):
    folded = fold(log, deadline=deadline)
    assert deadline is None or all(one.arrived <= deadline for one in folded.newest.values())
    assert not set(map(id, folded.newest.values())) & set(map(id, folded.uncounted))
    about = {(one.kind, one.body["about"]) for one in log if "about" in one.body}
    known = set(folded.newest) | {(one.kind, one.body["about"]) for one in folded.uncounted}
    assert about == known


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=12))
def test_one_device_folds_to_what_writing_over_and_over_would_give(steps):
    log = [entry(n, at=100 - n, about=about, value=value) for n, (about, value) in enumerate(steps, 1)]
    folded = fold(log)
    assert {about: one.body["value"] for (_, about), one in folded.newest.items()} == dict(steps)
