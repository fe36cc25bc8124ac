"""Cohorts: created, changed, listed by state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, make_cohort, make_course, make_item, make_person

from lms.core.ledger import LedgerEntry
from lms.courses import services as courses
from lms.courses.models import CourseRevision, RevisionSection
from lms.enrolment import queries, services
from lms.enrolment.cohort_dates import cohort_name
from lms.enrolment.queries import CohortSummary
from lms.enrolment.settings import CohortSettings

BY = {"actor_id": None, "now": NOON}
TODAY = NOON.date()
NEXT = CohortSettings("Angkatan I Tahun 2026", TODAY + timedelta(days=7), TODAY + timedelta(days=30), "list")


def changed(cohort, **values) -> CohortSettings:
    now = {"name": cohort.name, "starts_on": cohort.starts_on, "ends_on": cohort.ends_on, "way": "list"}
    return CohortSettings(**(now | {"quota": cohort.quota} | values))


def test_numbers_begin_anew_each_year(session):
    course = make_course()
    one = services.create_cohort(course, NEXT, **BY)
    second = CohortSettings("Angkatan II Tahun 2026", NEXT.starts_on, NEXT.ends_on, "open", quota=40)
    two = services.create_cohort(course, second, **BY)
    later = NEXT.starts_on.replace(year=2027)
    third = services.create_cohort(course, CohortSettings(cohort_name(1, 2027), later, later, "approval"), **BY)
    assert [one.number, two.number, third.number] == [1, 2, 1]
    assert [(c.is_open, c.needs_approval) for c in (one, two, third)] == [(False, False), (True, False), (True, True)]


def test_a_second_press_makes_no_second_run(session):
    course = make_course()
    services.create_cohort(course, NEXT, **BY)
    with pytest.raises(services.NameTaken):
        services.create_cohort(course, NEXT, **BY)
    assert len(queries.cohorts_of_course(course.id)) == 1


def test_a_name_is_free_in_another_course(session):
    made = [services.create_cohort(make_course(), NEXT, **BY) for _ in range(2)]
    assert [one.name for one in made] == [NEXT.name] * 2


def test_other_dates_move_everybodys_last_day_but_no_extension(session):
    cohort = make_cohort(starts_on=TODAY - timedelta(days=3))
    plain, extended, far = (services.enrol(make_person(), cohort, **BY) for _ in range(3))
    services.extend([extended], cohort.ends_on + timedelta(days=2), "Sakit", **BY)
    services.extend([far], cohort.ends_on + timedelta(days=90), "Cuti", **BY)
    new_end = cohort.ends_on + timedelta(days=20)
    services.change_cohort(cohort, changed(cohort, ends_on=new_end), **BY)
    for row in (plain, extended, far):
        session.refresh(row)
    assert [row.due_on for row in (plain, extended, far)] == [new_end, new_end, far.extended_until]
    told = session.query(LedgerEntry).filter_by(verb="change cohort").one().facts
    assert new_end.isoformat() in told
    services.change_cohort(cohort, changed(cohort, ends_on=new_end), **BY)
    assert session.query(LedgerEntry).filter_by(verb="change cohort").count() == 1, "the same again is no change"


def test_fewer_places_than_people_are_refused_and_more_let_people_up(session):
    cohort = make_cohort(quota=2)
    people = [make_person() for _ in range(4)]
    services.enrol_people(people, cohort, **BY)
    with pytest.raises(services.QuotaTooSmall) as refusal:
        services.change_cohort(cohort, changed(cohort, quota=1), **BY)
    assert "2" in refusal.value.text
    services.change_cohort(cohort, changed(cohort, quota=3), **BY)
    assert queries.people_inside(cohort.id) == {person.id for person in people[:3]}
    services.change_cohort(cohort, changed(cohort, quota=None), **BY)
    assert len(queries.people_inside(cohort.id)) == 4


def test_a_cohort_does_not_take_anothers_name(session):
    one = make_cohort(name="Angkatan I")
    two = make_cohort(one.course, name="Angkatan II")
    for name in ("angkatan i", "Ángkatan\u00a0I", "ANGKA\u00adTAN I"):
        with pytest.raises(services.NameTaken):
            services.change_cohort(two, changed(two, name=name), **BY)
    services.change_cohort(two, changed(two, name="ANGKATAN II"), **BY)  # its own


def test_the_database_and_the_rule_agree_how_far_each_run_is(session):
    course, days = make_course(), [-9, -1, 0, 1, 9]
    for first in days:
        for last in [day for day in days if day >= first]:
            for is_open in (True, False):
                for until in (None, -1, 0, 1):
                    make_cohort(
                        course,
                        starts_on=TODAY + timedelta(days=first),
                        ends_on=TODAY + timedelta(days=last),
                        is_open=is_open,
                        enrols_until=None if until is None else TODAY + timedelta(days=until),
                    )
    make_cohort(course, starts_on=None, ends_on=None, is_open=True)
    by_rule = {summary.cohort.id: summary.state(TODAY) for summary in queries.cohorts_of_course(course.id)}
    found = {}
    for state in ("planned", "enrolling", "running", "over"):
        rows = session.execute(queries.cohort_summaries(TODAY, state=state, is_whole_site=True))
        found |= {CohortSummary(*row).cohort.id: state for row in rows}
    assert found == by_rule
    joinable = {summary.cohort.id for summary in queries.cohorts_to_join(course.id, TODAY)}
    assert not joinable & {one for one, state in by_rule.items() if state == "over"}
    assert {one for one, state in by_rule.items() if state == "enrolling"} <= joinable


def closing(days: int) -> dict:
    return {"slug": "tugas", "closes": {"base": "start", "days": days, "at": None, "moment": None}}


def test_a_course_published_anew_moves_the_last_days_of_those_without_dates(session):
    course = make_course("tenggat", (closing(7),))
    services.set_open(course, True, **BY)
    dated = make_cohort(course, starts_on=TODAY - timedelta(days=3))
    inside = services.enrol(make_person(), dated, **BY)
    alone, extended = (services.enrol_openly(make_person(), course, now=NOON) for _ in range(2))
    services.extend([extended], TODAY + timedelta(days=40), "Cuti", **BY)
    assert [alone.due_on, inside.due_on] == [TODAY + timedelta(days=7), dated.ends_on]
    newer = CourseRevision(
        **{
            column.name: getattr(course.revision, column.name)
            for column in CourseRevision.__table__.columns
            if column.name != "id"
        }
        | {"number": 2, "is_current": False, "published_at": None}
    )
    session.add(newer)
    session.flush()
    section = RevisionSection(revision_id=newer.id, position=1, title="Bab satu", intro_html="")
    session.add(section)
    session.flush()
    make_item(course, newer, section, position=1, key="baru", **closing(20))
    courses.publish(newer, **BY)
    assert alone.due_on == TODAY + timedelta(days=20)
    assert extended.due_on == TODAY + timedelta(days=40)
    assert inside.due_on == dated.ends_on
