"""What a password must not be."""

from __future__ import annotations

import pytest

from lms.accounts.password_rules import DEMO_PASSWORD, Weakness, weakness

NIP = "198608122015051001"
GOOD = [
    "kopi pahit di pagi hari",
    "perahu-layar-biru",
    "Kuda4Lumping",
    "aku suka papeda",
    "xk7#Qm2!vT",
    "ありがとうございました今日",
]


@pytest.mark.parametrize("password", GOOD)
def test_words_put_together_are_good(password):
    assert weakness(password, nip=NIP) is None


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("", Weakness.SHORT),
        ("kopi pait", Weakness.SHORT),
        ("k" * 9, Weakness.SHORT),
        ("kopi pahit " * 20, Weakness.LONG),
        ("198608122015051001", Weakness.NIP),
        ("19860812 201505 1 001", Weakness.NIP),
        ("19860812.201505.1.001", Weakness.NIP),
        ("papeda 20150510", Weakness.NIP),
        ("x15051001x", Weakness.NIP),
        ("19860812kopi", Weakness.NIP),
        ("kopi12081986", Weakness.BIRTH_DATE),
        ("12-08-1986 kopi", Weakness.BIRTH_DATE),
        ("12/08/1986 kopi", Weakness.BIRTH_DATE),
        ("1986_08_12_kopi", Weakness.NIP),
        ("kopi pahit 120886", Weakness.BIRTH_DATE),
        ("kopi pahit 860812", Weakness.BIRTH_DATE),
        ("kopi 08121986", Weakness.BIRTH_DATE),
        ("kopi 1281986", Weakness.BIRTH_DATE),
        ("12Agustus1986", Weakness.BIRTH_DATE),
        ("12 agt 86 kopi", Weakness.BIRTH_DATE),
        ("12 August 1986", Weakness.BIRTH_DATE),
        (DEMO_PASSWORD, Weakness.DEMO),
        ("Belajar-ASN-Sorong", Weakness.DEMO),
        ("aaaaaaaaaa", Weakness.OBVIOUS),
        ("1212121212", Weakness.OBVIOUS),
        ("..........", Weakness.OBVIOUS),
        ("1234567890", Weakness.OBVIOUS),
        ("0987654321", Weakness.OBVIOUS),
        ("12345678910"[:10], Weakness.OBVIOUS),
        ("abcdefghij", Weakness.OBVIOUS),
        ("ABCDEFGHIJKL", Weakness.OBVIOUS),
        ("qwertyuiop", Weakness.OBVIOUS),
        ("qwertyuiopasdf", Weakness.OBVIOUS),
        ("poiuytrewq", Weakness.OBVIOUS),
        ("1q2w3e4r5t", Weakness.OBVIOUS),
        ("1-2-3-4-5-6-7-8-9-0", Weakness.OBVIOUS),
        ("abcd1abcd1", Weakness.OBVIOUS),
        ("password123", Weakness.COMMON),
        ("Indonesia2024", Weakness.COMMON),
        ("indonesia!!", Weakness.COMMON),
        ("bismillah123", Weakness.COMMON),
        ("Sorong-12345", Weakness.COMMON),
        ("kata sandi 1", Weakness.COMMON),
        ("sayangsayang", Weakness.COMMON),
        ("BKPSDM-Sorong", Weakness.COMMON),
        ("Papua Barat Daya", Weakness.COMMON),
    ],
)
def test_each_rule_refuses_what_breaks_it(password, found):
    assert weakness(password, nip=NIP) is found


def test_the_birth_date_of_somebody_else_is_no_secret_of_mine():
    assert weakness("kopi01021990pahit", nip=NIP) is None
    assert weakness("kopi12081986pahit", nip=None) is None


def test_only_demo_people_may_have_the_demo_password():
    assert weakness(DEMO_PASSWORD, nip=NIP, is_demo=True) is None


@pytest.mark.parametrize("password", ["rosa.melati@contoh.id", "Rosa.Melati"])
def test_an_address_is_no_password(password):
    assert weakness(password, address="rosa.melati@contoh.id") is Weakness.ADDRESS
