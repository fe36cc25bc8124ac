"""Passkeys apart from their pages: what is not this key, this challenge and this site is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pyotp
import pytest
from concurrency import run_concurrently
from factories import NOON, make_person
from passkey_device import PasskeyDevice
from sqlalchemy import func, select, text
from webauthn.helpers import bytes_to_base64url

from lms.auth import passkey, second_factor
from lms.auth.models import AnsweredChallenge, Passkey, RecoveryCode, SecondFactor
from lms.auth.services import passkeys, second_factors
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.core.site import site_key
from lms.people.models import Person

SITE = passkey.Site("localhost", "http://localhost", "Belajar ASN")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def person(session) -> Person:
    return make_person()


@pytest.fixture
def device() -> PasskeyDevice:
    return PasskeyDevice()


@pytest.fixture
def codes(person, device) -> list[str]:
    """The person's first passkey was just added."""
    return add(person, device)


def add(person, device, *, challenge=None, name="HP saya", site=SITE) -> list[str]:
    challenge = challenge or passkey.new_challenge()
    return passkeys.add(person, created(person, device, challenge), challenge, name, site=site, now=NOON)


def created(person, device, challenge) -> str:
    handle = passkey.user_handle(person.id, site_key())
    return device.create(passkey.creation_options(SITE, handle, "rosa", "Rosa", challenge, passkeys.ways(person.id)))


def question(person, challenge) -> str:
    return passkey.request_options(SITE, challenge, passkeys.ways(person.id))


def accept(person, answer, challenge, site=SITE) -> bool:
    return passkeys.accept(person, answer, challenge, site=site, now=NOON)


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def verbs() -> list[str]:
    return list(db.session.scalars(select(LedgerEntry.verb).order_by(LedgerEntry.id)))


# Where there are passkeys


@pytest.mark.parametrize(
    ("base_url", "site_id", "origin"),
    [
        ("https://belajar.example.go.id", "belajar.example.go.id", "https://belajar.example.go.id"),
        ("https://Belajar.example.go.id:443", "belajar.example.go.id", "https://belajar.example.go.id"),
        ("https://belajar.example.go.id:8443", "belajar.example.go.id", "https://belajar.example.go.id:8443"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
    ],
)
def test_a_passkey_is_for_the_host_of_the_sites_address(base_url, site_id, origin):
    assert passkey.site_at(base_url, "Belajar") == (site_id, origin, "Belajar")


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:8000", "https://10.0.0.5", "https://[::1]", "http://belajar.example.go.id"]
)
def test_browsers_make_none_for_numbers_or_without_https(base_url):
    assert passkey.site_at(base_url, "Belajar") is None


def test_what_a_browser_is_asked_says_who_nobody_is(person, codes):
    options = passkey.creation_options(
        SITE, passkey.user_handle(person.id, "key"), "rosa@example.go.id", "Rosa", b"x" * 32, passkeys.ways(person.id)
    )
    asked = json.loads(options)
    assert asked["rp"] == {"name": "Belajar ASN", "id": "localhost"}
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["userVerification"] == "preferred"
    assert [one["transports"] for one in asked["excludeCredentials"]] == [["internal", "hybrid"]]
    assert passkey.user_handle(1, "key") != passkey.user_handle(2, "key")
    assert person.nip not in options


def test_challenges_have_256_bits_and_differ():
    made = {passkey.new_challenge() for _ in range(50)}
    assert len(made) == 50
    assert {len(one) for one in made} == {32}


def test_a_server_without_passkeys_does_not_load_the_library():
    check = "import sys; from lms.app import create_app; sys.exit('webauthn' in sys.modules or 'cbor2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0


# Adding


def test_the_first_one_brings_recovery_codes_and_the_second_keeps_them(person, device, codes):
    assert len(codes) == 10
    assert add(person, PasskeyDevice()) == []
    assert second_factors.accept(person, codes[0].replace("-", ""), now=NOON)
    assert verbs() == ["add passkey", "add passkey", "use recovery code"]
    assert second_factors.is_asked(person.id)


def test_an_app_beside_a_passkey_keeps_the_recovery_codes(person, codes):
    sealed = second_factor.encrypt_secret(SECRET, person.id, site_key())
    assert second_factors.set_up(person, sealed, pyotp.TOTP(SECRET).at(NOON), now=NOON) == []
    assert second_factors.accept(person, codes[0].replace("-", ""), now=NOON)


def test_of_two_first_ones_at_once_one_brings_codes(app, person):
    owner, made = person.id, []
    run_concurrently(app, *[lambda: made.append(add(db.session.get(Person, owner), PasskeyDevice()))] * 2)
    assert sorted(len(codes) for codes in made) == [0, 10]
    assert count(Passkey) == 2
    assert count(RecoveryCode) == 10


@pytest.mark.parametrize("wrong", ["challenge", "origin", "site", "kind", "text", "nesting", "depth", "length"])
def test_an_answer_of_something_else_adds_nothing(person, device, wrong):
    challenge = passkey.new_challenge()
    answer = created(person, device, challenge)
    if wrong == "challenge":
        challenge = passkey.new_challenge()
    elif wrong == "origin":
        answer = created(person, PasskeyDevice("https://localhost"), challenge)
    elif wrong == "kind":
        add(person, device)
        answer = device.get(question(person, challenge))
    elif wrong == "text":
        answer = answer[:-40]
    elif wrong == "nesting":
        answer = "[" * 10_000
    elif wrong == "depth":
        sent = json.loads(answer)
        sent["response"]["attestationObject"] = bytes_to_base64url(b"\x81" * 11_000)
        answer = json.dumps(sent)
    elif wrong == "length":
        answer = answer[:-1] + " " * passkey.MAX_ANSWER + "}"
    before = count(Passkey)
    other = passkey.Site("example.go.id", SITE.origin, SITE.name)
    with pytest.raises(passkeys.NotCreated):
        passkeys.add(person, answer, challenge, "HP", site=other if wrong == "site" else SITE, now=NOON)
    assert count(Passkey) == before


def test_a_question_is_answered_once(person, device):
    challenge = passkey.new_challenge()
    add(person, device, challenge=challenge)
    with pytest.raises(passkeys.OutdatedChallenge):
        add(person, PasskeyDevice(), challenge=challenge)
    with pytest.raises(passkeys.OutdatedChallenge):
        passkeys.add(person, created(person, device, challenge), None, "HP", site=SITE, now=NOON)


def test_a_passkey_belongs_to_one_person(person, device, codes):
    other, challenge = make_person(), passkey.new_challenge()
    stored = db.session.scalar(select(Passkey))
    answer = json.loads(created(other, device, challenge))
    new_id = next(one for one in device.keys if one != stored.credential_id)
    stored.credential_id = new_id
    db.session.flush()
    with pytest.raises(passkeys.AlreadyAdded):
        passkeys.add(other, json.dumps(answer), challenge, "HP", site=SITE, now=NOON)
    assert not second_factors.is_asked(other.id)


def test_ten_are_the_most(person):
    for _ in range(passkey.MAX_PASSKEYS):
        add(person, PasskeyDevice())
    with pytest.raises(passkeys.TooManyPasskeys):
        add(person, PasskeyDevice())


# Signing in


def test_a_signature_is_accepted_once_and_noted(person, device, codes):
    challenge = passkey.new_challenge()
    answer = device.get(question(person, challenge))
    assert accept(person, answer, challenge)
    stored = db.session.scalar(select(Passkey))
    assert (stored.sign_count, stored.last_used_at) == (1, NOON)
    assert not accept(person, answer, challenge)
    again = passkey.new_challenge()
    assert accept(person, device.get(question(person, again)), again)


def test_one_that_does_not_count_is_accepted_once_too(person):
    device, challenge = PasskeyDevice(count=None), passkey.new_challenge()
    add(person, device)
    answer = device.get(question(person, challenge))
    assert accept(person, answer, challenge)
    assert not accept(person, answer, challenge)
    again = passkey.new_challenge()
    assert accept(person, device.get(question(person, again)), again)


def test_of_four_who_send_the_same_signature_at_once_one_is_let_in(app, person):
    device, challenge, owner, let_in = PasskeyDevice(count=None), passkey.new_challenge(), person.id, []
    add(person, device)
    answer = device.get(question(person, challenge))
    run_concurrently(app, *[lambda: let_in.append(accept(db.session.get(Person, owner), answer, challenge))] * 4)
    assert sorted(let_in) == [False, False, False, True]


@pytest.mark.parametrize("wrong", ["challenge", "origin", "site", "signature", "kind", "text"])
def test_a_signature_for_something_else_lets_nobody_in(person, device, codes, wrong):
    challenge = passkey.new_challenge()
    answer, site = device.get(question(person, challenge)), SITE
    if wrong == "challenge":
        challenge = passkey.new_challenge()
    elif wrong == "origin":
        device.origin = "https://localhost.example.com"
        answer = device.get(question(person, challenge))
    elif wrong == "site":
        site = passkey.Site("example.go.id", SITE.origin, SITE.name)
    elif wrong == "signature":
        sent = json.loads(answer)
        other = json.loads(device.get(question(person, passkey.new_challenge())))
        sent["response"]["signature"] = other["response"]["signature"]
        answer = json.dumps(sent)
    elif wrong == "kind":
        answer = created(person, device, challenge)
    elif wrong == "text":
        answer = "{}"
    assert not accept(person, answer, challenge, site)
    assert db.session.scalar(select(Passkey.last_used_at)) is None
    with pytest.raises(passkeys.OutdatedChallenge):
        accept(person, answer, None)


def test_somebody_elses_passkey_lets_nobody_in(person, device, codes):
    other, challenge = make_person(), passkey.new_challenge()
    add(other, PasskeyDevice())
    answer = device.get(question(person, challenge))
    assert not accept(other, answer, challenge)
    assert accept(person, answer, challenge)


@pytest.mark.parametrize("back_to", [1, 4, None])
def test_a_count_that_does_not_go_on_is_refused_and_said(person, device, codes, back_to):
    device.count = 4
    challenge = passkey.new_challenge()
    assert accept(person, device.get(question(person, challenge)), challenge)
    device.count = back_to
    again = passkey.new_challenge()
    with pytest.raises(passkeys.CountWentBack):
        accept(person, device.get(question(person, again)), again)
    assert db.session.scalar(select(Passkey.sign_count)) == 5


def test_one_that_was_removed_lets_nobody_in(person, device, codes):
    challenge = passkey.new_challenge()
    add(person, PasskeyDevice())
    answer = device.get(question(person, challenge))
    assert passkeys.remove(person, db.session.scalar(select(func.min(Passkey.id))), now=NOON)
    assert not accept(person, answer, challenge)


def test_answered_questions_are_forgotten_after_a_day(person, device, codes):
    assert count(AnsweredChallenge) == 1
    challenge = passkey.new_challenge()
    answer = device.get(question(person, challenge))
    assert passkeys.accept(person, answer, challenge, site=SITE, now=NOON + timedelta(days=2))
    assert db.session.scalars(select(AnsweredChallenge.challenge_hash)).all() == [passkey.challenge_hash(challenge)]


# Removing


def test_the_last_one_takes_the_recovery_codes_along(person, device, codes):
    add(person, PasskeyDevice())
    first, second = db.session.scalars(select(Passkey.id).order_by(Passkey.id))
    assert passkeys.remove(person, first, now=NOON)
    assert count(RecoveryCode) == 10
    assert second_factors.is_asked(person.id)
    assert passkeys.remove(person, second, now=NOON)
    assert count(RecoveryCode) == 0
    assert not second_factors.is_asked(person.id)
    assert not second_factors.accept(person, codes[0].replace("-", ""), now=NOON)


def test_nobody_removes_that_of_somebody_else(person, device, codes):
    assert not passkeys.remove(make_person(), db.session.scalar(select(Passkey.id)), now=NOON)
    assert count(Passkey) == 1


def test_the_app_goes_and_the_passkey_stays(person, codes):
    sealed = second_factor.encrypt_secret(SECRET, person.id, site_key())
    second_factors.set_up(person, sealed, pyotp.TOTP(SECRET).at(NOON), now=NOON)
    assert second_factors.remove_app(person, now=NOON)
    assert not second_factors.remove_app(person, now=NOON)
    assert second_factors.is_asked(person.id)
    assert count(RecoveryCode) == 10


def test_an_admin_removes_all_at_once(person, codes):
    sealed = second_factor.encrypt_secret(SECRET, person.id, site_key())
    second_factors.set_up(person, sealed, pyotp.TOTP(SECRET).at(NOON), now=NOON)
    assert second_factors.remove(person, actor_id=None, now=NOON)
    assert count(Passkey) == count(SecondFactor) == count(RecoveryCode) == 0
    assert verbs()[-1] == "remove second factor"


def test_a_changed_key_of_the_site_leaves_passkeys_as_they_are(app, person, device, codes, monkeypatch):
    monkeypatch.setattr(app, "secret_key", "another key of the site, as long as it should be")
    challenge = passkey.new_challenge()
    assert accept(person, device.get(question(person, challenge)), challenge)


def test_the_ledger_names_neither_the_key_nor_the_device(person, codes):
    assert db.session.execute(text("SELECT facts FROM ledger_entry")).scalars().all() == ["{}"]
