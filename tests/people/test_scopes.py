"""Who sees whom: exactly what the tree gives, on every page of people and units."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, make_admin, make_course, make_enrolment, make_person, make_unit
from factories import grant as give

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.people import policy, queries
from lms.people.models import Person, RoleGrant
from lms.people.scopes import EVERYBODY, NOBODY, Scope

EVERYONE = {"kota", "dinas", "bidang", "dinas lain", "kabupaten", "badan", "nowhere"}
CITY = {"kota", "dinas", "bidang", "dinas lain"}
COUNTY = {"kabupaten", "badan"}
OFFICE = {
    "admin": EVERYONE,
    "city admin": CITY,
    "county admin": COUNTY,
    "past city admin": None,
    "head": None,
    "committee": None,
    "instructor": None,
    "learner": None,
}
"""Whom a viewer meets on the pages of administration; None: these pages do not exist."""
TEAM = {
    "head": {"dinas", "bidang"},
    "deputy until yesterday": set(),
    "deputy today": {"dinas", "bidang"},
    "deputy from tomorrow": set(),
    "admin": set(),
    "city admin": set(),
}


@pytest.fixture
def units(session):
    city, county = (make_unit(name, kind="instansi") for name in ("Kota", "Kabupaten"))
    office = make_unit("Dinas", parent=city)
    found = {"kota": city, "kabupaten": county, "dinas": office, "dinas lain": make_unit("Dinas Lain", parent=city)}
    return found | {
        "bidang": make_unit("Bidang", parent=office, kind="bidang"),
        "badan": make_unit("Badan", parent=county),
    }


@pytest.fixture
def people(units):
    """Somebody in each unit, and somebody in none."""
    found = {name: make_person(name=f"Orang {name}", unit_id=unit.id) for name, unit in units.items()}
    return found | {"nowhere": make_person(name="Orang nowhere")}


@pytest.fixture
def viewers(units):
    today = to_site_time(clock.now()).date()
    day = timedelta(days=1)
    given = {
        "city admin": ("agency-admin", "kota", {}),
        "county admin": ("agency-admin", "kabupaten", {}),
        "past city admin": ("agency-admin", "kota", {"ends_on": today - day}),
        "head": ("head", "dinas", {}),
        "deputy until yesterday": ("head", "dinas", {"is_deputy": True, "ends_on": today - day}),
        "deputy today": ("head", "dinas", {"is_deputy": True, "starts_on": today, "ends_on": today}),
        "deputy from tomorrow": ("head", "dinas", {"is_deputy": True, "starts_on": today + day}),
    }
    found = {"admin": make_admin(name="Admin Situs"), "learner": make_person(name="Pembelajar")}
    for viewer, (role, place, term) in given.items():
        found[viewer] = make_person(name=f"Pelihat {viewer}")
        grant = give(found[viewer], role, unit=units[place])
        for name, value in term.items():
            setattr(grant, name, value)
    course = make_course()
    found["instructor"], found["committee"] = make_person(name="Pengajar"), make_person(name="Panitia")
    give(found["instructor"], "instructor", course=course)
    cohort_id = make_enrolment(found["learner"], course).cohort_id
    db.session.add(RoleGrant(person_id=found["committee"].id, role="committee", cohort_id=cohort_id, granted_at=NOON))
    db.session.flush()
    return found


@pytest.mark.parametrize("viewer", OFFICE)
def test_the_list_and_the_search_hold_exactly_the_own_people(client, people, viewers, viewer):
    client.sign_in(viewers[viewer])
    for address in ("/admin/people?q=Orang", "/admin/people?q=Orang&state=all"):
        answer = client.get(address)
        if OFFICE[viewer] is None:
            assert answer.status_code == 404
            continue
        page = answer.get_data(as_text=True)
        found = {name for name, person in people.items() if f'href="/admin/people/{person.id}"' in page}
        assert found == OFFICE[viewer]


@pytest.mark.parametrize("viewer", OFFICE)
def test_pages_of_people_and_their_rights_exist_for_who_looks_after_them(client, people, viewers, viewer):
    client.sign_in(viewers[viewer])
    for name, person in people.items():
        status = 200 if name in (OFFICE[viewer] or ()) else 404
        for address in (f"/admin/people/{person.id}", f"/admin/people/{person.id}/rights"):
            assert client.get(address).status_code == status, (address, name)


@pytest.mark.parametrize("viewer", ["admin", "city admin", "county admin"])
def test_a_whole_number_leads_only_to_the_own_people(client, people, viewers, viewer):
    client.sign_in(viewers[viewer])
    for name, person in people.items():
        answer = client.post_form("/admin/people", q=person.nip, unit="", state="active")
        assert (answer.location == f"/admin/people/{person.id}") is (name in OFFICE[viewer]), name


@pytest.mark.parametrize("viewer", OFFICE)
def test_units_exist_for_who_looks_after_them(client, units, viewers, viewer):
    client.sign_in(viewers[viewer])
    tree = client.get("/admin/units")
    for name, unit in units.items():
        is_seen = name in (OFFICE[viewer] or ())
        assert client.get(f"/admin/units/{unit.id}").status_code == (200 if is_seen else 404), name
        assert (f'href="/admin/units/{unit.id}"' in tree.get_data(as_text=True)) is is_seen


@pytest.mark.parametrize("viewer", TEAM)
def test_a_head_or_deputy_has_the_own_units_and_all_below_on_the_days_of_the_term(viewers, people, viewer):
    person = queries.person(viewers[viewer].id)
    person.today = to_site_time(clock.now()).date()
    scope = queries.team_scope(person)
    assert {name for name, one in people.items() if scope.covers(one.unit_id)} == TEAM[viewer]


@pytest.mark.parametrize(
    ("viewer", "status"),
    [("head", 200), ("deputy today", 200), ("deputy until yesterday", 404), ("deputy from tomorrow", 404)],
)
def test_the_page_of_the_own_unit_is_there_on_the_days_of_the_term(client, viewers, viewer, status):
    assert client.sign_in(viewers[viewer]).get("/team").status_code == status


def test_an_agency_admin_puts_nobody_outside_the_agency(client, people, units, viewers):
    client.sign_in(viewers["city admin"])
    person = people["dinas"]
    path, before = f"/admin/people/{person.id}", person.unit_id
    form = {"nip": person.nip, "name": "Nama Baru", "status": "pns", "rank": "III/a"}
    for unit_id in ("", str(units["badan"].id)):
        assert client.post_form(path, **form, unit_id=unit_id).status_code == 422
        new = form | {"nip": "198609262015051001", "unit_id": unit_id}
        assert client.post_form("/admin/people/new", **new).status_code == 422
    assert person.unit_id == before
    assert client.post_form(path, **form, unit_id=str(units["bidang"].id)).status_code == 302
    assert person.unit_id == units["bidang"].id


def test_an_agency_admin_gives_roles_only_within_the_agency(client, people, units, viewers):
    client.sign_in(viewers["city admin"])
    path = f"/admin/people/{people['dinas'].id}"
    outside, inside = units["badan"], units["dinas lain"]
    assert client.post_form(f"{path}/roles/head", page=path, **{"head-unit_id": str(outside.id)}).status_code == 422
    assert client.post_form(f"{path}/roles/head", page=path, **{"head-unit_id": str(inside.id)}).status_code == 302
    page = f"/admin/units/{inside.id}"
    stranger = client.post_form(f"{page}/heads", page=page, **{"head-login": people["badan"].nip})
    assert stranger.status_code == 422
    county_head = give(people["badan"], "head", unit=outside)
    assert client.get(f"/admin/roles/{county_head.id}").status_code == 404
    assert client.post_form(f"/admin/roles/{county_head.id}", page=path, do="revoke").status_code == 404


@pytest.mark.parametrize("role", ["admin", "head elsewhere"])
def test_nobody_borrows_the_rights_of_who_may_do_more(client, people, units, viewers, role):
    """A code would let an agency's admin in as an admin of the site."""
    person = people["dinas"]
    give(person, "admin") if role == "admin" else give(person, "head", unit=units["badan"])
    client.sign_in(viewers["city admin"])
    path = f"/admin/people/{person.id}"
    assert client.get(path).status_code == 200
    for part in ("", "/code", "/state"):
        assert client.post_form(f"{path}{part}", page=path, do="deactivate", reason="Coba").status_code == 403
    assert queries.person(person.id).is_active


def test_an_agency_admin_arranges_the_units_below_the_agency_and_not_the_agency(client, units, viewers):
    client.sign_in(viewers["city admin"])
    city, office, other, county = (f"/admin/units/{units[name].id}" for name in ("kota", "dinas", "bidang", "badan"))
    assert client.post_form("/admin/units", page=office, name="Instansi Baru", kind="instansi").status_code == 403
    assert client.post_form(city, page=office, name="Kota Baru", kind="instansi").status_code == 403
    assert client.post_form(f"{city}/removal", page=office).status_code == 403
    assert client.get(f"{city}/merger?into={units['dinas'].id}").status_code == 403
    part = {"part-name": "Dinas Baru", "part-kind": "opd"}
    assert client.post_form(f"{city}/parts", page=city, **part).status_code == 302
    assert client.post_form(f"{county}/parts", page=city, **part).status_code == 404
    outside = {"move-parent_id": str(units["badan"].id)}
    assert client.post_form(f"{other}/place", page=other, **outside).status_code == 422
    into = str(units["badan"].id)
    assert client.get(f"{office}/merger?into={into}").status_code == 404
    assert client.post_form(f"{office}/merger", page=office, into=into).status_code == 404
    assert client.post_form(office, name="Dinas Bernama Baru", kind="opd").status_code == 302


def test_an_agency_admins_first_page_counts_the_own_people_and_offers_no_settings(client, people, viewers):
    page = client.sign_in(viewers["city admin"]).get("/admin").get_data(as_text=True)
    assert f'<a href="/admin/people"><b>{len(CITY)}</b>' in page
    assert 'href="/admin/people"' in page
    for address in ("/admin/settings", "/admin/audit"):
        assert f'href="{address}"' not in page
        assert client.get(address).status_code == 404


def test_a_number_is_shown_whole_to_its_owner_and_who_looks_after_the_person(people, viewers):
    person = people["dinas"]
    for viewer, is_shown in (("admin", True), ("city admin", True), ("county admin", False), ("head", False)):
        row = viewers[viewer]
        assert policy.may_see_whole_nip(row, person, queries.admin_scope(row)) is is_shown


def test_scopes_narrow_and_never_widen():
    some = Scope(frozenset({1, 2}))
    assert some.within({2, 3}) == Scope(frozenset({2}))
    assert EVERYBODY.within({2}) == Scope(frozenset({2}))
    assert NOBODY.within({1}) == NOBODY
    assert not some.covers(None)
    assert EVERYBODY.covers(None)


def test_a_move_takes_people_into_the_other_agencys_view_at_once(client, people, units, viewers):
    people["bidang"].unit_id = units["badan"].id
    client.sign_in(viewers["county admin"])
    assert client.get(f"/admin/people/{people['bidang'].id}").status_code == 200
    client.sign_in(viewers["city admin"])
    assert client.get(f"/admin/people/{people['bidang'].id}").status_code == 404
    assert db.session.get(Person, people["bidang"].id).unit_id == units["badan"].id
