"""What a restore brings back must not work again: ended sign-ins, used codes, numbers that are on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from backups import run
from factories import complete, make_admin, make_person, make_record
from sqlalchemy import select

from lms.auth.models import ResetCode, SignIn
from lms.auth.services import sign_ins
from lms.auth.services.codes import issue_reset_code
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.enrolment.models import Enrolment
from lms.ops.services import checks
from lms.people.models import Person
from lms.records import queries as records
from lms.records import services
from lms.records.models import NumberSequence


@pytest.fixture
def file(session, tmp_path) -> Path:
    return tmp_path / "lms.tar"


def backup(app, file: Path) -> None:
    db.session.commit()
    done = run(app, "backup", file)
    assert done.exit_code == 0, done.output


def restore(app, file: Path, *words: str) -> str:
    db.session.commit()
    done = run(app, "restore", file, "--yes-replace", "Belajar ASN", *words)
    assert done.exit_code == 0, done.output
    db.session.expire_all()
    return done.output


def this_year() -> int:
    return clock.now().year


def test_a_sign_in_that_had_ended_does_not_come_back(app, client, file):
    client.sign_in(make_person())
    assert client.get("/records").status_code == 200
    backup(app, file)
    sign_in = db.session.scalars(select(SignIn)).one()
    sign_ins.end_sign_in(sign_in.id, now=clock.now())
    db.session.commit()
    assert client.get("/records").status_code == 302
    restore(app, file)
    assert client.get("/records").status_code == 302


def test_who_was_signed_in_signs_in_again(app, client, file):
    client.sign_in(make_person())
    backup(app, file)
    restore(app, file)
    assert client.get("/records").status_code == 302
    assert db.session.scalars(select(SignIn.ended_at)).one() is not None


def test_a_code_that_was_used_since_does_not_come_back(app, client, file):
    nip = "199001012015031001"
    code = issue_reset_code(make_person(nip=nip), None, now=clock.now())
    backup(app, file)
    assert client.post_form("/login/code", username=nip, code=code).status_code == 302
    restore(app, file)
    thief = app.test_client()
    assert thief.post_form("/login/code", username=nip, code=code).status_code == 422
    assert db.session.scalars(select(ResetCode.used_at)).one() is not None


def test_a_number_on_paper_is_not_given_again(app, file):
    make_record(now=clock.now())
    backup(app, file)
    printed = make_record(now=clock.now()).number
    restore(app, file, "--last-number", f"{this_year()}=2")
    assert records.uncertain_sequences() == []
    assert make_record(now=clock.now()).number == printed.replace("/2/", "/3/")


def test_a_number_below_that_of_the_backup_takes_none_back(app, file):
    make_record(now=clock.now())
    make_record(now=clock.now())
    backup(app, file)
    output = restore(app, file, "--last-number", f"{this_year()}=1")
    assert db.session.get(NumberSequence, this_year()).last == 2
    assert " 3" in output


@pytest.mark.parametrize("words", ["31", "2026", "2026=", "2026=-1", "2026=1234567", "x=1"])
def test_a_last_number_that_is_none_changes_nothing(app, file, words):
    backup(app, file)
    done = run(app, "restore", file, "--yes-replace", "Belajar ASN", "--last-number", words)
    assert done.exit_code == 2
    assert db.session.scalar(select(LedgerEntry).where(LedgerEntry.verb == "restore backup")) is None


def test_until_the_number_is_told_none_is_given_and_everybody_is_told(app, client, session, file):
    admin = make_admin()
    admin_id = admin.id
    ready = complete(make_person())
    ready_id = ready.id
    backup(app, file)
    restore(app, file)
    with pytest.raises(services.NumbersUncertain):
        services.issue_record(session.get(Enrolment, ready_id), actor_id=None, now=clock.now())
    session.rollback()
    finding = checks._numbers(app.config["LMS"], clock.now())
    assert finding.state == "problem"
    client.sign_in(session.get(Person, admin_id))
    assert "/admin/certificates/numbers" in client.text("/admin")
    path = "/admin/certificates/numbers"
    for wrong in ("", "x", "-1", "1000000"):
        assert client.post_form(path, year=this_year(), last=wrong).status_code == 422
    assert client.post_form(path, year=this_year() + 1, last=5).status_code == 200, "another year is not asked for"
    assert len(records.uncertain_sequences()) == 1
    assert client.post_form(path, year=this_year(), last="0031").status_code == 302
    assert client.post_form(path, page="/admin/certificates", year=this_year(), last="40").status_code == 200, (
        "it was answered meanwhile"
    )
    assert "/admin/certificates/numbers" not in client.text("/admin")
    assert checks._numbers(app.config["LMS"], clock.now()).state == "ok"
    record = services.issue_record(session.get(Enrolment, ready_id), actor_id=None, now=clock.now())
    assert "/32/" in record.number


def test_on_a_terminal_the_number_is_asked_for(app, file, monkeypatch):
    make_record(now=clock.now())
    backup(app, file)
    monkeypatch.setattr("lms.ops.cli._may_ask", lambda: True)
    db.session.commit()
    words = ("restore", file, "--yes-replace", "Belajar ASN")
    assert run(app, *words, said="31 Desember\n31\n").exit_code == 0
    assert db.session.get(NumberSequence, this_year()).last == 31
    db.session.rollback()
    assert run(app, *words, said="\n").exit_code == 0
    assert len(records.uncertain_sequences()) == 1


def test_the_ledger_tells_of_it(app, file):
    issue_reset_code(make_person(), None, now=clock.now())
    backup(app, file)
    restore(app, file, "--last-number", f"{this_year()}=7")
    found = {entry.verb: entry for entry in db.session.scalars(select(LedgerEntry))}
    assert json.loads(found["restore backup"].facts) == {"codes": 1, "sign_ins": 0}
    assert json.loads(found["confirm last number"].facts) == {"after": 7, "before": 0}
    assert found["restore backup"].target.startswith("backup:")


def test_what_to_do_about_the_rest_is_told_with_the_time(app, file):
    backup(app, file)
    output = restore(app, file)
    assert "Kelola → Sertifikat" in output
    assert str(this_year()) in output
