"""Waits after failed attempts: each proof has its own, and an admin sees and lifts them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, make_admin, make_course, make_person, make_unit
from factories import grant as give
from sqlalchemy import func, select

from lms.auth import passwords
from lms.auth import queries as auth_queries
from lms.auth.models import SignInFailure
from lms.auth.services import codes, sign_ins
from lms.auth.services.passwords import set_password
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people.models import Person

PASSWORD = "kopi pahit di pagi hari"
ANOTHER = "perahu layar di laut biru"
WRONG = "bukan kata sandinya"
WRONG_CODE = "AAAA-AAA-AAA"
NIP, EMAIL = "199001012015031001", "rosa@contoh.id"


@pytest.fixture
def unit(session):
    return make_unit("Kota Contoh", kind="instansi")


@pytest.fixture
def owner(unit, time) -> int:
    """The id, because the row is expired by every request."""
    person = make_person(nip=NIP, email=EMAIL, name="Rosa", unit_id=unit.id)
    set_password(person, PASSWORD, NOON)
    db.session.commit()
    return person.id


@pytest.fixture
def agency_admin(unit):
    person = make_person(name="Admin Kota", unit_id=unit.id, password_hash="x")
    give(person, "agency-admin", unit=unit)
    return person


def issue(owner: int) -> str:
    code = codes.issue_reset_code(db.session.get(Person, owner), None, now=clock.now())
    db.session.commit()
    return code


def guess_passwords(browser, name=NIP, times=6):
    return [browser.post_form("/login", username=name, password=WRONG).status_code for _ in range(times)]


def guess_codes(browser, name=NIP, times=6):
    return [browser.post_form("/login/code", username=name, code=WRONG_CODE).status_code for _ in range(times)]


def change_password(browser, present, new=ANOTHER):
    values = {"present_password": present, "new_password": new, "again": new}
    return browser.post_form("/account/password", **values).status_code


def failures() -> int:
    return db.session.scalar(select(func.count()).select_from(SignInFailure))


# A stranger knows the number


def test_who_is_kept_from_signing_in_by_a_stranger_goes_in_with_a_code(app, owner):
    assert guess_passwords(app.test_client()) == [422] * 5 + [429]
    phone = app.test_client()
    assert phone.post_form("/login", username=NIP, password=PASSWORD).status_code == 429
    assert phone.post_form("/login/code", username=NIP, code=issue(owner)).status_code == 302


@pytest.mark.parametrize("name", [NIP, EMAIL])
@pytest.mark.parametrize("kind", ["read out", "slip"])
def test_a_new_code_is_not_barred_by_guesses_at_the_one_before(app, owner, name, kind):
    issue(owner)
    assert guess_codes(app.test_client(), name) == [422] * 5 + [429]
    if kind == "slip":
        person = db.session.get(Person, owner)
        code = codes.issue_codes([person], None, now=clock.now())[owner]
        db.session.commit()
    else:
        code = issue(owner)
    assert app.test_client().post_form("/login/code", username=name, code=code).status_code == 302


def test_a_new_code_does_not_end_the_wait_for_the_password_or_of_somebody_else(app, owner):
    other = make_person(nip="199001012015032002").id
    db.session.commit()
    stranger = app.test_client()
    guess_passwords(stranger)
    guess_codes(stranger, "199001012015032002")
    issue(owner)
    assert stranger.post_form("/login", username=NIP, password=PASSWORD).status_code == 429
    code = codes.issue_reset_code(db.session.get(Person, other), None, now=clock.now())
    db.session.rollback()
    assert stranger.post_form("/login/code", username="199001012015032002", code=code).status_code == 429


def test_a_stranger_does_not_keep_the_owner_from_changing_the_password(app, client, owner):
    client.sign_in(db.session.get(Person, owner))
    stranger = app.test_client()
    guess_passwords(stranger, NIP)
    guess_passwords(stranger, EMAIL)
    guess_codes(stranger)
    assert change_password(client, PASSWORD) == 302


def test_guesses_at_the_current_password_wait_on_that_device_alone(app, client, owner, time):
    person = db.session.get(Person, owner)
    client.sign_in(person)
    other_device = app.test_client().sign_in(person)
    for _ in range(5):
        assert change_password(client, WRONG) == 422
    assert change_password(client, PASSWORD) == 422
    assert app.test_client().post_form("/login", username=NIP, password=PASSWORD).status_code == 302
    time.passes(seconds=30)
    assert change_password(client, PASSWORD) == 302
    assert failures() == 0
    assert other_device.get("/account").status_code == 302


def test_guesses_on_one_device_do_not_bar_another(app, client, owner):
    person = db.session.get(Person, owner)
    client.sign_in(person)
    other_device = app.test_client().sign_in(person)
    for _ in range(6):
        change_password(client, WRONG)
    assert change_password(other_device, PASSWORD) == 302


# What is counted


def test_attempts_during_a_wait_add_no_rows(app, client, owner):
    client.sign_in(db.session.get(Person, owner))
    stranger = app.test_client()
    for _ in range(20):
        change_password(client, WRONG)
        guess_passwords(stranger, times=1)
        guess_codes(stranger, times=1)
    assert failures() == 3 * 5


@pytest.mark.parametrize("deed", ["password", "code", "current password"])
def test_an_attempt_counts_even_if_the_check_is_never_finished(app, client, owner, monkeypatch, deed):
    client.sign_in(db.session.get(Person, owner))
    stranger = app.test_client()
    pages = {"password": stranger.get("/login"), "code": stranger.get("/login/code")}
    assert all(page.status_code == 200 for page in pages.values())

    def broken(*_args):
        raise RuntimeError

    monkeypatch.setattr(passwords, "is_right", broken)
    monkeypatch.setattr(codes.one_time_codes, "is_right", broken)
    with pytest.raises(RuntimeError):
        if deed == "password":
            guess_passwords(stranger, times=1)
        elif deed == "code":
            guess_codes(stranger, times=1)
        else:
            change_password(client, WRONG)
    db.session.rollback()
    assert failures() == 1


# What an admin sees


def slowed(owner):
    return [tuple(one) for one in auth_queries.slowed_sign_ins(db.session.get(Person, owner), clock.now())]


def test_failures_of_a_clock_that_was_ahead_are_shown_without_a_time_to_wait_for(app, owner, time):
    time.passes(hours=2)
    guess_passwords(app.test_client(), times=5)
    time.passes(hours=-2)
    assert slowed(owner) == [("password", 5, None)]


def test_the_wait_is_told_by_proof_with_its_end(app, owner, time):
    stranger = app.test_client()
    guess_passwords(stranger, times=4)
    guess_codes(stranger, times=5)
    assert slowed(owner) == [("code", 5, NOON + timedelta(seconds=30))]
    guess_passwords(stranger, times=1)
    time.passes(seconds=30)
    guess_passwords(stranger, times=1)
    assert slowed(owner) == [("password", 6, NOON + timedelta(seconds=90)), ("code", 5, None)]
    time.passes(hours=24)
    assert slowed(owner) == []


def test_the_longer_wait_of_two_login_names_is_told(app, owner):
    guess_passwords(app.test_client(), NIP)
    assert slowed(owner) == [("password", 5, NOON + timedelta(seconds=30))]
    guess_passwords(app.test_client(), EMAIL)
    assert len(slowed(owner)) == 1


def test_mistakes_on_an_own_device_and_at_the_current_password_are_not_told(app, owner):
    phone = app.test_client()
    phone.post_form("/login", username=NIP, password=PASSWORD)
    for _ in range(6):
        change_password(phone, WRONG)
    phone.post_form("/logout")
    guess_passwords(phone)
    assert failures() == 10
    assert slowed(owner) == []


def test_an_admin_sees_the_wait_and_lifts_it(app, client, owner, agency_admin):
    admin_id, path = agency_admin.id, f"/admin/people/{owner}"
    client.sign_in(agency_admin)
    assert 'id="slowed"' not in client.text(path)
    stranger = app.test_client()
    for name in (NIP, EMAIL):
        guess_passwords(stranger, name)
        guess_codes(stranger, name)
    page = client.text(path)
    assert 'id="slowed"' in page
    assert "12.00 WIT" in page
    assert client.post_form(f"{path}/sign-in-wait", page=path).location == path
    assert 'id="slowed"' not in client.text(path)
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "lift sign-in wait")).one()
    assert (entry.actor_id, entry.target) == (admin_id, f"person:{owner}")
    for name in (NIP, EMAIL):
        assert app.test_client().post_form("/login", username=name, password=PASSWORD).status_code == 302


def test_the_page_says_also_that_the_next_failure_begins_a_wait(app, client, owner, agency_admin, time):
    guess_passwords(app.test_client())
    time.passes(minutes=5)
    assert 'id="slowed"' in client.sign_in(agency_admin).text(f"/admin/people/{owner}")


def test_lifting_nothing_is_not_recorded(session, owner):
    sign_ins.lift_waits(db.session.get(Person, owner), actor_id=None, now=NOON)
    assert not session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "lift sign-in wait")).all()


def test_lifting_leaves_the_waits_of_others_and_of_the_current_password(app, client, owner):
    client.sign_in(db.session.get(Person, owner))
    for _ in range(5):
        change_password(client, WRONG)
    guess_passwords(app.test_client(), "199001012015032002")
    guess_passwords(app.test_client(), NIP)
    sign_ins.lift_waits(db.session.get(Person, owner), actor_id=None, now=NOON)
    assert failures() == 10


def test_a_wait_is_lifted_by_who_may_create_a_code_and_by_nobody_else(app, client, owner, agency_admin):
    path = f"/admin/people/{owner}"
    guess_passwords(app.test_client())
    outsider = make_person(name="Admin Lain", password_hash="x")
    give(outsider, "agency-admin", unit=make_unit("Kabupaten Lain", kind="instansi"))
    client.sign_in(outsider)
    assert client.post_form(f"{path}/sign-in-wait", page="/account").status_code == 404
    give(db.session.get(Person, owner), "instructor", course=make_course())
    client.sign_in(agency_admin)
    assert 'id="slowed"' not in client.text(path)
    assert client.post_form(f"{path}/sign-in-wait", page="/account").status_code == 403
    assert failures() == 5
    client.sign_in(make_admin(password_hash="x"))
    assert client.post_form(f"{path}/sign-in-wait", page=path).status_code == 302
    assert failures() == 0
