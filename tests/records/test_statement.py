"""The printed record of training: what it says can be checked by the code that stands on it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from factories import NOON, make_admin, make_graded_course, make_person, make_record, make_unit

from lms.core import clock
from lms.people.models import Placement, UnitVersion
from lms.records import codes, services, statement
from lms.records.statement import Statement
from lms.web.rate_limits import limiter

AT = datetime(2026, 11, 29, 3, 4, 5, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
SECRET = "a secret of the site that is long enough"


@pytest.fixture(autouse=True)
def _fresh_limits(app):
    limiter.reset()


def printed_code(page: str) -> str:
    return codes.normalise(re.search(r'<span class="code nowrap">([^<]+)</span>', page)[1])


@pytest.mark.parametrize("person_id", [1, 50_000, 2**32 - 1])
def test_a_code_tells_whose_it_is_and_of_which_moment(person_id):
    code = Statement(person_id, AT).code(SECRET)
    assert len(code) == statement.LENGTH
    assert statement.read(code, SECRET) == Statement(person_id, AT)


def test_a_code_of_another_site_or_with_a_slip_is_unknown():
    code = Statement(7, AT).code(SECRET)
    assert statement.read(code, SECRET + "!") is None
    for place, sign in enumerate(code):
        slip = code[:place] + ("0" if sign != "0" else "1") + code[place + 1 :]
        assert statement.read(slip, SECRET) is None
    for other in ("", "K7QF3M2PXR9T04BCZD6E", code + "0", code[:-1] + "é", code[:-1] + "I"):
        assert statement.read(other, SECRET) is None


def test_the_moment_is_that_of_the_last_change_or_the_beginning_of_the_day():
    midnight = datetime(2026, 11, 28, 15, tzinfo=UTC)
    assert statement.moment(midnight, []) == midnight
    assert statement.moment(midnight, [midnight - timedelta(days=3)]) == midnight
    assert statement.moment(midnight, [AT, AT - timedelta(hours=1)]) == AT
    assert statement.moment(midnight, [AT + timedelta(microseconds=1)]) == AT + timedelta(seconds=1)


@pytest.fixture
def person(session):
    agency = make_unit("Pemerintah Kota Sorong")
    unit = make_unit("Dinas Sosial", agency)
    person = make_person(name="Maria Contoh", nip="198609262015052001", unit_id=unit.id)
    for one in (agency, unit):
        session.add(UnitVersion(unit_id=one.id, parent_id=one.parent_id, name=one.name, kind=one.kind, since=LONG_AGO))
    held = {"status": person.status, "rank": person.rank, "position": person.position, "source": "test"}
    session.add(Placement(person_id=person.id, unit_id=unit.id, since=LONG_AGO, **held))
    session.flush()
    return person


def test_the_paper_says_whose_it_is_without_the_whole_nip(client, person):
    record = make_record(person, make_graded_course(title="Pelatihan Contoh"), now=clock.now())
    page = client.sign_in(person).get("/records").text
    heading = page[page.index("print-only") : page.index("</dl>")]
    for fact in ("Maria Contoh", "•••••••• •••••• • 001", "Dinas Sosial", "Pemerintah Kota Sorong", "/verify"):
        assert fact in heading
    assert "19860926" not in page
    assert f"Kode {codes.in_groups(record.code)}" in page


def test_the_code_leads_to_the_same_certificates(client, person):
    record = make_record(person, make_graded_course(title="Pelatihan Contoh"), now=clock.now())
    code = printed_code(client.sign_in(person).get("/records").text)
    client.get("/logout")
    answer = client.get("/verify", query_string={"code": codes.in_groups(code).lower()})
    assert answer.location == f"/verify/{code}"
    answer = client.get(answer.location)
    for fact in ("Maria Contoh", "•••••••• •••••• • 001", "Dinas Sosial", "Pelatihan Contoh", record.number, "4 JP"):
        assert fact in answer.text
    assert "198609262015052001" not in answer.text
    assert record.code not in answer.text
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_the_code_is_the_same_all_day_and_another_after_a_change(client, person):
    now = clock.now()
    make_record(person, make_graded_course("satu"), now=now - timedelta(days=2))
    first, second = (printed_code(client.sign_in(person).get("/records").text) for _ in range(2))
    assert first == second
    make_record(person, make_graded_course("dua", title="Kursus kedua"), now=now)
    assert printed_code(client.get("/records").text) != first
    page = client.get(f"/verify/{first}").text
    assert "Kursus kedua" not in page


def test_the_check_page_shows_the_unit_of_that_day(client, person, session):
    code = Statement(person.id, datetime(2026, 3, 1, tzinfo=UTC)).code(client.application.secret_key)
    person.unit_id = make_unit("Dinas Baru").id
    held = session.query(Placement).filter_by(person_id=person.id).one()
    held.until = date(2026, 3, 5)
    session.flush()
    page = client.get(f"/verify/{code}").text
    assert "Dinas Sosial" in page
    assert "Dinas Baru" not in page


def test_the_check_page_says_what_was_revoked_since(client, person):
    record = make_record(person, make_graded_course(), now=clock.now())
    before = printed_code(client.sign_in(person).get("/records").text)
    services.revoke_record(record, "Salah cetak", actor_id=make_admin().id, now=clock.now() + timedelta(seconds=2))
    page = client.get(f"/verify/{before}").text
    assert "setelah riwayat pelatihan ini dicetak" in page
    assert ": 4 JP" in page
    after = client.get(f"/verify/{printed_code(client.get('/records').text)}").text
    assert "tidak dihitung di sini" in after
    assert ": 0 JP" in after


def test_a_record_that_the_ledger_contradicts_is_not_confirmed(client, person, session):
    record = make_record(person, make_graded_course(), now=clock.now())
    code = printed_code(client.sign_in(person).get("/records").text)
    record.jp += 20
    session.flush()
    assert client.get(f"/verify/{code}").status_code == 409


def test_programs_are_told_that_it_is_no_certificate(client, app, person):
    code = Statement(person.id, NOON).code(app.secret_key)
    assert client.get(f"/verify/{code}.json").json == {"status": "statement"}
    assert client.get(f"/verify/{code[:-1]}{'0' if code[-1] != '0' else '1'}.json").json == {"status": "unknown"}


def test_a_code_of_nobody_is_unknown(client, app):
    assert client.get(f"/verify/{Statement(123_456, NOON).code(app.secret_key)}").status_code == 404
