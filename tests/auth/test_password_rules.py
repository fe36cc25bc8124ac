"""What a password must not be."""

from __future__ import annotations

import pytest

from lms.auth.password_rules import DEMO_PASSWORD, PasswordProblem, find_problem

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
    assert find_problem(password, nip=NIP) is None


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("", PasswordProblem.SHORT),
        ("kopi pait", PasswordProblem.SHORT),
        ("k" * 9, PasswordProblem.SHORT),
        ("kopi pahit " * 20, PasswordProblem.LONG),
        ("198608122015051001", PasswordProblem.NIP),
        ("19860812 201505 1 001", PasswordProblem.NIP),
        ("19860812.201505.1.001", PasswordProblem.NIP),
        ("papeda 20150510", PasswordProblem.NIP),
        ("x15051001x", PasswordProblem.NIP),
        ("19860812kopi", PasswordProblem.NIP),
        ("kopi12081986", PasswordProblem.BIRTH_DATE),
        ("12-08-1986 kopi", PasswordProblem.BIRTH_DATE),
        ("12/08/1986 kopi", PasswordProblem.BIRTH_DATE),
        ("1986_08_12_kopi", PasswordProblem.NIP),
        ("kopi pahit 120886", PasswordProblem.BIRTH_DATE),
        ("kopi pahit 860812", PasswordProblem.BIRTH_DATE),
        ("kopi 08121986", PasswordProblem.BIRTH_DATE),
        ("kopi 1281986", PasswordProblem.BIRTH_DATE),
        ("12Agustus1986", PasswordProblem.BIRTH_DATE),
        ("12 agt 86 kopi", PasswordProblem.BIRTH_DATE),
        ("12 August 1986", PasswordProblem.BIRTH_DATE),
        (DEMO_PASSWORD, PasswordProblem.DEMO),
        ("Belajar-ASN-Sorong", PasswordProblem.DEMO),
        ("aaaaaaaaaa", PasswordProblem.OBVIOUS),
        ("1212121212", PasswordProblem.OBVIOUS),
        ("..........", PasswordProblem.OBVIOUS),
        ("1234567890", PasswordProblem.OBVIOUS),
        ("0987654321", PasswordProblem.OBVIOUS),
        ("12345678910"[:10], PasswordProblem.OBVIOUS),
        ("abcdefghij", PasswordProblem.OBVIOUS),
        ("ABCDEFGHIJKL", PasswordProblem.OBVIOUS),
        ("qwertyuiop", PasswordProblem.OBVIOUS),
        ("qwertyuiopasdf", PasswordProblem.OBVIOUS),
        ("poiuytrewq", PasswordProblem.OBVIOUS),
        ("1q2w3e4r5t", PasswordProblem.OBVIOUS),
        ("1-2-3-4-5-6-7-8-9-0", PasswordProblem.OBVIOUS),
        ("abcd1abcd1", PasswordProblem.OBVIOUS),
        ("password123", PasswordProblem.COMMON),
        ("Indonesia2024", PasswordProblem.COMMON),
        ("indonesia!!", PasswordProblem.COMMON),
        ("bismillah123", PasswordProblem.COMMON),
        ("Sorong-12345", PasswordProblem.COMMON),
        ("kata sandi 1", PasswordProblem.COMMON),
        ("sayangsayang", PasswordProblem.COMMON),
        ("BKPSDM-Sorong", PasswordProblem.COMMON),
        ("Papua Barat Daya", PasswordProblem.COMMON),
    ],
)
def test_each_rule_refuses_what_breaks_it(password, found):
    assert find_problem(password, nip=NIP) is found


def test_the_birth_date_of_somebody_else_is_no_secret_of_mine():
    assert find_problem("kopi01021990pahit", nip=NIP) is None
    assert find_problem("kopi12081986pahit", nip=None) is None


def test_only_demo_people_may_have_the_demo_password():
    assert find_problem(DEMO_PASSWORD, nip=NIP, is_demo=True) is None


@pytest.mark.parametrize("password", ["rosa.melati@contoh.id", "Rosa.Melati"])
def test_an_address_is_no_password(password):
    assert find_problem(password, address="rosa.melati@contoh.id") is PasswordProblem.ADDRESS
