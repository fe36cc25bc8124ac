"""The second step of the sign-in, from setting it up on the account page to a lost phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from backups import run
from factories import NOON, grant, make_admin, make_person, make_unit
from pages import csrf_token
from sqlalchemy import func, select

from lms.auth import second_factor as rules
from lms.auth import throttle
from lms.auth.models import RecoveryCode, SecondFactor, SignIn, SignInFailure
from lms.auth.services import codes, second_factors, sign_ins
from lms.auth.services.passwords import set_password
from lms.auth.services.settings import SECOND_FACTOR
from lms.core import settings
from lms.core.db import db
from lms.core.site import site_key
from lms.notices.services.events import new_events
from lms.notices.texts import text_of
from lms.ops import queries
from lms.ops.services import checks
from lms.people.models import Person

PASSWORD = "kopi pahit di pagi hari"
NIP = "199001012015031001"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
APP = pyotp.TOTP(SECRET)
STEP = "/login/second-factor"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def owner(session, time) -> int:
    person = make_person(nip=NIP, name="Rosa")
    set_password(person, PASSWORD, NOON)
    db.session.commit()
    return person.id


@pytest.fixture
def recovery(owner, time) -> list[str]:
    """The owner has a second factor since a minute ago."""
    made = give_factor(owner, time.now)
    time.passes(minutes=1)
    return made


def give_factor(person_id, now) -> list[str]:
    person = db.session.get(Person, person_id)
    text = rules.encrypt_secret(SECRET, person_id, site_key())
    made = second_factors.set_up(person, text, APP.at(now), now=now)
    db.session.commit()
    return made


def enter_password(browser, password=PASSWORD, **values):
    return browser.post_form("/login", username=NIP, password=password, **values)


def enter_code(browser, code, **values):
    return browser.post_form(STEP, code=code, **values)


def is_signed_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


# Setting up


def sealed_of(page: str) -> str:
    return re.search(r'name="sealed"[^>]*value="([^"]+)"', page)[1]


def test_the_account_page_leads_to_the_set_up_and_the_app_confirms_it(client, owner, time):
    client.sign_in(db.session.get(Person, owner))
    assert 'href="/account/second-factor"' in client.text("/account")
    page = client.text("/account/second-factor")
    secret = "".join(re.search(r'<b class="code">([A-Z2-7 ]+)</b>', page)[1].split())
    assert f"secret={secret}" in page
    assert "<svg" in page
    assert NIP not in page
    assert count(SecondFactor) == 0
    data = {"csrf_token": csrf_token(page), "sealed": sealed_of(page), "code": pyotp.TOTP(secret).at(time.now)}
    done = client.post("/account/second-factor", data=data)
    assert done.headers["Cache-Control"] == "private, no-store"
    assert len(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{3}-[A-Z2-9]{3}", done.text)) == 10
    assert count(SecondFactor) == 1
    assert "10 " in client.text("/account/second-factor")


def test_a_wrong_code_keeps_the_same_secret_so_that_nothing_is_scanned_again(client, owner):
    client.sign_in(db.session.get(Person, owner))
    page = client.text("/account/second-factor")
    secret = re.search(r"secret=([A-Z2-7]+)", page)[1]
    data = {"csrf_token": csrf_token(page), "sealed": sealed_of(page), "code": "000000"}
    again = client.post("/account/second-factor", data=data)
    assert again.status_code == 422
    assert f"secret={secret}" in again.text
    assert "field--error" in again.text
    assert count(SecondFactor) == 0


def test_a_secret_made_for_somebody_else_is_not_taken(client, owner, time):
    client.sign_in(db.session.get(Person, owner))
    token = csrf_token(client.text("/account/second-factor"))
    text = rules.encrypt_secret(SECRET, owner + 1, site_key())
    data = {"csrf_token": token, "sealed": text, "code": APP.at(time.now)}
    page = client.post("/account/second-factor", data=data)
    assert page.status_code == 422
    assert SECRET not in page.text
    assert count(SecondFactor) == 0


@pytest.mark.parametrize("path", ["/account/second-factor", "/account/second-factor/codes"])
def test_an_old_session_cannot_set_it_up_or_make_codes(client, owner, time, path):
    client.sign_in(db.session.get(Person, owner))
    token = csrf_token(client.text("/account"))
    time.passes(minutes=20)
    page = client.post(path, data={"csrf_token": token}, headers=FROM_HERE)
    assert page.status_code == 401
    assert "confirm_password" in page.text


def test_an_old_session_cannot_remove_it(client, owner, recovery, time):
    client.sign_in(db.session.get(Person, owner))
    token = csrf_token(client.text("/account/second-factor"))
    time.passes(minutes=20)
    path = "/account/second-factor/remove"
    assert client.post(path, data={"csrf_token": token}, headers=FROM_HERE).status_code == 401
    assert count(SecondFactor) == 1


def test_its_owner_makes_new_codes_and_removes_it(client, owner, recovery):
    client.sign_in(db.session.get(Person, owner))
    page = client.post_form("/account/second-factor/codes", page="/account/second-factor")
    assert recovery[0] not in page.text
    assert count(RecoveryCode) == 10
    client.post_form("/account/second-factor/remove", page="/account/second-factor")
    assert count(SecondFactor) == count(RecoveryCode) == 0
    assert enter_password(client.application.test_client()).location == "/"


# Signing in


def test_without_one_the_password_signs_in(client, owner):
    assert enter_password(client).location == "/"


def test_the_password_alone_signs_nobody_in_and_shows_nothing_of_the_person(client, recovery):
    answer = enter_password(client)
    assert answer.location == STEP
    assert count(SignIn) == 0
    assert "Rosa" not in client.text(STEP)
    assert not is_signed_in(client)


def test_the_code_of_the_app_signs_in_once(app, client, recovery, time):
    enter_password(client)
    assert enter_code(client, APP.at(time.now)).location == "/"
    assert is_signed_in(client)
    other = app.test_client()
    enter_password(other)
    assert enter_code(other, APP.at(time.now)).status_code == 422
    assert not is_signed_in(other)


def test_a_recovery_code_signs_in_once_and_is_counted(app, client, recovery):
    enter_password(client)
    assert enter_code(client, "", recovery_code=recovery[0].lower()).location == "/"
    assert "9 " in client.text("/account/second-factor")
    other = app.test_client()
    enter_password(other)
    assert enter_code(other, "", recovery_code=recovery[0]).status_code == 422


def test_the_requested_page_comes_after_the_second_step(client, recovery, time):
    token = csrf_token(client.text("/login?next=/records"))
    answer = client.post("/login?next=/records", data={"csrf_token": token, "username": NIP, "password": PASSWORD})
    assert answer.location == f"{STEP}?next=/records"
    token = csrf_token(client.text(answer.location))
    assert client.post(answer.location, data={"csrf_token": token, "code": APP.at(time.now)}).location == "/records"


def test_a_form_is_carried_through_both_steps(client, recovery, time):
    kept = {"kept-path": "/account/password", "kept-owner": "", "kept-files": "", "kept-field-answer": "Sorong"}
    page = enter_password(client, **kept)
    assert page.status_code == 200
    assert 'name="kept-field-answer" value="Sorong"' in page.text
    wrong = client.post(STEP, data=kept | {"csrf_token": csrf_token(page.text), "code": "000000"})
    assert wrong.status_code == 422
    assert 'name="kept-field-answer" value="Sorong"' in wrong.text
    data = kept | {"csrf_token": csrf_token(wrong.text), "code": APP.at(time.now)}
    done = client.post(STEP, data=data)
    assert done.status_code == 200
    assert 'value="Sorong"' in done.text


def test_the_second_step_needs_the_first(client, recovery, time):
    assert client.get(STEP).location == "/login"
    token = csrf_token(client.text("/login"))
    page = client.post(STEP, data={"csrf_token": token, "code": APP.at(time.now)})
    assert page.status_code == 422
    assert count(SignIn) == 0


@pytest.mark.parametrize("change", ["late", "password", "inactive"])
def test_the_first_step_does_not_last(client, owner, recovery, time, change):
    enter_password(client)
    token, kept = csrf_token(client.text(STEP)), {"kept-path": "/records", "kept-field-answer": "Sorong"}
    person = db.session.get(Person, owner)
    if change == "late":
        time.passes(minutes=11)
    elif change == "password":
        set_password(person, "perahu layar di laut biru", time.now)
    else:
        person.is_active = False
    db.session.commit()
    page = client.post(STEP, data=kept | {"csrf_token": token, "code": APP.at(time.now)})
    assert page.status_code == 422
    assert 'name="kept-field-answer" value="Sorong"' in page.text
    assert count(SignIn) == 0


def test_guesses_must_wait_and_an_admin_lifts_the_wait(client, owner, recovery, time):
    enter_password(client)
    answers = [enter_code(client, "000000").status_code for _ in range(throttle.FREE_FAILURES + 1)]
    assert answers == [422] * 5 + [429]
    assert enter_code(client, APP.at(time.now)).status_code == 429
    assert count(SignInFailure) == 5
    sign_ins.lift_waits(db.session.get(Person, owner), actor_id=None, now=time.now)
    db.session.commit()
    assert enter_code(client, APP.at(time.now)).location == "/"
    assert count(SignInFailure) == 0


@pytest.mark.parametrize("typed", ["", "12345", "abcdef"])
def test_what_cannot_be_a_code_is_no_failed_attempt(client, recovery, typed):
    enter_password(client)
    assert enter_code(client, typed).status_code == 422
    assert count(SignInFailure) == 0


def test_a_one_time_code_does_not_go_around_it_and_is_used_up_by_the_second_step(app, client, owner, recovery, time):
    code = codes.issue_reset_code(db.session.get(Person, owner), None, now=time.now)
    db.session.commit()
    assert client.post_form("/login/code", username=NIP, code=code).location == STEP
    assert count(SignIn) == 0
    assert enter_code(client, "000000").status_code == 422
    other = app.test_client()
    assert other.post_form("/login/code", username=NIP, code=code).location == STEP
    assert enter_code(other, APP.at(time.now)).location == "/account/new-password"
    time.passes(minutes=1)
    assert enter_code(client, APP.at(time.now)).status_code == 422
    assert count(SignIn) == 1


def test_a_changed_key_of_the_site_says_so_and_lets_nobody_in(client, owner, recovery, time):
    row = db.session.get(SecondFactor, owner)
    row.sealed_secret = rules.encrypt_secret(SECRET, owner, "the key before")
    db.session.commit()
    enter_password(client)
    page = enter_code(client, APP.at(time.now))
    assert page.status_code == 409
    assert "admin" in page.text
    assert count(SignIn) == 0


def test_a_site_that_turned_it_off_does_not_ask(client, recovery):
    settings.change(SECOND_FACTOR, "off", actor_id=None, now=NOON)
    db.session.commit()
    assert enter_password(client).location == "/"


# Remembered devices


@pytest.fixture
def remembered(client, recovery, time):
    """A browser that ticked the box, and whose sign-in has reached its limit since."""
    enter_password(client)
    enter_code(client, APP.at(time.now), remember="y")
    client.delete_cookie("session")
    return client


def test_a_remembered_device_is_not_asked_again_for_thirty_days(remembered, time):
    time.passes(days=20)
    assert enter_password(remembered).location == "/"
    remembered.delete_cookie("session")
    time.passes(days=9)
    assert enter_password(remembered).location == "/"
    remembered.delete_cookie("session")
    time.passes(days=2)
    assert enter_password(remembered).location == STEP


def test_the_password_is_asked_on_it_all_the_same(remembered):
    assert enter_password(remembered, "bukan kata sandinya").status_code == 422


def test_other_devices_are_asked(app, remembered):
    assert enter_password(app.test_client()).location == STEP


def test_without_the_tick_nothing_is_remembered(client, recovery, time):
    enter_password(client)
    enter_code(client, APP.at(time.now))
    client.delete_cookie("session")
    assert enter_password(client).location == STEP


def test_signing_out_forgets_the_device(client, recovery, time):
    enter_password(client)
    enter_code(client, APP.at(time.now), remember="y")
    client.post_form("/logout")
    assert enter_password(client).location == STEP


def test_what_ends_the_sign_in_or_removes_the_factor_forgets_the_device(remembered, owner, time):
    second_factors.remove(db.session.get(Person, owner), actor_id=None, now=time.now)
    give_factor(owner, time.now)
    assert enter_password(remembered).location == STEP


def test_a_restore_forgets_all_devices(remembered, time):
    codes.end_everybodys_access(now=time.now)
    db.session.commit()
    assert enter_password(remembered).location == STEP


def test_a_one_time_code_is_not_enough_on_a_remembered_device(remembered, owner, time):
    code = codes.issue_reset_code(db.session.get(Person, owner), None, now=time.now)
    db.session.commit()
    assert remembered.post_form("/login/code", username=NIP, code=code).location == STEP


def test_a_copy_of_the_database_remembers_nothing(remembered):
    stored = db.session.scalar(select(SignIn.remembered_hash).where(SignIn.remembered_hash.is_not(None)))
    cookie = remembered.get_cookie("device", path="/login").value
    assert stored not in cookie


# Required for people with office rights

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def required(session, time) -> None:
    settings.change(SECOND_FACTOR, rules.REQUIRED, actor_id=None, now=NOON)


@pytest.fixture
def admin(required) -> int:
    person = make_admin(nip=NIP, name="Yosua")
    set_password(person, PASSWORD, NOON)
    db.session.commit()
    return person.id


def test_an_office_person_without_one_is_led_to_the_set_up_after_the_sign_in(client, admin):
    assert enter_password(client).location == "/account/second-factor"
    assert "<svg" in client.text("/account/second-factor")


def test_until_then_roles_rest_and_learning_stays_open(client, admin):
    enter_password(client)
    token = csrf_token(client.text("/account"))
    assert client.get("/admin/people").location == "/account/second-factor?next=/admin/people"
    for path in ("/admin/people", f"/admin/people/{admin}/code", "/admin/settings"):
        answer = client.post(path, data={"csrf_token": token, "name": "Ketik panjang"}, headers=FROM_HERE)
        assert answer.status_code == 403
        assert 'href="/account/second-factor" target="_blank"' in answer.text
        assert f'action="{path}"' in answer.text
        assert 'name="name" value="Ketik panjang"' in answer.text
    answer = client.post("/admin/settings", data={"csrf_token": token}, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.json) == (403, {"error": "second-factor"})
    for path in ("/", "/courses", "/records"):
        page = client.text(path)
        assert 'href="/account/second-factor"' in page
        assert 'href="/admin"' not in page


def test_the_set_up_gives_the_roles_back_and_leads_on(client, admin, time):
    enter_password(client)
    path = "/account/second-factor?next=/admin/people"
    page = client.text(path)
    secret = re.search(r"secret=([A-Z2-7]+)", page)[1]
    data = {"csrf_token": csrf_token(page), "sealed": sealed_of(page), "code": pyotp.TOTP(secret).at(time.now)}
    assert 'href="/admin/people"' in client.post(path, data=data).text
    assert client.get("/admin/people").status_code == 200


def test_learners_are_not_asked_for_it(client, owner, required):
    assert enter_password(client).location == "/"
    assert "/account/second-factor" not in client.text("/courses")


def test_a_role_that_begins_later_asks_for_nothing_yet(client, owner, required, time):
    unit = make_unit("Kota Contoh", kind="instansi")
    grant(db.session.get(Person, owner), "head", unit=unit, starts_on=(time.now + timedelta(days=9)).date())
    db.session.commit()
    assert enter_password(client).location == "/"


# Lost phones


def test_an_admin_removes_it_and_its_owner_is_told(client, owner, recovery, time):
    admin = make_admin()
    db.session.commit()
    client.sign_in(admin)
    assert 'id="second-factor"' in client.text(f"/admin/people/{owner}")
    client.post_form(f"/admin/people/{owner}/second-factor/remove", page=f"/admin/people/{owner}")
    assert count(SecondFactor) == 0
    found = [one for one in new_events(NOON - timedelta(days=1), now=time.now) if one.kind == "factor-removed"]
    assert [(one.person_id, one.link) for one in found] == [(owner, "/account/second-factor")]
    assert "admin" in str(text_of("factor-removed", {}).body)
    assert enter_password(client.application.test_client()).location == "/"


def test_who_removes_the_own_one_is_not_told(owner, recovery, time):
    second_factors.remove(db.session.get(Person, owner), actor_id=owner, now=time.now)
    assert not new_events(NOON - timedelta(days=1), now=time.now)


def test_an_agency_admin_does_not_remove_that_of_somebody_with_more_rights(client, owner, recovery, time):
    unit = make_unit("Kota Contoh", kind="instansi")
    person, agency_admin = db.session.get(Person, owner), make_person(name="Admin Kota", unit_id=unit.id)
    person.unit_id = unit.id
    grant(person, "admin")
    grant(agency_admin, "agency-admin", unit=unit)
    db.session.commit()
    client.sign_in(agency_admin)
    token = csrf_token(client.text("/account"))
    answer = client.post(f"/admin/people/{owner}/second-factor/remove", data={"csrf_token": token})
    assert answer.status_code == 403
    assert count(SecondFactor) == 1


def test_the_command_removes_it_for_the_last_admin(app, owner, recovery):
    done = run(app, "person", "remove-factor", "--nip", NIP)
    assert done.exit_code == 0, done.output
    assert count(SecondFactor) == 0
    assert run(app, "person", "remove-factor", "--nip", NIP).exit_code == 1


@pytest.mark.parametrize("value", ["optional", "off"])
def test_the_doctor_warns_of_admins_without_one(app, owner, recovery, time, value):
    settings.change(SECOND_FACTOR, value, actor_id=None, now=NOON)
    grant(db.session.get(Person, owner), "admin")
    assert queries.admins_without_second_factor() == 0
    make_admin()
    assert queries.admins_without_second_factor() == 1
    finding = checks._admins(None, time.now)
    assert finding.state == ("ok" if value == "off" else "warning")
