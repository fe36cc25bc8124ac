"""Deadlines, and courses that cannot be completed any more, as learners see them."""

from __future__ import annotations

from datetime import date

import pytest
from factories import item_of, make_cohort, make_course, make_enrolment, make_person, record_result
from world import days

from lms.core import clock
from lms.core.i18n import say_date
from lms.enrolment import services as enrolment
from lms.enrolment.models import Cohort, Enrolment
from lms.learning import services
from lms.learning.queries.enrolments import course_states
from lms.learning.status import CourseDeadline, course_deadline

PATH = "/courses/kecil"
QUIZ = {"type": "quiz", "content": {}}
ITEMS = (
    {"slug": "satu", "title": "Modul satu"},
    {"slug": "kuis", "title": "Kuis dasar", **QUIZ},
    {"slug": "dua", "title": "Modul dua"},
)
BUTTON = 'class="button" href="/courses/kecil/'
HELP = f'href="/help/contact?from={PATH}"'


@pytest.mark.parametrize(
    ("due_on", "has_work_left", "expected"),
    [
        (None, True, None),
        (date(2026, 12, 9), True, CourseDeadline(date(2026, 12, 9), 8, "")),
        (date(2026, 12, 8), True, CourseDeadline(date(2026, 12, 8), 7, "wait")),
        (date(2026, 12, 1), True, CourseDeadline(date(2026, 12, 1), 0, "wait")),
        (date(2026, 11, 30), True, CourseDeadline(date(2026, 11, 30), -1, "fail")),
        (date(2026, 12, 1), False, CourseDeadline(date(2026, 12, 1), 0, "")),
        (date(2026, 11, 30), False, CourseDeadline(date(2026, 11, 30), -1, "")),
    ],
)
def test_a_last_day_warns_from_the_rules_days_on_and_only_where_something_is_left(due_on, has_work_left, expected):
    assert course_deadline(due_on, date(2026, 12, 1), 7, has_work_left=has_work_left) == expected


@pytest.fixture
def learner(session, client):
    client.sign_in(person := make_person())
    client.person = person
    return client


def head_of(client):
    """What stands above the contents of the course."""
    page = client.text(PATH)
    return page[page.index("<h1>") : page.index('<ul class="items">')]


def take(learner, *, items=ITEMS, due_in: int | None = None, ends_in: int | None = None, **values) -> Enrolment:
    """In the run without dates, or in one that ends so many days from today."""
    course = make_course("kecil", items, **values)
    cohort = make_cohort(course, starts_on=days(-60), ends_on=days(ends_in)) if ends_in is not None else None
    due_on = days(due_in if due_in is not None else ends_in) if (due_in, ends_in) != (None, None) else None
    return make_enrolment(learner.person, course, cohort=cohort, due_on=due_on)


def last_attempt(found: Enrolment, score: int, slug: str = "kuis", *, is_passed: bool) -> None:
    item, now = item_of(found.cohort.course, slug), clock.now()
    record_result(found, item, score, source=f"attempt:{slug}", is_passed=is_passed, is_final=True, now=now)


def fail_for_good(found: Enrolment, slug: str = "kuis") -> None:
    last_attempt(found, 30, slug, is_passed=False)


def open_run(found: Enrolment) -> Cohort:
    return make_cohort(found.cohort.course, starts_on=days(5), ends_on=days(30), is_open=True)


# -- no tries left ------------------------------------------------------------------------------------------------


def test_who_failed_for_good_is_told_what_and_is_not_sent_back_there(learner):
    fail_for_good(take(learner))
    head = head_of(learner)
    assert "note--fail" in head
    assert "Kuis dasar" in head
    assert HELP in head
    assert f'href="{PATH}/kuis"' in head, "where a further attempt can be asked for"
    assert BUTTON not in head
    assert "item--now" not in learner.text(PATH)
    assert "10 materi" not in learner.text(PATH)


def test_a_mark_given_anew_opens_the_way_again(learner):
    fail_for_good(found := take(learner))
    record_result(found, item_of(found.cohort.course, "kuis"), 80, source="attempt:kuis", now=clock.now())
    head = head_of(learner)
    assert "note--fail" not in head
    assert BUTTON in head


def test_failing_once_is_not_failing_for_good(learner):
    found = take(learner)
    record_result(found, item_of(found.cohort.course, "kuis"), 30, is_passed=False, now=clock.now())
    assert f'{BUTTON}kuis"' in head_of(learner)


@pytest.mark.parametrize(
    ("items", "rule"),
    [
        ((ITEMS[0], ITEMS[1] | {"is_required": False}, ITEMS[2]), "required"),
        (ITEMS, 60),
    ],
)
def test_what_the_course_does_not_need_stops_nobody_and_one_is_led_past_it(learner, items, rule):
    rules = {"items": rule, "score": 20, "attendance": None}
    found = take(learner, items=items, completion=rules)
    services.record_read(found.id, item_of(found.cohort.course, "satu"), now=clock.now())
    fail_for_good(found)
    head = head_of(learner)
    assert "note--fail" not in head
    assert f'{BUTTON}dua"' in head


def test_a_course_that_only_waits_for_grading_says_so_and_offers_nothing_optional(learner):
    rules = {"items": "required", "score": 20, "attendance": None}
    items = ({**ITEMS[0], "is_required": False}, ITEMS[1])
    found = take(learner, items=items, completion=rules)
    services.record_waiting(found.id, item_of(found.cohort.course, "kuis"), now=clock.now())
    head = head_of(learner)
    assert "Tugas Anda sedang dinilai" in head
    assert BUTTON not in head


def test_what_the_course_does_not_need_may_still_cost_the_score_it_asks_for(learner):
    items = (ITEMS[0], ITEMS[1] | {"is_required": False}, ITEMS[2])
    rules = {"items": "required", "score": 70, "attendance": None}
    fail_for_good(take(learner, items=items, completion=rules))
    head = head_of(learner)
    assert "note--fail" in head
    assert "Kuis dasar" in head
    assert BUTTON not in head


def test_passed_with_too_little_for_the_course_is_said_once_no_tries_are_left(learner):
    """Not: repeat the quiz."""
    found = take(learner, completion={"items": "all", "score": 80, "attendance": None})
    last_attempt(found, 75, is_passed=True)
    head = head_of(learner)
    assert "Nilai akhir tidak dapat lagi mencapai 80" in head
    assert "note--fail" in head
    assert BUTTON not in head
    assert course_states([found.id]) == {found.id: "failed"}
    assert "Nilai akhir tidak dapat lagi mencapai 80" in learner.text("/")


def test_passed_with_enough_for_the_course_goes_on(learner):
    last_attempt(take(learner, completion={"items": "all", "score": 75, "attendance": None}), 75, is_passed=True)
    head = head_of(learner)
    assert "note--fail" not in head
    assert BUTTON in head


def test_who_failed_in_a_run_that_goes_on_reads_which_others_are_open(learner):
    fail_for_good(found := take(learner, ends_in=20))
    assert "/withdraw" not in head_of(learner)
    name = open_run(found).name
    head = head_of(learner)
    assert name in head
    assert f'href="{PATH}/withdraw"' in head
    assert f'action="{PATH}/enrol"' not in head, "while the old place is held, nobody takes a second"


def test_who_failed_in_a_run_that_is_over_comes_into_another_at_once(learner):
    fail_for_good(found := take(learner, ends_in=-5))
    assert f'action="{PATH}/enrol"' not in head_of(learner)
    open_run(found)
    head = head_of(learner)
    assert 'id="again"' in head
    assert f'action="{PATH}/enrol"' in head


# -- the run is over ----------------------------------------------------------------------------------------------


def test_whose_run_is_over_is_told_and_not_told_to_go_on(learner):
    take(learner, ends_in=-5)
    head = head_of(learner)
    assert say_date(days(-5)) in head
    assert 'id="over"' in head
    assert HELP in head
    assert BUTTON not in head
    assert f'href="{PATH}/satu"' in learner.text(PATH), "what is open stays open"


def test_what_is_finished_after_the_end_still_counts_as_the_page_says(learner):
    found = take(learner, ends_in=-5, items=ITEMS[:1])
    learner.post_form(f"{PATH}/satu")
    assert services.queries.completion_of(found.id)
    assert 'id="over"' not in head_of(learner)


def test_an_extension_keeps_a_run_that_is_over_going(learner):
    take(learner, ends_in=-5, due_in=3)
    head = head_of(learner)
    assert 'id="over"' not in head
    assert BUTTON in head


def test_whose_work_lies_with_the_grader_is_not_told_to_begin_anew(learner):
    found = take(learner, ends_in=-5, items=({"slug": "tugas", "type": "quiz", "content": {}},))
    services.record_waiting(found.id, item_of(found.cohort.course, "tugas"), now=clock.now())
    head = head_of(learner)
    assert 'id="over"' not in head
    assert "tag--fail" not in head


def test_nobody_is_offered_to_begin_anew_where_they_are(learner):
    """Pressing it would change nothing: one is in that run already."""
    take(learner, due_in=-2)
    assert 'id="again"' not in learner.text(PATH)


# -- the last day -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_left", "words", "sign"),
    [
        (30, "30 hari lagi", None),
        (2, "2 hari lagi", "wait"),
        (1, "besok", "wait"),
        (0, "hari ini", "wait"),
        (-2, "lewat 2 hari", "fail"),
    ],
)
def test_the_own_deadline_stands_at_the_head(learner, days_left, words, sign):
    take(learner, due_in=days_left)
    head = head_of(learner)
    assert f"{say_date(days(days_left))} ({words})" in head
    assert [kind for kind in ("wait", "fail") if f"tag--{kind}" in head] == ([sign] if sign else [])
    assert BUTTON in head


def test_an_extension_is_the_own_deadline(learner):
    found = take(learner, ends_in=3)
    enrolment.extend([found], days(9), "Sakit", actor_id=None, now=clock.now())
    head = head_of(learner)
    assert f"{say_date(days(9))} (9 hari lagi)" in head
    assert "Sakit" in head


def test_an_extension_that_is_over_promises_no_time(learner):
    found = take(learner, ends_in=3)
    enrolment.extend([found], days(9), "Sakit", actor_id=None, now=clock.now())
    found.due_on = found.extended_until = days(-1)
    found.cohort.ends_on = days(-4)
    assert 'id="extension"' not in head_of(learner)


def test_without_an_end_nothing_is_said_of_one(learner):
    take(learner)
    assert "Tenggat Anda" not in learner.text(PATH)


def test_who_is_done_has_no_deadline(learner):
    take(learner, due_in=2, items=ITEMS[:1])
    learner.post_form(f"{PATH}/satu")
    assert "Tenggat Anda" not in learner.text(PATH)
