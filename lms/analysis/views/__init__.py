"""Pages for those who teach a course."""

from lms.analysis.views import attempts, gains, question, quiz
from lms.analysis.views.course import bp

__all__ = ["attempts", "blueprints", "gains", "question", "quiz"]

blueprints = [bp]
