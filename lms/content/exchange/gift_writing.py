"""Writing GIFT as Moodle reads it. What Moodle has no place for stands in comments that ``gift`` reads back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lms.content.exchange import structured_writing as structured
from lms.content.exchange.accepted_numbers import numbers_of, weighted_numbers
from lms.content.exchange.accepted_texts import accepted_of, weighted_texts
from lms.content.exchange.choices import percentage, weights_of
from lms.content.exchange.groups import category_of
from lms.content.exchange.question_markdown import number, own_answers
from lms.content.file_limits import written_files
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice
from lms.content.questions.description import Description
from lms.content.questions.essay import Essay
from lms.content.questions.match import Match
from lms.content.questions.number import Number
from lms.content.questions.order import Order
from lms.content.questions.short_answer import ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.text import Text, with_html
from lms.lib.typed_numbers import plain_number

_RESERVED = re.compile(r"[\\:#={}~]")
MAX_NAME_LENGTH = 200


def write_gift(quizzes: Iterable[tuple[str, Sequence[Question]]]) -> tuple[str, int]:
    """Quizzes with their titles, empty for a single one; and how many questions GIFT has no way to say."""
    lines: list[str] = []
    left_out, category = 0, category_of(None)
    for title, questions in quizzes:
        for question in questions:
            write = _ANSWERS.get(type(question))
            answers = write(question) if write else None
            if answers is None:
                left_out += 1
                lines.append(f"// Tidak dapat ditulis dalam GIFT: {question.title}\n")
                continue
            wanted = category_of(question.group, title)
            if wanted != category:
                lines.append(f"$CATEGORY: {wanted}\n")
                category = wanted
            lines.append(_question(question, answers))
    return "\n".join(lines), left_out


def _question(question: Question, answers: list[str]) -> str:
    facts = "".join(f" [{key}:{_fact(value)}]" for key, value in _facts(question) if value)
    explanation = [f"####{_text(question.explanation.source)}"] if question.explanation else []
    name = _escaped(question.title[:MAX_NAME_LENGTH])
    inside = "".join(f"\t{line}\n" for line in [*answers, *explanation])
    braces = f"{{\n{inside}}}" if inside else "{}" if question.is_asked else ""
    return f"//{facts}\n::{name}::[markdown]{_escaped(question.stem.source.strip())}{braces}\n"


def _facts(question: Question) -> Iterable[tuple[str, str]]:
    yield "id", question.id
    for tag in question.tags:
        yield "tag", tag
    yield "objective", question.objective or ""
    yield "difficulty", question.difficulty or ""
    yield "pair", question.pair or ""
    yield "lint-off", ", ".join(question.lint_off)
    yield "points", number(question.points) if question.points != 1 and question.is_asked else ""
    if isinstance(question, Choice):
        yield "scoring", question.scoring if question.takes_several else ""
        yield "keep-last", "".join(option.id for option in question.options if option.keeps_last)
    if isinstance(question, ShortAnswer | Number) and needs_own_answers(question):
        yield "answers", own_answers(question)
    if isinstance(question, Essay):
        yield "rubric", structured.rubric_table(question)
        yield "files", written_files(question.files) if question.files else ""
    if isinstance(question, Match):
        yield from structured.match_facts(question)
    for hint in question.hints:
        yield "hint", hint.source


def needs_own_answers(question: ShortAnswer | Number, *, has_ranges: bool = True) -> bool:
    """True if what Moodle can say of the answers would come back as something else."""
    wanted = with_html(question.accepted, lambda text: Text(text.source.strip()))
    if isinstance(question, Number):
        said = weighted_numbers(question.accepted)
        return numbers_of([replace(one, is_range=one.is_range and has_ranges) for one in said]) != wanted
    return accepted_of(weighted_texts(question.accepted)) != wanted


def _fact(value: str) -> str:
    return re.sub(r"[\\\]]", r"\\\g<0>", value).replace("\n", "\\n")


def _choices(question: Choice) -> list[str]:
    weights = weights_of(question.options, question.scoring, takes_several=question.takes_several)
    return [
        _weight(weight, takes_several=question.takes_several)
        + _text(option.text.source)
        + (f"#{_text(option.feedback.source)}" if option.feedback else "")
        for option, weight in zip(question.options, weights, strict=True)
    ]


def _weight(weight: Fraction, *, takes_several: bool) -> str:
    if not takes_several:
        return "=" if weight else "~"
    return f"~%{percentage(weight)}%"


def _short_answers(question: ShortAnswer) -> list[str] | None:
    """An arrow would make it a question of pairs, and nothing escapes it."""
    answers = weighted_texts(question.accepted)
    if any("->" in one.text or "->" in one.feedback for one in answers):
        return None
    return [
        f"=%{percentage(one.weight)}%" + ("[plain]" if one.text.startswith("[") else "") + _escaped(one.text)
        + _feedback(one.feedback)
        for one in answers
    ]  # fmt: skip


def _numbers(question: Number) -> list[str]:
    lines = [
        f"=%{percentage(one.weight)}%"
        + (
            f"{plain_number(one.value - one.tolerance)}..{plain_number(one.value + one.tolerance)}"
            if one.is_range
            else f"{plain_number(one.value)}:{plain_number(one.tolerance)}"
        )
        + _feedback(one.feedback)
        for one in weighted_numbers(question.accepted)
    ]
    return ["#", *lines]


def _sides(question: TrueFalse) -> list[str]:
    """The feedback of the wrong side stands first."""
    said = [question.if_false, question.if_true] if question.is_true else [question.if_true, question.if_false]
    wrong, right = (_text(one.source) if one else "" for one in said)
    feedback = f"#{wrong}#{right}" if right else f"#{wrong}" if wrong else ""
    return [("TRUE" if question.is_true else "FALSE") + feedback]


def _feedback(text: str) -> str:
    return f"#{_text(text)}" if text else ""


def _text(text: str) -> str:
    """A text that begins like a format or a weight says its format."""
    text = text.strip()
    return ("[markdown]" if text.startswith(("[", "%")) else "") + _escaped(text)


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text).replace("\n", "\\n")


_ANSWERS: dict[type[Question], Callable[[Any], list[str] | None]] = {
    Choice: _choices,
    ShortAnswer: _short_answers,
    Number: _numbers,
    TrueFalse: _sides,
    Order: lambda question: structured.order_in_gift(question, _text),
    Match: lambda question: structured.match_in_gift(question, _text, _escaped),
    Essay: lambda _question: [],
    Description: lambda _question: [],
}
