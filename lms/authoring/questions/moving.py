"""Adding, removing, moving and copying the questions of a quiz. All other lines stay as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lms.authoring.questions.heading import new_heading
from lms.authoring.questions.new import BLANK, question_lines
from lms.authoring.questions.pieces import Replacement, replaced
from lms.authoring.questions.reading import QuestionFile, SourceQuestion
from lms.authoring.questions.rereading import UnwritableQuestion, fingerprint, says
from lms.authoring.questions.values import AnswerValues, OptionValues, PairValues, QuestionValues, canonical, cleaned
from lms.authoring.splice import Line, plain
from lms.content.questions.true_false import TRUE

_LEAST = {"number": "1", "truefalse": TRUE}
"""An answer of kinds that take no text."""
_DEFINITION = re.compile(r" {0,3}\[([^\[\]\n]{1,200})\]:")


def add_question(file: QuestionFile, sent: QuestionValues) -> bytes:
    """The file with a new question at the end.

    :raises UnwritableQuestion: nothing of it can be written.
    """
    new = cleaned(sent)
    expected = [*_all(file), ("", canonical(new))]
    for in_heading in (True, False):
        for mark in ("- ", "* "):
            done = insert_lines(file, len(file.questions), question_lines(new, mark=mark, in_heading=in_heading))
            if says(done, expected):
                return done
    raise UnwritableQuestion(_culprits(new))


def _culprits(new: QuestionValues) -> list[str]:
    """The texts that cannot be written in a question with nothing else in it."""
    least = QuestionValues(
        kind=new.kind,
        stem="A [[B]]" if new.kind == "gaps" else "A",
        options=(OptionValues("B", is_correct=True), OptionValues("C")) if new.is_choice else (),
        answers=(AnswerValues(_LEAST.get(new.kind, "B")),) if new.shape in ("lines", "sides") else (),
        pairs=(PairValues("B", "C"), PairValues("D", "E")) if new.has_pairs else (),
    )
    texts: tuple[dict[str, Any], ...] = (
        {"stem": new.stem},
        {"options": new.options} if new.is_choice else {"answers": new.answers, "pairs": new.pairs},
        {"explanation": new.explanation},
        {"hints": new.hints},
        {"rubric": new.rubric},
        *({name: getattr(new, name)} for name in ("group", "tags", "objective")),
    )
    ways = [(one, replace(least, **one)) for one in texts]
    return [name for one, alone in ways if not says(_alone(alone), [("", canonical(alone))]) for name in one]


def _alone(values: QuestionValues) -> bytes:
    front = [Line("---", ""), Line("type: quiz", ""), Line("---", "")]
    return replaced("", [*front, *question_lines(values)], [])


def remove_question(file: QuestionFile, number: int) -> bytes:
    """The file without the question. Definitions of links and footnotes stay if other questions use them.

    :raises UnwritableQuestion: another question would say something else.
    """
    question = file.questions[number]
    kept = _definitions_in_use(file, question)
    start, end = question.first - 1, question.last
    if number + 1 < len(file.questions):
        end = file.questions[number + 1].first - 1
    else:
        while start and not file.lines[start - 1].text.strip():
            start -= 1
    lines = [line for one in kept for line in (BLANK, one)] if start and kept else kept
    done = replaced(file.mark, file.lines, [Replacement(start, end, [*lines, *([BLANK] if kept else [])])])
    return _sound(done, [one for at, one in enumerate(_all(file)) if at != number])


def moved_up(file: QuestionFile, number: int) -> bytes:
    """The file with this question and the one before it exchanged. Blank lines between them stay where they are.

    :raises UnwritableQuestion: another question would say something else.
    """
    one, two = file.questions[number - 1], file.questions[number]
    first, second = list(file.lines[one.first - 1 : one.last]), list(file.lines[two.first - 1 : two.last])
    ends = first[-1].end, second[-1].end
    first[-1], second[-1] = Line(first[-1].text, ends[1]), Line(second[-1].text, ends[0])
    done = replaced(
        file.mark,
        file.lines,
        [Replacement(one.first - 1, one.last, second), Replacement(two.first - 1, two.last, first)],
    )
    expected = _all(file)
    expected[number - 1 : number + 1] = expected[number], expected[number - 1]
    return _sound(done, expected)


def duplicate_question(file: QuestionFile, number: int) -> bytes:
    """The file with a copy of the question below it, which has no id yet.

    :raises UnwritableQuestion: another question would say something else.
    """
    question = file.questions[number]
    lines = list(file.lines[question.first - 1 : question.last])
    at = question.head_line - question.first
    head = new_heading(lines[at].text, question.head, question.head_column, question.head.text, {"#id": None})
    lines[at] = Line(head, lines[at].end)
    expected = _all(file)
    copy = "", canonical(question.values) if question.values else "\n".join(plain(line.text) for line in lines)
    expected.insert(number + 1, copy)
    return _sound(insert_lines(file, number + 1, lines), expected)


def put_back(file: QuestionFile, number: int, older: QuestionFile, question: SourceQuestion) -> bytes:
    """The file with a question of another version of it, before the question ``number``.

    :raises UnwritableQuestion: another question would say something else.
    """
    lines = [Line(line.text, "") for line in older.lines[question.first - 1 : question.last]]
    expected = _all(file)
    expected.insert(number, fingerprint(older, question))
    return _sound(insert_lines(file, number, lines), expected)


def _all(file: QuestionFile) -> list[object]:
    return [fingerprint(file, one) for one in file.questions]


def _sound(done: bytes, expected: Sequence[object]) -> bytes:
    if not says(done, expected):
        raise UnwritableQuestion(())
    return done


def insert_lines(file: QuestionFile, number: int, lines: Sequence[Line]) -> bytes:
    """Insert lines before the question ``number``, or at the end."""
    if number < len(file.questions):
        at = file.questions[number].first - 1
        above = [BLANK] if at and file.lines[at - 1].text.strip() else []
        return replaced(file.mark, file.lines, [Replacement(at, at, [*above, *lines, BLANK])])
    at = len(file.lines)
    if at > 1 and not file.lines[-1].text:
        at -= 1
    above = [BLANK] if at and file.lines[at - 1].text.strip() else []
    return replaced(file.mark, file.lines, [Replacement(at, at, [*above, *lines])])


def _definitions_in_use(file: QuestionFile, question: SourceQuestion) -> list[Line]:
    """Single lines; the definitions of footnotes that go on below are not told apart."""
    others = "\n".join(line.text for at, line in enumerate(file.lines, 1) if not question.has_line(at)).casefold()
    found = []
    for line in file.lines[question.first - 1 : question.last]:
        label = _DEFINITION.match(line.text)
        if label and f"[{label[1].casefold()}]" in others:
            found.append(line)
    return found
