"""What happened and what ends is told, once, to those whom it concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from factories import (
    NOON,
    item_of,
    make_cohort,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
    record_result,
)
from sqlalchemy import select

from lms.core.db import db
from lms.core.small_transactions import SomeFailed
from lms.enrolment import services as enrolling
from lms.enrolment.models import Application
from lms.learning import services as learning
from lms.learning.models import EnrolmentState
from lms.notices import jobs, queries
from lms.notices.models import Notice
from lms.notices.services import inbox, reminders
from lms.people.details import PersonDetails
from lms.people.models import Person
from lms.people.services import people

TODAY = NOON.date()
LATER = NOON + timedelta(days=2)


def run(job):
    """As the worker does: on what is committed."""
    db.session.commit()
    return job()


def told(person: Person | None = None, channel: str = "site") -> list[str]:
    rows = select(Notice.key).where(Notice.channel == channel).order_by(Notice.id)
    return list(db.session.scalars(rows.where(Notice.person_id == person.id) if person else rows))


def unread(person: Person) -> int:
    return db.session.scalar(select(Person.unread_notices).where(Person.id == person.id)) or 0


def test_each_enrolment_is_told_once_however_often_the_job_runs(session, time):
    one = make_enrolment()
    for _ in range(3):
        run(jobs.notify_new_events)
    assert told() == [f"enrolled:{one.id}"]
    assert unread(db.session.get(Person, one.person_id)) == 1


def test_the_first_run_tells_no_old_news(session, time):
    make_enrolment(enrolled_at=NOON - timedelta(days=4))
    fresh = make_enrolment(enrolled_at=NOON - timedelta(days=2))
    run(jobs.notify_new_events)
    assert told() == [f"enrolled:{fresh.id}"]


def test_what_happened_while_no_job_ran_is_told_afterwards(session, time):
    run(jobs.notify_new_events)
    missed = make_enrolment(enrolled_at=NOON + timedelta(hours=1))
    time.now = NOON + timedelta(days=9)
    run(jobs.notify_new_events)
    assert told() == [f"enrolled:{missed.id}"]


def test_nothing_is_missed_while_a_clock_that_was_ahead_is_put_right(session, time):
    time.now = NOON + timedelta(hours=2)
    run(jobs.notify_new_events)
    time.now = NOON + timedelta(minutes=1)
    one = make_enrolment(enrolled_at=NOON + timedelta(minutes=1))
    run(jobs.notify_new_events)
    assert told() == [f"enrolled:{one.id}"]


@pytest.mark.parametrize("why", ["withdrawn", "off"])
def test_nobody_who_is_gone_is_told(session, time, why):
    one = make_enrolment(withdrawn_at=NOON if why == "withdrawn" else None)
    db.session.get(Person, one.person_id).is_active = why != "off"
    session.flush()
    run(jobs.notify_new_events)
    assert told() == []


def test_a_mark_is_told_and_its_correction_too_but_not_what_a_rule_gave(session, time):
    course = make_course(items=({"slug": "tugas", "type": "assignment"}, {"slug": "kuis", "type": "quiz"}))
    one, grader = make_enrolment(course=course, enrolled_at=NOON - timedelta(days=9)), make_person()
    record_result(one, item_of(course, "kuis"), 80)
    for seconds, score in enumerate((80, 90)):
        now = NOON + timedelta(seconds=seconds)
        record_result(one, item_of(course, "tugas"), score, source="submission:5", graded_by=grader.id, now=now)
    run(jobs.notify_new_events)
    found = db.session.scalars(select(Notice).where(Notice.kind == "graded").order_by(Notice.id)).all()
    assert [notice.key for notice in found] == ["graded:submission:5:1", "graded:submission:5:2"]
    assert found[1].facts == {"course": f"Kursus {course.slug}", "item": "Tugas", "score": "90.00", "number": 2}
    assert found[0].link == f"/courses/{course.slug}/tugas"


def test_a_refused_application_is_told_to_whom_it_was_for_with_the_reason(session, time):
    cohort, person = make_cohort(make_course("pelatihan"), is_open=True, needs_approval=True), make_person()
    enrolling.join(person, cohort, now=NOON)
    [application] = session.query(Application)
    run(jobs.notify_new_events)
    assert told() == []
    enrolling.refuse([application], "Angkatan ini untuk bidan", actor_id=make_person().id, now=NOON)
    for _ in range(2):
        run(jobs.notify_new_events)
    [notice] = session.query(Notice)
    assert (notice.person_id, notice.kind, notice.link) == (person.id, "application-refused", "/courses/pelatihan")
    assert notice.facts["reason"] == "Angkatan ini untuk bidan"


def test_a_certificate_is_told(session, time):
    record = make_record()
    time.now = record.issued_at
    run(jobs.notify_new_events)
    assert f"certificate:{record.id}" in told(db.session.get(Person, record.person_id))


def test_each_certificate_tells_the_jp_that_there_were_with_it(session, time):
    person = make_person()
    for _ in range(3):
        make_record(person, make_graded_course(jp=8))
    time.now = NOON
    run(jobs.notify_new_events)
    certificates = select(Notice).where(Notice.channel == "site", Notice.kind == "certificate")
    found = db.session.scalars(certificates.order_by(Notice.facts["total"].as_integer()))
    facts = [(one.facts["total"], one.facts["target"], one.facts["year"]) for one in found.all()]
    assert facts == [(8, 20, NOON.year), (16, 20, NOON.year), (24, 20, NOON.year)]


def test_where_jp_have_a_ceiling_there_is_no_target_to_reach(session, time):
    make_record(make_person(status="pppk"))
    run(jobs.notify_new_events)
    [notice] = db.session.scalars(select(Notice).where(Notice.channel == "site", Notice.kind == "certificate")).all()
    assert (notice.facts["total"], notice.facts["target"]) == (4, 0)


def enrolment(days: int, state: str | None = None, **values):
    """Joined long ago; the last day is so many days from today."""
    defaults = {"enrolled_at": NOON - timedelta(days=30), "due_on": TODAY + timedelta(days=days)}
    one = make_enrolment(**(defaults | values))
    if state:
        db.session.add(EnrolmentState(enrolment_id=one.id, state=state, done=1, needed=2, touched_at=NOON))
        db.session.flush()
    return one


@pytest.mark.parametrize(
    ("days", "state", "key"),
    [
        (3, None, "due-3"),
        (2, "in-progress", "due-3"),
        (1, None, "due-1"),
        (0, None, None),
        (4, None, None),
        (-1, "in-progress", "overdue"),
        (-4, None, None),
        (2, "finished", None),
        (-1, "failed", None),
        (2, "waiting", "due-3"),
    ],
)
def test_the_last_day_of_an_unfinished_course(session, time, days, state, key):
    one = enrolment(days, state)
    run(jobs.notify_deadlines)
    run(jobs.notify_deadlines)
    assert told() == ([f"{key}:enrolment:{one.id}:{one.due_on}"] if key else [])


def test_who_waits_for_a_grader_with_all_that_is_left_is_not_pressed(session, time):
    course = make_course(items=({"slug": "satu"}, {"slug": "dua", "type": "assignment"}))
    one = make_enrolment(course=course, enrolled_at=NOON - timedelta(days=30), due_on=TODAY + timedelta(days=2))
    learning.record_read(one.id, item_of(course, "satu"), now=NOON)
    learning.record_waiting(one.id, item_of(course, "dua"), now=NOON)
    run(jobs.notify_deadlines)
    assert told() == []


def test_a_deadline_put_off_is_told_anew(session, time):
    one = enrolment(2)
    run(jobs.notify_deadlines)
    one.due_on = one.extended_until = TODAY + timedelta(days=9)
    time.now = NOON + timedelta(days=7)
    run(jobs.notify_deadlines)
    assert [key.rsplit(":", 1)[1] for key in told()] == ["2026-11-25", "2026-12-02"]


def test_who_has_just_joined_was_told_the_last_day_already(session, time):
    enrolment(2, enrolled_at=NOON - timedelta(hours=2))
    run(jobs.notify_deadlines)
    assert told() == []


CLOSES = {"base": "start", "moment": None, "days": 5, "at": None}


def test_items_count_from_each_persons_own_beginning(session, time):
    course = make_course(items=({"slug": "kuis", "title": "Kuis", "closes": CLOSES}, {"slug": "modul"}))
    near = make_enrolment(course=course, enrolled_at=NOON - timedelta(days=3))
    make_enrolment(course=course, enrolled_at=NOON - timedelta(days=30))
    done = make_enrolment(course=course, enrolled_at=NOON - timedelta(days=3))
    learning.record_read(done.id, item_of(course, "kuis"), now=NOON)
    run(jobs.notify_deadlines)
    [notice] = db.session.scalars(select(Notice)).all()
    assert notice.key == f"due-3:enrolment:{near.id}:2026-11-25"
    assert notice.facts["items"] == ["Kuis"]


def test_days_are_counted_on_the_sites_clock(session, time):
    """At 23.30 WIT it is still the day before, by which the eve's notice goes."""
    time.now = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    one = make_enrolment(enrolled_at=NOON - timedelta(days=30), due_on=date(2026, 11, 24))
    run(jobs.notify_deadlines)
    assert told() == [f"due-1:enrolment:{one.id}:2026-11-24"]


def test_mail_goes_only_to_whoever_has_an_address_and_wants_it(session, time):
    people = [
        make_person(email="mau@contoh.id"),
        make_person(email="tidak@contoh.id", wants_mail=False),
        make_person(),
    ]
    for person in people:
        make_enrolment(person)
    run(jobs.notify_new_events)
    assert [len(told(person, "mail")) for person in people] == [1, 0, 0]
    assert [len(told(person)) for person in people] == [1, 1, 1]


def test_mails_of_the_evening_wait_the_inbox_does_not(session, time):
    evening = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # 21.00 WIT
    time.now = evening
    make_enrolment(make_person(email="mau@contoh.id"), enrolled_at=evening)
    run(jobs.notify_new_events)
    due = {notice.channel: notice.due_at for notice in db.session.scalars(select(Notice))}
    assert due == {"site": evening, "mail": datetime(2026, 11, 23, 22, 0, tzinfo=UTC)}  # 07.00 WIT


def test_a_reminder_goes_out_once_a_day_and_stands_in_the_ledger(session):
    open_, finished, gone = enrolment(9), enrolment(9, "finished"), enrolment(9, withdrawn_at=NOON)
    ids = [open_.id, finished.id, gone.id, 99_999]
    admin = make_person()
    assert reminders.remind(ids, actor_id=admin.id, now=NOON) == 1
    assert reminders.remind(ids, actor_id=admin.id, now=NOON + timedelta(minutes=1)) == 0
    assert reminders.remind(ids, actor_id=admin.id, now=NOON + timedelta(days=1)) == 1
    from lms.core.ledger import LedgerEntry

    entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "remind")).all()
    assert [entry.target for entry in entries] == [f"enrolment:{open_.id}"] * 2


def test_many_are_told_in_batches(session, time, monkeypatch):
    monkeypatch.setattr("lms.core.small_transactions.in_batches", lambda many, _size: [list(many)[:2], list(many)[2:]])
    course = make_course()
    for _ in range(3):
        make_enrolment(course=course)
    assert run(jobs.notify_new_events) == 3
    assert len(told()) == 3


def test_a_job_cut_short_between_two_parts_tells_the_rest_next_time(session, time, monkeypatch):
    course = make_course()
    for _ in range(3):
        make_enrolment(course=course)
    db.session.commit()
    whole = inbox.notify

    def breaks(few, *, now):
        if queries.already_sent([few[0].key]) or told():
            raise OSError
        return whole(few, now=now)

    monkeypatch.setattr("lms.core.small_transactions.in_batches", lambda many, _size: [[one] for one in many])
    monkeypatch.setattr(inbox, "notify", breaks)
    with pytest.raises(SomeFailed):
        run(jobs.notify_new_events)
    assert len(told()) == 1
    monkeypatch.setattr(inbox, "notify", whole)
    run(jobs.notify_new_events)
    assert len(told()) == len(set(told())) == 3


def test_who_gets_another_number_is_told_its_end(session, time):
    person = make_person(nip="198609262015051001")
    db.session.commit()
    jobs.notify_new_events()
    details = PersonDetails(name=person.name, status="pns", nip="198609262023061009")
    people.update_person(person, details, actor_id=make_person().id, now=NOON)
    run(jobs.notify_new_events)
    people.update_person(person, replace(details, position="Analis"), actor_id=None, now=NOON)
    run(jobs.notify_new_events)
    [key] = told(person)
    assert key.startswith("number-changed:")
    facts = db.session.scalars(select(Notice.facts).where(Notice.key == key)).first()
    assert facts == {"end": "•••••••• •••••• • 009"}
