"""Inviting those to learn who lack JP of the year, whether or not they take a course."""

from __future__ import annotations

from datetime import timedelta

import pytest
from board_world import make_board_world
from factories import NOON, make_record
from sqlalchemy import select, update

from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.notices.models import Notice
from lms.notices.notifications import JpSoFar
from lms.notices.services import reminders
from lms.people.models import Person
from lms.records.years import JpTarget


@pytest.fixture
def world(session):
    made = make_board_world()
    for name in ("Citra", "Fitri"):  # with a course and without one
        made.people[name].phone = "+6281234567890"
    session.flush()
    return made


def invited() -> dict[int, dict[str, object]]:
    db.session.expire_all()
    found = select(Notice.person_id, Notice.facts).where(Notice.kind == "encouragement", Notice.channel == "site")
    return dict(db.session.execute(found).all())


def ids(world, *names: str) -> set[int]:
    return {world.people[name].id for name in names}


def give_target(world, name: str) -> None:
    """As many JP as the target asks for."""
    record = make_record(world.people[name], now=clock.now())
    record.jp = 20
    db.session.flush()


def test_a_head_invites_all_of_the_own_who_lack_jp_with_one_press_and_one_more(client, world):
    give_target(world, "Ani")
    client.sign_in(world.head)
    page = client.text("/team/people?goal=missed")
    assert "/team/encourage" in page
    answer = client.post_form("/team/encourage?goal=missed&all=1")
    assert answer.status_code == 302
    told = invited()
    assert set(told) == ids(world, "Budi", "Citra", "Dedi")
    assert told[world.people["Budi"].id] == {"name": world.head.full_name, "year": told_year(), "jp": 0, "target": 20}


def told_year() -> int:
    return clock.now().year


def test_the_button_of_the_board_leads_to_all_who_lack_jp(client, world):
    client.sign_in(world.head)
    assert "/team/encourage?goal=missed&amp;all=1" in client.text("/team")
    assert "/team/encourage?goal=missed&amp;all=1" in client.text("/team/summary")


def test_nobody_is_invited_twice_in_a_week_whoever_presses(client, world):
    for person in (world.head, world.agency_admin, world.admin):
        client.sign_in(person)
        path = "/team/encourage" if person is world.head else "/admin/board/encourage"
        client.post_form(f"{path}?unit={world.health.id}&goal=missed&all=1", page="/language")
    found = db.session.scalars(select(Notice.person_id).where(Notice.kind == "encouragement", Notice.channel == "site"))
    assert sorted(found.all()) == sorted(ids(world, "Ani", "Budi", "Citra", "Dedi"))
    page = client.text(f"/admin/board/encourage?unit={world.health.id}&goal=missed&all=1")
    assert page.count("✓ sudah diajak pekan ini") == 4
    assert "<button" not in page.partition("Melalui situs ini")[2].partition("</section>")[0]


def test_the_next_week_is_another_one(session, world):
    people = {world.people["Budi"].id: JpSoFar(2026, 0, 20)}
    monday = NOON - timedelta(days=NOON.weekday())
    for day, count in ((0, 1), (6, 0), (7, 1)):
        now = monday + timedelta(days=day)
        assert reminders.encourage(people, actor_id=world.head.id, name="Kepala", now=now) == count, day
    verbs = select(LedgerEntry.target).where(LedgerEntry.verb == "encourage")
    assert db.session.scalars(verbs).all() == [f"person:{world.people['Budi'].id}"] * 2


def test_those_without_any_course_can_be_invited_from_their_tile(client, world):
    client.sign_in(world.agency_admin)
    page = client.text("/admin/board?state=not-enrolled")
    assert "/admin/board/encourage" in page
    client.post_form("/admin/board/encourage?state=not-enrolled&all=1")
    assert set(invited()) == ids(world, "Fitri")


def test_only_the_ticked_are_invited_and_nobody_of_another_unit(client, world):
    client.sign_in(world.head)
    budi, eka = world.people["Budi"].id, world.people["Eka"].id
    client.post_form(f"/team/encourage?one={budi}&one={eka}&one=x")
    assert set(invited()) == {budi}


def test_who_invites_is_not_invited_and_who_has_the_jp_is_not_either(client, session, world):
    give_target(world, "Ani")
    session.execute(update(Person).where(Person.id == world.head.id).values(unit_id=world.health.id))
    client.sign_in(world.head)
    page = client.text("/team/encourage?all=1")
    assert "2 orang tidak perlu diajak" in page
    client.post_form("/team/encourage?all=1")
    assert not set(invited()) & (ids(world, "Ani") | {world.head.id})


def test_without_a_tick_nobody_is_invited_and_the_filter_stays(client, world):
    answer = client.sign_in(world.head).get("/team/encourage?goal=missed")
    assert answer.status_code == 302
    assert answer.location.endswith("/team/people?goal=missed")
    answer = client.get("/team/encourage?state=not-enrolled")
    assert "state=not-enrolled" in answer.location
    assert invited() == {}


def test_whatsapp_has_the_persons_jp_and_the_group_text_nobodys_name(client, world):
    page = client.sign_in(world.head).text("/team/encourage?goal=missed&all=1")
    link = page.partition("https://wa.me/6281234567890?text=")[2].partition('"')[0]
    assert "0%20dari%2020" in link
    assert "Citra" in link
    text = page.partition('id="group-text"')[2].partition("</textarea>")[0]
    assert not any(person.full_name in text for person in world.people.values())


@pytest.mark.parametrize(
    ("target", "jp", "takes_more"),
    [
        (JpTarget(20, "floor"), 19, True),
        (JpTarget(20, "floor"), 20, False),
        (JpTarget(24, "ceiling"), 23, True),
        (JpTarget(24, "ceiling"), 24, False),
        (JpTarget(0, "floor"), 99, True),
    ],
)
def test_more_jp_count_up_to_the_target_or_the_ceiling(target, jp, takes_more):
    assert target.takes_more(jp) is takes_more


def test_a_head_does_not_remind_themselves(client, session, world):
    session.execute(update(Person).where(Person.id == world.people["Budi"].id).values(unit_id=world.schools.id))
    world.enrolments["Budi", "hukum"].person_id = world.head.id
    session.execute(update(Person).where(Person.id == world.head.id).values(unit_id=world.health.id))
    session.flush()
    client.sign_in(world.head)
    client.post_form("/team/remind?all=1")
    reminded = set(db.session.scalars(select(Notice.person_id).where(Notice.kind == "reminder")))
    assert reminded == ids(world, "Dedi")
