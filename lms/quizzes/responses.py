"""Responses as stored JSON, and which responses change anything.

Two tabs, lost replies, retries and the Back button send the same or older answers
again. Every page load has a name, and the script counts the changes made on it
(``ClientSeq``). A response is a change if it has a number that the server has not
seen, or, from a page without a script, if it differs from the last answer that this
page sent or showed. Whether it equals the answer that counts decides nothing: that
answer may be one that the page never heard of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.questions.base import Question
from lms.journal.events import ClientSeq


@dataclass(frozen=True)
class Response:
    """An answer as the kind of question understands it; None: cleared, or never answered.

    ``is_final``: the question was checked or left behind, and cannot be answered again.
    """

    answer: Any = None
    is_final: bool = False

    @property
    def is_empty(self) -> bool:
        return self.answer is None


NO_RESPONSE = Response()


def to_json(response: Response, question: Question) -> dict[str, Any]:
    dumped = question.dump_answer(response.answer)
    return dumped | {"is_final": True} if response.is_final else dumped


def from_json(dumped: Mapping[str, Any], question: Question) -> Response:
    return Response(question.load_answer(dumped), bool(dumped.get("is_final")))


@dataclass(frozen=True)
class PageState:
    """What the server knows of a page: the newest change it has sent, or, with number 0, what it showed when opened."""

    number: int
    answer: Any


def is_change(sent: Response, client_seq: ClientSeq | None, page: PageState) -> bool:
    """True if the learner has changed the answer on the page since what the server knows of it."""
    if client_seq and client_seq.number:
        return client_seq.number > page.number
    return bool(sent.answer != page.answer)


def changed_response(
    sent: Response, stored: Response, client_seq: ClientSeq | None, page: PageState
) -> Response | None:
    """What to store, or None. ``stored`` is what counts now.

    A counted change is stored even if it equals ``stored``, so that an older request that arrives after it is known
    to be older. A question is only locked with an answer that the page showed.
    """
    is_new = is_change(sent, client_seq, page)
    if sent.answer == stored.answer:
        is_counted = is_new and client_seq is not None and client_seq.number > 0
        return sent if is_counted or sent.is_final > stored.is_final else None
    return sent if is_new else None
