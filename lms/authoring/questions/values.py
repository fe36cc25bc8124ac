"""What the form for a question holds: texts as they are written in the file, without marks and indentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from lms.authoring.rubric_grid import without_empty
from lms.authoring.splice import plain
from lms.content.markdown.blocks import Passage
from lms.content.questions.true_false import FALSE, TRUE

FormKind = Literal[
    "single", "multiple", "truefalse", "short", "number", "order", "match", "gaps", "essay", "description"
]
Shape = Literal["options", "sides", "lines", "steps", "rows", "gaps", "none"]
SHAPES: dict[FormKind, Shape] = {
    "single": "options",
    "multiple": "options",
    "truefalse": "sides",
    "short": "lines",
    "number": "lines",
    "order": "steps",
    "match": "rows",
    "gaps": "gaps",
    "essay": "none",
    "description": "none",
}
"""How the answers of a kind stand in the file: a task list, one line for each side, lines, a numbered list, a table,
in the stem, or not at all."""
FORM_KINDS = tuple(SHAPES)
CONVERTIBLE_KINDS = tuple(kind for kind, shape in SHAPES.items() if shape in ("options", "sides", "lines"))
"""The kinds that the form turns into each other. A question of another kind keeps it."""
SIDES = (TRUE, FALSE)
USUAL_SCORING = {"multiple": "exact", "order": "exact", "match": "each-answer", "gaps": "each-answer"}
"""The scoring that holds if the file names none, for kinds with several."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_KEEP_LAST = re.compile(r"\s*\{\s*keep-last\s*\}$")
_SHARE = re.compile(r"\s*\{([0-9.]+)%\}$")
_HARD_BREAK = re.compile(r"(?:  |\\)$")
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
"""A decimal comma, which is a point in the file."""
_NUMBERED = re.compile(r"[0-9]{1,9}[.)]")


@dataclass(frozen=True)
class OptionValues:
    """``at``: which option of the file this was, counted from 0; None for a new one."""

    text: str = ""
    is_correct: bool = False
    feedback: str = ""
    keeps_last: bool = False
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class AnswerValues:
    """An answer on a line; ``share`` is the percentage of the points as it is written, empty for all of them."""

    text: str = ""
    share: str = ""
    feedback: str = ""
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class PairValues:
    """A row of a matching question, whose left side is empty for a distractor; or a step to be put in order, which has
    no right side."""

    left: str = ""
    right: str = ""
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class QuestionValues:
    """``stem`` has the words of the heading as its first paragraph."""

    kind: FormKind = "single"
    stem: str = ""
    options: tuple[OptionValues, ...] = ()
    answers: tuple[AnswerValues, ...] = ()
    pairs: tuple[PairValues, ...] = ()
    explanation: str = ""
    hints: tuple[str, ...] = ()
    rubric: str = ""
    """For an essay: the table as it is written."""
    points: str = ""
    group: str = ""
    tags: str = ""
    """With commas between them."""
    objective: str = ""
    difficulty: str = ""
    pair: str = ""
    """For a pretest or posttest."""
    scoring: str = ""
    files: str = ""
    """For an essay: how many files may be attached, and what differs from the usual limits, as it is written."""

    @property
    def is_choice(self) -> bool:
        return self.shape == "options"

    @property
    def has_pairs(self) -> bool:
        return self.shape in ("steps", "rows")

    @property
    def shape(self) -> Shape:
        return SHAPES[self.kind]

    @property
    def row_order(self) -> list[int | None]:
        """The numbers of the file's rows in the order of the form."""
        return [*(one.at for one in self.options), *(one.at for one in self.answers), *(one.at for one in self.pairs)]


ATTRIBUTES = ("points", "group", "tags", "objective", "difficulty", "pair", "scoring", "files")
"""Fields that stand in the braces of the heading under these names."""
FIELDS = ("kind", "stem", "options", "answers", "pairs", "explanation", "hints", "rubric", *ATTRIBUTES)


def cleaned(values: QuestionValues) -> QuestionValues:
    """The values as they are written: with unified line ends, without blank ends and empty rows."""
    options = (_option(one) for one in values.options) if values.is_choice else ()
    answers = (_answer(one, values.kind) for one in values.answers) if values.shape in ("lines", "sides") else ()
    pairs = (_pair(one, values.kind) for one in values.pairs) if values.has_pairs else ()
    is_asked = values.kind != "description"
    return replace(
        values,
        stem=_text(values.stem),
        options=tuple(one for one in options if one.text or one.feedback),
        answers=tuple(one for one in answers if one.text and (values.kind != "truefalse" or _is_said(one))),
        pairs=tuple(one for one in pairs if one.left or one.right),
        explanation=_text(values.explanation) if is_asked else "",
        hints=tuple(hint for hint in map(_item_text, values.hints) if hint and is_asked),
        rubric=without_empty(_text(values.rubric)) if values.kind == "essay" else "",
        points=plain(values.points).strip().replace(",", ".") if is_asked else "",
        group=" ".join(plain(values.group).split()) if is_asked else "",
        tags=", ".join(words for one in plain(values.tags).split(",") if (words := " ".join(one.split()))),
        objective=" ".join(plain(values.objective).split()),
        pair=plain(values.pair).strip() if is_asked else "",
        scoring=values.scoring if values.kind in USUAL_SCORING else "",
        files=", ".join(plain(values.files).replace(",", " ").split()) if values.kind == "essay" else "",
    )


def canonical(values: QuestionValues) -> QuestionValues:
    """A form of the values that is equal for two that say the same."""
    done = cleaned(values)
    heading, body = split_stem(done.stem)
    return replace(
        done,
        stem="\n\n".join(part for part in (heading, body) if part),
        answers=tuple(_canonical_answer(one, done.kind) for one in done.answers),
        points=_points(done.points),
        scoring="" if done.scoring == USUAL_SCORING.get(done.kind) else done.scoring,
    )


def split_stem(stem: str) -> tuple[str, str]:
    """The words for the heading, empty if no heading can hold them, and the text below it."""
    lines = stem.split("\n")
    blocks = Passage(tuple(lines), 0).blocks()
    if not blocks or not stem:
        return "", stem
    first = blocks[0]
    is_line = first.first == 0 and (len(lines) == 1 or not lines[1].strip())
    if is_line and _NUMBERED.match(lines[0]):
        return lines[0].rstrip(), _text("\n".join(lines[1:]))
    words = lines[first.first : first.last + 1]
    if first.kind != "paragraph" or first.first or any(_HARD_BREAK.search(line) for line in words[:-1]):
        return "", stem
    return " ".join(line.strip() for line in words), _text("\n".join(lines[first.last + 1 :]))


def text_lines(text: str) -> Sequence[str]:
    return text.split("\n") if text else []


def _text(text: str) -> str:
    lines = [plain(line) for line in _LINE_END.split(text)]
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    return "\n".join(lines)


def _item_text(text: str) -> str:
    """Text after a list mark, without white space at its ends."""
    return _text(text).strip()


def _option(option: OptionValues) -> OptionValues:
    text = _item_text(option.text)
    shorter = _KEEP_LAST.sub("", text)
    keeps_last = option.keeps_last or shorter != text
    return replace(option, text=shorter, feedback=_text(option.feedback), keeps_last=keeps_last)


def converted(values: QuestionValues, kind: FormKind) -> QuestionValues:
    """The question as another of ``CONVERTIBLE_KINDS``, with what can be kept of its answers."""
    made = replace(values, kind=kind)
    if made.shape == values.shape:
        return made
    rows = [(one.text, one.is_correct, one.feedback) for one in values.options] or [
        (one.text, _number(one.share or "100") == 100, one.feedback) for one in values.answers
    ]
    if made.shape == "options":
        return replace(made, options=tuple(OptionValues(_shown(one[0]), one[1], one[2]) for one in rows), answers=())
    if made.shape == "lines":
        kept = (AnswerValues(text, "" if is_right else "0", feedback) for text, is_right, feedback in rows)
        return replace(made, answers=tuple(one for one in kept if _is_said(one)), options=())
    sides = {text.strip().rstrip(".").casefold(): (is_right, feedback) for text, is_right, feedback in rows}
    found = [(side, *sides[side]) for side in SIDES if side in sides]
    return replace(made, answers=tuple(AnswerValues(a, "" if b else "0", c) for a, b, c in found), options=())


def _shown(text: str) -> str:
    """One side of a pair, as the text of a choice."""
    return text.capitalize() if text in SIDES else text


def _is_said(answer: AnswerValues) -> bool:
    return bool(answer.feedback) or not _is_nothing(answer.share)


def _is_nothing(share: str) -> bool:
    return _number(share) == 0


def _canonical_answer(answer: AnswerValues, kind: FormKind) -> AnswerValues:
    text = answer.text.casefold() if kind == "truefalse" else answer.text
    return replace(answer, text=text, share="" if _number(answer.share) == 100 else answer.share)


def _answer(answer: AnswerValues, kind: FormKind) -> AnswerValues:
    text = " ".join(plain(answer.text).split("\n")).strip()
    share = plain(answer.share).strip().removesuffix("%").strip().replace(",", ".")
    if not share and (found := _SHARE.search(text)):
        text, share = text[: found.start()].rstrip(), found[1]
    if kind == "number":
        text = _COMMA.sub(".", text)
    return replace(answer, text=text, share=share, feedback=_text(answer.feedback))


def _pair(pair: PairValues, kind: FormKind) -> PairValues:
    if kind == "order":
        return replace(pair, left=_item_text(pair.left), right="")
    left, right = (" ".join(plain(text).split()) for text in (pair.left, pair.right))
    return replace(pair, left=left, right=right)


def _points(text: str) -> str:
    value = _number(text)
    return text if value is None else "" if value == 1 else str(value)


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text) else None
    except ValueError:
        return None
