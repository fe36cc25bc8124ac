"""Two at the same moment: nobody is told twice, and the number of unread ones stays right."""

from __future__ import annotations

import pytest
from concurrency import run_concurrently
from factories import NOON, make_course, make_enrolment, make_person
from sqlalchemy import func, select

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.notices import notifications
from lms.notices.models import Notice
from lms.notices.notifications import EnrolledCourse, Notification
from lms.notices.services import inbox, reminders
from lms.people.models import Person


def occasion(person: Person) -> Notification:
    enrolment = make_enrolment(person, make_course())
    return notifications.enrolled(EnrolledCourse(person.id, enrolment.id, "kursus", "Kursus"), None, None)


def count(channel: str) -> int | None:
    return db.session.scalar(select(func.count()).select_from(Notice).where(Notice.channel == channel))


@pytest.mark.parametrize("is_same", [True, False])
def test_what_two_tell_at_once(app, session, is_same):
    person = make_person(email="peserta@contoh.id")
    first = occasion(person)
    told = [first, first, first] if is_same else [first, occasion(person), occasion(person)]
    run_concurrently(app, *(lambda one=one: inbox.notify([one], now=NOON) for one in told))
    wanted = 1 if is_same else 3
    assert (count("site"), count("mail"), db.session.get(Person, person.id).unread_notices) == (wanted,) * 3


def test_reading_all_while_something_new_comes(app, session):
    person = make_person()
    inbox.notify([occasion(person)], now=NOON)
    new, person_id = occasion(person), person.id
    run_concurrently(
        app,
        lambda: inbox.read_all(person_id, now=NOON),
        lambda: inbox.notify([new], now=NOON),
    )
    unread = select(func.count()).select_from(Notice).where(Notice.channel == "site", Notice.read_at.is_(None))
    assert db.session.get(Person, person_id).unread_notices == db.session.scalar(unread) in {0, 1}


def test_a_reminder_pressed_twice_at_once_is_one(app, session):
    enrolment, admin = make_enrolment(), make_person()
    ids, actor = [enrolment.id], admin.id
    run_concurrently(app, *(lambda: reminders.remind(ids, actor_id=actor, now=NOON) for _ in range(3)))
    assert count("site") == 1
    entries = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.verb == "remind")
    assert db.session.scalar(entries) == 1
