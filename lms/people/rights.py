"""What somebody may do by the roles that hold today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

from lms.people.terms import Term, standing

RoleName = Literal["admin", "agency-admin", "instructor", "head", "committee"]


class Grant(Term, Protocol):
    """A role as it was given, for the site, a course, a unit or a cohort."""

    @property
    def role(self) -> str: ...
    @property
    def course_id(self) -> int | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def cohort_id(self) -> int | None: ...


class Rights:
    """Shared by the signed-in person (``account.Account``) and any row (``models.Person``)."""

    if TYPE_CHECKING:  # a column there, a field here

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
        """Of the whole site."""
        return self.has_role("admin")

    @property
    def taught_course_ids(self) -> frozenset[int]:
        return frozenset(one.course_id for one in self.present_grants if one.role == "instructor" and one.course_id)

    @property
    def headed_unit_ids(self) -> frozenset[int]:
        """The units named to this head or deputy; what lies below them is the query's business."""
        return self._unit_ids("head")

    @property
    def administered_unit_ids(self) -> frozenset[int]:
        """The instansi whose admin this person is; of the whole site's admin none is named."""
        return self._unit_ids("agency-admin")

    @property
    def committee_cohort_ids(self) -> frozenset[int]:
        """The cohorts in whose committee (panitia) this person is."""
        return frozenset(one.cohort_id for one in self.present_grants if one.role == "committee" and one.cohort_id)

    def has_role(self, role: RoleName) -> bool:
        return role in self.roles

    def _unit_ids(self, role: RoleName) -> frozenset[int]:
        return frozenset(one.unit_id for one in self.present_grants if one.role == role and one.unit_id)


def _holds_on(term: Term, today: date | None) -> bool:
    """Whether a role holds on a day; on an unknown day only what has no dates does."""
    if today is None:
        return term.starts_on is None and term.ends_on is None
    return standing(term, today) == "present"
