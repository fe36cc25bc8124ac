"""What was answered, for those who teach the course: on a page, and as XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from lms.content.items.survey import Survey
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import say_moment, to_site_time
from lms.enrolment.queries import CohortSummary
from lms.learning.queries.teaching import TaughtItem, cohorts_and_chosen, taught_item
from lms.lib.tables import Column, Sheet
from lms.surveys import queries, services
from lms.surveys.queries import Replies
from lms.surveys.results import QuestionResult, results_of, words_of_reply
from lms.web.access import role
from lms.web.request_limits import row_number
from lms.web.table_files import table_response

bp = Blueprint("surveys", __name__)


class SurveyResults(NamedTuple):
    taught: TaughtItem[Survey]
    cohorts: list[CohortSummary]
    chosen: int | None
    replies: Replies
    questions: list[QuestionResult]


def _results(slug: str, item: str) -> SurveyResults:
    """Of the cohort that the address names, or of all; 404 unless the signed-in person teaches the course."""
    taught = taught_item(slug, item, current_user, Survey) or abort(404)
    cohorts, chosen = cohorts_and_chosen(taught.course.id, request.args.get("cohort", type=row_number))
    found = queries.replies(taught.item.item_id, taught.course.id, chosen, services.group_size())
    questions = results_of(taught.content.asks, [one.answers for one in found.told])
    return SurveyResults(taught, cohorts, chosen, found, questions)


@bp.get("/teach/courses/<slug>/surveys/<item>")
@role("instructor", "admin")
def results(slug: str, item: str) -> str:
    found = _results(slug, item)
    asks = found.taught.content.asks
    return render_template(
        "surveys/results.html",
        found=found,
        course=found.taught.course,
        revision=found.taught.revision,
        by_person=[(one, words_of_reply(asks, one.reply.answers)) for one in found.replies.named],
        group_size=services.group_size(),
    )


@bp.get("/teach/courses/<slug>/surveys/<item>.xlsx")
@role("instructor", "admin")
def file(slug: str, item: str) -> Any:
    found = _results(slug, item)
    word = _("survey")  # pybabel does not look into f-strings
    name = f"{word}-{found.taught.course.slug}-{found.taught.item.slug}-{to_site_time(clock.now()):%Y-%m-%d}"
    return table_response(list(_sheets(found)), "xlsx", name)


def _sheets(found: SurveyResults) -> Iterator[Sheet]:
    cohort = next((one.cohort.name for one in found.cohorts if one.cohort.id == found.chosen), "")
    head = [
        f"{found.taught.item.title}: {found.taught.revision.title}",
        *([cohort] if cohort else []),
        _("As of %(moment)s", moment=say_moment(clock.now())),
        _(
            "%(told)s answers shown; %(held)s are held until there are %(size)s of a cohort together",
            told=len(found.replies.told),
            held=found.replies.held,
            size=services.group_size(),
        )
        if found.replies.held
        else _("%(told)s answers", told=len(found.replies.told)),
    ]
    columns = [
        Column(_("No."), "number", 6),
        Column(_("Question"), "text", 50),
        Column(_("Answer"), "text", 40),
        Column(_("Number"), "number", 10),
        Column(_("Share"), "percent", 10),
        Column(_("Mean"), "number", 10),
    ]
    yield Sheet(_("Results"), columns, _counted(found), head)
    texts = [Column(_("No."), "number", 6), Column(_("Question"), "text", 50), Column(_("Answer"), "text", 80)]
    yield Sheet(_("Written answers"), texts, _written(found), head)
    if found.replies.named:
        asks = found.taught.content.asks
        people = [
            Column(_("Name"), "text", 34),
            *(Column(f"{n}. {one.title}", "text", 30) for n, one in enumerate(asks, 1)),
        ]
        rows = ([one.person.full_name, *words_of_reply(asks, one.reply.answers)] for one in found.replies.named)
        yield Sheet(_("By person"), people, rows, head)


def _counted(found: SurveyResults) -> Iterator[list[object]]:
    for number, one in enumerate(found.questions, 1):
        mean = None if one.tally.mean is None else round(one.tally.mean, 2)
        for bar in one.tally.bars:
            share = bar.count / one.tally.count if one.tally.count else None
            yield [number, one.question.title, bar.label, bar.count, share, mean]
            mean = None


def _written(found: SurveyResults) -> Iterator[list[object]]:
    for number, one in enumerate(found.questions, 1):
        for text in one.tally.texts:
            yield [number, one.question.title, text]
