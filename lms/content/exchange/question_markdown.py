"""A question as the Markdown of a quiz. What the reader of quizzes would not read as the same question is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from typing import Any

from lms.content.exchange import structured_writing as structured
from lms.content.file_limits import FileLimits
from lms.content.folder.item_file import read_item_file
from lms.content.markdown.links import Targets
from lms.content.markdown.problems import Message
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice, Option
from lms.content.questions.description import Description
from lms.content.questions.essay import Essay
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.number import AcceptedNumber, Number, written_number
from lms.content.questions.order import Order
from lms.content.questions.short_answer import ShortAnswer
from lms.content.questions.true_false import FALSE, TRUE, TrueFalse
from lms.content.rubric import Criterion
from lms.content.text import Text, with_html

_QUIZ = "---\ntitle: Kuis\ntype: quiz\n---\n\n"
_ASKED = "\n## A\n\n= a\n"
"""A text without a question is only read above one."""
_PLACE = "kuis.md"


class NotWritable(Exception):
    """No Markdown is read as this question. ``what`` is what the reader says of it, if anything."""

    def __init__(self, what: Message | None = None) -> None:
        super().__init__(what)
        self.what = what


def read_back(question: Question) -> tuple[Question, str]:
    """The question as a quiz has it, without an id, and its Markdown.

    :raises NotWritable: no Markdown is read as this question.
    """
    wanted, wanted_count = _bare(question), 1 if question.is_asked else 2
    why = None
    for source in _ways(question):
        whole = _QUIZ + source + ("" if question.is_asked else _ASKED)
        file = read_item_file(_PLACE, "kuis", whole.encode(), Targets([_PLACE]))
        errors = [one for one in file.findings.problems if not one.is_warning]
        if not errors and len(file.questions) == wanted_count and _bare(file.questions[0]) == wanted:
            return replace(file.questions[0], line=0), source
        why = errors[0].what if errors else why
    raise NotWritable(why)


def _bare(question: Question) -> Any:
    """Everything but the id, the title, which is made of the stem, and the places in the file."""
    return with_html(replace(question, id="", title="", line=0), lambda text: Text(text.source.strip()))


def _ways(question: Question) -> Iterable[str]:
    """The ways to write a question: with the first line of the stem in the heading, as people do, and without; with
    other marks for choices below a stem that ends with a list.
    """
    return chain.from_iterable(_both(question, mark) for mark in "-*")


def _both(question: Question, mark: str) -> Iterable[str]:
    rest = _below_the_stem(question, mark)
    attributes = _attributes(question)
    stem = question.stem.source.strip()
    first, _, more = stem.partition("\n")
    if not more or more.startswith("\n"):
        yield _joined([f"## {_joined([first, attributes], ' ')}", more.strip(), *rest]) + "\n"
    yield _joined([_joined(["##", attributes], " "), stem, *rest]) + "\n"


def _joined(parts: Iterable[str], between: str = "\n\n") -> str:
    return between.join(part for part in parts if part)


def _attributes(question: Question) -> str:
    write = _ATTRIBUTES.get(type(question))
    pairs = {
        "points": "" if question.points == 1 else number(question.points),
        "group": question.group or "",
        "pair": question.pair or "",
        "tags": ", ".join(question.tags),
        "objective": question.objective or "",
        "difficulty": question.difficulty or "",
        "lint-off": ", ".join(question.lint_off),
    }
    pairs |= write(question) if write else {}
    written = " ".join(f"{key}={_quoted(value)}" for key, value in pairs.items() if value)
    return f"{{{written}}}" if written else ""


def _quoted(value: str) -> str:
    return value if value.replace("-", "").replace(".", "").isalnum() else f'"{value.replace(chr(34), "")}"'


def number(value: Fraction) -> str:
    """A decimal number with up to six places."""
    return f"{float(value):.6f}".rstrip("0").rstrip(".")


def _below_the_stem(question: Question, mark: str) -> list[str]:
    write = _ANSWERS.get(type(question))
    if write is None:
        raise NotWritable
    answers = write(question, mark)
    explanation = question.explanation.source.strip() if question.explanation else ""
    if explanation:
        explanation = _quote(explanation) if answers else f"### Pembahasan\n\n{explanation}"
    hints = "\n".join(_indented(f"- {hint.source}") for hint in question.hints)
    rubric = structured.rubric_table(question) if isinstance(question, Essay) else ""
    return [
        answers,
        explanation,
        f"### Petunjuk\n\n{hints}" if hints else "",
        f"### Rubrik\n\n{rubric}" if rubric else "",
    ]


def _choices(question: Choice, mark: str) -> str:
    return "\n".join(_option(option, mark) for option in question.options)


def _option(option: Option, mark: str) -> str:
    text = f"{mark} [{'x' if option.is_correct else ' '}] {option.text.source}" + (
        " {keep-last}" if option.keeps_last else ""
    )
    lines = [_indented(text)]
    if option.feedback:
        lines += ["    " + line for line in _quote(option.feedback.source).split("\n")]
    return "\n".join(lines)


def _short_answers(question: ShortAnswer, _mark: str = "") -> str:
    return "\n".join(_answer(one.text, one.share, one.feedback) for one in question.accepted)


def _numbers(question: Number, _mark: str = "") -> str:
    return "\n".join(_answer(_number(one), one.share, one.feedback) for one in question.accepted)


def _number(one: AcceptedNumber) -> str:
    if one.is_range:
        text = f"{written_number(one.least)}..{written_number(one.most)}"
    else:
        text = written_number(one.value) + (f" ± {written_number(one.tolerance)}" if one.tolerance else "")
    return f"{text} {one.unit}".rstrip()


def _sides(question: TrueFalse, _mark: str) -> str:
    """The other side is written only where something is said of it."""
    sides = {TRUE: question.if_true, FALSE: question.if_false}
    right, wrong = (TRUE, FALSE) if question.is_true else (FALSE, TRUE)
    lines = [_answer(right, Fraction(1), sides[right])]
    return "\n".join([*lines, _answer(wrong, Fraction(0), sides[wrong])] if sides[wrong] else lines)


def _answer(text: str, share: Fraction, feedback: Text | None) -> str:
    line = f"= {text}" if share == 1 else f"= {text} {{{number(share * 100)}%}}"
    quote = _quote(feedback.source).split("\n") if feedback else []
    return "\n".join([line, *("    " + one for one in quote)])


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


def _indented(text: str) -> str:
    """Indent all lines but the first, as what belongs to an item of a list."""
    first, *others = text.split("\n")
    return "\n".join(chain([first], ("  " + line if line.strip() else "" for line in others)))


def own_answers(question: ShortAnswer | Number) -> str:
    """The answers as a quiz has them, for programs that keep them and cannot say them otherwise."""
    return str(_ANSWERS[type(question)](question, ""))


def read_own_answers(kind: type[Question], source: str) -> Any:
    """The field ``accepted`` of a question with these answers; None if they cannot be read."""
    attributes = "" if kind.is_read_by_shape else f" {{type={kind.types[0]}}}"
    file = read_item_file(_PLACE, "kuis", f"{_QUIZ}## A{attributes}\n\n{source}\n".encode(), Targets([_PLACE]))
    if file.findings.has_errors or len(file.questions) != 1 or type(file.questions[0]) is not kind:
        return None
    return with_html(file.questions[0], lambda text: Text(text.source.strip())).accepted  # type: ignore[attr-defined]


def read_own_files(said: str) -> FileLimits | None:
    """What ``file_limits.written_files`` says; None if it says nothing or something else."""
    found = _essay_of(f'type=essay files="{said}"', "") if re.fullmatch(r"[\w ,]+", said) else None
    return found.files if found else None


def read_own_rubric(source: str) -> tuple[Criterion, ...]:
    """The rubric that a table in Markdown says; empty if it says none."""
    found = _essay_of("type=essay", f"### Rubrik\n\n{source}\n")
    return found.rubric if found else ()


def _essay_of(attributes: str, below: str) -> Essay | None:
    text = f"{_QUIZ}## A {{{attributes}}}\n\n{below}"
    file = read_item_file(_PLACE, "kuis", text.encode(), Targets([_PLACE]))
    found = file.questions[0] if len(file.questions) == 1 and not file.findings.has_errors else None
    return found if isinstance(found, Essay) else None


def _choice_attributes(question: Choice) -> dict[str, str]:
    right = len(question.correct_ids)
    return {
        "type": "multiple" if question.takes_several and right < 2 else "",
        "scoring": question.scoring if question.takes_several and question.scoring != "exact" else "",
    }


_ANSWERS: dict[type[Question], Callable[[Any, str], str]] = {
    Choice: _choices,
    ShortAnswer: _short_answers,
    Number: _numbers,
    TrueFalse: _sides,
    Order: structured.order_in_markdown,
    Match: structured.match_in_markdown,
    Gaps: structured.nothing_in_markdown,
    Essay: structured.nothing_in_markdown,
    Description: structured.nothing_in_markdown,
}
_ATTRIBUTES: dict[type[Question], Callable[[Any], dict[str, str]]] = {
    Choice: _choice_attributes,
    Number: lambda _question: {"type": "number"},
    TrueFalse: lambda _question: {"type": "truefalse"},
    Order: structured.order_attributes,
    Match: structured.match_attributes,
    Gaps: structured.gaps_attributes,
    Essay: structured.essay_attributes,
    Description: structured.description_attributes,
}
