"""A file of a course for whoever may see the course."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, or_, select

from lms.core.db import db
from lms.courses.models import CourseFile, CourseRevision, RevisionSection
from lms.enrolment.queries import enrolments_among
from lms.people.rights import Rights

MIN_HASH_LENGTH = 20
"""The characters of a file's hash in its address."""


def media_file(person: Rights, person_id: int, sha256_start: str, name: str = "") -> CourseFile | None:
    """A file of a revision of a course that this person takes, teaches or administers.

    What stands in the description of a published course or above its sections is for everybody: they decide by it.
    Others must not learn whether there is such a file.

    :param name: the file name that the address has; without it, any.
    """
    if len(sha256_start) != MIN_HASH_LENGTH or not sha256_start.isalnum():
        return None
    rows = db.session.execute(
        select(CourseFile, CourseRevision.course_id, CourseRevision.published_at)
        .join(CourseRevision, CourseRevision.id == CourseFile.revision_id)
        .where(CourseFile.sha256.startswith(sha256_start), CourseFile.content_type.is_not(None))
        .order_by(CourseFile.id.desc())
    ).all()
    found = [row for row in rows if not name or row[0].path.rsplit("/", 1)[-1] == name]
    taken = enrolments_among(person_id, {course_id for _file, course_id, published_at in found if published_at})
    for file, course_id, _published_at in found:
        if person.is_admin or course_id in person.taught_course_ids or course_id in taken:
            return file
    return found[0][0] if found and _is_for_everybody(sha256_start, {row[1] for row in found}) else None


def _is_for_everybody(sha256_start: str, course_ids: Collection[int]) -> bool:
    part = f"/{sha256_start}/"
    intro = (
        select(RevisionSection.id)
        .where(RevisionSection.revision_id == CourseRevision.id, RevisionSection.intro_html.contains(part))
        .exists()
    )
    wanted = exists().where(
        CourseRevision.course_id.in_(course_ids),
        CourseRevision.is_current,
        or_(CourseRevision.description_html.contains(part), intro),
    )
    return bool(db.session.scalar(select(wanted)))
