"""The activity log of one person: what was done to their work, marks and certificates."""

from __future__ import annotations

from decimal import Decimal

import pytest
from factories import NOON, item_of, make_admin, make_graded_course, make_person, make_record

from lms.admin import queries as site_queries
from lms.core import ledger
from lms.people.models import Person
from lms.people.services import people
from lms.quizzes.models import Attempt


@pytest.fixture
def admin(session):
    return make_admin(name="Admin Contoh")


def test_the_log_of_a_person_has_what_was_done_to_their_work_and_certificates(client, admin, session):
    """Who changed this mark?"""
    course = make_graded_course("loket", title="Pelayanan di loket")
    quiz = item_of(course, "kuis-akhir")
    for name in ("Budi Contoh", "Citra Uji"):
        record = make_record(make_person(name=name), course)
        attempt = Attempt(
            enrolment_id=record.enrolment_id,
            person_id=record.person_id,
            item_id=quiz.item_id,
            item_revision_id=quiz.id,
            number=1,
            selection=[],
            started_at=NOON,
            most_points=Decimal(1),
        )
        session.add(attempt)
        session.flush()
        for target in (f"enrolment:{record.enrolment_id}", f"record:{record.id}", f"attempt:{attempt.id}"):
            ledger.record(admin.id, "mark answer", target, now=NOON, reason=f"Alasan {name}")
    client.sign_in(admin)
    budi = session.query(Person).filter_by(name="Budi Contoh").one()
    for query in ("name=budi", f"person={budi.id}"):
        log = client.text(f"/admin/audit?{query}").partition("<tbody>")[2]
        assert log.count("Alasan Budi Contoh") == 3
        assert "Alasan Citra" not in log
        assert "Budi Contoh, Pelayanan di loket" in log
        assert f"Budi Contoh, {quiz.title}" in log


def test_a_name_of_many_people_finds_what_was_done_to_them(client, admin, monkeypatch):
    monkeypatch.setattr(site_queries, "FEW_PEOPLE", 1)
    for number in (1, 2):
        people.deactivate(make_person(name=f"Budi {number}"), f"Alasan {number}", actor_id=admin.id, now=NOON)
    page = client.sign_in(admin).text("/admin/audit?name=budi")
    assert "Alasan 1" in page
    assert "Alasan 2" in page
