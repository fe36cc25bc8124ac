"""Writing Moodle XML. What Moodle has no place for stands in an element of our own, which Moodle passes over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lms.content.exchange import structured_writing as structured
from lms.content.exchange.accepted_numbers import weighted_numbers
from lms.content.exchange.accepted_texts import weighted_texts
from lms.content.exchange.choices import WHOLE, percentage, weights_of
from lms.content.exchange.gift_writing import needs_own_answers
from lms.content.exchange.groups import category_of
from lms.content.exchange.moodle_xml import OWN
from lms.content.exchange.question_markdown import number, own_answers
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice
from lms.content.questions.description import Description
from lms.content.questions.essay import Essay
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.number import Number
from lms.content.questions.order import Order
from lms.content.questions.short_answer import ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.text import Text
from lms.lib.typed_numbers import plain_number

MAX_NAME_LENGTH = 200
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_moodle_xml(quizzes: Iterable[tuple[str, Sequence[Question]]]) -> tuple[str, int]:
    """Quizzes with their titles, empty for a single one; and how many questions Moodle XML has no way to say."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    left_out, category = 0, category_of(None)
    for title, questions in quizzes:
        for question in questions:
            if type(question) not in _ANSWERS:
                left_out += 1
                lines.append(
                    f"<!-- Tidak dapat ditulis dalam Moodle XML: {_escaped(question.title).replace('--', '- -')} -->"
                )
                continue
            wanted = category_of(question.group, title)
            if wanted != category:
                lines += ['<question type="category">', f"<category>{_plain(wanted)}</category>", "</question>"]
                category = wanted
            lines += _question(question)
    return "\n".join([*lines, "</quiz>", ""]), left_out


def _question(question: Question) -> Iterator[str]:
    kind, write = _ANSWERS[type(question)]
    yield f'<question type="{kind}">'
    yield f"<name>{_plain(question.title[:MAX_NAME_LENGTH] or question.id)}</name>"
    stem = _STEMS.get(type(question))
    yield _text("questiontext", stem(question) if stem else question.stem)
    if question.explanation:
        yield _text("generalfeedback", question.explanation)
    yield f"<defaultgrade>{number(question.points)}</defaultgrade>"
    if question.id:
        yield f"<idnumber>{_escaped(question.id)}</idnumber>"
    yield from write(question)
    for hint in question.hints:
        yield _text("hint", hint)
    if question.tags:
        yield f"<tags>{''.join(f'<tag>{_plain(tag)}</tag>' for tag in question.tags)}</tags>"
    own = {
        "objective": question.objective,
        "difficulty": question.difficulty,
        "pair": question.pair,
        "lint-off": ", ".join(question.lint_off),
    }
    if any(own.values()):
        yield f"<{OWN} {' '.join(f'{key}={quoteattr(value)}' for key, value in own.items() if value)}/>"
    yield "</question>"


def _choice(question: Choice) -> Iterator[str]:
    last = "".join(option.id for option in question.options if option.keeps_last)
    scoring = f" scoring={quoteattr(question.scoring)}" if question.takes_several else ""
    yield f"<{OWN}{scoring} keep-last={quoteattr(last)}/>"
    yield f"<single>{'false' if question.takes_several else 'true'}</single>"
    yield f"<shuffleanswers>{'false' if len(last) == len(question.options) else 'true'}</shuffleanswers>"
    weights = weights_of(question.options, question.scoring, takes_several=question.takes_several)
    for option, weight in zip(question.options, weights, strict=True):
        feedback = _text("feedback", option.feedback) if option.feedback else ""
        yield (
            f'<answer fraction="{percentage(weight)}" format="markdown">'
            f"<text>{_escaped(option.text.source)}</text>{feedback}</answer>"
        )


def _short_answer(question: ShortAnswer) -> Iterator[str]:
    yield from _own_answers(question)
    yield "<usecase>0</usecase>"
    for one in weighted_texts(question.accepted):
        yield _answer(one.weight, _plain(one.text), one.feedback)


def _number(question: Number) -> Iterator[str]:
    yield from _own_answers(question)
    for one in weighted_numbers(question.accepted):
        text = f"{_plain(plain_number(one.value))}<tolerance>{plain_number(one.tolerance)}</tolerance>"
        yield _answer(one.weight, text, one.feedback)
    units = {one.unit for one in question.accepted}
    if units == {""} or len(units) > 1:
        yield "<showunits>3</showunits>"
        return
    yield "<unitgradingtype>1</unitgradingtype><unitpenalty>1</unitpenalty><showunits>0</showunits>"
    unit = f"<multiplier>1</multiplier><unit_name>{_escaped(units.pop())}</unit_name>"
    yield f"<units><unit>{unit}</unit></units>"


def _true_false(question: TrueFalse) -> Iterator[str]:
    for word, is_right, feedback in (
        ("true", question.is_true, question.if_true),
        ("false", not question.is_true, question.if_false),
    ):
        yield _answer(WHOLE if is_right else Fraction(0), _plain(word), feedback.source if feedback else "")


def _answer(weight: Fraction, inner: str, feedback: str) -> str:
    said = _text("feedback", Text(feedback)) if feedback else ""
    return f'<answer fraction="{percentage(weight)}" format="plain_text">{inner}{said}</answer>'


def _own_answers(question: ShortAnswer | Number) -> Iterator[str]:
    if needs_own_answers(question, has_ranges=False):
        yield f"<{OWN}><answers>{_escaped(own_answers(question))}</answers></{OWN}>"


def _text(tag: str, text: Text) -> str:
    return f'<{tag} format="markdown"><text>{_escaped(text.source)}</text></{tag}>'


def _plain(text: str) -> str:
    return f"<text>{_escaped(text)}</text>"


def _escaped(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text.strip()), {"\r": "&#13;"})


_ANSWERS: dict[type[Question], tuple[str, Callable[[Any], Iterator[str]]]] = {
    Choice: ("multichoice", _choice),
    ShortAnswer: ("shortanswer", _short_answer),
    Number: ("numerical", _number),
    TrueFalse: ("truefalse", _true_false),
    Order: ("ordering", structured.order_in_xml),
    Match: ("matching", structured.match_in_xml),
    Gaps: ("cloze", structured.gaps_in_xml),
    Essay: ("essay", structured.essay_in_xml),
    Description: ("description", structured.description_in_xml),
}
_STEMS: dict[type[Question], Callable[[Any], Text]] = {Gaps: structured.cloze}
