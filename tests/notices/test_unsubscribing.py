"""A link in each mail turns e-mail off without signing in, by a person or by the mail program itself."""

from __future__ import annotations

import pytest
from factories import make_person

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.notices.unsubscribe_tokens import token


@pytest.fixture
def person(session):
    return make_person(email="peserta@contoh.id")


@pytest.fixture
def address(app, person) -> str:
    return f"/unsubscribe/{token(person.id, app.secret_key)}"


def wants_mail(person) -> bool:
    db.session.refresh(person)
    return person.wants_mail


def test_looking_at_the_page_changes_nothing(client, person, address):
    assert "Matikan surel" in client.text(address)
    assert wants_mail(person)


def test_a_mail_program_turns_it_off_with_one_post(client, person, address, session):
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert not wants_mail(person)
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert session.query(LedgerEntry).filter_by(verb="choose channels").count() == 1


def test_the_button_does_the_same_and_says_so(client, person, address):
    page = client.post_form(address).text
    assert "note--done" in page
    assert not wants_mail(person)


@pytest.mark.parametrize("other", ["x", "1", "MQ.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "a" * 3000])
def test_another_token_leads_nowhere(client, person, other):
    assert client.get(f"/unsubscribe/{other}").status_code == 404
    assert client.post(f"/unsubscribe/{other}").status_code == 404
    assert wants_mail(person)


def test_a_token_of_another_purpose_is_none_of_these(client, person, app):
    from itsdangerous import URLSafeSerializer

    other = URLSafeSerializer(app.secret_key, salt="device").dumps(person.id)
    assert client.get(f"/unsubscribe/{other}").status_code == 404
