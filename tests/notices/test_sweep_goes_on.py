"""Whom the sweeps tell: one event that causes an error keeps nobody else from the news, and is not forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, make_course, make_enrolment, make_person, make_record

from lms.core.db import db
from lms.core.small_transactions import SomeFailed
from lms.notices import deadlines, jobs, notifications, queries
from lms.notices.models import Notice
from lms.notices.services import inbox
from lms.records.models import Record


def told() -> set[str]:
    db.session.expire_all()
    return {row.key for row in db.session.query(Notice).filter_by(channel="site")}


def test_a_certificate_that_cannot_be_told_of_keeps_no_other_and_is_told_of_later(session, time):
    records = [make_record() for _ in range(3)]
    broken = records[1]
    whole = dict(broken.snapshot)
    broken.snapshot = {key: value for key, value in whole.items() if key != "course"}
    ids = [one.id for one in records]
    session.commit()
    before = told()
    with pytest.raises(SomeFailed):
        jobs.notify_new_events()
    now_told = told() - before
    assert {f"certificate:{ids[0]}", f"certificate:{ids[2]}"} <= now_told
    assert f"certificate:{ids[1]}" not in now_told
    session.get_one(Record, ids[1]).snapshot = whole
    time.now = NOON + timedelta(days=2)
    session.commit()
    jobs.notify_new_events()
    assert f"certificate:{ids[1]}" in told()


@pytest.mark.parametrize("kind", ["new_marks", "new_returns", "newly_revoked", "new_records", "ended_publications"])
def test_a_kind_of_news_that_cannot_be_read_keeps_no_other_kind(session, time, monkeypatch, kind):
    enrolment_id = make_enrolment().id
    session.commit()

    def failing(_since):
        raise ZeroDivisionError

    monkeypatch.setattr(queries, kind, failing)
    with pytest.raises(SomeFailed):
        jobs.notify_new_events()
    assert told() == {f"enrolled:{enrolment_id}"}


def test_a_notice_that_cannot_be_stored_keeps_no_other(session, time, monkeypatch):
    ids = [make_enrolment().id for _ in range(3)]
    session.commit()
    row = inbox._row

    def failing(one, *args):
        if one.key == f"enrolled:{ids[0]}":
            raise ZeroDivisionError
        return row(one, *args)

    monkeypatch.setattr(inbox, "_row", failing)
    with pytest.raises(SomeFailed):
        jobs.notify_new_events()
    assert told() == {f"enrolled:{one}" for one in ids[1:]}


def test_a_deadline_that_cannot_be_computed_keeps_no_other(session, time, monkeypatch):
    due = NOON.date() + timedelta(days=1)
    early = NOON - timedelta(days=30)
    ids = [make_enrolment(course=make_course(), due_on=due, enrolled_at=early).id for _ in range(3)]
    session.commit()
    make, bad = notifications.due, ids[0]

    def failing(course, *args):
        if course.enrolment_id == bad:
            raise ZeroDivisionError
        return make(course, *args)

    monkeypatch.setattr(notifications, "due", failing)
    with pytest.raises(SomeFailed):
        jobs.notify_deadlines()
    assert len(told()) == 2
    assert not any(f":{bad}:" in key for key in told())


def test_a_course_whose_deadlines_cannot_be_computed_keeps_no_other(session, time, monkeypatch):
    due = NOON.date() + timedelta(days=1)
    make_enrolment(due_on=due, enrolled_at=NOON - timedelta(days=30))
    session.commit()

    def failing(*_args, **_values):
        raise ZeroDivisionError

    monkeypatch.setattr(deadlines, "timed", failing)
    with pytest.raises(SomeFailed):
        jobs.notify_deadlines()
    assert len(told()) == 1


def test_a_mail_whose_facts_cannot_be_read_keeps_no_other(session, time, tmp_path, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"file://{tmp_path}")
    people = [make_person(email=f"orang{number}@contoh.id") for number in range(3)]
    for person in people:
        make_enrolment(person, due_on=NOON.date() + timedelta(days=1), enrolled_at=NOON - timedelta(days=30))
    session.commit()
    jobs.notify_deadlines()
    mails = session.query(Notice).filter_by(channel="mail").order_by(Notice.id).all()
    mails[0].facts = {}
    session.commit()
    jobs.send_mails()
    session.expire_all()
    assert [row.state for row in session.query(Notice).filter_by(channel="mail").order_by(Notice.id)] == [
        "failed",
        "sent",
        "sent",
    ]
