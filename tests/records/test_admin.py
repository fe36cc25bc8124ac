"""Admins find any certificate, and revoke it with a reason."""

from __future__ import annotations

import pytest
from factories import NOON, make_admin, make_person, make_record

from lms.records import codes, services
from lms.records.models import Record


@pytest.fixture
def admin(client):
    person = make_admin(name="Admin Contoh")
    client.sign_in(person)
    return person


def found(client, words: str) -> str:
    answer = client.post_form("/admin/certificates", q=words)
    assert answer.status_code == 302
    return client.get(answer.location).text


@pytest.mark.parametrize("by", ["number", "code", "name", "nip"])
def test_a_certificate_is_found_by(client, admin, by):
    person = make_person(name="Maria Contoh", nip="198609262015052001")
    record, other = make_record(person), make_record(make_person(name="Orang Lain"))
    words = {
        "number": record.number,
        "code": codes.in_groups(record.code).lower(),
        "name": "maria",
        "nip": "19860926 201505 2 001",
    }[by]
    page = found(client, words)
    assert f">{record.number}<" in page
    assert f">{other.number}<" not in page


def test_a_whole_nip_never_stands_in_the_address(client, admin):
    make_record(make_person(nip="198609262015052001"))
    for typed in ("198609262015052001", "199912312020121999"):
        answer = client.post_form("/admin/certificates", q=typed)
        assert typed not in answer.location


def test_an_empty_search_lists_all_newest_first(client, admin):
    numbers = [make_record().number for _ in range(3)]
    page = found(client, "")
    places = [page.index(number) for number in numbers]
    assert places == sorted(places, reverse=True)


def test_what_is_not_found_says_what_to_try(client, admin):
    make_record()
    assert 'class="empty"' in found(client, "tidak ada orang ini")


def test_long_lists_come_in_pages(client, admin):
    for _ in range(31):
        make_record()
    assert 'rel="next"' in client.get("/admin/certificates").text
    assert 'rel="prev"' in client.get("/admin/certificates?page=2").text


def test_revoking_takes_a_reason_and_is_shown(client, session, admin):
    record = make_record()
    path = f"/admin/certificates/{record.id}/revoke"
    assert client.post_form(path, reason="Salah orang").status_code == 302
    record = session.get(Record, record.id)
    assert (record.revoke_reason, record.revoked_by) == ("Salah orang", admin.id)
    assert "Salah orang" in client.get("/admin/certificates").text
    assert "<form" not in client.get(path).text


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_fitting_reason_nothing_is_revoked_and_the_text_is_kept(client, session, admin, reason):
    record = make_record()
    answer = client.post_form(f"/admin/certificates/{record.id}/revoke", reason=reason)
    assert answer.status_code == 422
    assert reason.strip() in answer.text
    assert session.get(Record, record.id).revoked_at is None


def test_a_certificate_that_was_revoked_meanwhile_stays_as_it_was(client, session, admin):
    record, other = make_record(), make_record()
    services.revoke_record(record, "Pertama", actor_id=admin.id, now=NOON)
    path = f"/admin/certificates/{record.id}/revoke"
    answer = client.post_form(path, page=f"/admin/certificates/{other.id}/revoke", reason="Kedua")
    assert answer.status_code == 409
    assert session.get(Record, record.id).revoke_reason == "Pertama"


def test_a_certificate_that_is_not_there_is_404(client, admin):
    assert client.get("/admin/certificates/99999/revoke").status_code == 404


def test_only_admins_have_these_pages(client):
    record = make_record()
    paths = ("/admin/certificates", f"/admin/certificates/{record.id}/revoke")
    assert [client.get(path).status_code for path in paths] == [302, 302]
    client.sign_in(make_person())
    assert [client.get(path).status_code for path in paths] == [404, 404]
