from __future__ import annotations

from datetime import date

import pytest
from factories import NOON, grant, make_admin, make_course, make_enrolment, make_person, make_unit

from lms.core.db import db
from lms.people.models import RoleGrant


@pytest.fixture
def city(session):
    return make_unit("Kota Contoh", kind="instansi")


@pytest.fixture
def office(city):
    return make_unit("Dinas Contoh", parent=city)


def test_each_role_is_told_with_its_reach_its_dates_and_who_gave_it(client, city, office):
    giver = make_admin(name="Pemberi Hak")
    person = make_person(name="Kepala Contoh")
    row = grant(person, "head", unit=office)
    row.starts_on, row.ends_on, row.granted_by, row.is_deputy = date(2026, 1, 1), date(2099, 6, 30), giver.id, True
    make_unit("Bidang Contoh", parent=office)
    for _ in range(3):
        make_person(unit_id=office.id)
    page = client.sign_in(giver).get(f"/admin/people/{person.id}/rights").get_data(as_text=True)
    for words in ("Dinas Contoh", "Bidang Contoh", "1 Januari 2026", "30 Juni 2099", "Pemberi Hak", "Plt."):
        assert words in page


def test_courses_and_cohorts_are_told_by_name(client, session):
    course = make_course(title="Pelayanan Publik")
    person = make_person()
    grant(person, "instructor", course=course)
    cohort = make_enrolment(make_person(), course).cohort
    cohort.name = "Angkatan IX"
    db.session.add(RoleGrant(person_id=person.id, role="committee", cohort_id=cohort.id, granted_at=NOON))
    page = client.sign_in(person).get("/account/rights").get_data(as_text=True)
    assert "“Pelayanan Publik”" in page
    assert "Pelayanan Publik, Angkatan IX" in page


def test_everybody_sees_who_may_see_the_own_data(client, city, office):
    person = make_person(unit_id=office.id)
    course = make_course(title="Pelayanan Publik")
    make_enrolment(person, course)
    watching = {"Kepala Atas": ("head", city), "Kepala Sendiri": ("head", office), "Admin Kota": ("agency-admin", city)}
    for name, (role, unit) in watching.items():
        grant(make_person(name=name), role, unit=unit)
    grant(make_person(name="Pengajar Sini"), "instructor", course=course)
    make_admin(name="Admin Situs")
    grant(make_person(name="Kepala Lain"), "head", unit=make_unit("Dinas Lain", parent=city))
    grant(make_person(name="Pengajar Lain"), "instructor", course=make_course())
    grant(make_person(name="Kepala Nonaktif", is_active=False), "head", unit=office)
    over = grant(make_person(name="Kepala Dahulu"), "head", unit=office)
    over.ends_on = date(2020, 1, 1)
    page = client.sign_in(person).get("/account/rights").get_data(as_text=True)
    for name in (*watching, "Pengajar Sini", "Admin Situs"):
        assert name in page
    for name in ("Kepala Lain", "Pengajar Lain", "Kepala Nonaktif", "Kepala Dahulu"):
        assert name not in page


def test_who_left_a_course_is_no_longer_seen_by_its_instructor(client, session):
    person, course = make_person(), make_course()
    make_enrolment(person, course, withdrawn_at=NOON)
    grant(make_person(name="Pengajar Sini"), "instructor", course=course)
    assert "Pengajar Sini" not in client.sign_in(person).get("/account/rights").get_data(as_text=True)


def test_the_page_leads_there_and_back(client, office):
    person = make_person(unit_id=office.id)
    client.sign_in(make_admin())
    path = f"/admin/people/{person.id}"
    assert f'href="{path}/rights"' in client.get(path).get_data(as_text=True)
    assert f'href="{path}"' in client.get(f"{path}/rights").get_data(as_text=True)
    assert 'href="/account/rights"' in client.get("/account").get_data(as_text=True)


def test_no_page_of_rights_holds_a_whole_number(client, office):
    person = make_person(unit_id=office.id)
    grant(make_person(name="Kepala"), "head", unit=office)
    pages = [client.sign_in(person).get("/account/rights")]
    pages.append(client.sign_in(make_admin()).get(f"/admin/people/{person.id}/rights"))
    assert all(person.nip not in page.get_data(as_text=True) for page in pages)
