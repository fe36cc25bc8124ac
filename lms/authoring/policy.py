"""Who may create a course on the site, and who may publish it."""

from __future__ import annotations

from lms.authoring.review import Review
from lms.core import settings
from lms.core.i18n import lazy
from lms.core.settings import Setting
from lms.learning.policy import may_teach
from lms.people.account import Account
from lms.people.models import Person
from lms.people.rights import Rights

ALLOWED, REVIEWED, REFUSED = "allowed", "reviewed", "refused"

INSTRUCTORS_PUBLISH = Setting(
    "instructors_publish",
    ALLOWED,
    group=lazy("Courses"),
    label=lazy("Instructors publish the courses that they teach"),
    hint=lazy("Whatever is chosen here, instructors edit the draft of their courses, and admins may always publish."),
    choices=(
        (ALLOWED, lazy("Allowed")),
        (REVIEWED, lazy("Reviewed: a second person publishes, another instructor of the course or an admin")),
        (REFUSED, lazy("Not allowed: an admin publishes")),
    ),
)

INSTRUCTORS_BEGIN = Setting(
    "instructors_begin_courses",
    ALLOWED,
    group=lazy("Courses"),
    label=lazy("Instructors create courses"),
    hint=lazy("Whoever creates a course teaches it. Admins may always create one."),
    choices=((ALLOWED, lazy("Allowed")), (REFUSED, lazy("Not allowed: an admin creates a course"))),
)


def may_create_course(person: Rights) -> bool:
    """Admins may; people who teach a course if the site lets them."""
    return person.is_admin or (person.has_role("instructor") and settings.value(INSTRUCTORS_BEGIN) == ALLOWED)


def may_publish(person: Account | Person, course_id: int, review: Review | None) -> bool:
    """Admins may; instructors of the course if the site lets them, or if somebody else has asked for their review."""
    if not may_teach(person, course_id):
        return False
    rule = settings.value(INSTRUCTORS_PUBLISH)
    is_second = rule == REVIEWED and review is not None and review.asked_by != person.id
    return person.is_admin or rule == ALLOWED or is_second


def needs_review(person: Rights) -> bool:
    """Whether this person has to ask for one before a course can be published."""
    return not person.is_admin and settings.value(INSTRUCTORS_PUBLISH) == REVIEWED
