"""The cohorts of an instructor on the page they begin with: what runs, what comes, and who is late in it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from factories import grant, make_cohort, make_course, make_enrolment, make_person
from world import days, today

from lms.core import clock
from lms.home.queries.teaching import cohorts_now
from lms.learning.models import EnrolmentState

NEAR = 7


def test_what_ends_first_stands_first_and_what_is_over_or_without_dates_is_left_out(session):
    course = make_course(title="Kursus")
    make_cohort(course, name="Lewat", starts_on=days(-30), ends_on=days(-1))
    make_cohort(course, name="Nanti", starts_on=days(1), ends_on=days(3))
    make_cohort(course, name="Lama", starts_on=days(-30), ends_on=days(20))
    make_cohort(course, name="Hari ini", starts_on=days(-3), ends_on=days(0))
    make_cohort(course, name="Tanpa akhir", starts_on=days(-3), ends_on=None)
    make_enrolment(course=course)  # in the cohort without dates
    make_cohort(make_course(), name="Kursus lain", starts_on=days(0), ends_on=days(5))
    found = cohorts_now([course.id], today(), NEAR)
    assert [one.cohort.name for one in found] == ["Hari ini", "Lama", "Tanpa akhir", "Nanti"]
    assert [one.has_begun(today()) for one in found] == [True, True, True, False]
    assert cohorts_now([], today(), NEAR) == []


def test_participants_are_counted_by_state_as_on_the_boards(session):
    course = make_course()
    cohort = make_cohort(course, starts_on=days(-3), ends_on=days(20))
    due = {"late": days(-1), "last day": days(0), "near": days(NEAR), "later": days(NEAR + 1), "done": days(-1)}
    made = {name: make_enrolment(make_person(), course, cohort=cohort, due_on=day) for name, day in due.items()}
    make_enrolment(make_person(), course, cohort=cohort, withdrawn_at=clock.now())
    finished = {"enrolment_id": made["done"].id, "state": "finished", "done": 1, "needed": 1}
    session.add(EnrolmentState(**finished, touched_at=clock.now()))
    session.flush()
    (found,) = cohorts_now([course.id], today(), NEAR)
    assert found.states == {"overdue": 1, "near": 2, "not-started": 1, "finished": 1}
    assert found.participants == 5


def test_the_page_leads_to_those_who_may_need_help_and_to_an_announcement(client, session):
    course, other = make_course("punya-saya", title="Punya saya"), make_course("punya-lain", title="Punya lain")
    cohort = make_cohort(course, name="Angkatan Satu", starts_on=days(-3), ends_on=days(20))
    make_cohort(other, name="Angkatan Asing", starts_on=days(-3), ends_on=days(20))
    make_enrolment(make_person(), course, cohort=cohort, due_on=today() - timedelta(days=1))
    grant(teacher := make_person(), "instructor", course=course)
    client.sign_in(teacher)
    page = client.text("/teach")
    assert "1 lewat tenggat" in page
    assert "Angkatan Asing" not in page
    links = set(map(html.unescape, re.findall(r'href="([^"]+)"', page)))
    wanted = {
        f"/teach/courses/punya-saya?cohort={cohort.id}",
        f"/teach/courses/punya-saya/gradebook?cohort={cohort.id}&show=help",
    }
    assert wanted <= links
    announcing = next(one for one in links if "announcements" in one)
    for link in (*wanted, announcing):
        assert client.get(link).status_code == 200, link


def test_without_cohorts_there_is_no_list_of_them(client, session):
    course = make_course()
    grant(teacher := make_person(), "instructor", course=course)
    assert "Angkatan saya sekarang" not in client.sign_in(teacher).text("/teach")
