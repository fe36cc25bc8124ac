"""Passkeys on the pages: added on the account page, used at the second step, and asked for before they are changed."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest
from backups import run
from factories import NOON, make_admin, make_person
from pages import csrf_token
from passkey_device import PasskeyDevice
from sqlalchemy import func, select

from lms.auth import second_factor as rules
from lms.auth import throttle
from lms.auth.models import Passkey, RecoveryCode, SecondFactor, SignIn, SignInFailure
from lms.auth.services import codes, passkeys, second_factors
from lms.auth.services.passwords import set_password
from lms.auth.services.settings import SECOND_FACTOR
from lms.core import settings
from lms.core.db import db
from lms.core.site import site_key
from lms.ops import queries
from lms.people.models import Person

PASSWORD = "kopi pahit di pagi hari"
NIP = "199001012015031001"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
APP = pyotp.TOTP(SECRET)
PAGE, ADD, STEP = "/account/second-factor", "/account/second-factor/passkeys", "/login/second-factor"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def owner(session, time) -> int:
    person = make_person(nip=NIP, name="Rosa")
    set_password(person, PASSWORD, NOON)
    db.session.commit()
    return person.id


@pytest.fixture
def device() -> PasskeyDevice:
    return PasskeyDevice()


@pytest.fixture
def recovery(client, owner, device) -> list[str]:
    """The owner's first passkey was just added, on another browser."""
    page = add(client.application.test_client().sign_in(db.session.get(Person, owner)), device)
    return re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{3}-[A-Z2-9]{3}", page.text)


def add(browser, device, **values):
    asked = browser.post_form(ADD, page=PAGE)
    sent = {"csrf_token": csrf_token(asked.text), "name": "HP Rosa", "answer": device.create(options_of(asked.text))}
    return browser.post(ADD, data=sent | values, headers=FROM_HERE)


def options_of(page: str) -> str:
    return unescape(re.search(r'data-options="([^"]+)"', page)[1])


def enter_password(browser):
    return browser.post_form("/login", username=NIP, password=PASSWORD)


def enter_passkey(browser, device, **values):
    page = browser.text(STEP)
    data = {"csrf_token": csrf_token(page), "passkey": device.get(options_of(page))} | values
    return browser.post(STEP, data=data)


def give_app(person_id) -> None:
    person, sealed = db.session.get(Person, person_id), rules.encrypt_secret(SECRET, person_id, site_key())
    second_factors.set_up(person, sealed, APP.at(NOON), now=NOON)
    db.session.commit()


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


# Adding


def test_the_first_one_is_added_and_shows_the_recovery_codes(client, owner, device):
    client.sign_in(db.session.get(Person, owner))
    page = client.text(PAGE)
    assert f'action="{ADD}"' in page
    assert "data-without-passkey" in page
    done = add(client, device)
    assert done.status_code == 200
    assert done.headers["Cache-Control"] == "private, no-store"
    assert len(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{3}-[A-Z2-9]{3}", done.text)) == 10
    page = client.text(PAGE)
    assert "<b>HP Rosa</b>" in page
    assert 'name="sealed"' in page  # an app can be set up beside it


def test_the_next_one_leads_back_and_keeps_the_codes(client, owner, recovery):
    client.sign_in(db.session.get(Person, owner))
    assert add(client, PasskeyDevice(), name="Laptop kantor").location == PAGE
    assert count(Passkey) == 2
    assert count(RecoveryCode) == 10
    assert "Laptop kantor" in client.text(PAGE)


@pytest.mark.parametrize("wrong", ["name", "answer", "challenge"])
def test_bad_input_adds_nothing_and_asks_anew(client, owner, device, wrong, time):
    client.sign_in(db.session.get(Person, owner))
    page = client.post_form(ADD, page=PAGE)
    sent = {"csrf_token": csrf_token(page.text), "name": "HP", "answer": device.create(options_of(page.text))}
    if wrong == "name":
        sent["name"] = " "
    elif wrong == "answer":
        sent["answer"] = "{"
    else:
        time.passes(minutes=11)
    again = client.post(ADD, data=sent, headers=FROM_HERE)
    assert again.status_code == 422
    assert "field--error" in again.text
    assert count(Passkey) == 0
    sent |= {"name": "HP", "answer": device.create(options_of(again.text))}
    assert client.post(ADD, data=sent, headers=FROM_HERE).status_code == 200
    assert count(Passkey) == 1


def test_the_same_answer_adds_nothing_twice(client, owner, device):
    client.sign_in(db.session.get(Person, owner))
    page = client.post_form(ADD, page=PAGE)
    sent = {"csrf_token": csrf_token(page.text), "name": "HP", "answer": device.create(options_of(page.text))}
    cookie = client.get_cookie("session").value
    assert client.post(ADD, data=sent, headers=FROM_HERE).status_code == 200
    assert client.post(ADD, data=sent, headers=FROM_HERE).status_code == 422
    client.set_cookie("session", cookie)
    assert client.post(ADD, data=sent, headers=FROM_HERE).status_code == 422
    assert count(Passkey) == 1


def test_a_challenge_of_one_person_is_not_answered_by_another(client, owner, device):
    client.sign_in(db.session.get(Person, owner))
    page = client.post_form(ADD, page=PAGE)
    answer = device.create(options_of(page.text))
    with client.session_transaction() as cookie:
        kept = cookie["passkey_challenges"]
    other = client.application.test_client().sign_in(make_person())
    token = csrf_token(other.text(PAGE))
    with other.session_transaction() as cookie:
        cookie["passkey_challenges"] = kept
    sent = {"csrf_token": token, "name": "HP", "answer": answer}
    assert other.post(ADD, data=sent, headers=FROM_HERE).status_code == 422
    assert count(Passkey) == 0


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "http://belajar.example.go.id"])
def test_an_address_without_passkeys_offers_none(app, client, owner, monkeypatch, base_url):
    monkeypatch.setitem(app.config, "BASE_URL", base_url)
    client.sign_in(db.session.get(Person, owner))
    page = client.text(PAGE)
    assert ADD not in page
    assert "data-without-passkey" not in page
    assert client.post(ADD, data={"csrf_token": csrf_token(page)}).status_code == 404


def test_a_site_that_turned_it_off_takes_none(client, owner, recovery):
    settings.change(SECOND_FACTOR, "off", actor_id=None, now=NOON)
    client.sign_in(db.session.get(Person, owner))
    page = client.text(PAGE)
    assert f'action="{ADD}"' not in page
    assert client.post(ADD, data={"csrf_token": csrf_token(page)}).status_code == 404
    assert enter_password(client.application.test_client()).location == "/"


# Signing in


def test_a_passkey_signs_in_and_its_use_is_shown(client, recovery, device, time):
    time.passes(minutes=5)
    assert enter_password(client).location == STEP
    page = client.text(STEP)
    assert 'name="code"' not in page
    assert 'name="recovery_code"' in page
    assert "Rosa" not in page
    assert enter_passkey(client, device).location == "/"
    page = client.text(PAGE)
    assert db.session.scalar(select(Passkey.last_used_at)) == time.now
    assert "HP Rosa" in page
    assert count(SignInFailure) == 0


def test_the_app_and_a_recovery_code_sign_in_as_well(app, client, owner, recovery, time):
    give_app(owner)
    time.passes(minutes=1)
    enter_password(client)
    page = client.text(STEP)
    assert 'name="code"' in page
    assert "data-passkey" in page
    assert client.post_form(STEP, code=APP.at(time.now)).location == "/"
    other = app.test_client()
    enter_password(other)
    assert other.post_form(STEP, recovery_code=recovery[0]).location == "/"


def test_a_second_tab_with_the_set_up_of_an_app_shows_that_there_is_one(client, owner, time):
    give_app(owner)
    client.sign_in(db.session.get(Person, owner))
    page = send(client, PAGE, sealed=rules.encrypt_secret(SECRET, owner, site_key()), code=APP.at(time.now))
    assert page.status_code == 200
    assert f'action="{PAGE}/remove"' in page.text
    assert "note--fail" not in page.text


def test_without_a_passkey_the_page_says_nothing_of_it(client, owner, time):
    give_app(owner)
    enter_password(client)
    page = client.text(STEP)
    assert "data-passkey" not in page
    assert "passkey.js" not in page


def test_at_an_address_without_passkeys_recovery_codes_are_left(app, client, recovery, monkeypatch):
    monkeypatch.setitem(app.config, "BASE_URL", "http://127.0.0.1:8000")
    enter_password(client)
    page = client.text(STEP)
    assert "data-passkey" not in page
    assert client.post_form(STEP, recovery_code=recovery[0]).location == "/"


def test_a_code_of_an_app_is_not_asked_of_whoever_has_none(client, recovery):
    enter_password(client)
    page = client.post_form(STEP, code="123456")
    assert page.status_code == 422
    assert 'id="recovery_code-error"' in page.text
    assert count(SignInFailure) == 0


def test_the_same_answer_signs_in_once(client, recovery, device):
    enter_password(client)
    page, cookie = client.text(STEP), client.get_cookie("session").value
    data = {"csrf_token": csrf_token(page), "passkey": device.get(options_of(page))}
    assert client.post(STEP, data=data).location == "/"
    sign_ins = count(SignIn)
    client.set_cookie("session", cookie)  # whoever copied both
    assert client.post(STEP, data=data).status_code == 422
    assert count(SignIn) == sign_ins


def test_a_second_tab_does_not_take_the_first_ones_challenge_away(client, recovery, device):
    enter_password(client)
    first, second = client.text(STEP), client.text(STEP)
    assert options_of(first) == options_of(second)
    data = {"csrf_token": csrf_token(first), "passkey": device.get(options_of(first))}
    assert client.post(STEP, data=data).location == "/"


def test_a_wrong_one_counts_and_the_page_asks_anew(client, recovery, device):
    enter_password(client)
    device.origin = "https://localhost.example.com"
    first = enter_passkey(client, device)
    assert first.status_code == 422
    assert "note--fail" in first.text
    assert count(SignInFailure) == 1
    answers = [enter_passkey(client, device).status_code for _ in range(throttle.FREE_FAILURES)]
    assert answers == [422] * 4 + [429]
    device.origin = "http://localhost"
    assert enter_passkey(client, device).status_code == 429


def test_a_page_that_was_open_for_too_long_is_no_failed_attempt(client, recovery, device, time):
    enter_password(client)
    page = client.text(STEP)
    data = {"csrf_token": csrf_token(page), "passkey": device.get(options_of(page))}
    with client.session_transaction() as cookie:
        del cookie["passkey_challenges"]
    again = client.post(STEP, data=data)
    assert again.status_code == 422
    assert count(SignInFailure) == 0
    data["passkey"] = device.get(options_of(again.text))
    assert client.post(STEP, data=data).location == "/"


def test_it_ends_with_the_first_step(client, recovery, device, time):
    enter_password(client)
    page = client.text(STEP)
    time.passes(minutes=11)
    data = {"csrf_token": csrf_token(page), "passkey": device.get(options_of(page))}
    assert client.post(STEP, data=data).status_code == 422
    assert count(SignIn) == 1  # of the browser that added the passkey


def test_a_copied_passkey_is_refused_and_said(client, recovery, device):
    enter_password(client)
    assert enter_passkey(client, device).location == "/"
    client.post_form("/logout")
    enter_password(client)
    device.count = 0
    page = enter_passkey(client, device)
    assert page.status_code == 409
    assert str(passkeys.CountWentBack().text) in unescape(page.text)
    assert count(SignInFailure) == 1


def test_somebody_elses_passkey_does_not_sign_in(app, client, owner, recovery):
    other, theirs = make_person(), PasskeyDevice()
    add(app.test_client().sign_in(other), theirs)
    stored = db.session.scalar(select(Passkey.credential_id).where(Passkey.person_id != owner))
    enter_password(client)
    page = client.text(STEP)
    answer = theirs.get(options_of(page), credential_id=stored)
    assert client.post(STEP, data={"csrf_token": csrf_token(page), "passkey": answer}).status_code == 422


def test_a_device_is_remembered_by_a_passkey_too(client, recovery, device):
    enter_password(client)
    enter_passkey(client, device, remember="y")
    client.delete_cookie("session")
    assert enter_password(client).location == "/"


def test_a_one_time_code_does_not_go_around_it(client, owner, recovery, device, time):
    code = codes.issue_reset_code(db.session.get(Person, owner), None, now=time.now)
    db.session.commit()
    assert client.post_form("/login/code", username=NIP, code=code).location == STEP
    assert enter_passkey(client, device).location == "/account/new-password"


# Required for people with office rights


def test_a_passkey_is_enough_where_a_second_factor_is_required(client, session, time, device):
    settings.change(SECOND_FACTOR, rules.REQUIRED, actor_id=None, now=NOON)
    person = make_admin(nip=NIP, name="Yosua")
    set_password(person, PASSWORD, NOON)
    db.session.commit()
    assert queries.admins_without_second_factor() == 1
    assert enter_password(client).location == PAGE
    assert client.get("/admin/people").location == f"{PAGE}?next=/admin/people"
    asked = client.post_form(f"{ADD}?next=/admin/people", page=PAGE)
    assert f'action="{ADD}?next=/admin/people"' in asked.text
    sent = {"csrf_token": csrf_token(asked.text), "name": "HP", "answer": device.create(options_of(asked.text))}
    done = client.post(f"{ADD}?next=/admin/people", data=sent, headers=FROM_HERE)
    assert 'href="/admin/people"' in done.text
    assert client.get("/admin/people").status_code == 200
    assert queries.admins_without_second_factor() == 0


# Removing


def remove_path() -> str:
    return f"{ADD}/{db.session.scalar(select(func.max(Passkey.id)))}/remove"


def test_its_owner_removes_it_and_then_the_password_is_enough(client, owner, recovery):
    client.sign_in(db.session.get(Person, owner))
    add(client, PasskeyDevice())
    assert client.post_form(remove_path(), page=PAGE).location == PAGE
    assert count(RecoveryCode) == 10
    assert client.post_form(remove_path(), page=PAGE).location == "/account"
    assert count(Passkey) == count(RecoveryCode) == 0
    assert enter_password(client.application.test_client()).location == "/"


def test_nobody_removes_that_of_somebody_else(client, owner, recovery):
    client.sign_in(make_person())
    token = csrf_token(client.text("/account"))
    assert client.post(remove_path(), data={"csrf_token": token}).status_code == 404
    assert count(Passkey) == 1


def test_an_admin_or_a_command_removes_passkeys_with_the_app(app, client, owner, recovery):
    give_app(owner)
    admin = make_admin()
    db.session.commit()
    client.sign_in(admin)
    assert 'id="second-factor"' in client.text(f"/admin/people/{owner}")
    client.post_form(f"/admin/people/{owner}/second-factor/remove", page=f"/admin/people/{owner}")
    assert count(Passkey) == count(SecondFactor) == count(RecoveryCode) == 0
    add(app.test_client().sign_in(db.session.get(Person, owner)), PasskeyDevice())
    done = run(app, "person", "remove-factor", "--nip", NIP)
    assert done.exit_code == 0, done.output
    assert count(Passkey) == 0


# The second factor is asked for before it is changed

CHANGES = [PAGE, ADD, f"{PAGE}/codes", f"{PAGE}/remove"]


@pytest.fixture
def office(client, owner, recovery, time):
    """The owner, signed in twenty minutes ago."""
    client.sign_in(db.session.get(Person, owner))
    client.get("/account")
    time.passes(minutes=20)
    return client


def send(browser, path, **values):
    token = csrf_token(browser.text("/account"))
    return browser.post(path, data={"csrf_token": token} | values, headers=FROM_HERE)


@pytest.mark.parametrize("path", [*CHANGES, "passkey"])
def test_the_password_alone_changes_no_factor(office, path):
    path = remove_path() if path == "passkey" else path
    page = send(office, path)
    assert page.status_code == 401
    assert 'name="confirm_password"' in page.text
    assert 'name="confirm_recovery_code"' in page.text
    assert 'name="confirm_code"' not in page.text  # no app
    page = send(office, path, confirm_password=PASSWORD)
    assert page.status_code == 422
    assert 'name="confirm_password"' not in page.text  # it was right
    assert 'name="confirm_recovery_code"' in page.text
    assert count(Passkey) == 1


def test_password_and_recovery_code_change_it(office, recovery):
    path = remove_path()
    assert send(office, path, confirm_password=PASSWORD, confirm_recovery_code=recovery[0]).location == "/account"
    assert count(Passkey) == 0


def test_password_and_passkey_change_it_and_count_for_the_next_minutes(office, device, recovery):
    page = send(office, f"{PAGE}/codes")
    answer = device.get(options_of(page.text))
    done = send(office, f"{PAGE}/codes", confirm_password=PASSWORD, confirm_passkey=answer)
    assert done.status_code == 200
    assert recovery[0] not in done.text
    assert send(office, remove_path()).location == "/account"


def test_password_and_app_change_it(office, owner, time):
    give_app(owner)
    page = send(office, f"{PAGE}/remove")
    assert 'name="confirm_code"' in page.text
    done = send(office, f"{PAGE}/remove", confirm_password=PASSWORD, confirm_code=APP.at(time.now))
    assert done.location == PAGE
    assert count(SecondFactor) == 0


def test_a_sign_in_without_it_does_not_count(client, owner, recovery, device, time):
    """On a remembered device, or with a session of the time before there was one."""
    enter_password(client)
    enter_passkey(client, device, remember="y")
    client.delete_cookie("session")
    time.passes(minutes=20)
    assert enter_password(client).location == "/"
    page = send(client, remove_path())
    assert page.status_code == 401
    assert 'name="confirm_password"' not in page.text  # it was entered just now
    assert 'name="confirm_recovery_code"' in page.text
    assert count(Passkey) == 1


def test_a_wrong_code_changes_nothing_is_counted_and_keeps_what_was_sent(office):
    data = {"confirm_password": PASSWORD, "confirm_recovery_code": "AAAA-AAA-AAA", "name": "HP", "answer": "{}"}
    page = send(office, ADD, **data)
    assert page.status_code == 422
    assert 'name="name" value="HP"' in page.text
    assert "AAAA" not in page.text
    assert count(SignInFailure) == 1
    statuses = [send(office, ADD, **data).status_code for _ in range(throttle.FREE_FAILURES + 1)]
    assert statuses == [422] * (throttle.FREE_FAILURES + 1)
    assert count(SignInFailure) == throttle.FREE_FAILURES


def test_guesses_there_bar_nobody_from_signing_in(app, office, device):
    for _ in range(throttle.FREE_FAILURES + 1):
        send(office, remove_path(), confirm_password=PASSWORD, confirm_recovery_code="AAAA-AAA-AAA")
    other = app.test_client()
    enter_password(other)
    assert enter_passkey(other, device).location == "/"


def test_nothing_else_asks_for_it(app, client, owner, recovery, time):
    admin = make_admin(nip="197503122000031001")
    set_password(admin, PASSWORD, NOON)
    client.sign_in(admin)
    add(client, PasskeyDevice())
    time.passes(minutes=20)
    page = send(client, f"/admin/people/{owner}/code")
    assert page.status_code == 401
    assert 'name="confirm_recovery_code"' not in page.text
    assert 'class="shout code"' in send(client, f"/admin/people/{owner}/code", confirm_password=PASSWORD).text


def test_a_stamp_of_a_clock_that_was_ahead_is_no_proof(office, owner, time):
    row = db.session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
    row.factor_proven_at = time.now + timedelta(days=1)
    page = send(office, remove_path(), confirm_password=PASSWORD)
    assert page.status_code == 422
    assert count(Passkey) == 1
