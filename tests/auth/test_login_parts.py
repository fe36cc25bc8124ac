"""Names, codes, devices, waits and hashes: the pure parts of signing in."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from argon2 import PasswordHasher

from lms.auth import devices, one_time_codes, passwords, throttle
from lms.people import names

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("19860926 201505 1 001", "198609262015051001"),
        (" 19860926.201505.1.001 ", "198609262015051001"),
        ("Rosa@Contoh.ID ", "rosa@contoh.id"),
        ("a.b@contoh.id", "a.b@contoh.id"),
        ("a.b\u200b@contoh.id\x00", "a.b@contoh.id"),
        ("1986\x00", "1986"),
        ("", ""),
    ],
)
def test_a_login_name_has_one_spelling(typed, name):
    assert names.login_name(typed) == name


def test_codes_have_no_look_alikes_and_differ():
    codes = {one_time_codes.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01OIL" + string.ascii_lowercase)
    assert {len(code) for code in codes} == {one_time_codes.LENGTH}


@pytest.mark.parametrize(
    "typed", ["ABCD-EFG-HJK", "abcd efg hjk", " abcdefghjk ", "ABCD–EFG–HJK", "a b c d e f g h j k"]
)
def test_a_code_is_typed_loosely(typed):
    assert one_time_codes.normalise(typed) == "ABCDEFGHJK"
    assert one_time_codes.looks_like_code(typed)
    assert one_time_codes.formatted("ABCDEFGHJK") == "ABCD-EFG-HJK"


@pytest.mark.parametrize("typed", ["", "kopi pahit di pagi hari", "ABCD-EFG-HJ", "ABCD-EFG-HJKL", "ABCD-EFG-HJ0"])
def test_what_no_code_looks_like(typed):
    assert not one_time_codes.looks_like_code(typed)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
            "Samsung Internet, Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/131.0 Mobile Safari/604.1", "Chrome, iPhone"),
        ("Mozilla/5.0 (Linux; U; Android 8.1) UCBrowser/13.4 Mobile Safari/537.36", "UC Browser, Android"),
        ("Opera/9.80 (Android; Opera Mini/36) Presto/2.12", "Opera, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_devices_are_named_in_words_people_know(user_agent, words):
    assert devices.describe_device(user_agent) == words


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 300), (9, 900), (50, 900)]
)
def test_waits_grow_and_have_a_top(tries, seconds):
    assert throttle.wait_left(tries, NOW, NOW) == timedelta(seconds=seconds)


def test_a_wait_runs_from_the_last_try_and_ends():
    assert throttle.wait_left(5, NOW - timedelta(seconds=10), NOW) == timedelta(seconds=20)
    assert throttle.wait_left(5, NOW - timedelta(seconds=30), NOW) == throttle.NO_WAIT
    assert throttle.wait_left(0, None, NOW) == throttle.NO_WAIT
    assert throttle.wait_left(9, NOW + timedelta(hours=2), NOW) == throttle.NO_WAIT


def test_tries_are_counted_by_name_and_by_device_without_naming_either():
    here = throttle.bucket("password", "198609262015051001", "this device", "key")
    elsewhere = throttle.bucket("password", "198609262015051001", "", "key")
    assert here.login_hash == elsewhere.login_hash
    assert (len(here.device_hash), elsewhere.device_hash) == (64, "")
    assert here != throttle.bucket("password", "198609262015051001", "this device", "another key")


def test_each_proof_is_counted_for_itself():
    buckets = [throttle.bucket(proof, "198609262015051001", "", "key") for proof in get_args(throttle.Proof)]
    assert len({one.login_hash for one in buckets}) == len(buckets) == 4


def test_the_current_password_is_counted_by_person_and_sign_in():
    owner, device, other = (throttle.own_bucket("current password", *ids, "key") for ids in ((1, 1), (1, 2), (2, 1)))
    assert owner.login_hash == device.login_hash != other.login_hash
    assert len({owner.device_hash, device.device_hash, ""}) == 3


def test_nobody_types_a_name_that_is_counted_as_a_signed_in_person():
    assert throttle.own_bucket("current password", 1, 1, "key").login_hash not in {
        throttle.bucket(proof, "person 1", "", "key").login_hash for proof in throttle.AT_SIGN_IN
    }


def test_a_password_fits_its_hash_however_a_keyboard_writes_it():
    stored = passwords.hash_password("caf\u00e9 di sorong")
    assert passwords.is_right(stored, "cafe\u0301 di sorong")
    assert not passwords.is_right(stored, "cafe di sorong")


def test_hashes_are_argon2id_with_19_mib():
    assert passwords.hash_password("kopi pahit").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_without_a_hash_every_password_is_wrong():
    assert not passwords.is_right(None, "kopi pahit")
    assert not passwords.is_right(None, "nobody has this password")
    assert not passwords.is_right("no hash at all", "kopi pahit")


def test_a_weaker_hash_is_renewed():
    weaker = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("kopi pahit")
    renewed = passwords.rehash_if_outdated(weaker, "kopi pahit")
    assert renewed
    assert passwords.is_right(renewed, "kopi pahit")
    assert passwords.rehash_if_outdated(renewed, "kopi pahit") is None
