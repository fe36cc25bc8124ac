"""The signed-in person."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
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
    """A read-only copy of the person's row and roles, fetched by one query at the start of a request.

    To change the person, use ``queries.row_of``.
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
    today: date
    grants: tuple[HeldRole, ...]
    use_needs_note: bool = False
    """Whether it must be recorded that this device is in use."""
    needs_second_factor: bool = False

    # Required by Flask-Login:
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True

    def get_id(self) -> str:
        return str(self.id)

    @property
    def full_name(self) -> str:
        return full_name(self.title_before, self.name, self.title_after)


ACCOUNT_COLUMNS = tuple(one.name for one in fields(Account))[:-5]
"""The columns of ``person``, in the order of the fields."""
