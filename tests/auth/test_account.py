"""My account: what it shows, my devices, my language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import make_admin, make_person, make_unit
from sqlalchemy import select

from lms.auth import queries as auth_queries
from lms.auth.models import SignIn
from lms.auth.services import sign_ins
from lms.core import clock
from lms.core.db import db
from lms.people import policy, queries
from lms.people.models import Person


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_shows_who_i_am_with_my_whole_number(client):
    unit = make_unit("Bidang Mutu", make_unit("Dinas Contoh"))
    person = make_person(
        nip="199001012015031001",
        name="Contoh Nama",
        title_before="Dr.",
        title_after="M.Si.",
        rank="III/b",
        unit_id=unit.id,
    )
    page = text_of(client.sign_in(person).get("/account"))
    for part in ("Dr. Contoh Nama, M.Si.", "19900101 201503 1 001", "Penata Muda Tingkat I, III/b", "Bidang Mutu"):
        assert part in page


def test_somebody_without_number_rank_and_unit_has_a_page_too(client):
    person = make_person(nip=None, email="rosa@contoh.id", status="non-asn", rank="", position="")
    assert "rosa@contoh.id" in text_of(client.sign_in(person).get("/account"))


def test_a_pppk_sees_the_golongan_alone(client):
    page = text_of(client.sign_in(make_person(nip="199305202023211005", status="pppk", rank="IX")).get("/account"))
    assert "NI PPPK" in page
    assert "<dd>IX</dd>" in page


def test_visitors_sign_in_first(client):
    assert client.get("/account").location == "/login?next=/account"


def test_only_the_owner_and_admins_see_a_whole_number(session):
    person, other, admin = make_person(), make_person(), make_admin()
    for viewer, is_shown in ((person, True), (admin, True), (other, False)):
        assert policy.may_see_whole_nip(viewer, person, queries.admin_scope(viewer)) is is_shown


def test_devices_in_use_are_listed_the_present_one_marked(client):
    person = make_person()
    now = clock.now()
    for device, days in (("Chrome, Android", 1), ("Firefox, Windows", 70)):
        sign_ins.start_sign_in(person, device, now=now - timedelta(days=days))
    page = text_of(client.sign_in(person).get("/account"))
    assert "Chrome, Android" in page
    assert "Firefox, Windows" not in page
    assert page.count("tag--now") == 1
    assert page.count('/sign-out"') == 1


def test_one_device_is_signed_out(client):
    person = make_person()
    sign_ins.start_sign_in(person, "Chrome, Android", now=clock.now())
    lost = auth_queries.devices(person, clock.now())[0].id
    client.sign_in(person)
    assert client.post_form(f"/account/devices/{lost}/sign-out", page="/account").location == "/account"
    assert db.session.get(SignIn, lost).ended_at
    assert client.get("/account").status_code == 200


def test_the_device_of_somebody_else_does_not_exist_for_me(client):
    other = make_person()
    sign_ins.start_sign_in(other, "", now=clock.now())
    theirs = auth_queries.devices(other, clock.now())[0].id
    client.sign_in(make_person())
    assert client.post_form(f"/account/devices/{theirs}/sign-out", page="/account").status_code == 404
    assert db.session.get(SignIn, theirs).ended_at is None


def test_all_other_devices_are_signed_out_at_once(client):
    person, other = make_person(), make_person()
    for owner in (person, person, other):
        sign_ins.start_sign_in(owner, "", now=clock.now())
    client.sign_in(person)
    client.post_form("/account/devices/sign-out-others", page="/account")
    assert client.get("/account").status_code == 200
    db.session.rollback()
    still_in = db.session.scalars(select(SignIn.person_id).where(SignIn.ended_at.is_(None))).all()
    assert sorted(still_in) == sorted([person.id, other.id])


def test_a_visitors_language_stays_in_the_browser(client):
    assert client.post_form("/language", language="en").location == "/"
    assert '<html lang="en">' in text_of(client.get("/login"))
    assert '<html lang="id">' in text_of(client.application.test_client().get("/login"))


def test_a_persons_language_goes_along_to_all_devices(client):
    person = make_person()
    client.sign_in(person).post_form("/language", language="en")
    assert db.session.scalars(select(Person)).one().language == "en"
    assert '<html lang="en">' in text_of(client.application.test_client().sign_in(person).get("/account"))


@pytest.mark.parametrize("language", ["", "xx", "../id"])
def test_an_unknown_language_is_sent_back(client, language):
    assert client.post_form("/language", language=language).status_code == 422


@pytest.mark.parametrize(
    ("referrer", "target"),
    [
        ("http://localhost/courses?q=a", "/courses?q=a"),
        ("https://elsewhere.example/courses", "/"),
        ("http://localhost/language", "/"),
        ("", "/"),
    ],
)
def test_the_language_page_leads_back_to_where_one_came_from(client, referrer, target):
    page = text_of(client.get("/language", headers={"Referer": referrer}))
    assert f'name="next" value="{target}"' in page


@pytest.mark.parametrize(("target", "goes_to"), [("/account", "/account"), ("https://elsewhere.example/", "/")])
def test_a_choice_of_language_never_leads_elsewhere(client, target, goes_to):
    assert client.post_form("/language", language="id", next=target).location == goes_to
