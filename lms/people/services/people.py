"""Creating, changing and deactivating people. Nobody is deleted, so their training stays on record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
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
from lms.people.services.placements import record_placements
from lms.people.services.units import lock_existing_units

access_ended: Hook[[Person, datetime], None] = Hook("access_ended")
"""Called when a person is deactivated, to end sign-ins and one-time codes."""


class NipTaken(Refusal):
    message = lazy("Another person already has this number.")


class EmailTaken(Refusal):
    message = lazy("Another person already has this address.")


class NoLoginName(Refusal):
    message = lazy("Enter a NIP, a NI PPPK or an e-mail address. One of them is needed to sign in.")


def create_person(details: PersonDetails, *, actor_id: int | None, now: datetime) -> Person:
    """Create an account without a password. The person first signs in with a one-time code.

    :raises NipTaken: somebody has this number.
    :raises EmailTaken: somebody has this address.
    :raises NoLoginName: the details have neither.
    :raises units.UnitEnded: the unit no longer exists.
    """
    lock_existing_units([details.unit_id] if details.unit_id else [])
    person = Person(**asdict(details), created_at=now)
    with _unique_login_names(details):
        db.session.add(person)
    record_placements([person.id], source="page", now=now)
    ledger.record(actor_id, "create person", _target(person), now=now, status=person.status)
    db.session.flush()
    return person


def update_person(
    person: Person,
    details: PersonDetails,
    *,
    untouched: Collection[str] = (),
    actor_id: int | None,
    now: datetime,
) -> list[str]:
    """Update the person. Returns the names of the changed fields.

    The ledger records these names, not the values.

    :param untouched: the details that stay as they are now (``shown_values.as_shown``).

    :raises NipTaken: somebody else has this number.
    :raises EmailTaken: somebody else has this address.
    :raises NoLoginName: the details have neither.
    :raises units.UnitEnded: the unit no longer exists.
    """
    lock_existing_units([details.unit_id] if details.unit_id and "unit_id" not in untouched else [])
    roles.lock([person])
    details = replace(details, **{name: getattr(person, name) for name in untouched})
    changed = [name for name, value in asdict(details).items() if getattr(person, name) != value]
    if not changed:
        return []
    with _unique_login_names(details, person):
        for name in changed:
            setattr(person, name, getattr(details, name))
    record_placements([person.id], source="page", now=now)
    ledger.record(actor_id, "update person", _target(person), now=now, changed=changed)
    db.session.flush()
    return changed


def deactivate(person: Person, reason: str, *, actor_id: int | None, now: datetime) -> None:
    """Deactivate the account. Its sign-ins and codes end immediately.

    :raises roles.LastAdmin: the site would have no active admin.
    """
    roles.lock([person])
    if not person.is_active:
        return
    if person.is_admin:
        roles.keep_an_admin(person)
    _end_access([person], reason, actor_id, now)


def deactivate_demo_people(reason: str, *, actor_id: int, now: datetime) -> int:
    """Deactivate all demo accounts but the actor's own, so that an admin is left; returns how many there were."""
    found = select(Person).where(Person.is_demo, Person.is_active, Person.id != actor_id)
    people = db.session.scalars(found).all()
    roles.lock(people)
    active = [one for one in people if one.is_active]
    _end_access(active, reason, actor_id, now)
    return len(active)


def _end_access(people: Sequence[Person], reason: str, actor_id: int | None, now: datetime) -> None:
    for person in people:
        person.is_active = False
        access_ended(person, now)
    record_placements([person.id for person in people], source="page", now=now)
    ledger.record_all(actor_id, "deactivate person", {_target(one): {"reason": reason} for one in people}, now=now)
    db.session.flush()


def activate(person: Person, *, actor_id: int | None, now: datetime) -> None:
    """Reactivate the account, with its previous roles and password."""
    roles.lock([person])
    if person.is_active:
        return
    person.is_active = True
    record_placements([person.id], source="page", now=now)
    ledger.record(actor_id, "activate person", _target(person), now=now)
    db.session.flush()


@contextmanager
def _unique_login_names(details: PersonDetails, person: Person | None = None) -> Iterator[None]:
    """Flush the changes made inside. Refuse a number or an address that somebody else has."""
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
