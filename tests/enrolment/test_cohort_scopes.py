"""Who sees and does what at a cohort: exactly the own cohort, exactly the own people."""

from __future__ import annotations

import re

import pytest
from cohort_scene import Scene, days, make_scene
from factories import grant, make_cohort, make_person, make_unit

from lms.core import clock
from lms.core.i18n import to_site_time
from lms.enrolment import queries, services
from lms.enrolment.models import Application
from lms.home import queries as home


@pytest.fixture
def scene(session) -> Scene:
    return make_scene()


SEES = {
    "admin": {"Orang Sendiri", "Orang Lain"},
    "committee": {"Orang Sendiri", "Orang Lain"},
    "teacher": {"Orang Sendiri", "Orang Lain"},
    "agency": {"Orang Sendiri"},
    "head": None,
    "mine": None,
}


@pytest.mark.parametrize(("role", "names"), SEES.items())
def test_each_sees_exactly_these_people(client, scene, role, names):
    client.sign_in(getattr(scene, role))
    answer = client.get(scene.page)
    if names is None:
        assert answer.status_code == 404
        return
    page = answer.get_data(as_text=True)
    assert {name for name in ("Orang Sendiri", "Orang Lain") if name in page} == names
    for key, name in (("mine", "Orang Sendiri"), ("foreign", "Orang Lain")):
        assert client.get(scene.member(key)).status_code == (200 if name in names else 404)
    assert scene.mine.nip not in page


@pytest.mark.parametrize("role", ["committee", "teacher", "agency", "admin"])
def test_another_cohort_is_seen_by_whom_it_concerns(client, scene, role):
    other = make_cohort()
    client.sign_in(getattr(scene, role))
    is_theirs = role in {"agency", "admin"}
    page = client.get("/admin/cohorts").get_data(as_text=True)
    assert f"/admin/cohorts/{scene.cohort.id}" in page
    assert (f'"/admin/cohorts/{other.id}"' in page) == is_theirs
    for path in ("", "/dates", "/committee"):
        assert client.get(f"/admin/cohorts/{other.id}{path}").status_code == (200 if is_theirs else 404)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "status"),
    [(None, None, 200), (days(0), days(0), 200), (days(1), None, 404), (None, days(-1), 404), (days(-3), days(3), 200)],
)
def test_a_committee_looks_after_its_cohort_from_its_first_to_its_last_day(client, scene, starts_on, ends_on, status):
    person = make_person()
    grant(person, "committee", cohort_id=scene.cohort.id, starts_on=starts_on, ends_on=ends_on)
    client.sign_in(person)
    assert client.get(scene.page).status_code == status
    assert client.get(f"{scene.page}/settings").status_code == status
    assert ("/admin/cohorts" in client.get("/").get_data(as_text=True)) == (status == 200)


DECIDES = {"admin": 3, "committee": 3, "agency": 1, "teacher": 0}


@pytest.mark.parametrize(("role", "count"), DECIDES.items())
def test_proposals_are_counted_for_whom_they_wait(client, scene, role, count):
    """Wherever the figure stands, it is the length of the list behind it."""
    own, foreign = [make_person(unit_id=scene.office.id)], [make_person(unit_id=make_unit().id) for _ in range(2)]
    services.propose(own + foreign, scene.cohort, "", actor_id=None, now=clock.now())
    client.sign_in(getattr(scene, role))
    proposals = f"{scene.page}/proposals"
    cell = re.search(r'data-label="Perlu diputuskan">(.*?)</td>', client.get("/admin/cohorts").get_data(as_text=True))
    assert re.findall(r">(\d+)</a>", cell[1]) == ([str(count)] if count else [])
    assert (proposals in cell[1]) == bool(count)
    assert client.get(proposals).status_code == (200 if count else 404)
    if count:
        assert client.get(proposals).get_data(as_text=True).count('name="pick"') == count
    tiles = re.findall(
        r'<b>(\d+)</b><span class="small soft">usulan perlu', client.get(scene.page).get_data(as_text=True)
    )
    assert tiles == ([str(count)] if count else [])
    person = getattr(scene, role)
    person.today = to_site_time(clock.now()).date()
    assert home.proposals_for(person).count == count


def test_an_agency_enrols_own_people_only_and_registers_nobody_by_list(client, scene):
    own, foreign = make_person(unit_id=scene.office.id), make_person(unit_id=make_unit().id)
    client.sign_in(scene.agency)
    for login in (foreign.nip, "198609262015051001"):
        answer = client.post_form(f"{scene.page}/people", page=scene.page, logins=f"{own.nip}\n{login}")
        assert answer.status_code == 422
    assert own.id not in queries.people_inside(scene.cohort.id)
    assert client.post_form(f"{scene.page}/people", page=scene.page, logins=own.nip).status_code == 302
    assert own.id in queries.people_inside(scene.cohort.id)


def test_an_agency_decides_about_own_people_only_whatever_is_sent(client, scene, session):
    own, foreign = make_person(unit_id=scene.office.id), make_person(name="Jauh", unit_id=make_unit().id)
    services.propose([own, foreign], scene.cohort, "", actor_id=None, now=clock.now())
    services.put_on_list(["198609262015051001"], scene.cohort, actor_id=None, now=clock.now())
    ids = [str(row.id) for row in session.query(Application)]
    client.sign_in(scene.agency)
    page = client.get(f"{scene.page}/proposals").get_data(as_text=True)
    assert "Jauh" not in page
    assert 'id="unregistered"' not in page
    client.post_form(f"{scene.page}/proposals", do="approve-all", all=ids, pick=ids)
    assert own.id in queries.people_inside(scene.cohort.id)
    assert foreign.id not in queries.people_inside(scene.cohort.id)
    client.post_form(f"{scene.page}/proposals", page="/language", do="refuse", pick=ids, reason="Tidak")
    assert session.query(Application).filter_by(person_id=foreign.id).one().state == "proposed"


@pytest.mark.parametrize("deed", ["extend", "withdraw", "substitute"])
def test_an_agency_does_nothing_to_others_people(client, scene, deed):
    client.sign_in(scene.agency)
    assert client.post_form(f"{scene.member('foreign')}/{deed}", page="/language").status_code == 404


def test_an_agency_gives_no_place_to_others_people(client, scene, session):
    foreign, page = make_person(unit_id=make_unit().id), scene.member("mine")
    client.sign_in(scene.agency)
    values = {"substitute-login": foreign.nip, "substitute-reason": "Tugas"}
    assert client.post_form(f"{page}/substitute", page=page, **values).status_code == 422
    assert foreign.id not in queries.people_inside(scene.cohort.id)


@pytest.mark.parametrize("path", ["settings", "again", "committee"])
def test_an_agency_sets_and_appoints_nothing(client, scene, path):
    client.sign_in(scene.agency)
    assert client.post_form(f"{scene.page}/{path}", page="/language").status_code == 404


def test_a_committee_appoints_nobody_and_makes_no_run(client, scene):
    client.sign_in(scene.committee)
    assert client.post_form(f"{scene.page}/settings", page="/language").status_code == 422
    for path in (f"{scene.page}/committee", f"{scene.page}/again", "/admin/cohorts/new"):
        assert client.post_form(path, page="/language").status_code == 404


def test_an_instructor_extends_but_takes_nobody_out(client, scene, session):
    client.sign_in(scene.teacher)
    page = scene.member("foreign")
    shown = client.get(page).get_data(as_text=True)
    assert 'id="extend"' in shown
    assert 'id="leave"' not in shown
    values = {"extend-until": days(45), "extend-reason": "Sakit"}
    assert client.post_form(f"{page}/extend", page=page, **values).status_code == 302
    for path in (f"{page}/withdraw", f"{page}/substitute", f"{scene.page}/people", f"{scene.page}/proposals"):
        assert client.post_form(path, page="/language").status_code == 404


def test_an_instructor_who_is_an_agencys_admin_too_manages_own_people_only(client, scene):
    grant(scene.teacher, "agency-admin", unit=scene.office.parent)
    client.sign_in(scene.teacher)
    assert client.post_form(f"{scene.member('mine')}/withdraw", page="/language").status_code == 422
    assert client.post_form(f"{scene.member('foreign')}/withdraw", page="/language").status_code == 403


def test_a_committee_reads_no_whole_number_of_who_is_not_registered(client, scene):
    services.put_on_list(["198609262015051001"], scene.cohort, actor_id=None, now=clock.now())
    page = client.sign_in(scene.committee).get(f"{scene.page}/proposals").get_data(as_text=True)
    assert 'id="unregistered"' in page
    assert "19860926" not in page
