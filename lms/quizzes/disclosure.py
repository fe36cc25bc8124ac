"""What a review shows, so that it teaches without giving away the next attempt.

``latihan`` (practice) shows everything at once. ``kuis`` always shows which
answers were right or wrong, with the author's feedback on what was picked. The
right answers and the explanations, which often name them, follow when the quiz
is passed or no attempt is left, and never while another attempt is running.
``ujian`` (exam) shows the score only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Disclosure:
    """``marks``: right or wrong, and feedback on what was picked. ``keys``: right answers and explanations."""

    marks: bool
    keys: bool


def disclosure(review: str, *, is_passed: bool, may_retry: bool, is_running: bool = False) -> Disclosure:
    """``is_running``: some attempt of the learner at this quiz is not submitted yet."""
    if review == "ujian":
        return Disclosure(marks=False, keys=False)
    is_settled = (is_passed or not may_retry) and not is_running
    return Disclosure(marks=True, keys=review == "latihan" or is_settled)
