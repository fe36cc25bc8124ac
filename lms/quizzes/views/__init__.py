"""Pages of quizzes: attempts and their reviews for learners; marking, limits and printing for instructors.

A GET changes nothing. An attempt whose time is over is therefore submitted by a
button on the page, or by the job before anybody opens it.
"""

from lms.quizzes.views import (
    answer_files,
    asking,
    attempt,
    essays,
    graded_essays,
    objecting,
    overrides,
    printing,
    regrading,
    review,
    teaching,
)
from lms.quizzes.views.attempt import bp
from lms.quizzes.views.quiz import show

__all__ = [
    "answer_files",
    "asking",
    "attempt",
    "blueprints",
    "bp",
    "essays",
    "graded_essays",
    "objecting",
    "overrides",
    "printing",
    "regrading",
    "review",
    "show",
    "teaching",
]

blueprints = [bp]
