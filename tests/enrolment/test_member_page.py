"""One person's place in a cohort: whom they replaced, and what can still be changed there."""

from __future__ import annotations

import pytest
from cohort_scene import Scene, days, make_scene
from factories import make_person

from lms.core import clock
from lms.enrolment import services
from lms.enrolment.models import Enrolment


@pytest.fixture
def scene(session) -> Scene:
    return make_scene()


def text_of(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def replace(scene: Scene, who: str, **values) -> Enrolment:
    other = make_person(**values)
    return services.substitute(scene.places[who], other, "Tugas", actor_id=scene.admin.id, now=clock.now())


def test_who_gave_a_place_and_who_took_it_lead_to_each_other(client, scene):
    client.sign_in(scene.admin)
    made = replace(scene, "mine", name="Pengganti Contoh")
    old, new = scene.member("mine"), f"{scene.page}/people/{made.id}"
    assert f'<a href="{new}">Pengganti Contoh</a>' in text_of(client, old)
    assert f'<a href="{old}">Orang Sendiri</a>' in text_of(client, new)


def test_a_chain_of_replacements_shows_both_neighbours(client, scene):
    first = replace(scene, "mine", name="Pengganti Satu")
    services.substitute(first, make_person(name="Pengganti Dua"), "Sakit", actor_id=None, now=clock.now())
    page = text_of(client.sign_in(scene.admin), f"{scene.page}/people/{first.id}")
    assert "Orang Sendiri" in page
    assert "Pengganti Dua" in page


def test_who_replaced_nobody_says_nothing_of_it(client, scene):
    assert "Menggantikan" not in text_of(client.sign_in(scene.admin), scene.member("mine"))


def test_nobody_of_another_agency_is_named(client, scene):
    """The agency's admin sees the own people only, also as substitutes."""
    replace(scene, "mine", name="Orang Luar")
    page = text_of(client.sign_in(scene.agency), scene.member("mine"))
    assert "Orang Luar" not in page


def test_while_the_run_goes_on_all_is_offered(client, scene):
    page = text_of(client.sign_in(scene.admin), scene.member("mine"))
    assert [part in page for part in ('id="extend"', 'id="substitute"', 'id="leave"')] == [True, True, True]
    assert "yang pertama menunggu" in page


def test_after_the_end_no_place_is_given_on_but_time_may_be_given(client, scene, session):
    scene.cohort.starts_on, scene.cohort.ends_on = days(-30), days(-2)
    for place in scene.places.values():
        place.due_on = days(-2)
    session.flush()
    page = text_of(client.sign_in(scene.admin), scene.member("mine"))
    assert [part in page for part in ('id="extend"', 'id="substitute"', 'id="leave"')] == [True, False, True]
    assert "yang pertama menunggu" not in page, "a place that frees now goes to nobody"
    sent = {"extend-until": days(10), "extend-reason": "Sakit"}
    assert client.post_form(f"{scene.member('mine')}/extend", page=scene.member("mine"), **sent).status_code == 302
