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
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from lms.content.questions.base import Question
from lms.journal.events import ClientSeq


@dataclass(frozen=True)
class Response:
    """An answer as the kind of question understands it; None: cleared, or never answered.

    ``is_final``: the question was checked or left behind, and cannot be answered again. ``failed`` tries were wrong
    before; together they cost ``deduction``, a share of the points. ``is_checked``: the newest of them was this answer.
    ``files`` are the ids of what is attached (``models.AnswerFile``).
    """

    answer: Any = None
    is_final: bool = False
    failed: int = 0
    deduction: Fraction = Fraction(0)
    is_checked: bool = False
    files: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.answer is None and not self.files


NO_RESPONSE = Response()


def to_json(response: Response, question: Question) -> dict[str, Any]:
    dumped = question.dump_answer(response.answer)
    if response.failed:
        tries = {"failed": response.failed, "deduction": str(response.deduction), "is_checked": response.is_checked}
        dumped = dumped | tries
    if response.files:
        dumped = dumped | {"files": list(response.files)}
    return dumped | {"is_final": True} if response.is_final else dumped


def from_json(dumped: Mapping[str, Any], question: Question) -> Response:
    answer, is_final = question.load_answer(dumped), bool(dumped.get("is_final"))
    files = tuple(dumped.get("files", ()))
    if "failed" not in dumped:
        return Response(answer, is_final, files=files)
    return Response(answer, is_final, dumped["failed"], Fraction(dumped["deduction"]), dumped["is_checked"], files)


def with_tries_of(stored: Response, sent: Response) -> Response:
    """An answer that is not checked keeps what wrong tries before it cost."""
    if not stored.failed:
        return sent
    is_checked = stored.is_checked and sent.answer == stored.answer
    return replace(sent, failed=stored.failed, deduction=stored.deduction, is_checked=is_checked)


def checked_response(sent: Response, stored: Response, question: Question, penalty: Fraction) -> Response:
    """An answer that is checked, in a quiz with tries: final if it is right or the last try, else one failed try more.

    There is one try more than hints. The same answer again, as by a double click, costs nothing more. What people mark
    is final at once: nobody can say yet whether it is wrong.
    """
    kept = with_tries_of(stored, sent)
    if kept.is_checked:
        return kept
    if question.is_marked_by_people or kept.failed >= len(question.hints) or question.score(sent.answer) == 1:
        return replace(kept, is_final=True)
    failed = kept.failed + 1
    return replace(kept, failed=failed, deduction=failed * penalty, is_checked=True)


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
        is_further = (sent.is_final, sent.failed) > (stored.is_final, stored.failed)
        return sent if is_counted or is_further else None
    return sent if is_new else None
