"""Groups and deadlines that were changed are told once, with what holds now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from assignment_factories import fixed
from factories import NOON, make_cohort, make_course, make_enrolment, make_person
from group_world import GroupWorld, make_group_world
from hypothesis import given
from hypothesis import strategies as st
from query_counting import counted
from sqlalchemy import func, select

from lms.assignments.services import forming, overriding
from lms.assignments.services.overriding import DeadlineMoments
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import in_language
from lms.enrolment.models import Enrolment
from lms.enrolment.services import cohorts, extensions
from lms.enrolment.settings import CohortSettings
from lms.learning.models import EnrolmentState
from lms.notices import jobs
from lms.notices.changes import HistoryStep, in_one
from lms.notices.models import Notice
from lms.notices.services import changes
from lms.notices.services.wording import translate
from lms.people.models import Person

KINDS = ("handed-in", "group", "deadline", "item-deadline")
DUE = "2026-11-30T09:00:00"
DUE_AT = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
"""09.00 WIT."""
DAY = timedelta(days=1)


# The rule


def history(*states: int) -> list[HistoryStep]:
    return [HistoryStep(f"step:{n}", *pair) for n, pair in enumerate(pairwise(states), 1)]


@pytest.mark.parametrize(
    ("states", "told", "news"),
    [
        ((1, 2), (), ("step:1", 1, 2)),
        ((1, 2, 3), (), ("step:2", 1, 3)),
        ((1, 2, 1), (), None),
        ((1, 2, 1), (1,), ("step:2", 2, 1)),
        ((1, 2, 3), (1,), ("step:2", 2, 3)),
        ((1, 2, 3, 2), (1,), None),
        ((1, 2), (1,), None),
        ((), (), None),
    ],
)
def test_what_is_told_of_several_changes(states, told, news):
    found = in_one(history(*states), {f"step:{n}" for n in told})
    assert (found and (found.key, found.before, found.after)) == news


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.data())
def test_whenever_it_is_looked_at_the_last_thing_told_is_what_holds(states, data):
    """Looked at after any of the changes, people never believe anything else than what is so, and are told nothing
    twice."""
    steps, told, believed = history(*states), dict[str, int](), states[0]
    for place in range(1, len(steps) + 1):
        if data.draw(st.booleans()) or place == len(steps):
            news = in_one(steps[:place], told)
            if news:
                assert news.key not in told
                assert news.after != believed
                told[news.key] = believed = news.after
            assert believed == states[place]


# What happened


class Clock:
    """``tell`` runs the job an hour later and returns what is new: name, title and body in English."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def tell(self, wait: timedelta = timedelta(hours=1)) -> list[tuple[str, str, str]]:
        db.session.commit()
        self.now += wait
        last = db.session.scalar(select(func.max(Notice.id))) or 0
        jobs.notify_new_events()
        db.session.expire_all()
        rows = select(Notice, Person).join(Person, Person.id == Notice.person_id).order_by(Notice.id)
        rows = rows.where(Notice.id > last, Notice.channel == "site", Notice.kind.in_(KINDS))
        with in_language("en"):
            found = [(person.name, translate(one.kind, one.facts)) for one, person in db.session.execute(rows)]
        return [(name, text.title, text.body) for name, text in found]


@pytest.fixture
def time(monkeypatch):
    return Clock(monkeypatch)


def titles(told: list[tuple[str, str, str]]) -> dict[str, str]:
    found = {name: title for name, title, _body in told}
    assert len(found) == len(told)
    return found


def four_people(**values: Any) -> GroupWorld:
    """Without the world's learner."""
    world = make_group_world(**values)
    world.enrolment.withdrawn_at = NOON
    return world


def move(world: GroupWorld, time: Clock, group, *members: Enrolment) -> None:
    ids = [one.id for one in members]
    forming.move_people(members[0].cohort, ids, group, actor_id=world.instructor.id, now=time.now)


def test_the_others_of_a_group_are_told_that_one_handed_in(session, time):
    world = four_people()
    time.tell()
    world.hand_in(world.budi, now=time.now)
    told = time.tell()
    assert titles(told) == dict.fromkeys(("Ani", "Citra"), "“Rencana loket” was handed in for your group")
    assert all("Budi handed in for the group “Kelompok 1”" in body for _name, _title, body in told)
    links = set(session.scalars(select(Notice.link).where(Notice.kind == "handed-in")))
    assert links == {world.path}
    assert time.tell() == []


def test_nobody_is_told_of_a_paper_that_is_their_own(session, time):
    world = four_people(group=False)
    world.hand_in(world.budi, now=time.now)
    assert "handed-in" not in set(session.scalars(select(Notice.kind)))
    assert [told for told in time.tell() if "handed in" in told[1]] == []


def test_who_is_put_into_a_group_moved_and_taken_out_is_told(session, time):
    world = four_people()
    assert titles(time.tell()) == dict.fromkeys(("Ani", "Budi", "Citra"), "You are in the group “Kelompok 1” now")
    other = forming.form_group(world.ani.cohort, "Melati", actor_id=None, now=time.now)
    move(world, time, other, world.ani, world.dodi)
    told = time.tell()
    assert titles(told) == dict.fromkeys(("Ani", "Dodi"), "You are in the group “Melati” now")
    assert "Until now you were in “Kelompok 1”" in {name: body for name, _title, body in told}["Ani"]
    move(world, time, None, world.dodi)
    assert titles(time.tell()) == {"Dodi": "You are in no group now"}


def test_several_moves_are_told_as_one_and_a_move_that_was_taken_back_is_none(session, time):
    world = four_people()
    time.tell()
    other = forming.form_group(world.ani.cohort, "Melati", actor_id=None, now=time.now)
    for place in (other, None, other):
        move(world, time, place, world.ani)
    for place in (other, world.group):
        move(world, time, place, world.budi)
    [(name, title, body)] = time.tell()
    assert (name, title) == ("Ani", "You are in the group “Melati” now")
    assert "Until now you were in “Kelompok 1”" in body
    for wait in (1, 2, 30):  # also once the first of two moves is older than what a sweep looks at
        assert time.tell(timedelta(hours=wait)) == []


def test_who_left_the_course_is_told_nothing(session, time):
    world = four_people()
    world.budi.withdrawn_at = NOON
    assert set(titles(time.tell())) == {"Ani", "Citra"}


def give(world: GroupWorld, time: Clock, *, seen: int = 0, **moments: datetime) -> None:
    item_id = world.context.item_revision.item_id
    overriding.override_for_cohort(
        world.ani.cohort, item_id, DeadlineMoments(**moments), "Banjir.", seen=seen, actor_id=None, now=time.now
    )


def test_a_cohorts_deadline_is_told_once_to_those_who_have_not_handed_in(session, time):
    world = four_people(due=fixed(DUE), group=False)
    other = make_enrolment(make_person(), world.course, cohort=make_cohort(world.course))
    world.hand_in(world.budi, now=time.now)
    time.tell()
    give(world, time, due_at=DUE_AT + 3 * DAY)
    give(world, time, seen=1, due_at=DUE_AT + 5 * DAY)
    told = time.tell()
    assert titles(told) == dict.fromkeys(
        ("Ani", "Citra", "Dodi"), "The deadline of “Rencana loket” is now 5 December 2026, 09:00 WIT"
    )
    assert "Before it was 30 November 2026, 09:00 WIT" in told[0][2]
    assert other.person_id not in set(session.scalars(select(Notice.person_id).where(Notice.kind == "item-deadline")))
    assert time.tell() == []


def test_a_deadline_that_was_given_and_taken_back_at_once_is_not_told_and_later_it_is(session, time):
    world = four_people(due=fixed(DUE), group=False)
    time.tell()
    give(world, time, due_at=DUE_AT + DAY)
    give(world, time, seen=1)
    assert time.tell() == []
    assert time.tell(3 * DAY) == []
    give(world, time, seen=2, due_at=DUE_AT + 2 * DAY)
    assert len(time.tell()) == 4
    give(world, time, seen=3)
    assert {title for _name, title, _body in time.tell()} == {
        "The deadline of “Rencana loket” is now 30 November 2026, 09:00 WIT"
    }


def test_whose_own_deadline_is_later_is_not_concerned(session, time):
    world = four_people(due=fixed(DUE), group=False)
    extensions.extend([world.ani], date(2026, 12, 20), "Sakit.", actor_id=None, now=time.now)
    world.ani.extended_until = date(2026, 12, 20)
    time.tell()
    give(world, time, due_at=DUE_AT + 3 * DAY)
    assert set(titles(time.tell())) == {"Budi", "Citra", "Dodi"}


def test_a_group_has_the_latest_deadline_of_its_members(session, time):
    world = four_people(due=fixed(DUE))
    world.ani.extended_until = date(2026, 12, 20)
    time.tell()
    give(world, time, due_at=DUE_AT + 3 * DAY)
    assert set(titles(time.tell())) == {"Dodi"}


@pytest.mark.parametrize(
    ("moments", "title"),
    [
        ({"opens_at": DUE_AT}, "“Rencana loket” now opens on 30 November 2026, 09:00 WIT"),
        ({"closes_at": DUE_AT}, "“Rencana loket” is now accepted until 30 November 2026, 09:00 WIT"),
    ],
)
def test_what_has_changed_is_said(session, time, moments, title):
    world = four_people(group=False)
    time.tell()
    give(world, time, **moments)
    assert {told[1] for told in time.tell()} == {title}


def test_an_extension_is_told_to_its_person(session, time):
    course = make_course()
    cohort = make_cohort(course)
    make_enrolment(make_person(), course, cohort=cohort)
    one = make_enrolment(make_person(name="Ani"), course, cohort=cohort, due_on=cohort.ends_on)
    time.tell()
    for days in (2, 4):
        extensions.extend([one], cohort.ends_on + days * DAY, "Sakit.", actor_id=None, now=time.now)
    [(name, title, body)] = time.tell()
    assert name == "Ani"
    assert title.endswith(": the deadline is now 1 January 2027")
    assert "Sakit" not in body
    assert time.tell() == []


def settings(cohort, **values) -> CohortSettings:
    now = CohortSettings(cohort.name, cohort.starts_on, cohort.ends_on, "list")
    return replace(now, **values)


def test_other_dates_of_a_cohort_are_told_to_everybody_in_it(session, time):
    course = make_course()
    cohort, other = make_cohort(course), make_cohort(course)
    people = [make_person(name=name) for name in ("Ani", "Budi", "Citra")]
    for person in people[:2]:
        make_enrolment(person, course, cohort=cohort, due_on=cohort.ends_on)
    make_enrolment(people[2], course, cohort=other, due_on=other.ends_on)
    db.session.query(Enrolment).filter_by(person_id=people[1].id).update({"extended_until": cohort.ends_on + 30 * DAY})
    time.tell()
    cohorts.change_cohort(cohort, settings(cohort, name="Angkatan lain"), actor_id=None, now=time.now)
    assert time.tell() == []
    cohorts.change_cohort(cohort, settings(cohort, ends_on=cohort.ends_on + DAY), actor_id=None, now=time.now)
    cohorts.change_cohort(cohort, settings(cohort, ends_on=cohort.ends_on + DAY), actor_id=None, now=time.now)
    told = titles(time.tell())
    assert set(told) == {"Ani"}
    assert "the deadline is now" in told["Ani"]
    assert str(cohort.ends_on.day) in told["Ani"]
    cohorts.change_cohort(cohort, settings(cohort, starts_on=cohort.starts_on + DAY), actor_id=None, now=time.now)
    assert {name: "now starts on" in title for name, title in titles(time.tell()).items()} == {
        "Ani": True,
        "Budi": True,
    }


def test_who_has_finished_the_course_is_not_told_of_its_deadline(session, time):
    course = make_course()
    cohort = make_cohort(course)
    one = make_enrolment(make_person(), course, cohort=cohort, due_on=cohort.ends_on)
    time.tell()
    extensions.extend([one], cohort.ends_on + DAY, "Sakit.", actor_id=None, now=time.now)
    finished = {"state": "finished", "done": 1, "needed": 1, "touched_at": NOON}
    session.merge(EnrolmentState(enrolment_id=one.id, **finished))
    assert time.tell() == []


def test_of_two_deadlines_that_wait_for_the_morning_only_the_newer_is_mailed(session, time):
    course = make_course()
    cohort = make_cohort(course)
    person = make_person(email="ani@contoh.id")
    one = make_enrolment(person, course, cohort=cohort, due_on=cohort.ends_on)
    time.now = datetime(2026, 9, 1, 13, tzinfo=UTC)  # 22.00 WIT
    time.tell()
    for days in (2, 4):
        extensions.extend([one], cohort.ends_on + days * DAY, "Sakit.", actor_id=None, now=time.now)
        time.tell()
    rows = session.query(Notice).filter_by(kind="deadline", channel="mail").order_by(Notice.id)
    assert [row.state for row in rows] == ["dropped", "waiting"]
    assert session.query(Notice).filter_by(kind="deadline", channel="site").count() == 2


def test_the_deadline_of_a_large_cohort_takes_no_more_queries(session, time):
    world = four_people(due=fixed(DUE))
    asked = []
    for more in (0, 20):
        for _ in range(more):
            make_enrolment(make_person(), world.course)
        time.tell()
        give(world, time, seen=len(asked), due_at=DUE_AT + (1 + len(asked)) * DAY)
        session.commit()
        with counted() as statements:
            found = changes.changed(time.now - timedelta(minutes=1))
            session.commit()
        assert len(found) == 4 + more
        asked.append(len(statements))
    assert asked[1] == asked[0]
