"""Printed slips: for whom they are made, and what they show."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from factories import NOON, grant, make_admin, make_person, make_unit
from pages import csrf_token

from lms.auth import one_time_codes, passwords
from lms.auth import queries as auth_queries
from lms.auth.models import ResetCode
from lms.auth.services import codes
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people.models import Person
from lms.roster.views import slips as admin_slips

PATH = "/admin/people/slips"


@pytest.fixture
def unit(client):
    client.sign_in(make_admin(password_hash="x"))
    return make_unit("Dinas Contoh")


@pytest.fixture
def three(unit, monkeypatch):
    """More people than fit one printed page."""
    monkeypatch.setattr(admin_slips, "MAX_SLIPS", 2)
    return [make_person(name=name, unit_id=unit.id) for name in ("Ani", "Budi", "Citra")]


def ticked(client, unit, who="new"):
    """Person ids in the list, and True if ticked."""
    page = client.get(f"{PATH}?unit={unit.id}&who={who}").get_data(as_text=True)
    boxes = [box for box in re.findall(r"<input[^>]+>", page) if 'name="people"' in box]
    return {int(re.search(r'value="(\d+)"', box)[1]): " checked" in box for box in boxes}


def opened(client, unit, who="all"):
    """The hidden fields of the page."""
    page = client.get(f"{PATH}?unit={unit.id}&who={who}").get_data(as_text=True)
    at = re.search(r'name="opened"[^>]* value="([^"]+)"', page)
    return {"csrf_token": csrf_token(page), "opened": at[1] if at else ""}


def printed(client, unit, people, layout="slips", who="all", page=None):
    values = {"people": [str(person.id) for person in people], "layout": layout}
    return client.post(f"{PATH}?unit={unit.id}&who={who}", data=values | (page or opened(client, unit, who)))


@pytest.mark.parametrize("layout", ["slips", "list"])
def test_a_printed_code_lets_its_owner_in_within_thirty_days(client, unit, layout):
    person = make_person(name="Ani Contoh", unit_id=unit.id)
    answer = printed(client, unit, [person], layout)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = answer.get_data(as_text=True)
    assert "Ani Contoh" in page
    assert "http://localhost/login/code" in page
    assert ("<svg" in page.split("<main")[1]) == (layout == "slips")
    kept = db.session.query(ResetCode).one()
    assert kept.expires_at - kept.created_at == timedelta(days=30)
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{3}-[A-Z2-9]{3}", page)[0]
    assert code not in kept.code_hash
    phone = client.application.test_client()
    first = phone.post_form("/login/code", username=person.nip, code=code)
    assert first.location == "/account/new-password"


def test_only_who_never_had_a_password_is_listed_unless_all_are_asked_for(client, unit):
    make_person(name="Baru Contoh", unit_id=make_unit("Bidang", unit).id)
    make_person(name="Lama Contoh", unit_id=unit.id, password_hash="x")
    make_person(name="Pensiun Contoh", unit_id=unit.id, is_active=False)
    make_person(name="Orang Lain", unit_id=make_unit().id)
    page = client.get(f"{PATH}?unit={unit.id}").get_data(as_text=True)
    assert "Baru Contoh" in page
    assert not [name for name in ("Lama Contoh", "Pensiun Contoh", "Orang Lain") if name in page]
    assert "Lama Contoh" in client.get(f"{PATH}?unit={unit.id}&who=all").get_data(as_text=True)
    assert client.get(f"{PATH}?unit=99999").status_code == 200
    assert client.get(f"{PATH}?unit=x").status_code == 200


def test_somebody_who_is_not_in_the_unit_gets_no_code(client, unit):
    make_person(unit_id=unit.id)
    answer = printed(client, unit, [make_person(unit_id=make_unit().id)])
    assert answer.status_code == 422
    assert printed(client, unit, []).status_code == 422
    assert db.session.query(ResetCode).count() == 0


def test_an_agency_admin_prints_only_for_the_own_agency(client, unit):
    own = make_unit("Pemerintah Contoh", kind="instansi")
    office = make_person()
    grant(office, "agency-admin", unit=own)
    make_person(name="Orang Lain", unit_id=unit.id)
    make_person(name="Orang Sendiri", unit_id=own.id)
    client.sign_in(office)
    assert "Orang Lain" not in client.get(f"{PATH}?unit={unit.id}").get_data(as_text=True)
    assert "Orang Sendiri" in client.get(f"{PATH}?unit={own.id}").get_data(as_text=True)


def test_an_agency_admin_prints_no_code_for_an_admin_of_the_site(client, unit):
    own = make_unit("Pemerintah Contoh", kind="instansi")
    office = make_person()
    grant(office, "agency-admin", unit=own)
    mighty = make_admin(name="Admin Situs", unit_id=own.id)
    client.sign_in(office)
    make_person(unit_id=own.id)
    assert "Admin Situs" not in client.get(f"{PATH}?unit={own.id}").get_data(as_text=True)
    assert printed(client, own, [mighty]).status_code == 422
    assert db.session.query(ResetCode).count() == 0


def test_a_box_may_stay_unticked(client, unit):
    make_person(unit_id=unit.id)
    page = client.get(f"{PATH}?unit={unit.id}").get_data(as_text=True)
    assert 'name="people"' in page
    assert not [box for box in re.findall(r"<input[^>]+>", page) if 'name="people"' in box and "required" in box]


def test_printing_again_goes_on_through_a_long_list_and_voids_nothing(client, unit, three):
    first, second, third = three
    assert ticked(client, unit) == {first.id: True, second.id: True}
    page = printed(client, unit, [first, second], who="new").get_data(as_text=True)
    assert f'href="{PATH}?unit={unit.id}&amp;who=new"' in page
    assert ticked(client, unit) == {third.id: True}
    printed(client, unit, [third])
    assert ticked(client, unit) == {}
    assert db.session.query(ResetCode).filter(ResetCode.used_at.is_(None)).count() == 3


def test_among_all_who_has_a_code_stands_last_and_is_not_ticked(client, unit, three):
    first, second, third = three
    printed(client, unit, [first, second])
    assert ticked(client, unit, "all") == {third.id: True, first.id: False}


def test_a_new_slip_voids_the_old_and_the_page_says_so_before(client, unit):
    person = make_person(unit_id=unit.id)
    old = codes.issue_reset_code(person, None, now=clock.now())
    assert "who=code" in client.get(f"{PATH}?unit={unit.id}").get_data(as_text=True)
    assert "note--wait" in client.get(f"{PATH}?unit={unit.id}&who=code").get_data(as_text=True)
    assert ticked(client, unit, "code") == {person.id: True}
    assert printed(client, unit, [person], who="code").status_code == 200
    live = auth_queries.live_code(person, clock.now())
    assert not codes.is_right(live.code_hash, old, person.id)


@pytest.mark.parametrize("who", ["new", "all"])
def test_the_same_page_sent_again_voids_no_paper(client, unit, who):
    """Reloaded after printing, or submitted by a second admin who had the same page open."""
    first, second = make_person(unit_id=unit.id), make_person(unit_id=unit.id)
    page = opened(client, unit, who)
    assert printed(client, unit, [first], who=who, page=page).status_code == 200
    kept = auth_queries.live_code(first, clock.now()).id
    again = printed(client, unit, [first], who=who, page=page)
    assert again.status_code == 422
    assert 'id="passed-over"' in again.get_data(as_text=True)
    both = printed(client, unit, [first, second], who=who, page=page)
    assert both.status_code == 200
    assert 'id="passed-over"' in both.get_data(as_text=True)
    assert auth_queries.live_code(first, clock.now()).id == kept
    assert auth_queries.live_code(second, clock.now()) is not None


def test_who_was_switched_off_meanwhile_is_left_out_and_the_others_are_printed(client, unit):
    stays, goes = make_person(name="Ani", unit_id=unit.id), make_person(name="Budi", unit_id=unit.id)
    page = opened(client, unit)
    goes.is_active = False
    answer = printed(client, unit, [stays, goes], page=page)
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert 'id="passed-over"' in text
    assert "Ani" in text
    assert "Budi" not in text


@pytest.mark.parametrize("opened_at", ["", "kemarin", "2026-01-01", "9" * 40])
def test_a_page_that_does_not_say_when_it_was_made_is_taken_as_fresh(client, unit, opened_at):
    person = make_person(unit_id=unit.id)
    page = opened(client, unit) | {"opened": opened_at}
    assert printed(client, unit, [person], page=page).status_code == 200


def test_five_hundred_codes_take_no_time_and_stand_in_the_ledger_without_the_codes(session):
    people = [make_person(nip=None, email=f"orang{number}@contoh.go.id") for number in range(500)]
    begun = time.monotonic()
    texts = codes.issue_codes(people, None, now=NOON)
    assert time.monotonic() - begun < 2
    assert len(set(texts.values())) == 500
    entries = session.query(LedgerEntry).all()
    assert len(entries) == 500
    assert not [entry for entry in entries if any(text in entry.facts for text in list(texts.values())[:5])]


def test_nobody_gets_a_code_if_one_of_them_is_switched_off(session):
    people = [make_person(), make_person(is_active=False)]
    with pytest.raises(codes.AccountInactive):
        codes.issue_codes(people, None, now=NOON)
    assert session.query(ResetCode).count() == 0


def test_a_code_of_before_is_good_until_it_expires(client):
    person = make_person()
    number = person.nip
    code, now = one_time_codes.new_code(), clock.now()
    values = {"code_hash": passwords.hash_password(code), "created_at": now, "expires_at": now + timedelta(hours=1)}
    db.session.add(ResetCode(person_id=person.id, **values))
    assert client.post_form("/login/code", username=number, code=code).location == "/account/new-password"


def test_a_kept_code_is_of_one_person_and_one_key():
    kept = one_time_codes.hash_code("ABCDEFGHJK", 1, "key")
    assert one_time_codes.is_right(kept, "abcd-efg-hjk", 1, "key")
    assert not one_time_codes.is_right(kept, "ABCDEFGHJK", 2, "key")
    assert not one_time_codes.is_right(kept, "ABCDEFGHJK", 1, "another key")
    assert not one_time_codes.is_right(kept, "ABCDEFGHJM", 1, "key")


def test_an_unknown_name_has_no_code(session):
    assert not codes.is_right(None, "ABCDEFGHJK", None)
    assert session.query(Person).count() == 0


def test_who_has_no_unit_gets_a_slip_too_from_who_looks_after_everybody(client, unit):
    lost = make_person(name="Tanpa Unit", unit_id=None)
    make_person(name="Berunit", unit_id=unit.id)
    assert set(ticked(client, SimpleNamespace(id=0))) >= {lost.id}
    page = client.get("/admin/people?unit=0").get_data(as_text=True)
    assert "Tanpa Unit" in page
    assert "Berunit" not in page
    sheet = client.get("/admin/people/export.csv?unit=0").get_data(as_text=True)
    assert "Tanpa Unit" in sheet
    assert "Berunit" not in sheet
    grant(
        agency_admin := make_person(unit_id=unit.id), "agency-admin", unit=make_unit("Instansi Lain", kind="instansi")
    )
    client.sign_in(agency_admin)
    assert "Tanpa Unit" not in client.get("/admin/people?unit=0").get_data(as_text=True)
    assert "Tanpa Unit" not in client.get(f"{PATH}?unit=0&who=all").get_data(as_text=True)
