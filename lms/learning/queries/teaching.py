"""The course or item of a page for instructors, and the cohort that it is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from lms.content.items.base import Item
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.queries import CohortSummary
from lms.people.rights import Rights

C = TypeVar("C", bound=Item)


@dataclass(frozen=True)
class TaughtItem(Generic[C]):
    """An item of a published course, for somebody who teaches it."""

    course: Course
    revision: CourseRevision
    item: ItemSummary
    content: C


def taught_course(slug: str, person: Rights) -> tuple[Course, CourseRevision] | None:
    """A published course that ``person`` teaches or, for an admin, any, with its revision."""
    found = courses.published(slug)
    return found if found and (person.is_admin or found[0].id in person.taught_course_ids) else None


def taught_item(slug: str, item_slug: str, person: Rights, item_type: type[C]) -> TaughtItem[C] | None:
    """An item of ``taught_course``; None if it is of another type."""
    found = taught_course(slug, person)
    if found is None:
        return None
    course, revision = found
    item = next((one for one in courses.contents(revision.id).items if one.slug == item_slug), None)
    content = courses.item_content(item.item_revision_id) if item else None
    return TaughtItem(course, revision, item, content) if item and isinstance(content, item_type) else None


def cohorts_and_chosen(course_id: int, wanted: int | None) -> tuple[list[CohortSummary], int | None]:
    """All cohorts of the course, and ``wanted`` if it is one of them."""
    cohorts = enrolments.cohorts_of_course(course_id)
    return cohorts, wanted if any(one.cohort.id == wanted for one in cohorts) else None
