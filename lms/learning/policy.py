"""Who may teach a course."""

from __future__ import annotations

from lms.people.rights import Rights


def may_teach(person: Rights, course_id: int) -> bool:
    """Instructors of the course, and admins."""
    return course_id in person.taught_course_ids or person.is_admin
