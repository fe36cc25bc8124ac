"""All attempts at a quiz as a table, on the page and as a file: the same cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import current_app, render_template

from lms.analysis import queries
from lms.analysis.queries import SubmittedAttempt
from lms.analysis.views.course import AskedQuiz, bp, own_quiz, ways
from lms.content.questions.base import Question
from lms.core.i18n import gettext as _
from lms.core.i18n import to_site_time
from lms.lib.tables import Column, Sheet
from lms.people import nip
from lms.quizzes import queries as quizzes
from lms.web.access import role
from lms.web.paging import paginate_rows
from lms.web.table_files import table_response


@bp.get("/teach/courses/<slug>/items/<item>/attempts")
@role("instructor", "admin")
def attempts(slug: str, item: str) -> Any:
    asked = own_quiz(slug, item)
    people = queries.people(asked.course.id, asked.cohort_id)
    found = _in_order(asked, people)
    questions = _questions(asked, found)
    page = paginate_rows(found)
    return render_template(
        "analysis/attempts.html",
        asked=asked,
        ways=ways(),
        page=page,
        columns=_columns(questions),
        rows=zip(page.rows, _rows(page.rows, people, questions), strict=True),
    )


@bp.get("/teach/courses/<slug>/items/<item>/attempts.xlsx")
@role("instructor", "admin")
def attempts_file(slug: str, item: str) -> Any:
    asked = own_quiz(slug, item)
    people = queries.people(asked.course.id, asked.cohort_id)
    found = _in_order(asked, people)
    questions = _questions(asked, found)
    head = [asked.item.title, current_app.config["SITE_NAME"], " · ".join(_in_words(asked))]
    sheet = Sheet(_("Attempts"), _columns(questions), _rows(found, people, questions), head)
    return table_response([sheet], "xlsx", f"{_('Attempts')}-{asked.course.slug}-{asked.item.slug}")


def _in_words(asked: AskedQuiz) -> list[str]:
    return [asked.revision.title, asked.cohort_name or _("all cohorts"), ways()[asked.which]]


def _in_order(asked: AskedQuiz, people: dict[int, queries.AttemptPerson]) -> list[SubmittedAttempt]:
    """The attempts by name, then as they were made."""
    found = queries.submitted_attempts(asked.item.item_id, asked.cohort_id, asked.which)
    return sorted(found, key=lambda one: (people[one.enrolment_id].full_name, one.enrolment_id, one.number))


def _questions(asked: AskedQuiz, attempts: Sequence[SubmittedAttempt]) -> list[Question]:
    """The questions of the quiz as it is published, then those that only earlier attempts had."""
    current = quizzes.quiz_of_revision(asked.item.item_revision_id)
    found = {one.id: one for one in current.asked}
    for quiz in reversed(queries.versions(attempts).values()):
        for one in quiz.asked:
            found.setdefault(one.id, one)
    return list(found.values())


def _columns(questions: Sequence[Question]) -> list[Column]:
    about = [
        Column(_("Name"), "text", 34),
        Column("NIP", "text", 22),
        Column(_("Unit"), "text", 34),
        Column(_("Cohort"), "text", 24),
        Column(_("Attempt"), "number", 10),
        Column(_("Started"), "moment", 18),
        Column(_("Handed in"), "moment", 18),
        Column(_("Minutes"), "number", 9),
        Column(_("Points"), "number", 9),
        Column(_("Of points"), "number", 9),
        Column(_("Mark"), "number", 9),
        Column(_("Passed"), "text", 9),
    ]
    for number, question in enumerate(questions, 1):
        about.append(Column(f"{number}. {question.title}", "text", 30))
        about.append(Column(_("%(number)s. points", number=number), "number", 9))
    return about


def _rows(
    attempts: Sequence[SubmittedAttempt], people: dict[int, queries.AttemptPerson], questions: Sequence[Question]
) -> Iterator[list[Any]]:
    """Cells by column. A question that the attempt did not have is empty; one without an answer earned 0."""
    for attempt, answers in queries.written_answers(attempts):
        who = people[attempt.enrolment_id]
        cells: list[Any] = [
            who.full_name,
            nip.masked(who.nip) if who.nip else None,
            who.unit,
            who.cohort or _("Without dates"),
            attempt.number,
            to_site_time(attempt.started_at),
            to_site_time(attempt.submitted_at),
            round((attempt.submitted_at - attempt.started_at).total_seconds() / 60, 1),
            attempt.points,
            attempt.most_points,
            attempt.score,
            _("waiting for grading") if attempt.score is None else _("yes") if attempt.is_passed else _("no"),
        ]
        for question in questions:
            answer = answers.get(question.id)
            cells += [answer.text, answer.points] if answer else [None, None]
        yield cells
