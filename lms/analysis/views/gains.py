"""What the people of a course gained from its pretest to its posttest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import abort, render_template, request
from flask_login import current_user

from lms.analysis import gains as cohort_gains
from lms.analysis import queries
from lms.analysis.choosing import WAYS, Which
from lms.analysis.views.course import bp, ways
from lms.learning.queries.teaching import cohorts_and_chosen, taught_course
from lms.quizzes.gain import Gain
from lms.web.access import role
from lms.web.paging import paginate_rows
from lms.web.request_limits import row_number


class Slope(NamedTuple):
    """People with the same two scores: one line of the picture."""

    before: float
    after: float
    people: int


@bp.get("/teach/courses/<slug>/gains")
@role("instructor", "admin")
def gains(slug: str) -> Any:
    course, revision = taught_course(slug, current_user) or abort(404)
    tests = {one.purpose: one for one in queries.quizzes_of(revision.id) if one.purpose}
    if len(tests) < 2:
        abort(404)
    cohorts, cohort_id = cohorts_and_chosen(course.id, request.args.get("cohort", type=row_number))
    offered: list[Which] = [one for one in WAYS if one != "all"]
    which = next((one for one in offered if one == request.args.get("attempts")), offered[0])
    found = queries.gains(tests["pretest"], tests["posttest"], cohort_id, which)
    people = queries.people(course.id, cohort_id)
    rows = sorted(
        ((people[key].full_name, key, gain) for key, gain in found.by_enrolment.items()), key=lambda row: row[:2]
    )
    return render_template(
        "analysis/gains.html",
        course=course,
        revision=revision,
        cohorts=cohorts,
        cohort_id=cohort_id,
        which=which,
        ways={one: label for one, label in ways().items() if one in offered},
        pretest=tests["pretest"],
        posttest=tests["posttest"],
        cohort=cohort_gains.of_cohort(list(found.by_enrolment.values())),
        slopes=_slopes(found.by_enrolment.values()),
        pairs=found.pairs,
        page=paginate_rows(rows),
    )


def _slopes(gains: Iterable[Gain]) -> list[Slope]:
    counted = Counter((float(round(one.before)), float(round(one.after))) for one in gains)
    return [Slope(before, after, count) for (before, after), count in sorted(counted.items())]
