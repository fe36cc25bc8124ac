"""What this package stores about people: who imported a revision."""

from __future__ import annotations

from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, left_to_the_agency

AREAS = (
    DataArea(
        name="course-revisions",
        title=lazy("Authors of courses"),
        what=lazy("Who imported which revision of a course, and when."),
        why=lazy("To know whose work a course is."),
        who=lazy("The admins of the site, in the activity log."),
        how_long=left_to_the_agency,
        tables=("course_revision",),
        not_copied={"course_revision": "the ledger says who imported and published; the content is no personal data"},
    ),
)
