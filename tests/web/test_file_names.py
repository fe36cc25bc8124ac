"""The name of a file in the header of a response: any letters, in a header that can be sent."""

from __future__ import annotations

import pytest
from factories import make_person, make_record
from flask import Response
from werkzeug.http import parse_options_header

from lms.web.headers import set_disposition


@pytest.mark.parametrize("name", ["rencana.pdf", "rencana kita é.pdf", "學.pdf", 'dua "kutip".pdf', "100%;a.pdf"])
def test_a_name_arrives_as_it_is_and_the_header_is_plain_ascii(name):
    response = Response()
    set_disposition(response, "attachment", name)
    header = response.headers["Content-Disposition"]
    assert header.isascii()
    assert parse_options_header(header) == ("attachment", {"filename": name})


def test_the_certificate_of_a_person_with_other_letters_can_be_sent(client, session):
    person = make_person(name="Ağa Şahin")
    record = make_record(person)
    header = client.sign_in(person).get(f"/records/{record.code}.pdf").headers["Content-Disposition"]
    assert header.isascii()
    assert parse_options_header(header)[1]["filename"].endswith("-Ağa-Şahin.pdf")
