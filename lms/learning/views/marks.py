"""How the marks of one enrolment came about: the rule and the parts of each number, and every mark ever given."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template
from flask_login import current_user

from lms.core import clock
from lms.core.hooks import KeyedHook
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.enrolment.queries.enrolments import extensions
from lms.learning import services
from lms.learning.explaining import Explain, ItemExplanation, explain_course, with_rest
from lms.learning.queries.enrolments import grades, progress_in_course
from lms.learning.queries.teaching import taught_course
from lms.learning.views import instructor, learner
from lms.people import queries as persons
from lms.web.access import role, signed_in

score_explanations: KeyedHook[Explain] = KeyedHook("score_explanations")
"""How the packages of the item types came to the scores that they store, by the type."""


@learner.bp.get("/marks/<slug>")
@signed_in
def marks(slug: str) -> Any:
    """Show learners their marks, without the names of those who gave them."""
    course, revision = courses.published(slug) or abort(404)
    enrolment = enrolments.enrolment_of(current_user.id, course.id) or abort(404)
    return _page(course, revision, enrolment, is_own=True)


@instructor.bp.get("/teach/courses/<slug>/people/<int:enrolment_id>/marks")
@role("instructor", "admin")
def marks_of_participant(slug: str, enrolment_id: int) -> Any:
    course, revision = taught_course(slug, current_user) or abort(404)
    enrolment, person = enrolments.participant(course.id, enrolment_id) or abort(404)
    return _page(course, revision, enrolment, is_own=False, name=person.full_name)


def _page(course: Course, revision: CourseRevision, enrolment: Enrolment, *, is_own: bool, name: str = "") -> str:
    progress = progress_in_course(enrolment, course, revision, pass_mark=services.pass_mark(), now=clock.now())
    explained: dict[int, ItemExplanation] = {}
    for explain in score_explanations:
        explained |= explain(enrolment.id, is_own)
    rest = (
        _("kept, since the course was completed before the rule changed"),
        _("not taken over yet: the results are being computed again"),
    )
    stored = {key: own.score for key, own in progress.item_progress.items()}
    ledger = grades(enrolment.id)
    return render_template(
        "learning/marks.html",
        course=course,
        revision=revision,
        enrolment=enrolment,
        is_own=is_own,
        name=name,
        outcome=progress.outcome,
        whole=explain_course(progress.contents, progress.item_progress),
        items=[row.item for row in progress.rows if row.item.is_graded],
        explained={key: with_rest(one, stored.get(key), *rest) for key, one in explained.items()},
        ledger=ledger,
        extensions=extensions(enrolment.id),
        names={} if is_own else persons.names_of({one.by for lines in ledger.values() for one in lines if one.by}),
    )
