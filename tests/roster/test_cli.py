from __future__ import annotations

import re
from datetime import date

import pytest
from factories import make_admin, make_person, make_unit

from lms.auth.models import ResetCode
from lms.core.db import db
from lms.people import queries
from lms.people.models import Person
from lms.roster.cli import commands

NIP = "198609262015051001"


@pytest.fixture
def run(app):
    def run(*words: str):
        db.session.commit()
        answer = app.test_cli_runner().invoke(commands[0], words)
        db.session.expire_all()
        return answer

    return run


def test_the_first_admin_is_made_on_the_server_with_a_code_and_no_password(run):
    answer = run("create", "--nip", "19860926 201505 1 001", "--name", "Admin  Contoh", "--rank", "iii/B", "--admin")
    assert answer.exit_code == 0
    assert re.search(r"[A-Z0-9]{4}-[A-Z0-9]{3}-[A-Z0-9]{3}", answer.output)
    person = queries.person_named(NIP)
    assert (person.name, person.status, person.rank, person.is_admin) == ("Admin Contoh", "pns", "III/b", True)
    assert person.password_hash is None
    assert db.session.query(ResetCode).count() == 1


def test_somebody_without_a_number_comes_in_by_address(run):
    unit = make_unit("Dinas Contoh")
    answer = run("create", "--email", "Tamu@Contoh.go.id", "--name", "Tamu", "--unit", "dinas contoh")
    assert answer.exit_code == 0
    person = queries.person_named("tamu@contoh.go.id")
    assert (person.status, person.unit_id, person.is_admin) == ("non-asn", unit.id, False)


@pytest.mark.parametrize(
    "words",
    [
        ("--nip", "123"),
        ("--nip", "198613262015051001"),
        ("--email", "bukan-alamat"),
        (),
        ("--nip", NIP, "--rank", "X/z"),
        ("--nip", NIP, "--unit", "Tidak Ada"),
    ],
)
def test_what_cannot_be_is_said_with_exit_code_1(run, words):
    answer = run("create", "--name", "Contoh", *words)
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: ")
    assert db.session.query(Person).count() == 0


def test_a_number_of_another_person_is_refused_and_nothing_is_kept(run):
    make_person(nip=NIP)
    answer = run("create", "--nip", NIP, "--name", "Contoh", "--admin")
    assert answer.exit_code == 1
    assert db.session.query(Person).count() == 1
    assert db.session.query(ResetCode).count() == 0


def test_a_doubt_is_said_and_does_not_stop_the_command(run):
    answer = run("create", "--nip", NIP, "--name", "Contoh", "--status", "pppk")
    assert answer.exit_code == 0
    assert "13" in answer.stderr


def test_a_new_code_replaces_the_one_before(run):
    make_person(nip=NIP)
    assert run("code", "--nip", NIP).exit_code == 0
    assert run("code", "--nip", NIP).exit_code == 0
    assert [row.used_at is None for row in db.session.query(ResetCode).order_by(ResetCode.id)] == [False, True]


def test_nobody_and_nobody_named_get_no_code(run):
    assert run("code", "--nip", NIP).exit_code == 1
    assert run("code").exit_code == 1
    make_person(nip=NIP, is_active=False)
    assert run("code", "--nip", NIP).exit_code == 1


def test_roles_are_given_and_taken_back(run):
    make_admin()
    person, unit = make_person(nip=NIP), make_unit("Dinas Contoh")
    assert run("grant", "--nip", NIP, "--admin").exit_code == 0
    assert run("grant", "--nip", NIP, "--head", "Dinas Contoh").exit_code == 0
    assert (person.is_admin, person.headed_unit_ids) == (True, {unit.id})
    assert run("revoke", "--nip", NIP, "--admin").exit_code == 0
    assert run("revoke", "--nip", NIP, "--head", "Dinas Contoh").exit_code == 0
    assert person.grants == []


def test_a_role_must_be_named_and_the_last_admin_stays(run):
    admin = make_admin(nip=NIP)
    assert run("grant", "--nip", NIP).exit_code == 1
    assert run("grant", "--nip", NIP, "--head", "Tidak Ada").exit_code == 1
    answer = run("revoke", "--nip", NIP, "--admin")
    assert answer.exit_code == 1
    assert admin.is_admin


def test_a_name_that_two_units_have_is_not_guessed(run):
    top = make_unit("Kota", kind="instansi")
    for parent in (make_unit("Dinas Satu", parent=top), make_unit("Dinas Dua", parent=top)):
        make_unit("Sekretariat", parent=parent, kind="bidang")
    make_person(nip=NIP)
    assert run("grant", "--nip", NIP, "--head", "Sekretariat").exit_code == 1


def test_an_agency_gets_an_admin_and_a_deputy_gets_dates(session, run):
    city = make_unit("Kota Contoh", kind="instansi")
    office = make_unit("Dinas Contoh", parent=city)
    person = make_person(nip=NIP)
    assert run("grant", "--nip", NIP, "--agency-admin", "Kota Contoh").exit_code == 0
    deputy = ["grant", "--nip", NIP, "--head", "Dinas Contoh", "--deputy"]
    assert run(*deputy, "--from", "2026-01-01", "--until", "2026-01-31").exit_code == 0
    [found] = queries.terms(person, "head", unit_id=office.id)
    assert (found.is_deputy, found.starts_on, found.ends_on) == (True, date(2026, 1, 1), date(2026, 1, 31))
    assert queries.terms(person, "agency-admin", unit_id=city.id)
    assert run("revoke", "--nip", NIP, "--agency-admin", "Kota Contoh").exit_code == 0
    session.expire_all()
    assert not queries.terms(person, "agency-admin", unit_id=city.id)


@pytest.mark.parametrize(
    "options",
    [
        ["--admin", "--head", "Dinas Contoh"],
        ["--admin", "--deputy"],
        ["--admin", "--until", "2026-12-31"],
        ["--agency-admin", "Dinas Contoh"],
        ["--head", "Dinas Contoh", "--from", "2026-02-01", "--until", "2026-01-01"],
    ],
)
def test_a_role_that_makes_no_sense_is_refused(session, run, options):
    make_unit("Dinas Contoh", parent=make_unit("Kota Contoh", kind="instansi"))
    person = make_person(nip=NIP)
    assert run("grant", "--nip", NIP, *options).exit_code == 1
    assert person.grants == []
