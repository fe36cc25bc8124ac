"""What the server knows of a page with a question: what it showed when opened, and the newest change it has sent."""

from __future__ import annotations

from lms.content.questions.base import Question
from lms.journal import queries as journal
from lms.journal.events import ClientSeq
from lms.quizzes import responses
from lms.quizzes.queries import AnswerRow
from lms.quizzes.responses import PageState, Response


def page_state(
    subject: str,
    question: Question,
    seq: ClientSeq | None,
    base_event_id: int | None,
    row: AnswerRow | None,
    stored: Response,
) -> PageState:
    """Reads the whole journal of the attempt only if other pages have answered since this one was opened."""
    if row is None:
        return PageState(0, None)
    if row.event_id == base_event_id:  # the answer was given before the page was opened
        return PageState(0, stored.answer)
    newest = _seq_of(row)
    if seq and newest and newest.page == seq.page:
        return PageState(newest.number, stored.answer)
    bodies = ((event.id, journal.entry(event).body) for event in journal.events(subject))
    answers = [(key, body) for key, body in bodies if body.get("about") == question.id and "response" in body]
    for _key, body in reversed(answers):
        own = ClientSeq.parse(body.get("turn", ""))
        if seq and own and own.page == seq.page:
            return PageState(own.number, responses.from_json(body["response"], question).answer)
    shown = dict(answers).get(base_event_id or 0)
    return PageState(0, responses.from_json(shown["response"], question).answer if shown else None)


def is_from_another_page(row: AnswerRow, seq: ClientSeq | None, base_event_id: int | None) -> bool:
    """True if a page that was opened with ``base_event_id`` has neither shown nor given the stored answer."""
    if row.event_id == base_event_id:
        return False
    newest = _seq_of(row)
    return not (seq and newest and newest.page == seq.page)


def _seq_of(row: AnswerRow) -> ClientSeq | None:
    given = journal.entry_by_id(row.event_id)
    return ClientSeq.parse(given.body.get("turn", ""))
