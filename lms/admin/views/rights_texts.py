"""Texts about roles."""

from __future__ import annotations

from lms.core.i18n import lazy

TITLES = {
    "admin": lazy("Site admin"),
    "agency-admin": lazy("Admin of %(name)s"),
    "head": lazy("Head of %(name)s"),
    "deputy": lazy("Deputy head of %(name)s (Plt. or Plh.)"),
    "instructor": lazy("Instructor of “%(name)s”"),
    "committee": lazy("Committee of %(name)s"),
}
WHAT = {
    "admin": lazy("Manages people, units, courses, cohorts, certificates and settings, and grants roles."),
    "agency-admin": lazy("Manages the people of the agency, their sign-in codes, its units and their heads."),
    "head": lazy(
        "Sees the progress of everybody in this unit and in the units below it, and proposes them for cohorts."
    ),
    "instructor": lazy("Sees the participants, marks their work and confirms completion."),
    "committee": lazy("Manages this cohort: its participants, applications and extended deadlines."),
}
NOT = {
    "agency-admin": lazy(
        "Does not include other agencies, site settings, the activity log and the choice of instructors."
    ),
    "head": lazy("Does not include complete NIPs, answers and submissions."),
    "instructor": lazy("Does not include complete NIPs and other courses."),
    "committee": lazy("Does not include complete NIPs and other cohorts."),
}
SEES = {
    "head": lazy("Progress in all courses and lesson hours (JP), but only the end of the NIP."),
    "instructor": lazy("Submissions, answers and marks in this course, but only the end of the NIP."),
    "committee": lazy("Participation and progress in this cohort, but only the end of the NIP."),
    "agency-admin": lazy("The account with the complete NIP, courses and progress."),
    "admin": lazy("The account with the complete NIP, courses, marks and certificates."),
}
"""In the order of the page: those closest to the person first."""
