"""The analysis of one quiz."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template, request, url_for

from lms.analysis import queries, verdicts
from lms.analysis.score_statistics import BINS
from lms.analysis.views.course import AskedQuiz, bp, own_quiz, ways
from lms.authoring import services as authoring
from lms.authoring.questions.reading import read_questions
from lms.content.folder.outline import lay_out
from lms.core.i18n import gettext as _
from lms.learning.services import pass_mark
from lms.quizzes import queries as quizzes
from lms.web.access import role

REGRADE = "quizzes.regrade"
MAX_ANSWERS = 12
"""How many different typed answers to a question are listed."""


@bp.get("/teach/courses/<slug>/items/<item>/analysis")
@role("instructor", "admin")
def quiz(slug: str, item: str) -> Any:
    asked = own_quiz(slug, item)
    submitted = queries.submitted_attempts(asked.item.item_id, asked.cohort_id, asked.which)
    attempts = [one for one in submitted if one.score is not None]
    found = queries.analysis(asked.item, asked.cohort_id, attempts)
    is_by_number = request.args.get("order") == "number"
    return render_template(
        "analysis/quiz.html",
        asked=asked,
        course=asked.course,
        revision=asked.revision,
        item=asked.item,
        ways=ways(),
        found=found,
        questions=found.questions if is_by_number else found.by_need,
        is_by_number=is_by_number,
        unmarked=len(submitted) - len(attempts),
        passed=sum(bool(one.is_passed) for one in attempts),
        pass_mark=pass_mark(quizzes.quiz_of_revision(asked.item.item_revision_id).pass_mark),
        bins=BINS,
        spread=_spread(found.histogram),
        to_check=found.number_of(verdicts.TO_CHECK),
        to_correct=found.number_of(verdicts.TO_CORRECT),
        not_judged=found.number_of(verdicts.NOT_JUDGED),
        few=found.number_of(["few"]),
        reliability=verdicts.reliability(found.scores) if found.scores else "unknown",
        limits=verdicts,
        most_answers=MAX_ANSWERS,
        form_urls=_form_urls(asked),
        regrade_url=_regrade_url(asked),
    )


def _spread(histogram: Sequence[int]) -> str:
    """What the picture shows, for those who do not see it."""
    parts = [
        _("%(low)s to %(high)s: %(count)s", low=bar * 100 // BINS, high=(bar + 1) * 100 // BINS, count=count)
        for bar, count in enumerate(histogram)
        if count
    ]
    return "; ".join(parts)


def _form_urls(asked: AskedQuiz) -> dict[str, str]:
    """The address of each question's form in the editor, by its id; of those that the draft still has."""
    files = authoring.source(asked.course.id).files
    path = next((one.path for one in lay_out(files).items if one.slug == asked.item.slug), None)
    file = read_questions(files[path].data) if path else None
    return {
        one.id: url_for("authoring.question", slug=asked.course.slug, number=one.number + 1, file=path)
        for one in (file.questions if file else ())
        if one.id
    }


def _regrade_url(asked: AskedQuiz) -> str | None:
    """The address for marking again; None on a site that cannot."""
    if REGRADE not in current_app.view_functions:
        return None
    return url_for(REGRADE, slug=asked.course.slug, item=asked.item.slug)
