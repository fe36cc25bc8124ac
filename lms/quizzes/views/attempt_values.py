"""What the pages of a running attempt show, and their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from lms.core.i18n import gettext as _
from lms.core.i18n import say_length, say_moment, say_time, to_site_time
from lms.journal.events import ClientSeq
from lms.quizzes import queries, services, timing
from lms.quizzes.disclosure import disclosure
from lms.quizzes.models import Attempt
from lms.quizzes.queries import AnswerRow, AttemptRow, attempt_state
from lms.quizzes.views.attaching import files_of

MINUTE, HOUR, DAY = 60, 3600, 86_400


def question_url(attempt: Attempt | AttemptRow, position: int | None) -> str:
    """The address of a question, or of the overview without a position."""
    if position is None:
        return url_for("quizzes.overview", attempt_id=attempt.id)
    return url_for("quizzes.answer", attempt_id=attempt.id, position=position)


def review_url(attempt: Attempt | AttemptRow) -> str:
    return url_for("quizzes.review", attempt_id=attempt.id)


def overview_values(attempt: AttemptRow, answers: Mapping[str, AnswerRow], now: datetime) -> dict[str, Any]:
    return {
        "attempt": attempt,
        "state": attempt_state(attempt, answers),
        "location": queries.quiz_location(attempt),
        **time_left_values(attempt, now),
    }


def question_values(
    attempt: AttemptRow, position: int, answers: Mapping[str, AnswerRow], now: datetime
) -> dict[str, Any]:
    state = attempt_state(attempt, answers)
    current = state.questions[position - 1]
    row = answers.get(current.asked.id)
    return {
        "attempt": attempt,
        "state": state,
        "current": current,
        "dots": [
            (one.position, one.is_answered, one.is_flagged, one is current, state.quiz.is_sequential)
            for one in state.questions
        ],
        "shown": current.response.answer,
        "base_event_id": row.event_id if row else "",
        "page_name": ClientSeq.new_page(),
        "saved_at": say_time(row.answered_at) if row and current.is_answered else None,
        "is_checked": current.response.is_final and state.quiz.gives_feedback,
        "files": files_of(attempt, current) if current.asked.attachments else None,
        "disclosure": disclosure(state.quiz.review, "during"),
        **time_left_values(attempt, now),
    }


def time_left_values(attempt: AttemptRow, now: datetime) -> dict[str, Any]:
    """Seconds until the deadline and until the script submits, the time left in words, and when the deadline is."""
    seconds = timing.seconds_left(attempt.deadline_at, now)
    return {
        "seconds": seconds,
        "submit_in": timing.seconds_left(services.timer_moment(attempt), now),
        "left_text": _left_text(seconds) if seconds is not None else None,
        "ends_at": _end_text(attempt.deadline_at, now) if attempt.deadline_at else None,
    }


def _left_text(seconds: int) -> str:
    """As the script goes on with: whole days, ``3 jam 20 menit``, in the last hour ``59.59``."""
    if seconds >= DAY:
        return say_length(seconds // DAY * DAY)
    if seconds >= HOUR:
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes))
    return f"{seconds // MINUTE}.{seconds % MINUTE:02d}"


def _end_text(deadline_at: datetime, now: datetime) -> str:
    """The time of day, with the date if it is another day."""
    is_today = to_site_time(deadline_at).date() == to_site_time(now).date()
    return say_time(deadline_at) if is_today else say_moment(deadline_at)


def time_for_script(attempt: AttemptRow, now: datetime) -> dict[str, Any]:
    """``seconds`` is None if the attempt no longer has an end."""
    left = time_left_values(attempt, now)
    end_text = " " + _("until %(time)s", time=left["ends_at"]) if left["ends_at"] else ""
    return {name: left[name] for name in ("seconds", "submit_in", "left_text")} | {"end_text": end_text}
