"""Issued certificates after a quiz was marked again: listed, never changed, replaced by the certificates' own pages."""

from __future__ import annotations

import pytest
from factories import (
    NOON,
    grant,
    item_of,
    make_admin,
    make_course,
    make_enrolment,
    make_item_context,
    make_person,
    make_revision,
    publish,
)
from quiz_factories import content, question_json
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.notices.models import Notice
from lms.notices.services import events, inbox
from lms.quizzes import services
from lms.quizzes.queries import regrades
from lms.quizzes.responses import Response
from lms.quizzes.services import regrading
from lms.records.models import Record
from lms.records.services import issue_record


def quiz(correct: str) -> dict[str, object]:
    questions = [question_json("satu", correct=correct), question_json("dua")]
    return {"slug": "kuis", "type": "quiz", "title": "Kuis", "content": content(questions, pass_mark=50)}


@pytest.fixture
def regraded(session, monkeypatch):
    """Somebody passed by a wrong key and has a certificate; by the right one the quiz is not passed."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    course = make_course(items=(quiz("a"),), completion={"items": "all", "score": 50, "attendance": None})
    enrolment, teacher = make_enrolment(make_person(name="Peserta Contoh"), course), make_person()
    grant(teacher, "instructor", course=course)
    attempt = services.start_attempt(make_item_context(enrolment, item_of(course, "kuis")), seed=1, now=NOON)
    given = Response(frozenset("a"))
    services.save_answer(attempt, services.quiz_of(attempt).question("satu"), given, now=NOON)
    services.submit_attempt(attempt, now=NOON)
    record = issue_record(enrolment, actor_id=None, now=NOON)
    publish(make_revision(course, (quiz("b"),)))
    item = item_of(course, "kuis")
    made = regrading.start_regrade(
        item.item_id, "all", "Kunci soal 1 keliru.", seen=(item.id, 0), actor_id=teacher.id, now=NOON
    )
    while regrading.regrade_next(made.id, now=NOON):
        pass
    return course, teacher, record, made


def test_the_dry_run_says_which_certificates_would_say_otherwise(session, client):
    course = make_course(items=(quiz("a"),), completion={"items": "all", "score": 50, "attendance": None})
    enrolment = make_enrolment(make_person(), course)
    attempt = services.start_attempt(make_item_context(enrolment, item_of(course, "kuis")), seed=1, now=NOON)
    services.save_answer(attempt, services.quiz_of(attempt).question("satu"), Response(frozenset("a")), now=NOON)
    services.submit_attempt(attempt, now=NOON)
    record = issue_record(enrolment, actor_id=None, now=NOON)
    publish(make_revision(course, (quiz("b"),)))
    page = client.sign_in(make_admin()).text(f"/teach/courses/{course.slug}/items/kuis/regrade")
    assert record.number in page
    assert "Isinya akan lain:" in page
    assert attempt.score == 50, "nothing has changed"


def test_the_record_stays_and_an_admin_is_led_to_its_page_with_the_reason(client, regraded):
    course, _teacher, record, made = regraded
    before = dict(record.snapshot)
    page = client.sign_in(make_admin()).text(f"/teach/courses/{course.slug}/items/kuis/regrades/1")
    address = f"/admin/certificates/{record.id}/revoke?regrade={made.id}"
    assert f'href="{address}"' in page
    assert "Kuis dinilai ulang: Kunci soal 1 keliru.</textarea>" in client.text(address)
    assert "Kunci soal 1" not in client.text(f"/admin/certificates/{record.id}/revoke?regrade=999999")
    assert (record.revoked_at, record.snapshot) == (None, before)
    assert len(db.session.scalars(select(Record)).all()) == 1


def test_an_instructor_is_told_who_can_replace_it(client, regraded):
    course, teacher, record, _made = regraded
    page = client.sign_in(teacher).text(f"/teach/courses/{course.slug}/items/kuis/regrades/1")
    assert record.number in page
    assert "/admin/certificates/" not in page
    assert "dilakukan oleh admin situs" in page


def test_those_concerned_are_told_once(session, regraded):
    _course, _teacher, record, made = regraded
    for _sweep in range(2):
        inbox.notify(events.new_events(NOON.replace(hour=0), now=NOON), now=NOON)
    [notice] = db.session.scalars(select(Notice).where(Notice.kind == "regraded")).all()
    assert notice.person_id == record.person_id
    assert notice.key == f"regraded:{made.id}:{record.enrolment_id}"
    facts = {name: notice.facts[name] for name in ("old_score", "new_score", "reason")}
    assert facts == {"old_score": "50.00", "new_score": "0.00", "reason": "Kunci soal 1 keliru."}
    assert not db.session.scalars(select(Notice).where(Notice.kind == "graded")).all(), "it is no paper"
    assert regrades.line_counts(made.id) == {"changed": 1}
