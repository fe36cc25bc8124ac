"""How long somebody stays signed in: limits by rights, kept by the server, and what is told and kept when they pass."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from factories import NOON, grant, make_admin, make_cohort, make_course, make_person, make_unit
from pages import csrf_token
from query_counting import counted
from sqlalchemy import select

from lms.auth import queries as auth_queries
from lms.auth import session_limits
from lms.auth.models import SignIn
from lms.auth.services import settings as session_settings
from lms.auth.services import sign_ins
from lms.auth.services.passwords import set_password
from lms.core import settings
from lms.core.db import db
from lms.people.account import Account
from lms.people.rights import RoleName

PASSWORD = "kopi pahit di pagi hari"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SCOPES = {
    "admin": dict,
    "agency-admin": lambda: {"unit": make_unit()},
    "instructor": lambda: {"course": make_course()},
    "head": lambda: {"unit": make_unit()},
    "committee": lambda: {"cohort_id": make_cohort().id},
}


def is_in(client) -> bool:
    return client.get("/account").status_code == 200


def sign_in() -> SignIn:
    db.session.rollback()
    return db.session.scalars(select(SignIn).order_by(SignIn.id)).all()[-1]


def found(person, *, began=NOON, seen=None, now) -> Account | None:
    token = sign_ins.start_sign_in(person, "", now=began)
    row = db.session.scalar(select(SignIn).where(SignIn.token_hash == auth_queries.token_hash(token)))
    row.last_seen_at = seen or began
    db.session.flush()
    return auth_queries.account_signed_in(token, now=now)


def change(setting, value):
    settings.change(setting, value, actor_id=None, now=NOON)


# The limits


@pytest.mark.parametrize(
    ("makes", "idle", "absolute"), [(make_person, 60 * DAY, 180 * DAY), (make_admin, 12 * HOUR, 7 * DAY)]
)
def test_a_sign_in_ends_without_use_and_at_the_latest_after_some_time(session, makes, idle, absolute):
    person = makes()
    assert found(person, now=NOON + idle)
    assert not found(person, now=NOON + idle + MINUTE)
    assert found(person, seen=NOON + absolute, now=NOON + absolute)
    assert not found(person, seen=NOON + absolute, now=NOON + absolute + MINUTE)


def test_the_roles_below_are_all_roles():
    assert set(SCOPES) == set(get_args(RoleName))


@pytest.mark.parametrize("role", SCOPES)
def test_every_role_is_an_office_right(session, role):
    person = make_person()
    grant(person, role, **SCOPES[role]())
    assert not found(person, now=NOON + 13 * HOUR)


@pytest.mark.parametrize("starts", [-10, 1])
def test_a_role_counts_on_the_days_on_which_it_holds(session, starts):
    person, today = make_person(), NOON.date()
    grant(person, "head", unit=make_unit(), starts_on=today + starts * DAY, ends_on=today + (starts + 5) * DAY)
    assert found(person, seen=NOON - 13 * HOUR, now=NOON)


def test_a_change_of_rights_changes_the_limit_at_once(session):
    person = make_person()
    token = sign_ins.start_sign_in(person, "", now=NOON)
    session.flush()
    later = NOON + 13 * HOUR
    assert auth_queries.account_signed_in(token, now=later)
    role = grant(person, "head", unit=make_unit())
    assert auth_queries.account_signed_in(token, now=later) is None
    session.delete(role)
    session.flush()
    assert auth_queries.account_signed_in(token, now=later)


def test_an_admin_sets_the_limits(session):
    change(session_settings.OFFICE_IDLE_HOURS, 1)
    change(session_settings.OFFICE_DAYS, 2)
    change(session_settings.LEARNER_IDLE_DAYS, 3)
    change(session_settings.LEARNER_DAYS, 4)
    admin, learner = make_admin(), make_person()
    assert not found(admin, now=NOON + 61 * MINUTE)
    assert not found(admin, seen=NOON + 2 * DAY, now=NOON + 2 * DAY + MINUTE)
    assert not found(learner, now=NOON + 3 * DAY + MINUTE)
    assert not found(learner, seen=NOON + 4 * DAY, now=NOON + 4 * DAY + MINUTE)
    assert found(learner, now=NOON + 3 * DAY)


def test_the_limits_stand_on_the_page_of_settings_and_are_whole_days_and_hours(client):
    client.sign_in(make_admin())
    for name in session_limits.DEFAULTS:
        assert f'name="rule_{name}"' in client.text("/admin/settings")
    answer = client.post_form(
        "/admin/settings", rule_office_session_idle_hours="0", shown_office_session_idle_hours="12"
    )
    assert answer.status_code == 422
    assert auth_queries.account_signed_in("x", now=NOON) is None


def test_limits_and_account_are_one_query(session):
    change(session_settings.OFFICE_IDLE_HOURS, 2)
    token = sign_ins.start_sign_in(make_admin(), "", now=NOON)
    session.commit()
    with counted() as statements:
        assert auth_queries.account_signed_in(token, now=NOON + HOUR)
    assert len(statements) == 1


# Noting the use


@pytest.mark.parametrize(
    ("makes", "minutes", "is_noted"),
    [(make_person, 59, False), (make_person, 61, True), (make_admin, 7, False), (make_admin, 8, True)],
)
def test_the_use_of_a_device_is_noted_every_few_minutes_and_not_at_every_request(
    client, time, makes, minutes, is_noted
):
    client.sign_in(makes())
    assert is_in(client)
    time.passes(minutes=minutes)
    assert is_in(client)
    assert (sign_in().last_seen_at == time.now) is is_noted


def test_who_works_all_day_stays_signed_in(client, time):
    client.sign_in(make_admin())
    for _hours in range(5):
        time.passes(hours=11)
        assert is_in(client)
    time.passes(hours=13)
    assert not is_in(client)


def test_forms_count_as_use(client, time):
    client.sign_in(make_admin())
    token = csrf_token(client.text("/account"))
    time.passes(hours=1)
    client.post("/account/devices/sign-out-others", data={"csrf_token": token})
    assert sign_in().last_seen_at == time.now


@pytest.mark.parametrize("column", ["last_seen_at", "created_at"])
def test_a_stamp_of_a_clock_that_was_ahead_neither_ends_nor_prolongs_a_sign_in(client, time, column):
    client.sign_in(make_admin())
    assert is_in(client)
    row = sign_in()
    setattr(row, column, time.now + 300 * DAY)
    assert is_in(client)
    assert getattr(sign_in(), column) == time.now
    time.passes(hours=13)
    assert not is_in(client)


# What somebody whose session has ended is told, and what is kept


def test_the_page_to_sign_in_says_that_the_session_has_ended(client, time):
    person = make_admin()
    set_password(person, PASSWORD, NOON)
    number = person.nip
    client.sign_in(person)
    client.get("/account")
    assert "note--wait" not in client.application.test_client().get("/login").text
    time.passes(hours=13)
    answer = client.get("/account")
    assert answer.location == "/login?next=/account"
    assert "note--wait" in client.text(answer.location)
    answer = client.post_form(answer.location, username=number, password=PASSWORD)
    assert answer.location == "/account"
    assert is_in(client)


def test_a_sign_in_that_was_ended_is_not_told_to_have_run_out(client):
    person = make_person()
    client.sign_in(person)
    client.get("/account")
    sign_ins.end_sign_ins(person.id, now=NOON)
    assert "note--wait" not in client.text("/login")


def test_signing_in_again_ends_the_sign_in_that_had_run_out(client, time):
    person = make_admin()
    set_password(person, PASSWORD, NOON)
    number = person.nip
    client.sign_in(person)
    client.get("/account")
    time.passes(hours=13)
    client.post_form("/login", username=number, password=PASSWORD)
    db.session.rollback()
    first, second = db.session.scalars(select(SignIn).order_by(SignIn.id))
    assert first.ended_at == time.now
    assert second.ended_at is None


def test_what_was_typed_survives_a_session_that_ends_meanwhile(client, time):
    person = make_admin()
    set_password(person, PASSWORD, NOON)
    number = person.nip
    client.sign_in(person)
    token = csrf_token(client.text("/admin/units"))
    time.passes(hours=13)
    typed = {"csrf_token": token, "name": "Dinas Kelautan", "kind": "agency"}
    page = client.post("/admin/units", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 401
    assert "Dinas Kelautan" in page.text
    carried = {"kept-path": "/admin/units", "kept-field-name": "Dinas Kelautan", "kept-field-kind": "agency"}
    again = client.post(
        "/login", data={"csrf_token": csrf_token(page.text), "username": number, "password": PASSWORD, **carried}
    )
    assert again.status_code == 200
    assert 'action="/admin/units"' in again.text
    assert 'name="name" value="Dinas Kelautan"' in again.text


def test_the_list_of_devices_leaves_out_those_that_must_sign_in_again(session):
    person = make_admin()
    for seen in (NOON, NOON - 13 * HOUR):
        sign_ins.start_sign_in(person, "", now=seen)
    account = found(person, now=NOON)
    assert [row.last_seen_at for row in auth_queries.devices(account, NOON)] == [NOON, NOON]
