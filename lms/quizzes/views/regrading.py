"""For instructors: mark a quiz again, void a question, mark one answer, and answers to look at."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core import clock, scheduler
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.small_transactions import commit_until_error
from lms.learning.queries.teaching import TaughtItem, taught_item
from lms.learning.services import pass_mark
from lms.people import queries as persons
from lms.quizzes import queries, responses, scoring
from lms.quizzes.forms import MODES, RULES, AnswerMarkForm, RegradeForm, voiding_from
from lms.quizzes.models import Attempt, Regrade
from lms.quizzes.queries import regrades
from lms.quizzes.regrading import DryRun, IssuedRecord, KeyChange
from lms.quizzes.services import marking, regrading
from lms.quizzes.services.regrading import Voiding
from lms.quizzes.views.attempt import bp
from lms.quizzes.views.teaching import attempt_page
from lms.web.access import require, role
from lms.web.fields import saving
from lms.web.paging import paginate, paginate_rows
from lms.web.request_limits import row_number

log = logging.getLogger(__name__)

PER_PAGE = 100
AT_ONCE = 24
"""The largest regrade that is done before its page is shown: about a quarter of a second, in small transactions."""


@bp.route("/teach/courses/<slug>/items/<item>/regrade", methods=["GET", "POST"])
@role("instructor", "admin")
def regrade(slug: str, item: str) -> Any:
    """What marking again by the published keys would change; POST does it. ``question`` and ``rule`` in the address
    try out a decision about a question."""
    own = taught_item(slug, item, current_user, Quiz) or abort(404)
    form = RegradeForm()
    voiding = voiding_from(
        form.question.data or request.args.get("question", ""),
        form.rule.data or request.args.get("rule", ""),
        {question.id for question in own.content.asked},
    )
    if form.validate_on_submit():
        made = None
        with saving(form):
            made = regrading.start_regrade(
                own.item.item_id,
                form.mode.data,
                form.reason.data,
                chosen=request.form.getlist("enrolment", type=row_number),
                voiding=voiding,
                seen=form.seen,
                actor_id=current_user.id,
                now=clock.now(),
            )
        if made is not None:
            return _started(own, made)
    return _dry_run_page(own, form, voiding), _status(form)


def _status(form: RegradeForm) -> int:
    if not form.is_submitted():
        return 200
    return 409 if form.form_errors and not any(field.errors for field in form) else 422


def _started(own: TaughtItem[Quiz], made: Regrade) -> Any:
    """A small regrade is done before its page is shown; the job does the others."""
    regrade_id, number = made.id, made.number
    if sum(regrades.line_counts(regrade_id).values()) <= AT_ONCE:
        _regrade_now(regrade_id)
    else:
        scheduler.wake()
    return redirect(url_for(".regrade_result", slug=own.course.slug, item=own.item.slug, number=number), 303)


def _regrade_now(regrade_id: int) -> None:
    """In this request, in small transactions. After an error, the job goes on with the others."""
    commit_until_error(
        lambda: regrading.regrade_next(regrade_id, now=clock.now()),
        lambda error: log.warning("regrade %s is left to the job: %s", regrade_id, type(error).__name__),
    )


def _dry_run_page(own: TaughtItem[Quiz], form: RegradeForm, voiding: Voiding | None) -> str:
    found = regrading.dry_run(own.item.item_id, own.item.item_revision_id, voiding)
    form.revision.data, form.number.data = own.item.item_revision_id, regrades.newest_number(own.item.item_id)
    form.question.data, form.rule.data = (voiding.question, voiding.rule) if voiding else ("", "")
    page = paginate_rows(found.moving, PER_PAGE)
    voided = queries.voided(own.item.item_id)
    titles = {question.id: question.title for question in own.content.asked}
    chosen = request.form.getlist("enrolment", type=row_number)
    return render_template(
        "quizzes/regrade.html",
        own=own,
        form=form,
        found=found,
        page=page,
        people=regrades.participants([one.enrolment_id for one in page.rows]),
        chosen=set(chosen) if form.is_submitted() else {one.enrolment_id for one in page.rows if not one.loses},
        records=_records(own, found),
        keys=[_in_words(one) for one in found.changed],
        unmatched=[titles[one] for one in sorted(found.unmatched)],
        voiding=voiding,
        voided=voided,
        voided_then=regrading.voided_with(own.item.item_id, voiding),
        titles=titles,
        rules=RULES,
        modes=dict(MODES),
        mark=pass_mark(own.content.pass_mark),
        before=regrades.regrades(own.item.item_id),
    )


class KeyInWords(NamedTuple):
    title: str
    before: str
    after: str
    points_before: Decimal
    points_after: Decimal


def _in_words(one: KeyChange) -> KeyInWords:
    points = scoring.rounded(one.before.points), scoring.rounded(one.after.points)
    return KeyInWords(one.after.title, _right_answer(one.before), _right_answer(one.after), *points)


def _right_answer(question: Question) -> str:
    return "; ".join(question.answer_texts(question.example(is_right=True, rng=Random(0))))  # noqa: S311 - no secret


def _records(own: TaughtItem[Quiz], found: DryRun) -> dict[int, IssuedRecord]:
    marks = {one.enrolment_id: (one.new, one.is_passed) for one in found.moving}
    return dict(regrading.issued_records(own.revision, own.item.item_id, marks)) if marks else {}


@bp.get("/teach/courses/<slug>/items/<item>/regrades/<int:number>")
@role("instructor", "admin")
def regrade_result(slug: str, item: str, number: int) -> str:
    """How far a regrade is and what it changed; afterwards the certificates that would say otherwise now."""
    own = taught_item(slug, item, current_user, Quiz) or abort(404)
    made = regrades.regrade(own.item.item_id, number) or abort(404)
    counts = regrades.line_counts(made.id)
    return render_template(
        "quizzes/regrade_result.html",
        own=own,
        regrade=made,
        counts=counts,
        total=sum(counts.values()),
        names=persons.names_of([made.started_by]),
        page=paginate(regrades.lines(made.id), PER_PAGE, scalars=False),
        records=_differing_records(own, made) if made.finished_at else {},
        admins=[] if current_user.is_admin else persons.site_admins(),
        titles={question.id: question.title for question in own.content.asked},
        rules=RULES,
        modes=dict(MODES),
    )


def _differing_records(own: TaughtItem[Quiz], made: Regrade) -> dict[str, tuple[IssuedRecord, str]]:
    """The certificates that would say otherwise, with their owners, by number."""
    marks = regrades.scores_that_count(made.id, own.item.item_id)
    mark = pass_mark(own.content.pass_mark)
    wanted = {key: (score, scoring.passes(score, mark)) for key, score in marks.items()}
    found = regrading.issued_records(own.revision, own.item.item_id, wanted) if wanted else {}
    differing = {key: one for key, one in found.items() if one.differences}
    people = regrades.participants(list(differing))
    return {one.number: (one, people[key].full_name) for key, one in differing.items()}


@bp.post("/teach/attempts/<int:attempt_id>/<int:position>/mark")
@role("instructor", "admin")
def mark_answer(attempt_id: int, position: int) -> Any:
    """An instructor's mark for one answer. Nobody marks their own."""
    row, _enrolment, person = queries.submitted_attempt(attempt_id, current_user) or abort(404)
    if not 1 <= position <= len(row.selection):
        abort(404)
    require(person.id != current_user.id)
    form, question = AnswerMarkForm(), queries.questions_as_marked(row)[row.selection[position - 1]["id"]]
    if question.is_marked_by_people:  # it has a page of its own
        abort(404)
    if form.validate_on_submit():
        with saving(form.points):
            marking.mark_answer(
                db.session.get_one(Attempt, attempt_id),
                question,
                form.given,
                form.reason.data,
                seen=form.seen_number,
                actor_id=current_user.id,
                now=clock.now(),
            )
            flash(_("Saved. The participant is told."), "done")
            return redirect(url_for(".attempt_of_participant", attempt_id=attempt_id, _anchor=f"q{position}"), 303)
    return attempt_page(attempt_id, form, position), 422


class AnswerToSee(NamedTuple):
    """The same answer to a question, with those who gave it."""

    title: str
    answer: str
    given_by: Sequence[tuple[str, int, int]]
    """Name, attempt, and the question's position in it."""


@bp.get("/teach/courses/<slug>/items/<item>/answers")
@role("instructor", "admin")
def near_misses(slug: str, item: str) -> str:
    """Answers that did not earn all points although they are close to the key, so that somebody looks at them."""
    own = taught_item(slug, item, current_user, Quiz) or abort(404)
    page = paginate_rows(_answers_to_see(own.item.item_id), PER_PAGE)
    return render_template("quizzes/near_misses.html", own=own, page=page)


def _answers_to_see(item_id: int) -> list[AnswerToSee]:
    found: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for row in regrades.answers_below(item_id):
        question = queries.quiz_of_revision(row.item_revision_id).question(row.question)
        given = responses.from_json(row.response, question)
        is_full = row.points is not None and row.points >= scoring.rounded(question.points)
        if given.is_empty or is_full or not question.is_near_miss(given.answer):
            continue
        position = [one["id"] for one in row.selection].index(row.question) + 1
        key = question.title, "; ".join(question.answer_texts(given.answer))
        found.setdefault(key, []).append((row.person_name, row.attempt_id, position))
    ordered = sorted(found.items(), key=lambda one: (one[0][0], -len(one[1]), one[0][1]))
    return [AnswerToSee(title, answer, given_by) for (title, answer), given_by in ordered]
