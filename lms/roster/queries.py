"""Queries on uploaded lists of people."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from lms.core.db import db
from lms.people.account import Account
from lms.people.models import Person
from lms.roster.models import PeopleImport


def imports_seen_by(person: Account) -> Select[PeopleImport]:
    """Newest first. Site admins see all lists, others their own."""
    found = select(PeopleImport).order_by(PeopleImport.id.desc())
    return found if person.is_admin else found.where(PeopleImport.created_by == person.id)


def people_by_id(person_ids: Iterable[int]) -> dict[int, Person]:
    found = select(Person).where(Person.id.in_(set(person_ids))).options(lazyload(Person.grants))
    return {person.id: person for person in db.session.scalars(found)}
