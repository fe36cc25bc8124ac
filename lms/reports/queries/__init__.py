"""Queries of boards and yearly reports. Tiles, tables, names, files and reminders share ``base``."""

from __future__ import annotations

from lms.reports.queries.base import state_of, year_of
from lms.reports.queries.figures import Count, Hours, counts, hours
from lms.reports.queries.lists import cohorts, courses, first_enrolment, tree
from lms.reports.queries.names import BoardRow, each, enrolments, names, people_not_enrolled, phones
from lms.reports.queries.people import Member, courses_by_person, members, people
from lms.reports.queries.years import hours_of_year, jp_by_kind, taken_in, tree_at_the_end_of

__all__ = [
    "BoardRow",
    "Count",
    "Hours",
    "Member",
    "cohorts",
    "counts",
    "courses",
    "courses_by_person",
    "each",
    "enrolments",
    "first_enrolment",
    "hours",
    "hours_of_year",
    "jp_by_kind",
    "members",
    "names",
    "people",
    "people_not_enrolled",
    "phones",
    "state_of",
    "taken_in",
    "tree",
    "tree_at_the_end_of",
    "year_of",
]
