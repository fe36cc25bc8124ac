"""Signing in by password: what it gives, what it refuses, how long it makes guessers wait."""

from __future__ import annotations

from threading import Thread

import pytest
from argon2 import PasswordHasher
from factories import NOON, make_admin, make_person
from pages import csrf_token
from query_counting import counted
from sqlalchemy import select

from lms.auth import queries as auth_queries
from lms.auth import throttle
from lms.auth.models import SignIn, SignInFailure
from lms.auth.queries import token_hash
from lms.auth.services import sign_ins
from lms.auth.services.passwords import set_password
from lms.auth.views.entering import POST_LIMIT
from lms.core.db import db
from lms.people.models import Person
from lms.web.rate_limits import limiter

PASSWORD = "kopi pahit di pagi hari"
WRONG = "bukan kata sandinya"


def make_user(**values) -> Person:
    person = make_person(**values)
    set_password(person, PASSWORD, NOON)
    return person


def try_to_sign_in(client, name, password=PASSWORD, **values):
    return client.post_form("/login", username=name, password=password, **values)


def rows(kind):
    db.session.rollback()
    return db.session.scalars(select(kind).order_by(kind.id)).all()


def is_in(client) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.parametrize("typed", ["{nip}", " {nip} ", "{spaced}", "{dotted}", "Rosa@Contoh.ID"])
def test_a_person_signs_in_by_number_or_address(client, typed):
    nip = make_user(email="rosa@contoh.id").nip
    spaced = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
    answer = try_to_sign_in(client, typed.format(nip=nip, spaced=spaced, dotted=spaced.replace(" ", ".")))
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_in(client)


def test_the_page_asks_for_name_and_password_and_says_what_to_do_without(client):
    page = client.get("/login").get_data(as_text=True)
    for part in ('name="username"', 'name="password"', 'autocomplete="username"', 'autocomplete="current-password"'):
        assert part in page
    assert "/login/code" in page
    assert "alert" not in page


@pytest.mark.parametrize("field", ["username", "password"])
def test_a_missing_field_is_said_beside_it_and_the_name_is_kept(client, field):
    values = {"username": "199001012015031001", "password": PASSWORD} | {field: ""}
    answer = client.post_form("/login", **values)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "field--error" in page
    assert f'value="{values["username"]}"' in page
    assert PASSWORD not in page


def test_wrong_password_and_unknown_name_get_the_same_answer(client):
    nip = make_user().nip
    pages = []
    for name in (nip, "199512312020121999", "tidak-ada@contoh.id"):
        answer = try_to_sign_in(client, name, WRONG)
        assert answer.status_code == 422
        page = answer.get_data(as_text=True).replace(name, "NAME")
        pages.append(page[page.index("<main") : page.index("</main")].split('name="csrf_token"')[0])
    assert len(set(pages)) == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_a_code_typed_as_a_password_is_shown_the_way_to_its_page(client, is_known):
    """Whoever exists: the words depend on what was typed alone."""
    nip = make_user().nip if is_known else "199512312020121999"
    assert "Saya punya kode” di bawah" in try_to_sign_in(client, nip, "abcd-efg hjk").text
    assert "Saya punya kode” di bawah" not in try_to_sign_in(client, nip, WRONG).text


def test_an_account_without_password_cannot_be_entered_by_an_empty_one(client):
    nip = make_person(password_hash=None).nip
    assert try_to_sign_in(client, nip, " ").status_code == 422


def test_a_switched_off_account_says_so_only_to_who_knows_its_password(client):
    person = make_user(is_active=False)
    nip = person.nip
    wrong, right = try_to_sign_in(client, nip, WRONG), try_to_sign_in(client, nip)
    assert wrong.status_code == right.status_code == 422
    assert wrong.get_data(as_text=True) != right.get_data(as_text=True)
    assert not rows(SignIn)


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/courses/anti-korupsi?x=1", "/courses/anti-korupsi?x=1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_it_only_pages_of_this_site_are_gone_to(client, target, goes_to):
    nip = make_user().nip
    page = client.get("/login", query_string={"next": target}).get_data(as_text=True)
    answer = client.post(
        "/login",
        query_string={"next": target},
        data={"csrf_token": csrf_token(page), "username": nip, "password": PASSWORD},
    )
    assert answer.location == goes_to


def test_who_is_signed_in_goes_on_at_once(client):
    client.sign_in(make_person())
    assert client.get("/login?next=/account").location == "/account"


def test_the_session_is_new_and_its_row_holds_only_a_hash(client):
    nip = make_user().nip
    client.get("/login")
    with client.session_transaction() as before:
        old_secret = before["csrf_token"]
    try_to_sign_in(client, nip)
    with client.session_transaction() as session:
        token = session["_user_id"]
        assert session.get("csrf_token") != old_secret
        assert session.permanent
    (row,) = rows(SignIn)
    assert row.token_hash == token_hash(token) != token


def test_a_visitors_language_survives_the_new_session(client):
    nip = make_user().nip
    client.post_form("/language", language="en")
    try_to_sign_in(client, nip)
    assert '<html lang="en">' in client.get("/account").get_data(as_text=True)


def test_signing_in_as_another_ends_the_sign_in_before(client):
    one, other = make_user(), make_user()
    names = [one.nip, other.nip]
    try_to_sign_in(client, names[0])
    client.post_form("/login", page="/account", username=names[1], password=PASSWORD)
    first, second = rows(SignIn)
    assert first.ended_at
    assert second.ended_at is None


def test_who_is_signed_in_is_found_in_one_query(session):
    person = make_admin()
    token = sign_ins.start_sign_in(person, "Chrome, Android", now=NOON)
    session.commit()
    session.expunge_all()
    with counted() as statements:
        found = auth_queries.account_signed_in(token, now=NOON)
    assert found is not None
    assert found.is_admin
    assert found.sign_in_id
    assert len(statements) == 1


@pytest.mark.parametrize("change", ["ended", "off", "unknown"])
def test_a_token_is_worth_nothing_when(session, change):
    person = make_person()
    token = sign_ins.start_sign_in(person, "", now=NOON)
    if change == "ended":
        sign_ins.end_sign_ins(person.id, now=NOON)
    elif change == "off":
        person.is_active = False
    session.flush()
    assert auth_queries.account_signed_in("x" if change == "unknown" else token, now=NOON) is None


def test_after_five_wrong_tries_even_the_right_password_waits(client, time):
    nip = make_user().nip
    for _ in range(5):
        last = try_to_sign_in(client, nip, WRONG)
    assert last.status_code == 422
    assert "30 detik" in last.get_data(as_text=True)
    time.passes(seconds=10)
    refused = try_to_sign_in(client, nip)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "20")
    time.passes(seconds=20)
    assert try_to_sign_in(client, nip).status_code == 302
    assert not rows(SignInFailure)


def test_waits_grow_while_tries_refused_by_one_do_not_lengthen_it(client, time):
    nip = make_user().nip
    for _ in range(5):
        try_to_sign_in(client, nip, WRONG)
    for seconds in (30, 60, 120, 300, 900, 900):
        for _ in range(2):
            assert try_to_sign_in(client, nip, WRONG).headers["Retry-After"] == str(seconds)
        time.passes(seconds=seconds)
        assert try_to_sign_in(client, nip, WRONG).status_code == 422


def test_unknown_names_make_wait_just_the_same(client, time):
    for _ in range(5):
        try_to_sign_in(client, "199512312020121999", WRONG)
    assert try_to_sign_in(client, "1995 1231 2020 1219 99", WRONG).status_code == 429


def test_tries_older_than_a_day_do_not_count(client, time):
    nip = make_user().nip
    for _ in range(4):
        try_to_sign_in(client, nip, WRONG)
    time.passes(hours=25)
    for _ in range(4):
        assert try_to_sign_in(client, nip, WRONG).status_code == 422
    assert try_to_sign_in(client, nip).status_code == 302
    assert not rows(SignInFailure)


def test_a_stranger_cannot_lock_a_person_out_of_a_device_used_before(client, app, time):
    nip = make_user().nip
    try_to_sign_in(client, nip)
    client.post_form("/logout")
    stranger = app.test_client()
    for _ in range(6):
        refused = try_to_sign_in(stranger, nip, WRONG)
    assert refused.status_code == 429
    assert try_to_sign_in(app.test_client(), nip).status_code == 429
    assert try_to_sign_in(client, nip).status_code == 302


def test_wrong_tries_on_an_own_device_are_counted_there(client, time):
    nip = make_user().nip
    try_to_sign_in(client, nip)
    client.post_form("/logout")
    for _ in range(5):
        try_to_sign_in(client, nip, WRONG)
    assert try_to_sign_in(client, nip).status_code == 429


def test_a_shared_device_knows_several_people_and_nobody_else(client, app, time):
    one, other, third = make_user().nip, make_user().nip, make_user().nip
    for name in (one, other):
        try_to_sign_in(client, name)
        client.post_form("/logout")
    stranger = app.test_client()
    for name in (one, other, third):
        for _ in range(5):
            try_to_sign_in(stranger, name, WRONG)
    assert try_to_sign_in(client, third).status_code == 429
    for name in (one, other):
        assert try_to_sign_in(client, name).status_code == 302
        client.post_form("/logout")


def test_a_forged_device_cookie_is_no_device(client, time):
    nip = make_user().nip
    for number in range(5):
        client.set_cookie("device", f'{{"1": "{number}"}}', path="/login")
        try_to_sign_in(client, nip, WRONG)
    assert try_to_sign_in(client, nip).status_code == 429


def test_the_device_cookie_goes_to_the_sign_in_alone(client):
    nip = make_user().nip
    cookies = try_to_sign_in(client, nip).headers.getlist("Set-Cookie")
    (cookie,) = [cookie for cookie in cookies if cookie.startswith("device=")]
    assert "Path=/login" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_tries_sent_all_at_once_are_counted_one_after_the_other(app):
    tries = throttle.bucket("password", "199001012015031001", "", "key")
    outcomes = []

    def attempt():
        with app.app_context():
            try:
                sign_ins.record_failure(tries, now=NOON)
                db.session.commit()
                outcomes.append("looked at")
            except sign_ins.MustWait:
                outcomes.append("must wait")
            finally:
                db.session.remove()

    threads = [Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["looked at"] * 5 + ["must wait"] * 7


@pytest.mark.slow
def test_a_flood_from_one_address_is_stopped(app, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    flooder = app.test_client()
    data = {"csrf_token": csrf_token(flooder.get("/login").get_data(as_text=True))}

    def post(address):
        return flooder.post("/login", data=data, environ_base={"REMOTE_ADDR": address}).status_code

    assert {post("203.0.113.7") for _ in range(int(POST_LIMIT.split()[0]))} == {422}
    assert post("203.0.113.7") == 429
    assert post("203.0.113.8") == 422
    assert flooder.get("/login", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
    limiter.reset()


def test_a_weaker_hash_is_renewed_by_signing_in(client):
    weaker = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    person = make_person(password_hash=weaker)
    nip = person.nip
    try_to_sign_in(client, nip)
    (person,) = rows(Person)
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert try_to_sign_in(client.application.test_client(), nip).status_code == 302


def test_the_device_is_named(client):
    nip = make_user().nip
    client.post_form("/login", username=nip, password=PASSWORD)
    agent = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"
    other = client.application.test_client()
    page = other.get("/login").get_data(as_text=True)
    other.post(
        "/login",
        data={"csrf_token": csrf_token(page), "username": nip, "password": PASSWORD},
        headers={"User-Agent": agent},
    )
    assert [row.device for row in rows(SignIn)] == ["", "Chrome, Android"]


def test_signing_out_ends_the_row_and_empties_the_session(client):
    nip = make_user().nip
    try_to_sign_in(client, nip)
    with client.session_transaction() as session:
        stolen = dict(session)
    answer = client.post_form("/logout")
    assert answer.location == "/login"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert rows(SignIn)[0].ended_at
    with client.session_transaction() as session:
        assert "_user_id" not in session
        session.update(stolen)
    assert not is_in(client)


def test_the_sign_out_page_has_a_button_and_changes_nothing(client):
    client.sign_in(make_person())
    page = client.get("/logout").get_data(as_text=True)
    assert 'action="/logout"' in page
    assert is_in(client)


def test_visitors_have_nothing_to_sign_out_of(client):
    assert client.get("/logout").location == "/"
    assert client.post_form("/logout", page="/login").location == "/"


def test_a_sign_out_with_a_stale_token_is_asked_again_not_kept(client):
    client.sign_in(make_person())
    answer = client.post("/logout", data={"csrf_token": "stale"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.location == "/logout"
    assert is_in(client)


def test_static_files_ask_nobody_who_they_are(client):
    client.sign_in(make_person())
    answer = client.get("/favicon.ico")
    assert "Cookie" not in answer.headers.get("Vary", "")
