"""Who else has a paper open now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import NOON, grant, make_person
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms.learning.models import OpenWork
from lms.learning.queries.presence import active_graders
from lms.learning.services import presence

WORK = "submission:1"


@pytest.fixture
def two(session):
    """Two graders, committed: open work is recorded in a transaction of their own."""
    people = [make_person(name=name) for name in ("Penilai Satu", "Penilai Dua")]
    session.commit()
    return [one.id for one in people]


def test_a_sign_is_said_to_others_and_not_to_oneself(two):
    me, other = two
    presence.record_open(WORK, me, now=NOON)
    assert active_graders(not_by=me, now=NOON) == {}
    assert active_graders(not_by=other, now=NOON + timedelta(seconds=150)) == {WORK: [("Penilai Satu", 2)]}


@pytest.mark.parametrize(("seconds", "is_there"), [(0, True), (299, True), (300, False), (3600, False)])
def test_it_expires_after_five_minutes(two, session, seconds, is_there):
    me, other = two
    presence.record_open(WORK, me, now=NOON)
    now = NOON + timedelta(seconds=seconds)
    assert bool(active_graders(not_by=other, now=now)) == is_there
    presence.record_open("submission:2", other, now=now)
    assert bool(session.scalars(select(OpenWork).where(OpenWork.work == WORK)).first()) == is_there


def test_a_later_sign_keeps_the_moment_of_opening(two, session):
    me, other = two
    for minutes in (0, 4, 8):
        presence.record_open(WORK, me, now=NOON + timedelta(minutes=minutes))
    now = NOON + timedelta(minutes=12)
    assert active_graders(not_by=other, now=now)[WORK][0].minutes == 12
    assert len(session.scalars(select(OpenWork)).all()) == 1
    presence.record_open(WORK, me, now=NOON + timedelta(hours=1))
    assert active_graders(not_by=other, now=NOON + timedelta(hours=1))[WORK][0].minutes == 0


def test_who_leaves_is_gone_at_once(two, session):
    me, other = two
    presence.record_open(WORK, me, now=NOON)
    presence.record_closed(WORK, me)
    session.commit()
    assert active_graders(not_by=other, now=NOON) == {}


def test_a_sign_that_cannot_be_written_stops_nobody(two, monkeypatch):
    def busy(*_args: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    monkeypatch.setattr(presence, "insert_statement", lambda *_args: None)
    monkeypatch.setattr(presence, "update", busy)
    presence.record_open(WORK, two[0], now=NOON)
    assert active_graders(not_by=two[1], now=NOON) == {}


# On pages


@pytest.fixture
def desk(client, time):
    """A course with three papers and a second grader, who has the first open for two minutes."""
    world = make_assignment_world(rubric=[])
    papers = [
        make_submission(world, context=world.another_learner(), now=NOON - timedelta(hours=9 - number))
        for number in range(3)
    ]
    other = make_person(name="Penilai Dua")
    grant(other, "instructor", course=world.course)
    client.sign_in(other).text(f"/teach/grading/{papers[0].id}")
    time.passes(minutes=2)
    client.sign_in(world.instructor)
    return world, papers, other


SAID = "Penilai Dua membuka pengumpulan ini 2 menit yang lalu"


def test_the_page_and_the_queue_say_who_has_a_paper_open(client, desk):
    _world, papers, _other = desk
    assert SAID in client.text(f"/teach/grading/{papers[0].id}")
    assert SAID in client.text("/teach/grading")
    assert "Penilai Dua" not in client.text(f"/teach/grading/{papers[1].id}")
    assert f'class="button" href="/teach/grading/{papers[1].id}"' in client.text("/teach/grading")


def test_nobody_is_stopped(client, desk):
    _world, papers, _other = desk
    path = f"/teach/grading/{papers[0].id}"
    assert client.post_form(path, points="70", seen="0").status_code == 303
    assert papers[0].markings


def test_save_and_next_prefers_what_nobody_else_has_open(client, desk):
    _world, papers, other = desk
    path = f"/teach/grading/{papers[2].id}"
    assert client.post_form(path, points="70", seen="0", then="next").location == f"/teach/grading/{papers[1].id}"
    client.sign_in(other).text(f"/teach/grading/{papers[1].id}")
    client.sign_in(_world.instructor)
    answer = client.post_form(path, points="71", seen="1", reason="Keliru", then="next")
    assert answer.location == f"/teach/grading/{papers[0].id}"  # nothing else is left


def test_saving_takes_the_sign_back(client, desk):
    world, papers, other = desk
    client.post_form(f"/teach/grading/{papers[1].id}", points="70", seen="0", then="next")
    client.sign_in(other)
    assert world.instructor.full_name not in client.text("/teach/grading?show=graded")


def test_the_script_keeps_the_sign_and_is_told_of_others(client, desk, time):
    _world, papers, other = desk
    path = f"/teach/grading/{papers[0].id}"
    answer = client.post_form(f"{path}/open", page=path)
    assert SAID in answer.json["said"]
    client.sign_in(other)
    for _beat in range(4):
        time.passes(minutes=2)
        client.post_form(f"{path}/open", page="/account/notices")
    client.sign_in(_world.instructor)
    assert "10 menit" in client.post_form(f"{path}/open", page=path).json["said"]
    client.sign_in(other).post_form(f"{path}/open", page="/account/notices", left="1")
    client.sign_in(_world.instructor)
    assert client.post_form(f"{path}/open", page=path).json["said"] == ""


def test_nobody_says_so_of_papers_that_they_do_not_grade(client, desk, session):
    _world, papers, _other = desk
    before = len(session.scalars(select(OpenWork)).all())
    client.sign_in(make_person())
    path = f"/teach/grading/{papers[0].id}/open"
    assert client.post_form(path, page="/account/notices").status_code == 404
    assert len(session.scalars(select(OpenWork)).all()) == before
