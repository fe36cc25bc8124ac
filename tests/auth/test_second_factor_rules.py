"""The second factor apart from its pages: each code once, secrets encrypted, and a changed key that opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from concurrency import run_concurrently
from factories import NOON, make_person
from sqlalchemy import select, text

from lms.auth import one_time_codes, second_factor
from lms.auth.models import RecoveryCode, SecondFactor
from lms.auth.services import second_factors
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.core.site import site_key
from lms.lib import encryption
from lms.people.models import Person

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
APP = pyotp.TOTP(SECRET)
STEP = timedelta(seconds=second_factor.SECONDS)


@pytest.fixture
def person(session) -> Person:
    return make_person()


@pytest.fixture
def codes(person) -> list[str]:
    return give_factor(person)


def give_factor(person, now=NOON) -> list[str]:
    sealed_secret = second_factor.encrypt_secret(SECRET, person.id, site_key())
    return second_factors.set_up(person, sealed_secret, APP.at(now), now=now)


def accept(person, typed, now) -> bool:
    return second_factors.accept(person, one_time_codes.normalise(typed), now=now)


# Rules


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_behind_or_ahead(steps, fits):
    assert (second_factor.step_of(SECRET, APP.at(NOON + steps * STEP), NOON, after=0) is not None) is fits


def test_no_step_up_to_the_last_one_accepted_fits_again():
    step = second_factor.step_of(SECRET, APP.at(NOON), NOON, after=0)
    assert second_factor.step_of(SECRET, APP.at(NOON), NOON, after=step) is None
    assert second_factor.step_of(SECRET, APP.at(NOON - STEP), NOON, after=step) is None
    assert second_factor.step_of(SECRET, APP.at(NOON + STEP), NOON, after=step) == step + 1


def test_secrets_have_160_bits_and_differ():
    secrets = {second_factor.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(secret) for secret in secrets} == {32}
    assert second_factor.in_groups(SECRET) == "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"


def test_what_is_sealed_opens_with_its_key_and_for_its_owner_only():
    text = second_factor.encrypt_secret(SECRET, 1, "key")
    assert SECRET not in text
    assert second_factor.decrypt_secret(text, 1, "key") == SECRET
    assert second_factor.decrypt_secret(text, 2, "key") is None
    assert second_factor.decrypt_secret(text, 1, "another") is None
    assert second_factor.decrypt_secret(text[:-4] + "AAAA", 1, "key") is None
    assert encryption.decrypt("", "purpose", "key") is None
    assert encryption.decrypt("é", "purpose", "key") is None


def test_a_recovery_code_has_another_hash_for_everybody_and_than_a_one_time_code():
    hashes = {second_factor.recovery_hash("ABCD-EFG-HJK", person_id, key) for person_id in (1, 2) for key in "ab"}
    assert len(hashes) == 4
    assert one_time_codes.hash_code("ABCDEFGHJK", 1, "a").removeprefix(one_time_codes.KEYED) not in hashes
    assert second_factor.recovery_hash("abcd efg hjk", 1, "a") in hashes


def test_only_six_digits_are_of_the_app():
    assert second_factor.is_app_code("012345")
    assert not any(map(second_factor.is_app_code, ("12345", "1234567", "ABCDEF", "١٢٣٤٥٦")))


# Services


def test_setting_up_needs_the_code_that_the_app_shows(person):
    sealed_secret = second_factor.encrypt_secret(SECRET, person.id, site_key())
    with pytest.raises(second_factors.WrongCode):
        second_factors.set_up(person, sealed_secret, APP.at(NOON + 5 * STEP), now=NOON)
    with pytest.raises(second_factors.OutdatedPage):
        second_factors.set_up(person, second_factor.encrypt_secret(SECRET, 0, site_key()), APP.at(NOON), now=NOON)
    assert not second_factors.is_asked(person.id)


def test_the_database_holds_neither_the_secret_nor_a_code(person, codes):
    row = db.session.get(SecondFactor, person.id)
    assert SECRET not in row.sealed_secret
    stored = set(db.session.scalars(select(RecoveryCode.code_hash)))
    assert len(stored) == len(codes) == 10
    assert not stored & {one_time_codes.normalise(code) for code in codes}


def test_a_second_one_is_refused(person, codes):
    with pytest.raises(second_factors.AlreadySetUp):
        give_factor(person, NOON + STEP)


def test_the_code_of_the_set_up_does_not_sign_in(person, codes):
    assert not accept(person, APP.at(NOON), NOON)


def test_a_code_is_accepted_once(person, codes):
    later = NOON + 10 * STEP
    assert accept(person, APP.at(later), later)
    assert not accept(person, APP.at(later), later)
    assert accept(person, APP.at(later + STEP), later + STEP)


def test_a_recovery_code_is_accepted_once_however_it_is_typed(person, codes):
    assert accept(person, codes[0].lower().replace("-", " "), NOON)
    assert not accept(person, codes[0], NOON)
    assert accept(person, codes[1], NOON)
    assert not accept(make_person(), codes[2], NOON)


@pytest.mark.parametrize("way", ["app", "recovery code"])
def test_of_four_who_send_the_same_code_at_once_one_is_let_in(app, person, codes, way):
    owner, later = person.id, NOON + 10 * STEP
    typed, let_in = APP.at(later) if way == "app" else codes[0], []
    run_concurrently(app, *[lambda: let_in.append(accept(db.session.get(Person, owner), typed, later))] * 4)
    assert sorted(let_in) == [False, False, False, True]


def test_new_recovery_codes_void_the_old_ones(person, codes):
    new = second_factors.renew_recovery_codes(person, now=NOON)
    assert not accept(person, codes[0], NOON)
    assert accept(person, new[0], NOON)
    with pytest.raises(second_factors.NotSetUp):
        second_factors.renew_recovery_codes(make_person(), now=NOON)


def test_a_changed_key_lets_nobody_in_and_says_why(app, person, codes, monkeypatch):
    monkeypatch.setattr(app, "secret_key", "another key of the site, as long as it should be")
    assert second_factors.is_asked(person.id)
    for typed in (APP.at(NOON + STEP), codes[0]):
        with pytest.raises(second_factors.FactorUnreadable):
            accept(person, typed, NOON + STEP)


def test_removing_leaves_nothing(person, codes):
    assert second_factors.remove(person, actor_id=None, now=NOON)
    assert not second_factors.is_asked(person.id)
    assert not db.session.scalars(select(RecoveryCode)).all()
    assert not second_factors.remove(person, actor_id=None, now=NOON)
    verbs = list(db.session.scalars(select(LedgerEntry.verb).order_by(LedgerEntry.id)))
    assert verbs == ["set up second factor", "remove second factor"]


def test_neither_the_secret_nor_a_code_is_in_the_ledger(person, codes):
    accept(person, codes[0], NOON)
    second_factors.renew_recovery_codes(person, now=NOON)
    facts = db.session.execute(text("SELECT verb, facts FROM ledger_entry ORDER BY id")).all()
    assert [tuple(row) for row in facts] == [
        ("set up second factor", "{}"),
        ("use recovery code", "{}"),
        ("make recovery codes", "{}"),
    ]
