"""The blueprint; the quizzes of a course, and what the pages of one quiz are asked for."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from lms.analysis import queries
from lms.analysis.choosing import WAYS, Which
from lms.core.i18n import gettext as _
from lms.courses.contents import ItemSummary
from lms.courses.models import Course, CourseRevision
from lms.enrolment.queries import CohortSummary
from lms.learning.queries.teaching import cohorts_and_chosen, taught_course
from lms.web.access import role
from lms.web.request_limits import row_number

bp = Blueprint("analysis", __name__)


class AskedQuiz(NamedTuple):
    """A quiz, of which cohort (None: all), and which attempts of each person count."""

    course: Course
    revision: CourseRevision
    item: ItemSummary
    cohorts: list[CohortSummary]
    cohort_id: int | None
    which: Which

    @property
    def filters(self) -> dict[str, Any]:
        """The parameters of links to other pages with the same choice."""
        return {"cohort": self.cohort_id, "attempts": self.which if self.which != WAYS[0] else None}

    @property
    def cohort_name(self) -> str:
        return next((one.cohort.name for one in self.cohorts if one.cohort.id == self.cohort_id), "")


def own_quiz(slug: str, item: str) -> AskedQuiz:
    course, revision = taught_course(slug, current_user) or abort(404)
    found = next((one for one in queries.quizzes_of(revision.id) if one.slug == item), None) or abort(404)
    cohorts, cohort_id = cohorts_and_chosen(course.id, request.args.get("cohort", type=row_number))
    wanted = request.args.get("attempts", "")
    return AskedQuiz(course, revision, found, cohorts, cohort_id, next((one for one in WAYS if one == wanted), WAYS[0]))


def ways() -> dict[Which, str]:
    return {
        "first": _("the first of each person"),
        "last": _("the last of each person"),
        "best": _("the best of each person"),
        "all": _("all"),
    }


@bp.get("/teach/courses/<slug>/analysis")
@role("instructor", "admin")
def course(slug: str) -> str:
    """The quizzes, with the number of people who have handed each in."""
    course, revision = taught_course(slug, current_user) or abort(404)
    quizzes = queries.quizzes_of(revision.id)
    return render_template(
        "analysis/course.html",
        course=course,
        revision=revision,
        quizzes=quizzes,
        counts=queries.attempt_counts([one.item_id for one in quizzes]),
        has_gain={one.purpose for one in quizzes} >= {"pretest", "posttest"},
    )
