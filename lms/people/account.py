"""Whoever is signed in, as every page needs to know it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from lms.people.names import full_name
from lms.people.rights import Rights


class HeldRole(NamedTuple):
    """A role of the account, including past and future ones."""

    role: str
    course_id: int | None
    unit_id: int | None
    cohort_id: int | None
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, eq=False)
class Account(Rights):
    """A copy of the person's row and roles, made by one query at the beginning of a request.

    Nothing can be changed in it: ``queries.row_of`` gives the row for that.
    """

    id: int
    nip: str | None
    email: str | None
    phone: str | None
    name: str
    title_before: str
    title_after: str
    status: str
    rank: str
    position: str
    unit_id: int | None
    language: str | None
    wants_mail: bool
    unread_notices: int
    must_change_password: bool
    sign_in_id: int
    last_seen_at: datetime
    """When its device was last noted as in use."""
    today: date
    grants: tuple[HeldRole, ...]

    # What Flask-Login asks of whoever is signed in:
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True

    def get_id(self) -> str:
        return str(self.id)

    @property
    def full_name(self) -> str:
        return full_name(self.title_before, self.name, self.title_after)


ACCOUNT_COLUMNS = tuple(one.name for one in fields(Account))[:-4]
"""Those of the person's own row, in the order of the fields."""
