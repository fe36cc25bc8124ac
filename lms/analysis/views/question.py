"""What statistics say of one question, for pages of other packages."""

from __future__ import annotations

from flask import render_template, url_for
from markupsafe import Markup

from lms.analysis import queries, verdicts
from lms.courses import queries as courses


def figures(slug: str, item_id: int, question: str) -> Markup:
    """Figures from the first attempt of each person in the whole course. Empty if the course no longer has the quiz."""
    found = courses.published(slug)
    items = queries.quizzes_of(found[1].id) if found else []
    item = next((one for one in items if one.item_id == item_id), None)
    if item is None:
        return Markup("")
    analysis = queries.analysis(item, None, queries.scored_attempts(item_id, None, "first"))
    one = next((one for one in analysis.questions if one.question.id == question), None)
    address = url_for("analysis.quiz", slug=slug, item=item.slug)
    page = render_template(
        "analysis/question_figures.html",
        one=one,
        is_enough=one is not None and one.item.count >= verdicts.MIN_ATTEMPTS,
        limits=verdicts,
        address=address,
    )
    return Markup(page)  # noqa: S704 - a template's
