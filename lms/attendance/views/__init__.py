"""Pages of live sessions for learners and instructors, on one blueprint."""

from lms.attendance.views import calendar, instructor, learner, showing_codes

__all__ = ["blueprints", "calendar", "instructor", "learner", "showing_codes"]

blueprints = [learner.bp]
