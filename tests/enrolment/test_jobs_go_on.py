"""Jobs over many cohorts and people: one that causes an error keeps no other from its result."""

from __future__ import annotations

import pytest
from factories import NOON, item_of, make_cohort, make_course, make_enrolment, make_person

from lms.content import stored
from lms.content.when import When
from lms.core.small_transactions import SomeFailed
from lms.courses.models import CourseRevision
from lms.courses.queries import contents
from lms.enrolment import jobs, queries, services
from lms.enrolment.models import Enrolment
from lms.enrolment.services import cohorts, places

BY = {"actor_id": None, "now": NOON}


def test_a_cohort_whose_deadlines_cannot_be_renewed_holds_up_no_other(session, monkeypatch):
    courses = [make_course() for _ in range(3)]
    for course in courses:
        make_enrolment(course=course)
        item_of(course, "modul-satu").closes = stored.dump_when(When("start", days=10))
    session.commit()
    contents.cache_clear()
    (bad, _revision), *_others = queries.cohorts_to_renew()
    last_days = queries.last_days

    def failing(cohort, enrolments, zone):
        if cohort.id == bad:
            raise ZeroDivisionError
        return last_days(cohort, enrolments, zone)

    monkeypatch.setattr(cohorts.queries, "last_days", failing)
    with pytest.raises(SomeFailed):
        jobs.renew_deadlines()
    session.expire_all()
    assert {row.cohort_id == bad: row.due_on is None for row in session.query(Enrolment)} == {True: True, False: False}
    assert [cohort_id for cohort_id, _revision in queries.cohorts_to_renew()] == [bad]


def test_one_who_cannot_be_admitted_holds_up_neither_the_cohort_nor_others(session, monkeypatch):
    one, other = make_cohort(), make_cohort()
    nips = [f"19860926201505100{number}" for number in range(1, 5)]
    services.put_on_list(nips[:3], one, **BY)
    services.put_on_list(nips[3:], other, **BY)
    people = [make_person(nip=nip).id for nip in nips]
    session.commit()
    take_places = places.take_places

    def failing(person_ids, *args, **values):
        if people[1] in person_ids:
            raise ZeroDivisionError
        take_places(person_ids, *args, **values)

    monkeypatch.setattr(places, "take_places", failing)
    with pytest.raises(SomeFailed):
        jobs.admit_registered()
    assert queries.people_inside(one.id) == {people[0], people[2]}
    assert queries.people_inside(other.id) == {people[3]}
    monkeypatch.setattr(places, "take_places", take_places)
    assert jobs.admit_registered() == 1
    assert queries.people_inside(one.id) == {*people[:3]}


def test_a_course_whose_words_cannot_be_read_holds_up_no_other(session, monkeypatch):
    make_course(description_html="<p>rusak</p>")
    good = make_course(description_html="<p>loket</p>")
    session.commit()
    first, *_others = jobs.searched_texts.wanting()
    renew = jobs.searched_texts.renew_searched_text

    def failing(revision_id):
        if revision_id == first:
            raise ZeroDivisionError
        renew(revision_id)

    monkeypatch.setattr(jobs.searched_texts, "renew_searched_text", failing)
    with pytest.raises(SomeFailed):
        jobs.renew_searched()
    assert jobs.searched_texts.wanting() == [first]
    session.expire_all()
    assert "loket" in session.query(CourseRevision).filter_by(course_id=good.id).one().search_text
