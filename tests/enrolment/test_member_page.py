"""The page of a participant: replacements, and the changes that are still possible."""

from __future__ import annotations

import pytest
from factories import make_person
from world import World, days, make_cohort_world

from lms.core import clock
from lms.enrolment import services
from lms.enrolment.models import Enrolment


@pytest.fixture
def world(session) -> World:
    return make_cohort_world()


def replace(world: World, **values) -> Enrolment:
    other = make_person(**values)
    return services.substitute(world.enrolment, other, "Tugas", actor_id=world.admin.id, now=clock.now())


def test_who_gave_a_place_and_who_took_it_lead_to_each_other(client, world):
    client.sign_in(world.admin)
    made = replace(world, name="Pengganti Contoh")
    old, new = world.member_page("learner"), f"{world.cohort_page}/people/{made.id}"
    assert f'<a href="{new}">Pengganti Contoh</a>' in client.text(old)
    assert f'<a href="{old}">Peserta Sendiri</a>' in client.text(new)


def test_a_chain_of_replacements_shows_both_neighbours(client, world):
    first = replace(world, name="Pengganti Satu")
    services.substitute(first, make_person(name="Pengganti Dua"), "Sakit", actor_id=None, now=clock.now())
    page = client.sign_in(world.admin).text(f"{world.cohort_page}/people/{first.id}")
    assert "Peserta Sendiri" in page
    assert "Pengganti Dua" in page


def test_who_replaced_nobody_says_nothing_of_it(client, world):
    assert "Menggantikan" not in client.sign_in(world.admin).text(world.member_page("learner"))


def test_nobody_of_another_agency_is_named(client, world):
    """An agency admin sees only the own people, also as substitutes."""
    replace(world, name="Orang Luar")
    page = client.sign_in(world.agency_admin).text(world.member_page("learner"))
    assert "Orang Luar" not in page


def test_while_the_run_goes_on_all_is_offered(client, world):
    page = client.sign_in(world.admin).text(world.member_page("learner"))
    assert [part in page for part in ('id="extend"', 'id="substitute"', 'id="leave"')] == [True, True, True]
    assert "yang pertama menunggu" in page


def test_after_the_end_no_place_is_given_on_but_time_may_be_given(client, world, session):
    world.cohort.starts_on, world.cohort.ends_on = days(-30), days(-2)
    for place in (world.enrolment, world.outsider_enrolment):
        place.due_on = days(-2)
    session.flush()
    page = client.sign_in(world.admin).text(world.member_page("learner"))
    assert [part in page for part in ('id="extend"', 'id="substitute"', 'id="leave"')] == [True, False, True]
    assert "yang pertama menunggu" not in page, "a place that frees now goes to nobody"
    sent = {"extend-until": days(10), "extend-reason": "Sakit"}
    assert (
        client.post_form(
            f"{world.member_page('learner')}/extend", page=world.member_page("learner"), **sent
        ).status_code
        == 302
    )
