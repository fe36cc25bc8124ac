"""Responses as they are stored (JSON), and whether a page's response is news at all.

Two tabs, a slow line and the Back button bring the same or older answers again.
A response is news only if the person changed it on the page it came from: what
that page had shown is known by the event it names (``seen``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lms.content.questions.base import Question


@dataclass(frozen=True)
class Response:
    """What a person answered, as the question's kind understands it; None: cleared, or never answered.

    ``is_final``: the question was checked or passed by, and cannot be answered again.
    """

    answer: Any = None
    is_final: bool = False

    @property
    def is_empty(self) -> bool:
        return self.answer is None


NOTHING = Response()


def to_json(response: Response, question: Question) -> dict[str, Any]:
    said = question.dump_answer(response.answer)
    return said | {"is_final": True} if response.is_final else said


def from_json(said: Mapping[str, Any], question: Question) -> Response:
    return Response(question.load_answer(said), bool(said.get("is_final")))


@dataclass(frozen=True)
class Turn:
    """Which page load sent a response, and its how many-th sending that was."""

    page: str
    number: int

    @classmethod
    def read(cls, text: str) -> Turn | None:
        """``page.number`` as the page's script counts; None where there is no script."""
        page, _, number = text.partition(".")
        return cls(page, int(number)) if page and number.isascii() and number.isdecimal() else None

    def is_overtaken_by(self, newest: Turn | None) -> bool:
        """A later sending of the same page has already arrived."""
        return newest is not None and newest.page == self.page and newest.number >= self.number


def news(sent: Response, shown: Response, stored: Response) -> Response | None:
    """What is to be stored of a response, or None where it changes nothing.

    ``shown`` is what the page held when it was opened, ``stored`` what counts now. A
    page that was left untouched while another one answered takes nothing back.
    """
    if sent.answer == shown.answer:
        sent = replace(stored, is_final=sent.is_final)
    if sent.answer == stored.answer and sent.is_final <= stored.is_final:
        return None
    return sent
