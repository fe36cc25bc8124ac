"""The learner's pages of a quiz: its front, its questions one by one, the overview, the review.

A GET changes nothing, so what time decides (an attempt that is over) is said
on the page and done by its button, or by the job before anybody looks.
"""

from lms.quizzes.views import attempt, review
from lms.quizzes.views.front import show
from lms.quizzes.views.shared import bp

__all__ = ["attempt", "blueprints", "bp", "review", "show"]

blueprints = [bp]
