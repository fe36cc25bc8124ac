"""A learner's own times for learning, for the calendar of a phone."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from factories import NOON, item_of, make_course, make_enrolment, make_person
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from pages import html_of, text_of

from lms.core import clock
from lms.learning.services import record_read
from lms.learning.study_plan import MINUTES, StudyPlan, proposal
from lms.people.models import Person

MONDAY = date(2026, 11, 23)
NINE = datetime.combine(MONDAY, time(9))
"""On the clock of the site, without a zone."""

# The rules


def test_sessions_are_on_the_chosen_days_up_to_the_last_and_after_now():
    plan = StudyPlan((0, 3), time(19), 25, MONDAY + timedelta(days=10))
    days = [one.date() - MONDAY for one in plan.sessions(NINE)]
    assert days == [timedelta(days=number) for number in (0, 3, 7, 10)]
    assert plan.sessions(NINE.replace(hour=19))[0] == NINE + timedelta(days=3, hours=10)
    assert plan.sessions(NINE + timedelta(days=11)) == []


@pytest.mark.parametrize(
    ("minutes_left", "days_left", "proposed"),
    [
        (20, 14, ((1,), 25, True)),
        (100, 14, ((1, 3), 25, True)),
        (200, 14, ((0, 1, 3, 4), 25, True)),
        (225, 14, ((0, 2, 4), 45, True)),
        (480, 14, ((0, 1, 3, 4), 60, True)),
        (170, 7, ((0, 1, 3, 4), 45, True)),
        (250, 7, ((0, 1, 2, 3, 4, 5), 45, True)),
        (420, 7, ((0, 1, 2, 3, 4, 5, 6), 60, True)),
        (421, 7, ((0, 1, 2, 3, 4, 5, 6), 60, False)),
        (60, 1, ((0, 2, 4), 25, True)),
    ],
)
def test_what_is_proposed_is_short_and_enough(minutes_left, days_left, proposed):
    assert proposal(minutes_left, MONDAY, MONDAY + timedelta(days=days_left - 1)) == proposed


@given(st.integers(1, 5000), st.integers(1, 60))
def test_a_proposal_that_is_enough_is_enough_in_whole_weeks(minutes_left, weeks):
    last = MONDAY + timedelta(days=7 * weeks - 1)
    found = proposal(minutes_left, MONDAY, last)
    plan = StudyPlan(found.days, time(19), found.minutes, last)
    planned = len(plan.sessions(NINE)) * found.minutes
    assert (planned >= minutes_left) == found.is_enough
    assert found.minutes in MINUTES


# The pages


@pytest.fixture
def learner(session, monkeypatch):
    """Takes a course of two modules of five minutes, from 12.00 on a Monday on, for three weeks."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    course = make_course("kursus", title="Kursus", items=({"slug": "satu"}, {"slug": "dua"}))
    made = make_enrolment(make_person(), course, due_on=MONDAY + timedelta(days=20))
    session.commit()
    return made


@pytest.fixture
def own(client, learner, session):
    return client.sign_in(session.get(Person, learner.person_id))


PLAN = "/study-plan/kursus"
CHOSEN = "days=0&days=3&at=19:00&minutes=25"


def test_the_course_leads_to_a_page_that_proposes_days(own):
    assert PLAN in html_of(own.get("/courses/kursus"))
    page = own.get(PLAN)
    assert "Masih ±10 menit lagi sampai 13 Desember 2026. 1 kali seminggu selama 25 menit sudah cukup." in text_of(page)
    assert re.findall(r'<input checked[^>]* value="(\d)"', html_of(page)) == ["1"]
    assert "plan.ics" not in html_of(page)


def test_what_was_chosen_is_shown_and_can_be_put_into_the_calendar(own):
    page = own.get(f"{PLAN}?{CHOSEN}")
    assert "Senin, Kamis, pukul 19.00 6 kali sampai 13 Desember 2026, masing-masing 25 menit" in text_of(page)
    assert "plan.ics?days=0&amp;days=3&amp;at=19:00&amp;minutes=25" in html_of(page).replace("%3A", ":")


def test_a_plan_that_is_too_short_says_so(own, session, learner):
    learner.due_on = MONDAY
    session.commit()
    page = own.get(f"{PLAN}?days=1&at=19:00&minutes=15")
    assert page.status_code == 200
    assert "kurang dari 10 menit yang masih diperlukan" in text_of(page) and "plan.ics" not in html_of(page)


def test_the_file_repeats_weekly_on_the_clock_of_the_phone(own):
    answer = own.get(f"{PLAN}/plan.ics?{CHOSEN}")
    assert answer.content_type == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event.decoded("dtstart") == NINE.replace(hour=19)
    assert event.decoded("dtend") == NINE.replace(hour=19, minute=25)
    rule = event["rrule"]
    assert (rule["freq"], rule["byday"], rule["until"]) == (
        ["WEEKLY"],
        ["MO", "TH"],
        [NINE.replace(hour=19) + timedelta(days=17)],
    )
    assert event["summary"] == "Belajar: Kursus" and event["url"].endswith("/courses/kursus")
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta()


def test_another_plan_replaces_the_one_before(own, monkeypatch):
    def event(now):
        monkeypatch.setattr(clock, "now", lambda: now)
        return Calendar.from_ical(own.get(f"{PLAN}/plan.ics?{CHOSEN}").data).walk("VEVENT")[0]

    before, after = event(NOON), event(NOON + timedelta(minutes=2))
    assert before["uid"] == after["uid"] and before["sequence"] < after["sequence"]


@pytest.mark.parametrize(
    "query",
    ["at=19:00&minutes=25", "days=9&at=19:00&minutes=25", "days=0&at=late&minutes=25", "days=0&at=19:00&minutes=1"],
)
def test_what_cannot_be_is_told_at_its_field(own, query):
    page = own.get(f"{PLAN}?{query}")
    assert page.status_code == 422 and "field--error" in html_of(page)
    answer = own.get(f"{PLAN}/plan.ics?{query}")
    assert answer.status_code == 302 and answer.location == f"{PLAN}?{query}"


def test_a_plan_without_a_time_to_come_has_no_file(own, session, learner):
    learner.due_on = MONDAY
    session.commit()
    assert own.get(f"{PLAN}/plan.ics?days=1&at=19:00&minutes=15").status_code == 404


def test_without_a_deadline_or_after_it_the_plan_is_for_eight_weeks(own, session, learner):
    for due_on in (None, MONDAY - timedelta(days=1)):
        learner.due_on = due_on
        session.commit()
        assert "delapan pekan" in text_of(own.get(PLAN))


def test_nothing_is_planned_for_a_course_that_is_completed(own, session, learner):
    for slug in ("satu", "dua"):
        record_read(learner.id, item_of(learner.cohort.course, slug), now=NOON)
    session.commit()
    assert own.get(PLAN).location == "/courses/kursus"
    assert PLAN not in html_of(own.get("/courses/kursus"))


@pytest.mark.parametrize("path", [PLAN, f"{PLAN}/plan.ics?{CHOSEN}", "/study-plan/nihil"])
def test_who_does_not_take_the_course_has_no_plan(client, learner, path):
    assert client.sign_in(make_person()).get(path).status_code == 404
