"""Responses as stored JSON, and which responses change anything.

Two tabs, a slow connection and the Back button send the same or older answers
again. A response counts only if the learner changed it on the page that it came
from. What that page showed is known by the event that it names (``base_event_id``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lms.content.questions.base import Question


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
class ClientSeq:
    """The page load that sent a response, and the number of the request within it."""

    page: str
    number: int

    @classmethod
    def parse(cls, text: str) -> ClientSeq | None:
        """Parse ``page.number``; None if the page ran no script."""
        page, _, number = text.partition(".")
        return cls(page, int(number)) if page and number.isascii() and number.isdecimal() else None

    def is_superseded_by(self, newest: ClientSeq | None) -> bool:
        """True if a later request of the same page has already arrived."""
        return newest is not None and newest.page == self.page and newest.number >= self.number


def changed_response(sent: Response, shown: Response, stored: Response) -> Response | None:
    """What to store of a response, or None if it changes nothing.

    ``shown`` is what the page showed when it was opened, ``stored`` what counts now. A page that the learner left
    untouched does not undo an answer from another page.
    """
    if sent.answer == shown.answer:
        sent = replace(stored, is_final=sent.is_final)
    if sent.answer == stored.answer and sent.is_final <= stored.is_final:
        return None
    return sent
