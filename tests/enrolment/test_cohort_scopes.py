"""Permissions in a cohort: only the own cohorts and the own people."""

from __future__ import annotations

import re

import pytest
from factories import grant, make_cohort, make_person, make_unit
from world import World, days, make_cohort_world

from lms.core import clock
from lms.core.i18n import to_site_time
from lms.enrolment import queries, services
from lms.enrolment.models import Application
from lms.home.queries import offices


@pytest.fixture
def world(session) -> World:
    return make_cohort_world()


SEES = {
    "admin": {"Peserta Sendiri", "Peserta Lain"},
    "committee": {"Peserta Sendiri", "Peserta Lain"},
    "instructor": {"Peserta Sendiri", "Peserta Lain"},
    "agency_admin": {"Peserta Sendiri"},
    "head": None,
    "learner": None,
}


@pytest.mark.parametrize(("role", "names"), SEES.items())
def test_each_sees_exactly_these_people(client, world, role, names):
    client.sign_in(getattr(world, role))
    answer = client.get(world.cohort_page)
    if names is None:
        assert answer.status_code == 404
        return
    page = answer.get_data(as_text=True)
    assert {name for name in ("Peserta Sendiri", "Peserta Lain") if name in page} == names
    for key, name in (("learner", "Peserta Sendiri"), ("outsider", "Peserta Lain")):
        assert client.get(world.member_page(key)).status_code == (200 if name in names else 404)
    assert world.learner.nip not in page


@pytest.mark.parametrize("role", ["committee", "instructor", "agency_admin", "admin"])
def test_another_cohort_is_seen_by_whom_it_concerns(client, world, role):
    other = make_cohort()
    client.sign_in(getattr(world, role))
    is_theirs = role in {"agency_admin", "admin"}
    page = client.get("/admin/cohorts").get_data(as_text=True)
    assert f"/admin/cohorts/{world.cohort.id}" in page
    assert (f'"/admin/cohorts/{other.id}"' in page) == is_theirs
    for path in ("", "/dates", "/committee"):
        assert client.get(f"/admin/cohorts/{other.id}{path}").status_code == (200 if is_theirs else 404)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "status"),
    [(None, None, 200), (days(0), days(0), 200), (days(1), None, 404), (None, days(-1), 404), (days(-3), days(3), 200)],
)
def test_a_committee_looks_after_its_cohort_from_its_first_to_its_last_day(client, world, starts_on, ends_on, status):
    person = make_person()
    grant(person, "committee", cohort_id=world.cohort.id, starts_on=starts_on, ends_on=ends_on)
    client.sign_in(person)
    assert client.get(world.cohort_page).status_code == status
    assert client.get(f"{world.cohort_page}/settings").status_code == status
    assert ("/admin/cohorts" in client.get("/").get_data(as_text=True)) == (status == 200)


DECIDES = {"admin": 3, "committee": 3, "agency_admin": 1, "instructor": 0}


@pytest.mark.parametrize(("role", "count"), DECIDES.items())
def test_proposals_are_counted_for_whom_they_wait(client, world, role, count):
    """Every count of proposals equals the length of the list it links to."""
    own, foreign = [make_person(unit_id=world.health.id)], [make_person(unit_id=make_unit().id) for _ in range(2)]
    services.propose(own + foreign, world.cohort, "", actor_id=None, now=clock.now())
    client.sign_in(getattr(world, role))
    proposals = f"{world.cohort_page}/proposals"
    cell = re.search(r'data-label="Perlu diputuskan">(.*?)</td>', client.get("/admin/cohorts").get_data(as_text=True))
    assert re.findall(r">(\d+)</a>", cell[1]) == ([str(count)] if count else [])
    assert (proposals in cell[1]) == bool(count)
    assert client.get(proposals).status_code == (200 if count else 404)
    if count:
        assert client.get(proposals).get_data(as_text=True).count('name="pick"') == count
    tiles = re.findall(
        r'<b>(\d+)</b><span class="small soft">usulan perlu', client.get(world.cohort_page).get_data(as_text=True)
    )
    assert tiles == ([str(count)] if count else [])
    person = getattr(world, role)
    person.today = to_site_time(clock.now()).date()
    assert offices.pending_proposals(person).count == count


def test_an_agency_enrols_own_people_only_and_registers_nobody_by_list(client, world):
    own, foreign = make_person(unit_id=world.health.id), make_person(unit_id=make_unit().id)
    client.sign_in(world.agency_admin)
    for login in (foreign.nip, "198609262015051001"):
        answer = client.post_form(f"{world.cohort_page}/people", page=world.cohort_page, logins=f"{own.nip}\n{login}")
        assert answer.status_code == 422
    assert own.id not in queries.people_inside(world.cohort.id)
    assert client.post_form(f"{world.cohort_page}/people", page=world.cohort_page, logins=own.nip).status_code == 302
    assert own.id in queries.people_inside(world.cohort.id)


def test_an_agency_decides_about_own_people_only_whatever_is_sent(client, world, session):
    own, foreign = make_person(unit_id=world.health.id), make_person(name="Jauh", unit_id=make_unit().id)
    services.propose([own, foreign], world.cohort, "", actor_id=None, now=clock.now())
    services.put_on_list(["198609262015051001"], world.cohort, actor_id=None, now=clock.now())
    ids = [str(row.id) for row in session.query(Application)]
    client.sign_in(world.agency_admin)
    page = client.get(f"{world.cohort_page}/proposals").get_data(as_text=True)
    assert "Jauh" not in page
    assert 'id="unregistered"' not in page
    client.post_form(f"{world.cohort_page}/proposals", do="approve-all", all=ids, pick=ids)
    assert own.id in queries.people_inside(world.cohort.id)
    assert foreign.id not in queries.people_inside(world.cohort.id)
    client.post_form(f"{world.cohort_page}/proposals", page="/language", do="refuse", pick=ids, reason="Tidak")
    assert session.query(Application).filter_by(person_id=foreign.id).one().state == "proposed"


@pytest.mark.parametrize("deed", ["extend", "withdraw", "substitute"])
def test_an_agency_does_nothing_to_others_people(client, world, deed):
    client.sign_in(world.agency_admin)
    assert client.post_form(f"{world.member_page('outsider')}/{deed}", page="/language").status_code == 404


def test_an_agency_gives_no_place_to_others_people(client, world, session):
    foreign, page = make_person(unit_id=make_unit().id), world.member_page("learner")
    client.sign_in(world.agency_admin)
    values = {"substitute-login": foreign.nip, "substitute-reason": "Tugas"}
    assert client.post_form(f"{page}/substitute", page=page, **values).status_code == 422
    assert foreign.id not in queries.people_inside(world.cohort.id)


@pytest.mark.parametrize("path", ["settings", "again", "committee"])
def test_an_agency_sets_and_appoints_nothing(client, world, path):
    client.sign_in(world.agency_admin)
    assert client.post_form(f"{world.cohort_page}/{path}", page="/language").status_code == 404


def test_a_committee_appoints_nobody_and_makes_no_run(client, world):
    client.sign_in(world.committee)
    assert client.post_form(f"{world.cohort_page}/settings", page="/language").status_code == 422
    for path in (f"{world.cohort_page}/committee", f"{world.cohort_page}/again", "/admin/cohorts/new"):
        assert client.post_form(path, page="/language").status_code == 404


def test_an_instructor_extends_but_takes_nobody_out(client, world, session):
    client.sign_in(world.instructor)
    page = world.member_page("outsider")
    shown = client.get(page).get_data(as_text=True)
    assert 'id="extend"' in shown
    assert 'id="leave"' not in shown
    values = {"extend-until": days(45), "extend-reason": "Sakit"}
    assert client.post_form(f"{page}/extend", page=page, **values).status_code == 302
    for path in (
        f"{page}/withdraw",
        f"{page}/substitute",
        f"{world.cohort_page}/people",
        f"{world.cohort_page}/proposals",
    ):
        assert client.post_form(path, page="/language").status_code == 404


def test_an_instructor_who_is_an_agencys_admin_too_manages_own_people_only(client, world):
    grant(world.instructor, "agency-admin", unit=world.health.parent)
    client.sign_in(world.instructor)
    assert client.post_form(f"{world.member_page('learner')}/withdraw", page="/language").status_code == 422
    assert client.post_form(f"{world.member_page('outsider')}/withdraw", page="/language").status_code == 403


def test_a_committee_reads_no_whole_number_of_who_is_not_registered(client, world):
    services.put_on_list(["198609262015051001"], world.cohort, actor_id=None, now=clock.now())
    page = client.sign_in(world.committee).get(f"{world.cohort_page}/proposals").get_data(as_text=True)
    assert 'id="unregistered"' in page
    assert "19860926" not in page
