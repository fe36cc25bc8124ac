"""One-time codes, new passwords, and who is signed out by them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, make_admin, make_person
from sqlalchemy import select

from lms.auth import one_time_codes, passwords
from lms.auth import queries as auth_queries
from lms.auth.models import ResetCode, SignIn, SignInFailure
from lms.auth.password_rules import DEMO_PASSWORD
from lms.auth.services import codes, sign_ins
from lms.auth.services.passwords import WeakPassword, set_password
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people.models import Person

PASSWORD = "kopi pahit di pagi hari"
ANOTHER = "perahu layar di laut biru"


def one(kind):
    db.session.commit()
    return db.session.scalars(select(kind)).one()


def issue(person, **values) -> str:
    return codes.issue_reset_code(person, None, **({"now": clock.now()} | values))


def is_in(client) -> bool:
    return client.get("/account").status_code == 200


def new_password(client, password=ANOTHER, again=None):
    return client.post_form("/account/new-password", new_password=password, again=again or password)


# services


def test_a_password_is_kept_as_a_hash_and_noted_without_it(session):
    person = make_person(must_change_password=True)
    set_password(person, PASSWORD, NOON, actor_id=person.id)
    assert passwords.is_right(person.password_hash, PASSWORD)
    assert not person.must_change_password
    entry = one(LedgerEntry)
    assert (entry.verb, entry.target, entry.facts) == ("set password", f"person:{person.id}", "{}")


def test_a_new_password_ends_all_other_sign_ins_and_codes(session):
    person = make_person()
    for _ in range(2):
        sign_ins.start_sign_in(person, "", now=NOON)
    kept_id = auth_queries.devices(person, NOON)[0].id
    issue(person, now=NOON)
    set_password(person, PASSWORD, NOON, keep_sign_in_id=kept_id)
    assert [row.id for row in auth_queries.devices(person, NOON)] == [kept_id]
    assert auth_queries.live_code(person, NOON) is None
    set_password(person, ANOTHER, NOON)
    assert not auth_queries.devices(person, NOON)


def test_nobody_elses_sign_in_ends(session):
    one_person, other = make_person(), make_person()
    sign_ins.start_sign_in(other, "", now=NOON)
    set_password(one_person, PASSWORD, NOON)
    assert auth_queries.devices(other, NOON)


def test_a_weak_password_changes_nothing(session):
    person = make_person()
    with pytest.raises(WeakPassword) as refusal:
        set_password(person, person.nip, NOON)
    assert "NIP" in refusal.value.text
    assert person.password_hash is None


def test_demo_people_have_their_printed_password(session):
    set_password(make_person(is_demo=True), DEMO_PASSWORD, NOON)
    with pytest.raises(WeakPassword):
        set_password(make_person(), DEMO_PASSWORD, NOON)


def test_a_newer_code_takes_the_place_of_the_older_ones(session):
    person = make_person()
    older, newer = issue(person, now=NOON), issue(person, now=NOON)
    live = auth_queries.live_code(person, NOON)
    assert live
    assert codes.is_right(live.code_hash, one_time_codes.normalise(newer), person.id)
    assert not codes.is_right(live.code_hash, one_time_codes.normalise(older), person.id)


def test_a_code_is_used_once(session):
    person = make_person()
    issue(person, now=NOON)
    code = auth_queries.live_code(person, NOON)
    codes.use_reset_code(person, code.id, now=NOON)
    assert person.must_change_password
    with pytest.raises(codes.CodeUsed):
        codes.use_reset_code(person, code.id, now=NOON)


def test_a_code_lasts_a_day(session):
    person = make_person()
    issue(person, now=NOON)
    code = auth_queries.live_code(person, NOON)
    assert auth_queries.live_code(person, NOON + timedelta(hours=23, minutes=59))
    assert auth_queries.live_code(person, NOON + timedelta(hours=24)) is None
    with pytest.raises(codes.CodeUsed):
        codes.use_reset_code(person, code.id, now=NOON + timedelta(hours=24))


def test_a_code_of_one_person_is_none_for_another(session):
    person, other = make_person(), make_person()
    issue(person, now=NOON)
    with pytest.raises(codes.CodeUsed):
        codes.use_reset_code(other, auth_queries.live_code(person, NOON).id, now=NOON)


def test_there_is_no_code_for_a_switched_off_account(session):
    with pytest.raises(codes.AccountInactive):
        issue(make_person(is_active=False), now=NOON)


def test_the_ledger_says_who_gave_a_code_and_not_which(session):
    admin, person = make_admin(), make_person()
    code = codes.issue_reset_code(person, admin.id, now=NOON)
    entry = one(LedgerEntry)
    assert (entry.actor_id, entry.verb) == (admin.id, "issue code")
    assert code not in entry.facts
    assert one(ResetCode).code_hash.startswith(one_time_codes.KEYED)
    assert code not in one(ResetCode).code_hash


# pages


def test_a_first_sign_in_goes_by_code_to_a_new_password_and_in(client):
    person = make_person(title_after="S.Sos.")
    nip, code = person.nip, issue(person)
    answer = client.post_form("/login/code", username=f" {nip[:8]} {nip[8:]}", code=code.lower().replace("-", " "))
    assert answer.location == "/account/new-password"
    assert client.get("/account").location == "/account/new-password"
    page = client.get("/account/new-password").get_data(as_text=True)
    assert 'autocomplete="new-password"' in page
    assert "S.Sos.." not in page
    assert "10" in page
    assert new_password(client).location == "/"
    assert is_in(client)
    again = client.application.test_client()
    assert again.post_form("/login", username=nip, password=ANOTHER).location == "/"


@pytest.mark.parametrize("had_one", [False, True])
def test_only_who_had_a_password_reads_of_devices_that_were_signed_in(client, session, had_one):
    person = make_person()
    person.password_hash = passwords.hash_password(PASSWORD) if had_one else None
    db.session.commit()
    client.post_form("/login/code", username=person.nip, code=issue(person))
    new_password(client)
    page = client.text("/")
    assert "Kata sandi Anda tersimpan." in page
    assert ("yang tadinya sudah masuk" in page) == had_one


def test_a_used_code_is_wrong(client):
    person = make_person()
    nip, code = person.nip, issue(person)
    client.post_form("/login/code", username=nip, code=code)
    thief = client.application.test_client()
    assert thief.post_form("/login/code", username=nip, code=code).status_code == 422
    assert not is_in(thief)


@pytest.mark.parametrize("code", ["", "ABCD", "ABCD-EFG-HJK-M"])
def test_a_code_of_the_wrong_length_is_said_beside_the_field_and_costs_no_try(client, code):
    answer = client.post_form("/login/code", username="199001012015031001", code=code)
    assert answer.status_code == 422
    assert "field--error" in answer.get_data(as_text=True)
    assert not db.session.scalars(select(SignInFailure)).all()


def test_wrong_codes_make_wait_for_codes_and_not_for_passwords(client):
    person = make_person()
    nip, code = person.nip, issue(person)
    for _ in range(5):
        assert client.post_form("/login/code", username=nip, code="AAAA-AAA-AAA").status_code == 422
    assert client.post_form("/login/code", username=nip, code=code).status_code == 429
    set_password(db.session.get(Person, person.id), PASSWORD, NOON)
    assert client.post_form("/login", username=nip, password=PASSWORD).status_code == 302


def test_a_code_for_an_account_switched_off_meanwhile_is_wrong(client):
    person = make_person()
    nip, code = person.nip, issue(person)
    person.is_active = False
    assert client.post_form("/login/code", username=nip, code=code).status_code == 422


def test_the_old_password_is_good_until_the_code_is_used(client):
    person = make_person()
    set_password(person, PASSWORD, NOON)
    nip = person.nip
    issue(person)
    assert client.post_form("/login", username=nip, password=PASSWORD).location == "/"


def test_setting_the_password_after_a_code_signs_all_other_devices_out(client):
    person = make_person()
    nip, code = person.nip, issue(person)
    elsewhere = client.application.test_client().sign_in(person)
    client.post_form("/login/code", username=nip, code=code)
    new_password(client)
    assert is_in(client)
    assert not is_in(elsewhere)


@pytest.mark.parametrize(
    ("password", "again"),
    [("", ""), ("kopi pahit", "kopi manis"), ("pendek", "pendek"), ("password123", "password123"), ("{nip}", "{nip}")],
)
def test_a_bad_new_password_is_sent_back_and_never_shown(client, password, again):
    person = make_person(must_change_password=True)
    nip = person.nip
    client.sign_in(person)
    answer = client.post_form(
        "/account/new-password", new_password=password.format(nip=nip), again=again.format(nip=nip)
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "field--error" in page
    assert 'value="password123"' not in page
    assert one(Person).must_change_password


def test_who_need_not_set_a_password_is_asked_for_the_present_one(client):
    person = make_person()
    set_password(person, PASSWORD, NOON)
    client.sign_in(person)
    assert client.get("/account/new-password").location == "/account/password"
    answer = client.post_form("/account/new-password", page="/account", new_password=ANOTHER, again=ANOTHER)
    assert answer.location == "/account/password"
    assert passwords.is_right(one(Person).password_hash, PASSWORD)


def test_a_password_is_changed_with_the_present_one_and_others_are_out(client):
    person = make_person()
    set_password(person, PASSWORD, NOON)
    elsewhere = client.application.test_client().sign_in(person)
    client.sign_in(person)
    values = {"present_password": PASSWORD, "new_password": ANOTHER, "again": ANOTHER}
    assert client.post_form("/account/password", **values).location == "/account"
    assert is_in(client)
    assert not is_in(elsewhere)
    assert passwords.is_right(one(Person).password_hash, ANOTHER)


def test_without_the_present_password_nothing_is_changed_and_guessing_must_wait(client):
    person = make_person()
    set_password(person, PASSWORD, NOON)
    client.sign_in(person)
    values = {"new_password": ANOTHER, "again": ANOTHER}
    for _ in range(6):
        answer = client.post_form("/account/password", present_password="bukan itu", **values)
        assert answer.status_code == 422
    assert client.post_form("/account/password", present_password=PASSWORD, **values).status_code == 422
    assert passwords.is_right(one(Person).password_hash, PASSWORD)


@pytest.mark.parametrize("path", ["/account/password", "/account/new-password"])
def test_visitors_sign_in_first(client, path):
    assert client.get(path).location == f"/login?next={path}"


@pytest.mark.parametrize("path", ["/account/password", "/login/code"])
def test_forms_with_secrets_are_not_kept_but_typed_again(client, path):
    answer = client.post(
        path,
        data={"csrf_token": "stale", "code": "ABCDEFGHJK", "new_password": ANOTHER},
        headers={"Origin": "http://localhost"},
    )
    assert answer.location == path
    assert ANOTHER not in answer.get_data(as_text=True)


def test_signing_out_is_possible_before_a_password_is_set(client):
    client.sign_in(make_person(must_change_password=True))
    assert client.post_form("/logout", page="/account/new-password").location == "/login"
    assert one(SignIn).ended_at
