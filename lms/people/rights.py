"""The rights of a person, from the roles that hold today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

from lms.people.terms import Term, term_state

RoleName = Literal["admin", "agency-admin", "instructor", "head", "committee"]


class Grant(Term, Protocol):
    """A role granted for the site, a course, a unit or a cohort."""

    @property
    def role(self) -> str: ...
    @property
    def course_id(self) -> int | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def cohort_id(self) -> int | None: ...


class Rights:
    """Base of ``account.Account``, the signed-in person, and ``models.Person``, a row."""

    needs_second_factor = False
    """Whether the roles of a signed-in person rest, and ``grants`` is empty, until a second factor is set up."""

    if TYPE_CHECKING:  # fields of Account, relationship and attribute of Person

        @property
        def grants(self) -> Sequence[Grant]: ...
        @property
        def today(self) -> date | None: ...

    @property
    def present_grants(self) -> list[Grant]:
        return [grant for grant in self.grants if _holds_on(grant, self.today)]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.present_grants)

    @property
    def is_admin(self) -> bool:
        """Whether somebody is an admin of the whole site."""
        return self.has_role("admin")

    @property
    def has_office_rights(self) -> bool:
        """Any right beyond learning. Every role gives one."""
        return bool(self.present_grants)

    @property
    def taught_course_ids(self) -> frozenset[int]:
        return frozenset(one.course_id for one in self.present_grants if one.role == "instructor" and one.course_id)

    @property
    def headed_unit_ids(self) -> frozenset[int]:
        """The units that this person is head or deputy of, without the units below them."""
        return self._unit_ids("head")

    @property
    def administered_unit_ids(self) -> frozenset[int]:
        """The instansi that this person is agency admin of. Empty for site admins."""
        return self._unit_ids("agency-admin")

    @property
    def committee_cohort_ids(self) -> frozenset[int]:
        """The cohorts whose committee (panitia) this person belongs to."""
        return frozenset(one.cohort_id for one in self.present_grants if one.role == "committee" and one.cohort_id)

    def has_role(self, role: RoleName) -> bool:
        return role in self.roles

    def _unit_ids(self, role: RoleName) -> frozenset[int]:
        return frozenset(one.unit_id for one in self.present_grants if one.role == role and one.unit_id)


def _holds_on(term: Term, today: date | None) -> bool:
    """Whether a term holds; without ``today`` only one without dates does."""
    if today is None:
        return term.starts_on is None and term.ends_on is None
    return term_state(term, today) == "present"
