"""Pages of surveys for learners and instructors, on one blueprint."""

from lms.surveys.views import learner, results

__all__ = ["blueprints", "learner", "results"]

blueprints = [results.bp]
