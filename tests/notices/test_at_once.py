"""Two at the same moment: nobody is told twice, and the number of unread ones stays right."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from factories import NOON, make_course, make_enrolment, make_person
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Person
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.notices import occasions, services
from lms.notices.models import Notice
from lms.notices.occasions import Occasion, Taken


def at_once(app: Flask, *deeds: Callable[[], object]) -> None:
    """Each deed in a thread and transaction of its own."""
    db.session.commit()
    ready = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            deed()
            db.session.commit()
            db.session.remove()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.expire_all()


def occasion(person: Person) -> Occasion:
    enrolment = make_enrolment(person, make_course())
    return occasions.enrolled(Taken(person.id, enrolment.id, "kursus", "Kursus"), None, None)


def count(channel: str) -> int | None:
    return db.session.scalar(select(func.count()).select_from(Notice).where(Notice.channel == channel))


@pytest.mark.parametrize("is_same", [True, False])
def test_what_two_tell_at_once(app, session, is_same):
    person = make_person(email="peserta@contoh.id")
    first = occasion(person)
    told = [first, first, first] if is_same else [first, occasion(person), occasion(person)]
    at_once(app, *(lambda one=one: services.tell([one], now=NOON) for one in told))
    wanted = 1 if is_same else 3
    assert (count("site"), count("mail"), db.session.get(Person, person.id).unread_notices) == (wanted,) * 3


def test_reading_all_while_something_new_comes(app, session):
    person = make_person()
    services.tell([occasion(person)], now=NOON)
    new, person_id = occasion(person), person.id
    at_once(
        app,
        lambda: services.read_all(db.session.get(Person, person_id), now=NOON),
        lambda: services.tell([new], now=NOON),
    )
    unread = select(func.count()).select_from(Notice).where(Notice.channel == "site", Notice.read_at.is_(None))
    assert db.session.get(Person, person_id).unread_notices == db.session.scalar(unread) in {0, 1}


def test_a_reminder_pressed_twice_at_once_is_one(app, session):
    enrolment, admin = make_enrolment(), make_person()
    ids, actor = [enrolment.id], admin.id
    at_once(app, *(lambda: services.remind(ids, actor_id=actor, now=NOON) for _ in range(3)))
    assert count("site") == 1
    entries = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.verb == "remind")
    assert db.session.scalar(entries) == 1
