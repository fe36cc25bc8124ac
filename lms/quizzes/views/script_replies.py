"""What the script of a question's page is told when it has saved an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app, render_template, request

from lms.core.i18n import gettext as _
from lms.core.i18n import say_message, say_time
from lms.quizzes import services
from lms.quizzes.forms import AnswerForm, changes_files
from lms.quizzes.models import Attempt
from lms.quizzes.queries import AnswerRow, AttemptRow, attempt_state
from lms.quizzes.services import SavedAnswer
from lms.quizzes.views.attaching import files_html
from lms.quizzes.views.attempt_values import overview_values, question_url, question_values, time_for_script
from lms.web import form_recovery
from lms.web.fragments import fragment_of


def replaced_notice(
    attempt: Attempt | AttemptRow, confirmed: tuple[int, int], answers: Mapping[str, AnswerRow]
) -> str | None:
    """What the page must be told of the question that its script has left without a request."""
    position, event_id = confirmed
    if not services.is_replaced(attempt, answers, position, event_id):
        return None
    text = _("Question %(n)s: another answer counts, given on another page or device. Open it to see it.", n=position)
    return str(text)


def message(saved: SavedAnswer) -> str:
    messages = {
        "replaced": _("Another answer counts: you gave it on another page or device. Reload this page to see it."),
        "late": _("Time was over when this answer arrived. It is kept, but does not count."),
        "submitted": _("This attempt was already handed in. What you sent just now is kept, but does not count."),
        "locked": _("This question is locked. Your first answer counts."),
    }
    return str(messages[saved.state])


def reply(
    attempt: AttemptRow,
    position: int,
    saved: SavedAnswer,
    form: AnswerForm,
    now: datetime,
    *,
    has_answer: bool,
) -> Any:
    """The answer to the page's script: which change counts, since when, and whether the question is answered by it;
    and what comes next, so that going on needs no request."""
    if saved.state != "saved":
        return {"error": saved.state, "message": message(saved)}, 409
    answers = saved.answers
    said: dict[str, Any] = {
        "saved_at": say_time(saved.answered_at) if saved.answered_at else None,
        "turn": form.client_seq,
        "is_answered": has_answer,
        "confirmed": f"{position}.{saved.event_id or 0}",
    }
    if attempt.deadline_at is not None:
        said["time"] = time_for_script(attempt, now)
    if form.reading:
        said["read"] = ("" if form.reading.is_understood else "⚠ ") + say_message(form.reading.words)
    if changes_files(request.form):
        said["files"] = files_html(attempt, attempt_state(attempt, answers).questions[position - 1])
    if notice := replaced_notice(attempt, form.confirmed, answers):
        said["notice"] = notice
    if form.wants_next:
        said["next"] = _next_page(attempt, position + 1, answers, now)
    return said


def _next_page(
    attempt: AttemptRow, position: int, answers: Mapping[str, AnswerRow], now: datetime
) -> dict[str, str] | None:
    """The next question, or the overview after the last one, for the script to show.

    None where only a button leads on: in a sequential quiz, before a locked question, and before one that takes files,
    whose page has another script.
    """
    if services.quiz_of(attempt).is_sequential:
        return None
    if position > len(attempt.selection):
        values = overview_values(attempt, answers, now)
        return _page_part(question_url(attempt, None), "overview", values, "overview_title", attempt.title)
    values = question_values(attempt, position, answers, now)
    if values["is_checked"] or values["files"]:
        return None
    title_of = (position, len(attempt.selection), attempt.title)
    return _page_part(question_url(attempt, position), "question", values, "title", *title_of)


def _page_part(address: str, name: str, values: Mapping[str, Any], title: str, *title_of: Any) -> dict[str, str]:
    form_recovery.keep_token()
    text = fragment_of("quizzes/_question_parts.html", title, *title_of).unescape()
    return {
        "url": address,
        "title": f"{text} · {current_app.config['SITE_NAME']}",
        "html": render_template(f"quizzes/_{name}.html", **values),
    }
