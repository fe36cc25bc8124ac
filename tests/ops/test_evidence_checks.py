"""The daily check of the ledger: once a day, told on the admin's pages, by the doctor and by mail."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from factories import make_admin
from full_world import make_full_world
from sqlalchemy import select, update

from lms.core import clock, ledger, ledger_heads, mail, settings
from lms.core.db import db
from lms.ops import jobs, queries
from lms.ops.models import EvidenceCheck
from lms.ops.services import checks, evidence_checks
from lms.ops.services.settings import HEAD_ADDRESS
from lms.records.models import Record


@pytest.fixture
def signed(session, tmp_path, monkeypatch):
    monkeypatch.setattr(ledger_heads, "keys", lambda: ledger_heads.Keys(tmp_path))
    monkeypatch.setattr(ledger_heads, "anchor_file", lambda: tmp_path / ledger_heads.ANCHORS)
    make_full_world()
    ledger.extend_chain()
    ledger_heads.sign_head(now=clock.now())
    db.session.commit()


@contextmanager
def sending_to(app, folder):
    before = app.config["LMS"]
    app.config["LMS"] = replace(before, mail_url=f"file://{folder}?from=situs@contoh.go.id")
    try:
        yield
    finally:
        app.config["LMS"] = before


def rows() -> list[EvidenceCheck]:
    return list(db.session.scalars(select(EvidenceCheck).order_by(EvidenceCheck.id)))


def finding(app) -> checks.Finding:
    return checks._evidence(app.config["LMS"], clock.now())


def test_the_check_is_made_once_a_day(signed, monkeypatch):
    jobs.check_evidence_daily()
    jobs.check_evidence_daily()
    assert [(row.disagreements, row.found, row.error) for row in rows()] == [(0, [], None)]
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    jobs.check_evidence_daily()
    assert len(rows()) == 2


def test_what_disagrees_is_told_to_the_admin_and_by_the_doctor(app, client, signed):
    admin = client.sign_in(make_admin())
    assert "belum dibandingkan" in admin.text("/admin")
    assert finding(app).state == "warning"
    db.session.execute(update(Record).values(jp=999))
    db.session.commit()
    jobs.check_evidence_daily()
    [row] = rows()
    assert row.disagreements == len(row.found) > 0
    assert "/admin/audit#evidence" in admin.text("/admin")
    page = admin.text("/admin/audit")
    assert row.found[0][0] in page
    assert "berbeda dari yang diterbitkan" in page
    assert finding(app).state == "problem"
    gauges = {name: samples[0][1] for name, _help, samples in queries.gauges(clock.now()) if samples}
    assert gauges["lms_ledger_disagreements"] == row.disagreements
    assert gauges["lms_ledger_check_age_seconds"] < 60


def test_a_sound_check_has_an_age(app, client, signed, monkeypatch):
    jobs.check_evidence_daily()
    admin = client.sign_in(make_admin())
    assert "sesuai dengan catatan aktivitas" in admin.text("/admin")
    assert finding(app).state == "ok"
    later = clock.now() + timedelta(hours=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert finding(app).state == "problem"
    assert not queries.evidence_state(later).is_sound


def test_a_check_that_fails_is_noted_and_not_repeated_at_once(signed, monkeypatch):
    def fail() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(evidence_checks, "found_disagreements", fail)
    with pytest.raises(RuntimeError):
        jobs.check_evidence_daily()
    jobs.check_evidence_daily()
    [row] = rows()
    assert (row.error, row.disagreements) == ("RuntimeError", None)
    assert queries.evidence_state(clock.now()).failed is row


def test_a_check_that_was_killed_is_made_again(signed):
    evidence_checks.begin_check(now=clock.now())
    db.session.commit()
    jobs.check_evidence_daily()
    assert [row.disagreements for row in rows()] == [None, 0]


def test_only_the_first_disagreements_are_stored_and_all_are_counted(signed, monkeypatch):
    monkeypatch.setattr(evidence_checks, "MAX_STORED", 2)
    monkeypatch.setattr(
        evidence_checks.evidence,
        "examine",
        lambda: (evidence_checks.evidence.Disagreement(f"record:{n}", "altered") for n in range(5)),
    )
    assert evidence_checks.found_disagreements() == (5, [["record:0", "altered"], ["record:1", "altered"]])


def test_the_head_is_mailed_once_for_each_check(app, signed, tmp_path):
    settings.change(HEAD_ADDRESS, "inspektorat@contoh.go.id", actor_id=None, now=clock.now())
    db.session.commit()
    with sending_to(app, tmp_path / "mails"):
        jobs.check_evidence_daily()
        jobs.check_evidence_daily()
    [file] = (tmp_path / "mails").glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["To"] == "inspektorat@contoh.go.id"
    assert ledger_heads.printed_head() in message.get_content()


def test_without_an_address_nothing_is_mailed_and_a_lost_server_is_tried_again(app, signed, tmp_path, monkeypatch):
    with sending_to(app, tmp_path / "mails"):
        jobs.check_evidence_daily()
        assert not (tmp_path / "mails").exists()
        settings.change(HEAD_ADDRESS, "inspektorat@contoh.go.id", actor_id=None, now=clock.now())
        db.session.commit()
        with monkeypatch.context() as broken:
            broken.setattr(mail, "_write", _gone)
            with pytest.raises(mail.MailServerGone):
                jobs.check_evidence_daily()
        db.session.rollback()
        jobs.check_evidence_daily()
    assert len(list((tmp_path / "mails").glob("*.eml"))) == 1
    assert len(rows()) == 1


def _gone(_folder, _message) -> None:
    raise mail.MailServerGone("gone")


@pytest.mark.parametrize("value", ["", "inspektorat@contoh.go.id"])
def test_an_address_may_be_empty(value):
    assert HEAD_ADDRESS.check(value) is None


@pytest.mark.parametrize("value", ["inspektorat", "a@b", "a@contoh.go.id, b@contoh.go.id", "a@contoh.go.id\nBcc: x"])
def test_other_than_one_address_is_refused(value):
    assert HEAD_ADDRESS.check(value)
