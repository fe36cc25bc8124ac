"""Pages for joining courses and managing cohorts."""

from lms.enrolment.views import (
    admin,
    cohort_committee,
    cohort_finding,
    cohort_people,
    cohort_proposals,
    cohorts,
    learner,
    proposals,
)
from lms.enrolment.views.cohort_access import bp

__all__ = [
    "admin",
    "cohort_committee",
    "cohort_finding",
    "cohort_people",
    "cohort_proposals",
    "cohorts",
    "learner",
    "proposals",
]

blueprints = [learner.bp, admin.bp, bp, proposals.bp]
