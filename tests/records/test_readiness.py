"""Nothing is issued while it is not known who signs it or for whom: a certificate is frozen for good."""

from __future__ import annotations

import pytest
from factories import NOON, complete, make_admin, make_person, make_record

from lms.core import settings as site_settings
from lms.core.db import db
from lms.records import jobs, services
from lms.records.models import NumberSequence, Record, RecordBatchEntry
from lms.records.services import batches, readiness, settings

PATH = "/teach/courses/terbit/completions"
LACKING = [(settings.SIGNATORY_NAME, readiness.NoSignatory), (settings.ISSUER, readiness.NoIssuer)]
CODES = [(settings.SIGNATORY_NAME, "no-signatory"), (settings.ISSUER, "no-issuer")]


def empty(setting) -> None:
    site_settings.change(setting, "", actor_id=None, now=NOON)


@pytest.fixture
def waiting(course):
    return complete(make_person(name="Menunggu"), course)


@pytest.mark.parametrize(("setting", "refusal"), LACKING)
def test_one_certificate_is_refused_and_takes_no_number(session, waiting, setting, refusal):
    empty(setting)
    with pytest.raises(refusal):
        services.issue_record(waiting, actor_id=None, now=NOON)
    [result] = services.issue_records([waiting], actor_id=None, now=NOON)
    assert isinstance(result.refusal, refusal)
    assert session.query(Record).count() == 0
    assert session.query(NumberSequence.last).scalar() == 0


@pytest.mark.parametrize(("setting", "refusal"), LACKING)
def test_none_is_issued_in_place_of_a_revoked_one(session, course, setting, refusal):
    record = make_record(course=course)
    services.revoke_record(record, "Salah", actor_id=make_admin().id, now=NOON)
    empty(setting)
    with pytest.raises(refusal):
        services.replace_record(record, actor_id=make_admin().id, now=NOON)


@pytest.mark.parametrize(("setting", "code"), CODES)
def test_a_batch_that_waits_says_why_and_can_be_started_again(session, course, instructor, waiting, setting, code):
    batch = batches.start_batch(course.id, [waiting.id], actor_id=instructor.id, now=NOON)
    empty(setting)
    session.commit()
    jobs.issue_batch(batch.id)
    entry = session.query(RecordBatchEntry).one()
    assert entry.refusal == code
    assert "Kelola → Pengaturan" in batches.refusal_text(entry)
    assert batches.start_batch(course.id, [waiting.id], actor_id=instructor.id, now=NOON).id != batch.id


def test_a_name_of_spaces_is_none(waiting):
    site_settings.change(settings.SIGNATORY_NAME, "  ", actor_id=None, now=NOON)
    assert [type(one) for one in readiness.missing_now()] == [readiness.NoSignatory]


def test_an_instructor_reads_what_is_missing_and_whom_to_ask(client, course, instructor, waiting):
    make_admin(name="Admin Situs")
    empty(settings.SIGNATORY_NAME)
    page = client.sign_in(instructor).get(PATH).text
    assert "belum ada nama penanda tangan" in page
    assert "Admin Situs" in page
    assert 'type="checkbox"' not in page
    assert "/admin/settings" not in page


def test_an_admin_is_led_to_the_setting(client, course, waiting):
    empty(settings.SIGNATORY_NAME)
    client.sign_in(make_admin())
    assert 'href="/admin/settings#rule_signatory_name"' in client.get(PATH).text
    assert 'id="rule_signatory_name"' in client.get("/admin/settings").text


def test_the_page_for_a_replacement_offers_no_button(client, course):
    record = make_record(course=course)
    admin = make_admin()
    services.revoke_record(record, "Salah", actor_id=admin.id, now=NOON)
    path = f"/admin/certificates/{record.id}/replace"
    assert "<button>" in client.sign_in(admin).get(path).text.split("<main")[1]
    empty(settings.SIGNATORY_NAME)
    page = client.get(path).text.split("<main")[1]
    assert "<button>" not in page
    assert "rule_signatory_name" in page
    assert client.post_form(path).status_code == 409
    assert db.session.query(Record).count() == 1
