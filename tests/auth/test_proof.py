"""The password is asked again before what a stolen session must not do; what was typed goes on from there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from call_graph import reached, texts
from factories import NOON, make_admin, make_person
from pages import csrf_token
from sqlalchemy import select

from lms.admin.views.audit_texts import VERBS
from lms.auth import throttle
from lms.auth.models import ResetCode, SignIn, SignInFailure
from lms.auth.services import settings as session_settings
from lms.auth.services import sign_ins
from lms.auth.services.passwords import set_password
from lms.authoring.services import creating
from lms.core import settings
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people.models import Person

PASSWORD = "kopi pahit di pagi hari"
WRONG = "bukan kata sandinya"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}

NEEDS_PROOF = {
    "admin.settings",
    "auth.add_passkey",
    "auth.person_code",
    "auth.recovery_codes",
    "auth.remove_own_second_factor",
    "auth.remove_passkey",
    "auth.remove_second_factor",
    "auth.second_factor",
    "authoring.teachers",
    "cohorts.appoint",
    "cohorts.dismiss",
    "course_admin.add_instructor",
    "course_admin.remove_instructor",
    "people.grant",
    "people.person_admin",
    "people.person_agency",
    "people.person_head",
    "people.unit_head",
    "privacy.copy",
    "records.completions",
    "records.emblem",
    "records.numbers",
    "records.replace",
    "records.revoke",
    "roster.slips",
}
PROOF_VERBS = {
    "grant role",
    "revoke role",
    "change role",
    "issue code",
    *("set up second factor", "make recovery codes", "remove authenticator app", "remove second factor"),
    *("add passkey", "remove passkey"),
    "change rule",
    "issue record",
    "revoke record",
    "confirm last number",
    "copy own data",
}
"""Verbs of the ledger: whoever does one of these in somebody else's session gets more than that session."""
OTHER_VERBS = {
    *("publish heavy course", "bring files back", "bind repository", "unbind repository", "push course"),
    *("create person", "update person", "deactivate person", "activate person"),
    *("hand in people list", "approve people list", "import people"),
    *("use code", "use recovery code", "lift sign-in wait", "set password", "choose channels"),
    *("create unit", "rename unit", "move unit", "merge unit", "remove unit"),
    *("import course", "publish course", "discard draft", "open course", "close course"),
    *("archive course", "bring course back"),
    *("begin course", "delete course", "ask for review", "return draft", "share questions", "stop sharing questions"),
    *("schedule publication", "cancel publication"),
    *("create cohort", "change cohort", "enrol", "withdraw", "extend", "remind", "thank", "encourage", "send again"),
    *("propose", "refuse", "wait for place", "withdraw application", "take up"),
    *("hand in", "mark submission", "release mark", "return submission", "grade", "complete course"),
    *("override quiz", "refuse attempt", "override deadline"),
    *("mark attendance", "move meeting", "open check-in", "close check-in"),
    *("form group", "rename group", "move to group", "dissolve group"),
    *("report question", "contest mark", "answer objection", "answer inquiry"),
    *("announce", "correct announcement", "withdraw announcement"),
    *("regrade quiz", "void question", "mark answer"),
    "restore backup",  # by a command on the server
}


# Which pages ask


def test_every_verb_of_the_ledger_needs_a_proof_or_not():
    assert set(VERBS) == PROOF_VERBS | OTHER_VERBS
    assert not PROOF_VERBS & OTHER_VERBS


OWN_COURSE = {(creating.__name__, name) for name in ("create_course", "delete_course")}
"""Whoever begins a course teaches it, and nobody but its instructors has ever seen the one that is deleted: the role
gives no right over anybody else, so it is no more than the session."""


def reaches_a_proof_verb(view) -> bool:
    inner = view
    while hasattr(inner, "__wrapped__"):
        inner = inner.__wrapped__
    return any(
        texts(function) & PROOF_VERBS
        for function in reached((inner.__module__, inner.__name__), without=OWN_COURSE)
        if ".views." not in function[0]
    )


def test_the_pages_that_reach_such_a_verb_ask_and_no_others(app):
    views = app.view_functions.items()
    marked = {name for name, view in views if hasattr(view, "needs_recent_proof")}
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    reaching = {name for name, view in views if name in posts and reaches_a_proof_verb(view)}
    assert marked == NEEDS_PROOF
    assert reaching == marked


# Asking


@pytest.fixture
def admin(session) -> Person:
    person = make_admin()
    set_password(person, PASSWORD, NOON)
    session.flush()
    return person


@pytest.fixture
def office(client, admin, time):
    """An admin whose sign-in is twenty minutes old."""
    client.sign_in(admin)
    client.get("/account")
    time.passes(minutes=20)
    return client


def grant_admin(client, person_id: int, **values):
    token = csrf_token(client.text(f"/admin/people/{person_id}"))
    path = f"/admin/people/{person_id}/roles/admin"
    return client.post(path, data={"csrf_token": token, "do": "grant"} | values, headers=FROM_HERE)


def make_colleague() -> int:
    person = make_person()
    db.session.flush()
    return person.id


def is_admin(person_id: int) -> bool:
    db.session.rollback()
    return db.session.get(Person, person_id).has_role("admin")


def confirmed(client, page, password=PASSWORD):
    """Press the button of the page that asks for the password."""
    action = re.search(r'<form method="post" action="([^"]+)"', page.text.partition("<main")[2])[1]
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text.partition("<main")[2])
    return client.post(action, data=dict(inputs) | {"confirm_password": password}, headers=FROM_HERE)


def test_a_sign_in_of_a_moment_ago_is_a_proof(client, admin, time):
    client.sign_in(admin)
    person = make_colleague()
    time.passes(minutes=14)
    assert grant_admin(client, person).status_code == 302
    assert is_admin(person)


def test_an_older_one_is_asked_for_the_password_and_then_does_what_was_asked(office):
    person = make_colleague()
    page = grant_admin(office, person)
    assert page.status_code == 401
    assert 'name="do" value="grant"' in page.text
    assert not is_admin(person)
    answer = confirmed(office, page)
    assert (answer.status_code, answer.location) == (302, f"/admin/people/{person}")
    assert is_admin(person)


def test_a_proof_counts_for_everything_in_the_next_minutes(office, time):
    first, second, third = make_colleague(), make_colleague(), make_colleague()
    confirmed(office, grant_admin(office, first))
    time.passes(minutes=14)
    assert grant_admin(office, second).status_code == 302
    time.passes(minutes=2)
    assert grant_admin(office, third).status_code == 401


def test_cancelling_leads_back_to_a_page_that_exists(office):
    person = make_colleague()
    token = csrf_token(office.text(f"/admin/people/{person}"))
    path, sent = f"/admin/people/{person}/code", {"csrf_token": token}
    came_from = {"Referer": f"http://localhost/admin/people/{person}"}
    page = office.post(path, data=sent, headers=FROM_HERE | came_from)
    assert f'<a href="/admin/people/{person}">' in page.text.partition("<main")[2]
    again = sent | {"confirm_password": WRONG}
    page = office.post(path, data=again, headers=FROM_HERE | {"Referer": f"http://localhost{path}"})
    assert f'href="{path}"' not in page.text


def test_a_wrong_password_does_nothing_and_keeps_the_form(office):
    person = make_colleague()
    page = confirmed(office, grant_admin(office, person), WRONG)
    assert page.status_code == 422
    assert "field--error" in page.text
    assert WRONG not in page.text
    assert not is_admin(person)
    confirmed(office, page)
    assert is_admin(person)


def test_guesses_must_wait_and_bar_neither_the_sign_in_nor_another_device(office, admin, time):
    person, number = make_colleague(), admin.nip
    page = grant_admin(office, person)
    for _try in range(throttle.FREE_FAILURES + 1):
        page = confirmed(office, page, WRONG)
    assert confirmed(office, page).status_code == 422
    assert not is_admin(person)
    other = office.application.test_client()
    assert other.post_form("/login", username=number, password=PASSWORD).location == "/"
    time.passes(seconds=31)
    confirmed(office, page)
    assert is_admin(person)
    assert not db.session.scalars(select(SignInFailure)).all()


def test_a_password_in_the_first_post_is_checked_like_any_other(office):
    person = make_colleague()
    assert grant_admin(office, person, confirm_password=WRONG).status_code == 422
    assert not is_admin(person)


def test_the_rights_are_checked_before_the_password(client, time):
    client.sign_in(make_person())
    token = csrf_token(client.text("/account"))
    time.passes(minutes=20)
    assert client.post("/admin/settings", data={"csrf_token": token}).status_code == 404


def test_looking_asks_for_nothing(office):
    for path in ("/admin/settings", "/admin/people/slips"):
        assert office.get(path).status_code == 200


def test_scripts_are_told_in_their_own_language(office):
    person = make_colleague()
    token = csrf_token(office.text("/account"))
    headers = {"X-Requested-With": "fetch"}
    answer = office.post(f"/admin/people/{person}/code", data={"csrf_token": token}, headers=headers)
    assert (answer.status_code, answer.json) == (403, {"error": "proof"})


def test_a_code_is_shown_after_the_password_and_only_then_made(office):
    person = make_colleague()
    token = csrf_token(office.text(f"/admin/people/{person}"))
    page = office.post(f"/admin/people/{person}/code", data={"csrf_token": token}, headers=FROM_HERE)
    assert page.status_code == 401
    assert not db.session.scalars(select(ResetCode)).all()
    assert 'class="shout code"' in confirmed(office, page).text


def test_a_setting_is_saved_after_the_password_and_settles_how_long_a_proof_counts(office, time):
    page = office.post_form("/admin/settings", rule_proof_minutes="60", shown_proof_minutes="15", rule_pass_mark="70")
    assert page.status_code == 401
    assert 'value="60"' in page.text
    db.session.rollback()
    assert settings.value(session_settings.PROOF_MINUTES) == 15


def test_the_setting_decides(office):
    settings.change(session_settings.PROOF_MINUTES, 30, actor_id=None, now=NOON)
    person = make_colleague()
    assert grant_admin(office, person).status_code == 302
    assert is_admin(person)


def test_a_stamp_of_a_clock_that_was_ahead_is_no_proof(office, time):
    row = db.session.scalar(select(SignIn))
    sign_ins.note_proof(row.id, now=time.now + timedelta(days=1))
    person = make_colleague()
    page = grant_admin(office, person)
    assert page.status_code == 401
    confirmed(office, page)
    assert is_admin(person)


def test_changing_the_password_is_a_proof(office, time):
    new = "perahu layar di laut biru"
    office.post_form("/account/password", present_password=PASSWORD, new_password=new, again=new)
    person = make_colleague()
    assert grant_admin(office, person).status_code == 302


def test_a_form_for_another_account_is_not_sent_with_the_proof_of_this_one(office):
    """The mark of the account and the token are made anew, so nothing of the first form is trusted twice."""
    person = make_colleague()
    page = grant_admin(office, person, **{"for": "x"})
    assert 'name="for" value="x"' not in page.text


def test_a_session_that_ends_while_the_password_is_asked_loses_the_form_but_not_the_secret(office, admin):
    person = make_colleague()
    page = grant_admin(office, person)
    sign_ins.end_sign_ins(admin.id, now=NOON)
    late = confirmed(office, page)
    assert late.status_code == 401
    assert "kept-field-do" in late.text
    assert PASSWORD not in late.text
    assert not is_admin(person)


def test_the_ledger_names_the_deed_and_not_the_password(office):
    person = make_colleague()
    confirmed(office, grant_admin(office, person))
    db.session.rollback()
    entry = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    assert entry.verb == "grant role"
    assert PASSWORD not in str(entry.facts)
