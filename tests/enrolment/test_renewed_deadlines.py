"""After a course was published, those who take it at their own pace get their deadlines anew, some at a time."""

from __future__ import annotations

import pytest
from factories import NOON, item_of, make_course, make_enrolment

from bench.write_holds import record_holds
from lms.content import stored
from lms.content.when import When
from lms.core.db import db
from lms.courses.queries import contents
from lms.enrolment import jobs, queries, services
from lms.enrolment.models import Enrolment
from lms.enrolment.services import cohorts


@pytest.fixture
def course(session, monkeypatch):
    """Seven people take it; three at once are renewed. Its module closes ten days after the enrolment."""
    monkeypatch.setattr(cohorts, "AT_ONCE", 3)
    course = make_course()
    for _ in range(7):
        make_enrolment(course=course)
    item_of(course, "modul-satu").closes = stored.dump_when(When("start", days=10))
    session.commit()
    contents.cache_clear()
    return course


def days(session) -> set[int | None]:
    session.expire_all()
    return {row.due_on and (row.due_on - NOON.date()).days for row in session.query(Enrolment)}


def test_where_many_take_the_course_the_job_renews_them_in_small_transactions(session, course):
    services.course_was_published(course.id)
    session.commit()
    assert days(session) == {None}
    session.commit()
    with record_holds(db.engine) as holds:
        jobs.renew_deadlines()
    assert days(session) == {10}
    assert [hold.rows for hold in holds] == [3, 3, 2]  # the last one, and the cohort's mark
    assert queries.cohorts_to_renew() == []


def test_a_job_that_was_killed_begins_anew(session, course):
    [(cohort_id, revision_id)] = queries.cohorts_to_renew()
    services.renew_deadlines(cohort_id, revision_id, after=0)
    session.commit()
    assert days(session) == {10, None}
    assert queries.cohorts_to_renew() == [(cohort_id, revision_id)]
    session.commit()
    jobs.renew_deadlines()
    assert days(session) == {10}


def test_where_few_take_the_course_it_is_done_at_once(session, course, monkeypatch):
    monkeypatch.setattr(cohorts, "AT_ONCE", 7)
    services.course_was_published(course.id)
    assert days(session) == {10}


def test_an_extension_stays(session, course):
    row = session.query(Enrolment).first()
    row.extended_until = row.due_on = NOON.date().replace(year=2027)
    session.commit()
    jobs.renew_deadlines()
    assert days(session) == {10, 365}
