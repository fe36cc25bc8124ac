"""Creating, changing and deactivating people. Nobody is deleted, so their training stays on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.hooks import Hook
from lms.core.i18n import lazy
from lms.people.details import PersonDetails
from lms.people.models import Person
from lms.people.services import roles
from lms.people.services.placements import note_placements
from lms.people.services.units import keep_open

access_ended: Hook[[Person, datetime], None] = Hook("access_ended")
"""Called when a person is deactivated: sign-ins and one-time codes end."""


class NipTaken(Refusal):
    message = lazy("Another person already has this number.")


class EmailTaken(Refusal):
    message = lazy("Another person already has this address.")


class NoLoginName(Refusal):
    message = lazy("A person needs a number (NIP, NI PPPK) or an e-mail address to sign in with.")


def create_person(details: PersonDetails, *, actor_id: int | None, now: datetime) -> Person:
    """A new account without a password: the person comes in by a one-time code.

    :raises NipTaken: somebody has this number.
    :raises EmailTaken: somebody has this address.
    :raises NoLoginName: there is neither.
    :raises units.UnitEnded: the unit is history.
    """
    keep_open([details.unit_id] if details.unit_id else [])
    person = Person(**asdict(details), created_at=now)
    with _login_names_kept_apart(details):
        db.session.add(person)
    note_placements([person.id], source="page", now=now)
    ledger.record(actor_id, "create person", _target(person), now=now, status=person.status)
    db.session.flush()
    return person


def update_person(person: Person, details: PersonDetails, *, actor_id: int | None, now: datetime) -> list[str]:
    """Write what is different; gives the names of the changed fields.

    The ledger keeps these names, not the values: who the person was is in the
    records that were issued.

    :raises NipTaken: somebody else has this number.
    :raises EmailTaken: somebody else has this address.
    :raises NoLoginName: there is neither.
    :raises units.UnitEnded: the unit is history.
    """
    keep_open([details.unit_id] if details.unit_id else [])
    changed = [name for name, value in asdict(details).items() if getattr(person, name) != value]
    if not changed:
        return []
    with _login_names_kept_apart(details, person):
        for name in changed:
            setattr(person, name, getattr(details, name))
    note_placements([person.id], source="page", now=now)
    ledger.record(actor_id, "update person", _target(person), now=now, changed=changed)
    db.session.flush()
    return changed


def deactivate(person: Person, reason: str, *, actor_id: int | None, now: datetime) -> None:
    """Block the account. Its sign-ins and codes end at once.

    :raises roles.LastAdmin: nobody would be left to manage the site.
    """
    _lock(person)
    if not person.is_active:
        return
    if person.is_admin:
        roles.keep_an_admin(person)
    person.is_active = False
    access_ended(person, now)
    note_placements([person.id], source="page", now=now)
    ledger.record(actor_id, "deactivate person", _target(person), now=now, reason=reason)
    db.session.flush()


def activate(person: Person, *, actor_id: int | None, now: datetime) -> None:
    """Let the person sign in again with the former roles and password."""
    _lock(person)
    if person.is_active:
        return
    person.is_active = True
    note_placements([person.id], source="page", now=now)
    ledger.record(actor_id, "activate person", _target(person), now=now)
    db.session.flush()


def _lock(person: Person) -> None:
    """Reload and lock the row of the person only, because roles may be loaded by an outer join."""
    db.session.refresh(person, with_for_update={"of": Person})


@contextmanager
def _login_names_kept_apart(details: PersonDetails, person: Person | None = None) -> Iterator[None]:
    """What is changed inside is flushed; a number or an address that somebody else has is refused."""
    if details.nip is None and details.email is None:
        raise NoLoginName
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        _refuse_taken(details, person)
        raise


def _refuse_taken(details: PersonDetails, person: Person | None) -> None:
    for column, value, refusal in ((Person.nip, details.nip, NipTaken), (Person.email, details.email, EmailTaken)):
        if value is None:
            continue
        owner = db.session.scalar(select(Person.id).where(column == value))
        if owner is not None and (person is None or owner != person.id):
            raise refusal


def _target(person: Person) -> str:
    return f"person:{person.id}"
