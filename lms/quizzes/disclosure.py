"""The one rule of what a learner is told of an attempt: which moment it is, and what the quiz shows then.

Moodle's "immediately after" ends two minutes after an attempt; here it lasts while another attempt could profit, so
that a review teaches without giving away the next attempt.
"""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.items.review import ALL, MOMENTS, WITHOUT_ANSWERS, Moment, ReviewTable, Thing


@dataclass(frozen=True)
class Disclosure:
    """What a page may show (``content.items.review.Thing``). ``is_own``: it is the reader who answered."""

    answers: bool
    correct: bool
    points: bool
    max_points: bool
    feedback: bool
    explanation: bool
    key: bool
    overall: bool
    is_own: bool = True


def disclosure(review: ReviewTable, moment: Moment) -> Disclosure:
    shown = review.at(moment)
    if moment != "during" and "answers" not in shown:
        shown &= WITHOUT_ANSWERS  # the rest stands beside the answers
    return _of(shown)


def _of(shown: frozenset[Thing], *, is_own: bool = True) -> Disclosure:
    return Disclosure(
        answers="answers" in shown,
        correct="correct" in shown,
        points="points" in shown,
        max_points="max-points" in shown,
        feedback="feedback" in shown,
        explanation="explanation" in shown,
        key="key" in shown,
        overall="overall" in shown,
        is_own=is_own,
    )


EVERYTHING = _of(ALL)
TO_TEACHERS = _of(ALL, is_own=False)


def moment_of(*, is_passed: bool, may_retry: bool, is_closed: bool, is_running: bool = False) -> Moment:
    """The moment of a handed-in attempt. ``is_running``: some attempt of the learner at the quiz is not handed in."""
    if is_running:
        return "after"
    if is_closed:
        return "closed"
    return "later" if is_passed or not may_retry else "after"


def shown_from(review: ReviewTable, thing: Thing, moment: Moment) -> Moment | None:
    """The next moment after this one at which a thing that is hidden now is shown; None: it is not."""
    later = MOMENTS[MOMENTS.index(moment) + 1 :]
    return next((one for one in later if thing in review.at(one)), None)
