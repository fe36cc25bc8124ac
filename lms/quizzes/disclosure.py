"""What a review tells, so that it teaches without giving away the next attempt.

``latihan`` (practice) tells everything at once. ``kuis`` always says which
answers were right or wrong, with the author's words on what was picked: enough
to know where to read again. The right answers and the explanations, which often
name them, follow when the quiz is passed or no attempt is left; while another
attempt runs they stay away. ``ujian`` (exam) tells the score, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Disclosure:
    """``marks``: right or wrong, and feedback on what was picked. ``keys``: right answers and explanations."""

    marks: bool
    keys: bool


def disclosure(review: str, *, is_passed: bool, may_retry: bool, is_running: bool = False) -> Disclosure:
    """What may be seen. ``is_running``: an attempt at this quiz, this one or another, is not yet handed in."""
    if review == "ujian":
        return Disclosure(marks=False, keys=False)
    is_settled = (is_passed or not may_retry) and not is_running
    return Disclosure(marks=True, keys=review == "latihan" or is_settled)
