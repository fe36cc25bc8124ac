from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import NOON, grant, make_admin, make_person, make_unit

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people import queries
from lms.people.models import RoleGrant
from lms.people.services import roles

BY = {"actor_id": None, "now": NOON}
TODAY = date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def city(session):
    return make_unit("Kota Contoh", kind="instansi")


@pytest.fixture
def office(city):
    return make_unit("Dinas Contoh", parent=city)


def verbs() -> list[str]:
    return [entry.verb for entry in db.session.query(LedgerEntry).order_by(LedgerEntry.id)]


def test_a_role_given_again_has_the_new_dates_and_is_one_row(office):
    person = make_person()
    roles.grant_role(person, "head", unit_id=office.id, **BY)
    roles.grant_role(person, "head", unit_id=office.id, **BY)
    found = roles.grant_role(person, "head", unit_id=office.id, is_deputy=True, ends_on=TOMORROW, **BY)
    assert (found.is_deputy, found.starts_on, found.ends_on) == (True, None, TOMORROW)
    assert db.session.query(RoleGrant).count() == 1
    assert verbs() == ["grant role", "grant role"]


def terms_of(person, office) -> list[tuple]:
    found = queries.terms(person, "head", unit_id=office.id)
    return [(one.is_deputy, one.starts_on, one.ends_on) for one in found]


NEW_YEAR, EVE = date(2027, 1, 1), date(2026, 12, 31)


def test_a_term_that_is_to_come_leaves_the_present_one_until_it_begins(office):
    """A deputy who becomes head at New Year must not lose the unit until then."""
    person = make_person()
    roles.grant_role(person, "head", unit_id=office.id, is_deputy=True, **BY)
    roles.grant_role(person, "head", unit_id=office.id, starts_on=NEW_YEAR, **BY)
    assert terms_of(person, office) == [(True, None, EVE), (False, NEW_YEAR, None)]
    assert verbs() == ["grant role", "change role", "grant role"]
    for day in (TODAY, EVE, NEW_YEAR):
        person.today = day
        assert person.headed_unit_ids == {office.id}


def test_a_term_that_is_over_stays_as_it_was(office):
    person = make_person()
    roles.grant_role(person, "head", unit_id=office.id, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), **BY)
    roles.grant_role(person, "head", unit_id=office.id, **BY)
    assert terms_of(person, office) == [
        (False, date(2025, 1, 1), date(2025, 12, 31)),
        (False, NOON.date(), None),
    ]


def test_a_term_given_from_its_first_day_or_earlier_takes_the_others_place(office):
    person = make_person()
    for starts_on in (NEW_YEAR, date(2027, 3, 1)):
        roles.grant_role(person, "head", unit_id=office.id, starts_on=starts_on, **BY)
    assert len(terms_of(person, office)) == 2
    roles.grant_role(person, "head", unit_id=office.id, starts_on=TOMORROW, ends_on=date(2027, 6, 30), **BY)
    assert terms_of(person, office) == [(False, TOMORROW, date(2027, 6, 30))]
    assert verbs()[-2:] == ["revoke role", "grant role"]


def test_two_terms_of_a_person_cannot_be_made_to_overlap(client, office):
    person = make_person(unit_id=office.id)
    roles.grant_role(person, "head", unit_id=office.id, ends_on=EVE, **BY)
    later = roles.grant_role(person, "head", unit_id=office.id, starts_on=NEW_YEAR, **BY)
    client.sign_in(make_admin())
    answer = client.post_form(f"/admin/roles/{later.id}", starts_on="2026-12-31", ends_on="")
    assert answer.status_code == 422
    assert 'id="starts_on-error"' in answer.get_data(as_text=True)
    assert len(terms_of(person, office)) == 2
    assert client.post_form(f"/admin/roles/{later.id}", starts_on="2027-02-01", ends_on="").status_code == 302
    assert terms_of(person, office)[1] == (False, date(2027, 2, 1), None)


def test_one_term_is_taken_back_and_the_other_stays(client, office):
    person = make_person(unit_id=office.id)
    roles.grant_role(person, "head", unit_id=office.id, ends_on=EVE, **BY)
    later = roles.grant_role(person, "head", unit_id=office.id, starts_on=NEW_YEAR, **BY)
    client.sign_in(make_admin()).post_form(f"/admin/roles/{later.id}", do="revoke")
    assert terms_of(person, office) == [(False, None, EVE)]
    roles.grant_role(person, "head", unit_id=office.id, starts_on=NEW_YEAR, **BY)
    roles.revoke_role(person, "head", unit_id=office.id, **BY)
    assert terms_of(person, office) == []


def test_a_term_is_changed_and_the_ledger_has_its_dates(office):
    person = make_person()
    found = roles.grant_role(person, "head", unit_id=office.id, **BY)
    roles.change_term(found, is_deputy=False, starts_on=None, ends_on=YESTERDAY, **BY)
    roles.change_term(found, is_deputy=False, starts_on=None, ends_on=YESTERDAY, **BY)
    assert verbs() == ["grant role", "change role"]
    assert str(YESTERDAY) in db.session.query(LedgerEntry).filter_by(verb="change role").one().facts
    person.today = TODAY
    assert person.headed_unit_ids == frozenset()


def test_only_an_agency_has_admins_of_its_own(city, office):
    person = make_person()
    with pytest.raises(roles.NotAnAgency):
        roles.grant_role(person, "agency-admin", unit_id=office.id, **BY)
    roles.grant_role(person, "agency-admin", unit_id=city.id, **BY)
    assert queries.admin_scope(person).unit_ids == {city.id, office.id}


def test_heads_of_today_are_listed_before_their_deputies(office):
    terms = {
        "Dahulu": {"ends_on": YESTERDAY},
        "Besok": {"starts_on": TOMORROW},
        "Anton Wakil": {"is_deputy": True, "starts_on": TODAY, "ends_on": TODAY},
        "Zeta Kepala": {},
    }
    for name, term in terms.items():
        roles.grant_role(make_person(name=name), "head", unit_id=office.id, **term, **BY)
    found = queries.heads_by_unit(TODAY)
    assert [one.person.name for one in found[office.id]] == ["Zeta Kepala", "Anton Wakil"]
    assert len(queries.grants_at(office.id)) == 4


def test_a_head_is_named_on_the_units_page_with_dates(client, office):
    person = make_person(unit_id=office.id)
    client.sign_in(make_admin())
    path = f"/admin/units/{office.id}"
    form = {"head-login": person.nip, "head-starts_on": "2026-11-01", "head-ends_on": "2026-11-30"}
    answer = client.post_form(f"{path}/heads", page=path, **form, **{"head-is_deputy": "y"})
    assert answer.location == path
    [found] = queries.terms(person, "head", unit_id=office.id)
    assert (found.is_deputy, found.starts_on, found.ends_on) == (True, date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"head-login": ""}, "head-login"),
        ({"head-login": "199001012015031999"}, "head-login"),
        ({"head-login": "x" * 5000}, "head-login"),
        ({"head-ends_on": "kemarin"}, "head-ends_on"),
        ({"head-starts_on": "2026-11-30", "head-ends_on": "2026-11-01"}, "head-ends_on"),
        ({"head-starts_on": "9" * 30}, "head-starts_on"),
    ],
)
def test_a_bad_head_is_sent_back_to_its_field(client, office, form, field):
    person = make_person(unit_id=office.id)
    client.sign_in(make_admin())
    path = f"/admin/units/{office.id}"
    answer = client.post_form(f"{path}/heads", page=path, **({"head-login": person.nip} | form))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert db.session.query(RoleGrant).filter_by(role="head").count() == 0


def test_two_heads_at_once_are_allowed_and_said(client, office):
    for name in ("Kepala Satu", "Kepala Dua"):
        grant(make_person(name=name, unit_id=office.id), "head", unit=office)
    page = client.sign_in(make_admin()).get(f"/admin/units/{office.id}").get_data(as_text=True)
    assert "note--wait" in page


def test_a_term_ends_on_its_own_page_and_stays_visible_as_past(client, office):
    person = make_person(name="Kepala Lama", unit_id=office.id)
    path = f"/admin/roles/{grant(person, 'head', unit=office).id}"
    client.sign_in(make_admin())
    assert client.get(path).status_code == 200
    assert client.post_form(path, starts_on="2020-01-01", ends_on="2019-01-01").status_code == 422
    answer = client.post_form(path, starts_on="2020-01-01", ends_on="2020-12-31")
    assert answer.location == f"/admin/units/{office.id}"
    for page in (f"/admin/units/{office.id}", f"/admin/people/{person.id}", f"/admin/people/{person.id}/rights"):
        assert "31 Desember 2020" in client.get(page).get_data(as_text=True)
    assert client.sign_in(person).get("/team").status_code == 404


def test_a_role_taken_back_twice_is_gone_once(client, office):
    person = make_person(unit_id=office.id)
    path = f"/admin/roles/{grant(person, 'head', unit=office).id}"
    client.sign_in(make_admin())
    unit_page = f"/admin/units/{office.id}"
    assert client.post_form(path, do="revoke").location == unit_page
    assert client.post_form(path, page=unit_page, do="revoke").status_code == 404
    assert verbs() == ["revoke role"]


def test_an_agency_admin_is_named_by_the_sites_admin_only(client, city, office):
    person = make_person(unit_id=office.id)
    agency_admin = make_person(unit_id=office.id)
    grant(agency_admin, "agency-admin", unit=city)
    page = f"/admin/people/{person.id}"
    client.sign_in(agency_admin)
    form = {"agency-unit_id": str(city.id)}
    assert client.post_form(f"{page}/roles/agency-admin", page=page, **form).status_code == 404
    assert client.post_form(f"{page}/roles/admin", page=page).status_code == 404
    client.sign_in(make_admin())
    wrong = client.post_form(f"{page}/roles/agency-admin", page=page, **{"agency-unit_id": str(office.id)})
    assert wrong.status_code == 422
    assert client.post_form(f"{page}/roles/agency-admin", page=page, **form).location == page
    assert queries.terms(person, "agency-admin", unit_id=city.id)
