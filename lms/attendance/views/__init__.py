"""Pages of live sessions for learners and instructors, on one blueprint."""

from lms.attendance.views import instructor, learner, showing_codes

__all__ = ["blueprints", "instructor", "learner", "showing_codes"]

blueprints = [learner.bp]
