"""The public check: what the paper says, and nothing more."""

from __future__ import annotations

import json

import pytest
from factories import NOON, make_admin, make_person, make_record

from lms.core.ledger import LedgerEntry
from lms.records import codes, services, snapshot
from lms.web.rate_limits import limiter

PUBLIC = {
    "status", "number", "code", "name", "nip_masked", "course", "cohort", "organiser",
    "begins_on", "ends_on", "jp", "issued_on", "revoked_on",
    "replaced_by",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_limits(app):
    limiter.reset()


def test_the_form_leads_to_the_answer_however_the_code_is_typed(client):
    record = make_record()
    answer = client.get("/verify", query_string={"code": f" {codes.in_groups(record.code).lower()} "})
    assert answer.status_code == 302
    assert answer.location == f"/verify/{record.code}"
    assert client.get(answer.location).status_code == 200


def test_the_form_says_where_the_code_stands(client):
    answer = client.get("/verify")
    assert answer.status_code == 200
    assert 'name="code"' in answer.text


@pytest.mark.parametrize("typed", ["", "   ", "---"])
def test_an_empty_code_comes_back_with_the_reason(client, typed):
    answer = client.get("/verify", query_string={"code": typed})
    assert answer.status_code == 422
    assert "field__error" in answer.text


def test_a_valid_certificate_shows_its_facts_and_no_birth_date_or_whole_nip(client):
    record = make_record(make_person(name="Maria Contoh", nip="198609262015052001"))
    answer = client.get(f"/verify/{record.code}")
    page = answer.text
    for fact in (record.number, "Maria Contoh", "•••••••• •••••• • 001", record.snapshot["course"], "4 JP"):
        assert fact in page
    for secret in ("198609262015052001", "19860926", "1986", "201505"):
        assert secret not in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_address_in_capitals_that_the_qr_code_has_leads_to_the_same_page(client):
    answer = client.get("/VERIFY/K7QF3M2PXR9T")
    assert answer.status_code == 308
    assert answer.location.endswith("/verify/K7QF3M2PXR9T")


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\u00ad"])
def test_the_check_page_shows_a_name_as_the_paper_does(client, session, hidden):
    """Signs that nobody sees can turn a name around, or make two names of one. They are not printed."""
    record = make_record()
    entry = session.query(LedgerEntry).filter_by(target=f"record:{record.id}").one()
    record.snapshot = record.snapshot | {"name": f"Maria{hidden} Contoh", "course": f"Kursus{hidden} Satu"}
    entry.facts = json.dumps(json.loads(entry.facts) | {"sha256": snapshot.digest(record.snapshot)})
    session.commit()
    page, facts = client.get(f"/verify/{record.code}").text, client.get(f"/verify/{record.code}.json").json
    assert hidden not in page
    assert "Maria Contoh" in page
    assert (facts["name"], facts["course"]) == ("Maria Contoh", "Kursus Satu")


def test_a_revoked_certificate_says_when_and_keeps_the_reason_private(client):
    record = make_record()
    services.revoke_record(record, "Alasan pribadi", actor_id=make_admin().id, now=NOON)
    answer = client.get(f"/verify/{record.code}")
    assert answer.status_code == 200
    assert "23 November 2026" in answer.text
    assert "note--fail" in answer.text
    assert "note--done" not in answer.text
    assert "Alasan pribadi" not in answer.text + client.get(f"/verify/{record.code}.json").text


@pytest.mark.parametrize("code", ["0" * 20, "K7QF", "x" * 300, "kode;drop", "%00", "é"])
def test_unknown_and_malformed_codes_look_alike(client, code):
    make_record()
    answer, program = client.get(f"/verify/{code}"), client.get(f"/verify/{code}.json")
    assert answer.status_code == program.status_code == 404
    assert 'name="code"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert program.json == {"status": "unknown"}


def test_part_of_a_code_finds_nothing(client):
    record = make_record()
    assert client.get(f"/verify/{record.code[:-1]}").status_code == 404
    assert client.get(f"/verify/{record.code}0").status_code == 404


def test_programs_get_the_same_facts_with_stable_keys(client):
    record = make_record(make_person(nip="198609262015052001"))
    answer = client.get(f"/verify/{record.code}.json")
    assert set(answer.json) == PUBLIC
    assert answer.json["status"] == "valid"
    assert answer.json["jp"] == 4
    assert answer.json["issued_on"] == answer.json["ends_on"] == "2026-11-23"
    assert answer.json["revoked_on"] is None
    assert "19860926" not in answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers
    services.revoke_record(record, "Salah", actor_id=make_admin().id, now=NOON)
    again = client.get(f"/verify/{record.code}.json").json
    assert (again["status"], again["revoked_on"]) == ("revoked", "2026-11-23")


def test_who_has_no_nip_has_none_there(client):
    record = make_record(make_person(nip=None, email="contoh@contoh.go.id", status="non-asn", rank=""))
    assert client.get(f"/verify/{record.code}").status_code == 200
    assert client.get(f"/verify/{record.code}.json").json["nip_masked"] == ""


def test_a_flood_of_tries_is_stopped(client, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    answers = {client.get(f"/verify/{'0' * 20}").status_code for _ in range(61)}
    assert answers == {404, 429}
    assert client.get("/verify/x.json").status_code == 429
