"""Whom an admin may change: nobody whose rights the admin would borrow."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations_with_replacement, product
from typing import get_args

import pytest
from factories import NOON, make_admin, make_cohort, make_course, make_person, make_unit
from factories import grant as give
from people_files import nip, row, xlsx

from lms.auth import queries as auth_queries
from lms.auth.services import codes
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.people import queries
from lms.people.models import Person, RoleGrant
from lms.people.policy import may_change
from lms.people.rights import RoleName
from lms.people.scopes import EVERYBODY, NOBODY, Scope
from lms.people.services import roles
from lms.people.views.protection_texts import REASONS
from lms.roster.services import imports

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
AGENCY, OFFICE, ELSEWHERE = 1, 2, 9
OWN, BOTH = Scope(frozenset({AGENCY, OFFICE})), Scope(frozenset({AGENCY, OFFICE, ELSEWHERE}))

HELD = {
    ("admin", None): False,
    ("agency-admin", AGENCY): True,
    ("agency-admin", ELSEWHERE): False,
    ("head", AGENCY): True,
    ("head", OFFICE): True,
    ("head", ELSEWHERE): False,
    ("instructor", None): False,
    ("committee", None): False,
}
"""Each role and the unit it is for, and whether the admin of ``AGENCY`` may change somebody who holds it."""
TERMS = {
    "open": {},
    "today": {"starts_on": TODAY, "ends_on": TODAY},
    "from tomorrow": {"starts_on": TODAY + DAY},
    "deputy": {"is_deputy": True, "starts_on": TODAY + DAY, "ends_on": TODAY + 9 * DAY},
}
SCOPES = {"admin": EVERYBODY, "agency-admin": OWN, "head": NOBODY, "instructor": NOBODY, "committee": NOBODY}
"""The admin scope of a viewer who holds the role."""


def held(role: str, unit_id: int | None = None, **term) -> RoleGrant:
    target = {"instructor": {"course_id": 1}, "committee": {"cohort_id": 1}}.get(role, {"unit_id": unit_id})
    return RoleGrant(role=role, **target, **term)


def holder(*grants: RoleGrant, person_id: int = 7, unit_id: int | None = OFFICE) -> Person:
    person = Person(id=person_id, unit_id=unit_id, grants=list(grants))
    person.today = TODAY
    return person


def viewer(role: str = "agency-admin") -> Person:
    return holder(held(role, AGENCY), person_id=1)


@pytest.mark.parametrize(("first", "second"), list(combinations_with_replacement(HELD, 2)))
@pytest.mark.parametrize("term", TERMS)
def test_two_roles_together_lend_no_more_than_each_alone(first, second, term):
    person = holder(held(*first), held(*second, **TERMS[term]))
    assert may_change(viewer(), person, OWN) is (HELD[first] and HELD[second])


@pytest.mark.parametrize(("role", "other"), list(product(SCOPES, HELD)))
def test_every_role_against_every_role(role, other):
    expected = role == "admin" or (role == "agency-admin" and HELD[other])
    assert may_change(viewer(role), holder(held(*other)), SCOPES[role]) is expected


@pytest.mark.parametrize("role", HELD)
def test_a_role_that_is_over_lends_nothing(role):
    assert may_change(viewer(), holder(held(*role, ends_on=TODAY - DAY)), OWN)


@pytest.mark.parametrize("role", HELD)
def test_the_admin_of_both_agencies_has_the_units_of_both_and_no_course(role):
    expected = role[0] in ("head", "agency-admin")
    assert may_change(viewer(), holder(held(*role)), BOTH) is expected


@pytest.mark.parametrize(("unit_id", "expected"), [(OFFICE, True), (ELSEWHERE, False), (None, False)])
def test_who_holds_no_role_is_changed_by_the_admin_of_the_own_agency(unit_id, expected):
    assert may_change(viewer(), holder(unit_id=unit_id), OWN) is expected


@pytest.mark.parametrize("role", HELD)
def test_the_own_account_lends_nothing_to_its_owner(role):
    own = holder(held("agency-admin", AGENCY), held(*role))
    assert may_change(own, own, OWN)


@pytest.mark.parametrize("target", [{}, {"unit_id": OFFICE}])
def test_a_kind_of_role_that_the_rule_does_not_know_is_refused(target):
    assert not may_change(viewer(), holder(RoleGrant(role="auditor", **target)), OWN)


def test_these_tables_name_every_kind_of_role_and_everything_that_a_role_can_be_for():
    """Whoever adds a kind of role decides here whether an agency's admin may act as somebody who holds it."""
    known = set(get_args(RoleName))
    assert {role for role, _unit_id in HELD} == known
    assert set(SCOPES) == set(REASONS) == known
    targets = {column.name for column in RoleGrant.__table__.columns if column.foreign_keys}
    assert targets == {"person_id", "unit_id", "course_id", "cohort_id"}


# On the pages


@pytest.fixture
def city(session):
    return make_unit("Kota Contoh", kind="instansi")


@pytest.fixture
def office(city):
    return make_unit("Dinas Contoh", city)


@pytest.fixture
def agency_admin(city):
    person = make_person(nip=nip(900), name="Admin Kota", unit_id=city.id, password_hash="x")
    give(person, "agency-admin", unit=city)
    return person


def tomorrow() -> date:
    return to_site_time(clock.now()).date() + DAY


def give_course(person):
    give(person, "instructor", course=make_course())


def give_course_from_tomorrow(person):
    give(person, "instructor", course=make_course(), starts_on=tomorrow())


def give_cohort(person):
    give(person, "committee", cohort_id=make_cohort().id)


def give_cohort_from_tomorrow(person):
    give(person, "committee", cohort_id=make_cohort().id, starts_on=tomorrow())


def give_unit_elsewhere_from_tomorrow(person):
    elsewhere = make_unit("Dinas Lain", make_unit("Kabupaten Lain", kind="instansi"))
    give(person, "head", unit=elsewhere, is_deputy=True, starts_on=tomorrow())


def give_site(person):
    give(person, "admin")


BEYOND = (
    give_course,
    give_course_from_tomorrow,
    give_cohort,
    give_cohort_from_tomorrow,
    give_unit_elsewhere_from_tomorrow,
    give_site,
)
by_name = {"ids": lambda one: one.__name__}


def make_holder(office, give_role):
    person = make_person(nip=nip(1), name="Pemilik Hak", unit_id=office.id)
    give_role(person)
    return person


@pytest.mark.parametrize("give_role", BEYOND, **by_name)
def test_their_details_code_and_state_are_refused(client, office, agency_admin, give_role):
    person = make_holder(office, give_role)
    path = f"/admin/people/{person.id}"
    client.sign_in(agency_admin)
    for part, fields in (
        ("", {"nip": person.nip, "email": "saya@contoh.id", "name": "Nama Baru", "status": "pns"}),
        ("/code", {}),
        ("/state", {"do": "deactivate", "reason": "Coba"}),
        ("/state", {"do": "activate"}),
    ):
        assert client.post_form(f"{path}{part}", page=path, **fields).status_code == 403, part
    again = db.session.get(Person, person.id)
    assert (again.name, again.email, again.is_active) == ("Pemilik Hak", None, True)


@pytest.mark.parametrize("give_role", BEYOND, **by_name)
def test_their_page_says_why_and_whom_to_ask(client, office, agency_admin, give_role):
    person = make_holder(office, give_role)
    make_admin(name="Rosa Admin", unit_id=None)
    page = client.sign_in(agency_admin).text(f"/admin/people/{person.id}")
    note = page[page.index('id="protected"') :]
    note = note[: note.index("</div>")]
    assert note.count("<li>") == 1
    assert "Rosa Admin" in note
    assert f'action="/admin/people/{person.id}/code"' not in page


@pytest.mark.parametrize("give_role", BEYOND, **by_name)
def test_they_are_on_no_page_of_slips_and_their_number_is_said(client, office, agency_admin, give_role):
    make_holder(office, give_role)
    make_person(name="Pembelajar", unit_id=office.id)
    page = client.sign_in(agency_admin).text(f"/admin/people/slips?unit={office.id}&who=all")
    assert "Pembelajar" in page
    assert "Pemilik Hak" not in page
    assert 'id="protected"' in page


@pytest.mark.parametrize("give_role", BEYOND, **by_name)
def test_a_list_of_people_neither_changes_nor_deactivates_them(office, agency_admin, give_role):
    person = make_holder(office, give_role)
    changes = compared(agency_admin, row(1, name="Nama Baru", unit=office.name))
    assert [problem.code for problem in changes.problems if not problem.is_doubt] == ["reaches-beyond"]
    assert person.id not in compared(agency_admin, row(2, unit=office.name), leaving=office.id).leaving


def test_a_list_does_not_wake_an_account_that_holds_more(office, agency_admin):
    make_holder(office, give_course).is_active = False
    changes = compared(agency_admin, row(1, name="Pemilik Hak", unit=office.name))
    assert changes.counts()["activate"] == 0
    assert changes.refused


def compared(uploader: Person, *rows: list[object], leaving: int | None = None):
    data = xlsx(rows)
    file = imports.read_list(data)
    list_ = imports.queue_import(data, "a.xlsx", actor_id=uploader.id, now=NOON)
    list_.leaving_unit_id = leaving
    return imports.plan(file.rows, imports.existing_data(list_, file, may_change, now=clock.now()))


def test_the_head_of_a_unit_of_the_agency_is_changed_as_before(client, office, agency_admin):
    person = make_holder(office, lambda one: give(one, "head", unit=office))
    page = client.sign_in(agency_admin).text(f"/admin/people/{person.id}")
    assert f'action="/admin/people/{person.id}/code"' in page
    assert client.post_form(f"/admin/people/{person.id}/code", page=f"/admin/people/{person.id}").status_code == 200


@pytest.mark.parametrize("give_role", BEYOND, **by_name)
def test_the_admin_of_the_site_changes_everybody(client, office, give_role):
    person = make_holder(office, give_role)
    client.sign_in(make_admin(password_hash="x"))
    assert client.post_form(f"/admin/people/{person.id}/code", page=f"/admin/people/{person.id}").status_code == 200


# Codes that were created before the role


def code_after(person: Person, creator: Person | None, role: str, **values) -> bool:
    """Whether a code of the creator is good after the person was given a role."""
    codes.issue_codes([person], creator.id if creator else None, now=NOON)
    roles.grant_role(person, role, **values, actor_id=None, now=NOON)
    return auth_queries.live_code(person, NOON) is not None


@pytest.mark.parametrize("starts_on", [None, NOON.date() + DAY])
def test_an_unused_code_lends_no_role_that_comes_after_it(office, agency_admin, starts_on):
    person = make_person(unit_id=office.id)
    assert not code_after(person, agency_admin, "instructor", course_id=make_course().id, starts_on=starts_on)
    assert not code_after(person, agency_admin, "admin")


def test_an_unused_code_stays_good_for_a_head_of_the_agency_and_if_a_site_admin_made_it(office, agency_admin):
    person = make_person(unit_id=office.id)
    assert code_after(person, agency_admin, "head", unit_id=office.id)
    assert code_after(person, make_admin(), "instructor", course_id=make_course().id)
    assert code_after(person, None, "committee", cohort_id=make_cohort().id)


def test_a_term_that_is_made_longer_ends_an_unused_code_too(office, agency_admin):
    person = make_person(unit_id=office.id)
    over = give(person, "instructor", course=make_course(), ends_on=NOON.date() - DAY)
    codes.issue_codes([person], agency_admin.id, now=NOON)
    roles.change_term(over, is_deputy=False, starts_on=None, ends_on=None, actor_id=None, now=NOON)
    assert auth_queries.live_code(person, NOON) is None


def test_site_admins_are_named_without_those_who_left(session):
    make_admin(name="Budi"), make_admin(name="Ani"), make_admin(name="Citra", is_active=False)
    assert [one.name for one in queries.site_admins()] == ["Ani", "Budi"]
