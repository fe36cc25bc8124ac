"""A question as it is written for the first time."""

from __future__ import annotations

from collections.abc import Sequence

from lms.authoring.questions.heading import written
from lms.authoring.questions.pair_rows import step_lines, table_lines
from lms.authoring.questions.pieces import new_lines
from lms.authoring.questions.values import (
    SHAPES,
    USUAL_SCORING,
    AnswerValues,
    FormKind,
    OptionValues,
    QuestionValues,
    split_stem,
    text_lines,
)
from lms.authoring.splice import Line
from lms.content.markdown.blocks import Passage

BLANK = Line("", "")
EXPLANATION, RUBRIC = Line("### Pembahasan", ""), Line("### Rubrik", "")
FEEDBACK_INDENT = 4


def option_lines(option: OptionValues, mark: str, feedback_prefix: str) -> list[Line]:
    """:param mark: with its white space; the lines below are indented by as much."""
    width = " " * len(mark.expandtabs(4))
    texts = [*text_lines(option.text)] or [""]
    if option.keeps_last:
        texts[-1] += " {keep-last}"
    box = "[x]" if option.is_correct else "[ ]"
    if begins_a_block(texts):
        words = [Line(mark + box, ""), *new_lines(texts, width)]
    else:
        words = new_lines(texts, width, f"{mark}{box} ")
    return [
        *words,
        *new_lines(text_lines(option.feedback), feedback_prefix),
    ]


def begins_a_block(texts: Sequence[str]) -> bool:
    """True for a list, table or code of several lines: after the brackets its first line would be plain text."""
    blocks = Passage(tuple(texts), 1).blocks() if len(texts) > 1 else ()
    return bool(blocks) and blocks[0].kind != "paragraph"


def answer_line(text: str, share: str, indent: str = "") -> Line:
    return Line(f"{indent}= {text}" + (f" {{{share}%}}" if share else ""), "")


def answer_lines(answer: AnswerValues, indent: str = "") -> list[Line]:
    quote = new_lines(text_lines(answer.feedback), indent + " " * FEEDBACK_INDENT + "> ")
    return [answer_line(answer.text, answer.share, indent), *quote]


def rows_of_answers(values: QuestionValues, mark: str = "- ", indent: str = "") -> list[Line]:
    """The options or the lines of answers, depending on the kind."""
    prefix = indent + " " * FEEDBACK_INDENT + "> "
    options = [line for one in values.options for line in option_lines(one, indent + mark, prefix)]
    return [*options, *(line for one in values.answers for line in answer_lines(one, indent))]


def hint_lines(hint: str, mark: str = "- ") -> list[Line]:
    return new_lines(text_lines(hint), " " * len(mark.expandtabs(4)), mark)


def attributes_of(values: QuestionValues) -> dict[str, str]:
    """The attributes whose values are not the default of the format."""
    right = sum(one.is_correct for one in values.options)
    pairs = {
        "type": _type_word(values.kind, right),
        "points": values.points,
        "group": values.group,
        "tags": values.tags,
        "objective": values.objective,
        "difficulty": values.difficulty,
        "pair": values.pair,
        "scoring": values.scoring if values.scoring != USUAL_SCORING.get(values.kind) else "",
    }
    return {key: value for key, value in pairs.items() if value}


def _type_word(kind: FormKind, right: int) -> str:
    if SHAPES[kind] == "options":
        return kind if kind == "multiple" and right < 2 else ""
    return "" if kind in ("short", "gaps") else kind


def question_lines(values: QuestionValues, *, mark: str = "- ", in_heading: bool = True) -> list[Line]:
    """``values`` are cleaned."""
    words, body = split_stem(values.stem) if in_heading else ("", values.stem)
    attributes = " ".join(f"{key}={written(value)}" for key, value in attributes_of(values).items())
    braces = f"{{{attributes}}}" if attributes else ""
    found = [Line(" ".join(one for one in ("##", words, braces) if one), "")]
    if body:
        found += [BLANK, *new_lines(text_lines(body), "")]
    if rows := [*rows_of_answers(values, mark), *_pair_lines(values)]:
        found += [BLANK, *rows]
    if values.explanation and values.shape in ("gaps", "none"):
        found += [BLANK, EXPLANATION, BLANK, *new_lines(text_lines(values.explanation), "")]
    elif values.explanation:
        found += [BLANK, *new_lines(text_lines(values.explanation), "> ")]
    if values.hints:
        found += [BLANK, Line("### Petunjuk", ""), BLANK]
        for hint in values.hints:
            found += hint_lines(hint)
    if values.rubric:
        found += [BLANK, RUBRIC, BLANK, *new_lines(text_lines(values.rubric), "")]
    return found


def _pair_lines(values: QuestionValues) -> list[Line]:
    if values.kind == "match":
        return table_lines(values.pairs)
    return [line for number, one in enumerate(values.pairs, 1) for line in step_lines(one.left, f"{number}. ")]
