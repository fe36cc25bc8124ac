"""The roles in words."""

from __future__ import annotations

from lms.core.i18n import lazy

TITLES = {
    "admin": lazy("Admin of the whole site"),
    "agency-admin": lazy("Admin of %(name)s"),
    "head": lazy("Head of %(name)s"),
    "deputy": lazy("Deputy head of %(name)s (Plt. or Plh.)"),
    "instructor": lazy("Instructor of “%(name)s”"),
    "committee": lazy("Committee of %(name)s"),
}
WHAT = {
    "admin": lazy("Manages people, units, courses, cohorts, certificates and settings, and gives roles."),
    "agency-admin": lazy("Adds, changes and lets in the agency's people, arranges its units and names their heads."),
    "head": lazy("Sees how far everybody in this unit and all units below it is, and proposes them for cohorts."),
    "instructor": lazy("Sees the participants, marks their work and confirms who has finished."),
    "committee": lazy("Looks after this cohort: who takes part, who is admitted, who gets more time."),
}
NOT = {
    "agency-admin": lazy("Not: other agencies, the site's settings, the activity log, who teaches a course."),
    "head": lazy("Not: whole numbers (NIP), answers and handed-in work."),
    "instructor": lazy("Not: whole numbers (NIP), other courses."),
    "committee": lazy("Not: whole numbers (NIP), other cohorts."),
}
SEES = {
    "head": lazy("Progress in all courses and the hours (JP). Of the number (NIP) only the end."),
    "instructor": lazy("Work, answers and marks in this course. Of the number (NIP) only the end."),
    "committee": lazy("Taking part in this cohort, and progress there. Of the number (NIP) only the end."),
    "agency-admin": lazy("The account with the whole number (NIP), courses and progress."),
    "admin": lazy("The account with the whole number (NIP), courses, marks and certificates."),
}
"""In the order of the page: the nearest first."""
