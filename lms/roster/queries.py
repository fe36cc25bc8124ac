"""Queries on uploaded lists of people."""

from __future__ import annotations

from sqlalchemy import Select, select

from lms.people.account import Account
from lms.roster.models import PeopleImport


def imports_seen_by(person: Account) -> Select[PeopleImport]:
    """Newest first. Site admins see all lists, others their own."""
    found = select(PeopleImport).order_by(PeopleImport.id.desc())
    return found if person.is_admin else found.where(PeopleImport.created_by == person.id)
