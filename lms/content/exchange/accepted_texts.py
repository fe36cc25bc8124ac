"""Short answers of Moodle as accepted texts and back. Its ``*``, which stands for any text, is a pattern here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from lms.content.exchange.bank import NotTaken
from lms.content.exchange.choices import WHOLE, WeightedAnswer
from lms.content.markdown.problems import say
from lms.content.questions.short_answer import AcceptedText
from lms.content.text import Text

ANY = ".*"
_STAR = re.compile(r"(?<!\\)\*")
_TO_ESCAPE = re.compile(r"[\\.^$*+?{}\[\]|()/]")
_TOKEN = re.compile(r"\.\*|\\([^\w\s])|([^\\.^$*+?{}\[\]|()])")


def accepted_of(answers: Sequence[WeightedAnswer]) -> tuple[AcceptedText, ...]:
    """:raises NotTaken: no short answer fits them."""
    kept = [one for one in answers if one.weight > 0 or one.feedback]
    if any(one.weight > WHOLE for one in kept) or any(not one.text for one in kept):
        raise NotTaken(say("an answer is empty or earns more than all points"), say("correct this answer"))
    if not any(one.weight == WHOLE for one in kept):
        raise NotTaken(say("no answer earns all points"), say("give at least one answer without a percentage"))
    return tuple(_accepted(one) for one in kept)


def _accepted(answer: WeightedAnswer) -> AcceptedText:
    share = (max(Fraction(0), answer.weight) / 100).limit_denominator(100_000)
    pieces = [" ".join(one.replace("\\*", "*").split()) for one in _STAR.split(answer.text)]
    feedback = Text(answer.feedback) if answer.feedback else None
    if len(pieces) == 1:
        return AcceptedText(pieces[0], share, feedback)
    pattern = ANY.join(_TO_ESCAPE.sub(r"\\\g<0>", one) for one in pieces)
    return AcceptedText(f"/{pattern}/", share, feedback)


def weighted_texts(accepted: Sequence[AcceptedText]) -> list[WeightedAnswer]:
    """The accepted texts as Moodle has them; patterns that it cannot express are left out."""
    found = []
    for one in accepted:
        text = one.text.replace("*", r"\*") if one.pattern is None else _with_stars(one.pattern)
        if text is not None:
            feedback = one.feedback.source if one.feedback else ""
            found.append(WeightedAnswer(text, one.share * 100, feedback))
    return found


def _with_stars(pattern: str) -> str | None:
    tokens = list(_TOKEN.finditer(pattern))
    if sum(len(one[0]) for one in tokens) != len(pattern):
        return None
    return "".join("*" if one[0] == ANY else (one[1] or one[2]).replace("*", r"\*") for one in tokens)
