"""``lms demo``: a history in which every page of the office has something to show, whatever day it is made on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from lms.assignments.models import GroupPaper, Submission, WorkGroup
from lms.assignments.queries import groups
from lms.core.db import Base, UtcDateTime, db
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.demo.cast import LEARNERS
from lms.demo.cli import logins
from lms.demo.services import HISTORY_COURSE, create_demo
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Application, Cohort, Enrolment, Extension
from lms.learning.models import EnrolmentState
from lms.notices.models import Notice
from lms.people import nip
from lms.people import queries as persons
from lms.people.models import Person, Unit
from lms.records.models import Record
from lms.reports.queries import state_of, years
from lms.reports.states import STATES
from lms.roster.models import PeopleImport

pytestmark = [pytest.mark.slow, pytest.mark.once]  # journeys on PostgreSQL begin with a demo too

ZONE = "Asia/Jayapura"
DAYS = {
    "an ordinary day": datetime(2026, 8, 19, 1, 30, tzinfo=UTC),
    "just after midnight on New Year's Day": datetime(2026, 12, 31, 15, 5, tzinfo=UTC),
}
AGAIN_AFTER = dict(zip(DAYS, (timedelta(days=40), timedelta()), strict=True))
FRESH = [*LEARNERS[4:6], LEARNERS[9], *LEARNERS[-6:]]
"""Whom other tests, and whoever shows the site, need without any history."""


def make(now: datetime) -> list[str]:
    create_demo(now=now)
    return logins()


def here(now: datetime) -> date:
    return now.astimezone(ZoneInfo(ZONE)).date()


def rows() -> dict[str, list[tuple]]:
    db.session.commit()
    return {
        table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


def states(now: datetime) -> dict[str, set[str]]:
    """By office, its parts included, where its people stand."""
    found: dict[str, set[str]] = {}
    query = (
        select(Unit, state_of(here(now), 7))
        .join(Person, Person.unit_id == Unit.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    )
    for unit, state in db.session.execute(query):
        top = unit if unit.kind == "opd" else unit.parent
        found.setdefault(top.name, set()).add(state)
    return found


@pytest.mark.parametrize("day", DAYS)
def test_whatever_day_it_is_made_somebody_stands_at_every_point(session, day):
    """To make one takes longer than all that is asked of it: so each is also made again."""
    now = DAYS[day]
    lines = make(now)
    found = states(now)
    assert set().union(*found.values()) == set(STATES) - {"not-enrolled"}
    assert len(found) == 4
    assert all(len(those) >= 3 for those in found.values()), found
    nothing_is_told_before_it_happens(now)
    the_runs_are_over_running_and_planned(here(now))
    what_is_printed_follows_in_time()
    all_are_examples_and_are_told_by_no_mail(lines)
    a_list_of_people_came_in_and_a_unit_has_a_new_name(now)
    some_learners_are_fresh_and_the_course_is_joined_by_one_press(here(now))
    groups_are_graded_waiting_and_not_begun()
    made_again_it_changes_nothing(now + AGAIN_AFTER[day], lines)


def course_of_history() -> Course:
    found = courses.course(HISTORY_COURSE)
    assert found is not None
    return found


def nothing_is_told_before_it_happens(now: datetime) -> None:
    """No moment lies ahead; days may: last ones, and those of the run that is planned."""
    moments = [
        (column, db.session.scalar(select(func.max(column))))
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, UtcDateTime)
    ]
    assert len(moments) > 20
    assert [(str(column), latest) for column, latest in moments if latest is not None and latest > now] == []


def the_runs_are_over_running_and_planned(today: date) -> None:
    of_course = Cohort.course_id == course_of_history().id, Cohort.starts_on.is_not(None)
    cohorts = db.session.scalars(select(Cohort).where(*of_course).order_by(Cohort.starts_on)).all()
    runs = [enrolments.cohort_summary(cohort.id) for cohort in cohorts]
    assert [run.state(today) for run in runs] == ["over", "over", "running", "planned"]
    assert len({run.cohort.name for run in runs}) == 4
    running, planned = runs[2:]
    assert (running.left, running.waiting, running.proposed) == (0, 3, 3)
    assert (planned.taken, planned.waiting) == (2, 1)
    assert db.session.scalar(select(Application.reason).where(Application.state == "refused"))
    assert db.session.scalars(select(Extension)).one().reason
    places = db.session.scalars(select(Enrolment).where(Enrolment.replaces_id.is_not(None))).one()
    assert db.session.get_one(Enrolment, places.replaces_id).withdraw_reason


def what_is_printed_follows_in_time() -> None:
    """Certificates of each year are numbered by their days."""
    found = db.session.scalars(select(Record).order_by(Record.issued_at, Record.id)).all()
    numbers = [(here(record.issued_at).year, int(record.number.split("/")[1])) for record in found]
    assert numbers == sorted(numbers)
    assert len(numbers) == 9


def all_are_examples_and_are_told_by_no_mail(lines: list[str]) -> None:
    people = db.session.scalars(select(Person)).all()
    assert all(person.is_demo and "Contoh" in person.name and person.email is None for person in people)
    assert [person.nip for person in people if nip.problem_of(person.nip)] == []
    assert len([line for line in lines if line[:18].isdecimal()]) == 8
    assert set(db.session.scalars(select(Notice.channel))) == {"site"}
    told = {person.name for person in people if person.unread_notices}
    assert {"Contoh Kepala Dinas", "Peserta Contoh 13", "Peserta Contoh 14"} <= told


def a_list_of_people_came_in_and_a_unit_has_a_new_name(now: datetime) -> None:
    row = db.session.scalars(select(PeopleImport)).one()
    assert (row.state, row.report["counts"]["create"], row.report["counts"]["refused"]) == ("done", 5, 3)
    assert row.refused_key
    last_year, this_year = (
        {unit.name for unit in tree.by_id.values()}
        for tree in (years.tree_at_the_end_of(here(now).year - 1), persons.tree_now())
    )
    assert last_year ^ this_year == {"Puskesmas Pembantu Contoh", "Puskesmas Contoh"}


def some_learners_are_fresh_and_the_course_is_joined_by_one_press(today: date) -> None:
    """Journeys begin with them, and with a course page that asks for no choice."""
    asking = select(Application.person_id).where(Application.person_id.is_not(None))
    is_touched = Person.id.in_(select(Enrolment.person_id)) | Person.id.in_(asking) | (Person.unread_notices > 0)
    assert db.session.scalars(select(Person.nip).where(Person.nip.in_(FRESH), is_touched)).all() == []
    assert len(enrolments.cohorts_to_join(course_of_history().id, today)) == 1


def groups_are_graded_waiting_and_not_begun() -> None:
    [cohort_id] = db.session.scalars(select(WorkGroup.cohort_id).distinct())
    found = groups.cohort_groups(cohort_id)
    assert [len(one.members) for one in found.groups] == [3, 3, 3]
    assert (found.left, [one.has_papers for one in found.groups]) == ((), [True, True, False])
    states = [
        set(
            db.session.scalars(select(Submission.is_graded).join(GroupPaper).where(GroupPaper.group_id == one.group.id))
        )
        for one in found.groups
    ]
    assert states == [{True}, {False}, set()]
    told = db.session.scalars(select(Notice.kind).where(Notice.kind.in_(("group", "handed-in")))).all()
    assert told.count("handed-in") == 2


def made_again_it_changes_nothing(later: datetime, lines: list[str]) -> None:
    before = rows()
    assert make(later) == lines
    assert rows() == before
