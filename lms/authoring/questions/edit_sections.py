"""Edits of what follows the answers of a question (explanation, hints, rubric), which touch only changed lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lms.authoring.questions.new import BLANK, EXPLANATION, RUBRIC, hint_lines
from lms.authoring.questions.pieces import Replacement, new_lines, rewritten
from lms.authoring.questions.reading import ItemLines, QuestionFile, SourceQuestion, Spans
from lms.authoring.questions.values import QuestionValues, canonical, cleaned, text_lines
from lms.authoring.splice import Line

MARK = re.compile(r"(\s*)(?:([-*+])|([0-9]{1,9})([.)]))(\s+|$)")


class SectionEdits:
    """What stands below the answers of a question, and how lines are replaced, put in and taken out."""

    def __init__(
        self,
        file: QuestionFile,
        question: SourceQuestion,
        new: QuestionValues,
        *,
        in_heading: bool = True,
        other_mark: bool = False,
    ) -> None:
        assert question.values is not None and question.spans is not None
        self.file, self.question, self.new = file, question, new
        self.old: QuestionValues = cleaned(question.values)
        self.raw_old: QuestionValues = question.values
        self.spans: Spans = question.spans
        self.in_heading, self.other_mark = in_heading, other_mark
        self.margin = " " * question.indent
        self.found: list[Replacement] = []

    def _differs(self, name: str) -> bool:
        return bool(getattr(canonical(self.raw_old), name) != getattr(canonical(self.new), name))

    def _lines(self, first: int, last: int) -> Sequence[Line]:
        return self.file.lines[first - 1 : last]

    def _is_blank(self, line: int) -> bool:
        """True also where the file ends."""
        return line > len(self.file.lines) or not self.file.lines[line - 1].text.strip()

    def _put(self, first: int, last: int, lines: Sequence[Line]) -> None:
        self.found.append(Replacement(first - 1, last, list(lines)))

    def _insert_block(self, after: int, lines: Sequence[Line]) -> None:
        end = [] if self._is_blank(after + 1) else [BLANK]
        self._put(after + 1, after, [BLANK, *lines, *end])

    def _remove(self, first: int, last: int) -> None:
        """Remove lines, and the blank lines above them."""
        while first > 1 and self._is_blank(first - 1):
            first -= 1
        self._put(first, last, [])

    def _between(self, chunks: Sequence[Sequence[Line]], items: Sequence[ItemLines]) -> list[Line]:
        """The blank lines between the old items stay between the new ones."""
        gaps = [[], *(self._lines(one.last + 1, after.first - 1) for one, after in pairwise(items))]
        lines = list[Line]()
        for number, chunk in enumerate(chunks):
            lines += [*gaps[min(number, len(gaps) - 1)], *chunk]
        return lines

    def _mark(self, raw: str, number: int | None = None) -> str:
        found = MARK.match(raw)
        assert found
        marker = found[2] or f"{found[3] if number is None else int(found[3]) + number}{found[4]}"
        if self.other_mark:
            marker = "-" if marker == "*" else "*"
        return f"{found[1]}{marker}{found[5] or ' '}"

    # Below the answers

    def _explanation(self) -> None:
        if not self._differs("explanation"):
            return
        old, heading, new = self.spans.explanation, self.spans.explanation_heading, text_lines(self.new.explanation)
        prefix = self.margin + ("> " if heading is None else "")
        if old and new:
            raw = self._lines(old.first, old.last)
            self._put(old.first, old.last, rewritten(raw, old.lines, new, prefix))
        elif old:
            self._remove(heading or old.first, old.last)
        elif heading:
            self._insert_block(heading, new_lines(new, prefix))
        elif self.spans.items:
            self._insert_block(self.spans.items[-1].last, new_lines(new, prefix))
        else:  # after a stem, a quote would be a part of it
            heading_line = Line(f"{self.margin}{EXPLANATION.text}", "")
            self._insert_block(self._end_of_answers(), [heading_line, BLANK, *new_lines(new, self.margin)])

    def _hints(self) -> None:
        if not self._differs("hints"):
            return
        items, heading, new = self.spans.hints, self.spans.hints_heading, self.new.hints
        if not new:
            self._remove(heading or items[0].first, items[-1].last)
            return
        if not items:
            lines = [line for hint in new for line in hint_lines(hint, self.margin + "- ")]
            start = [] if heading else [Line(f"{self.margin}### Petunjuk", ""), BLANK]
            self._insert_block(heading or self._last_shown(), [*start, *lines])
            return
        chunks: list[Sequence[Line]] = []
        for number, hint in enumerate(new):
            raw = self.file.lines[items[min(number, len(items) - 1)].first - 1].text
            if number >= len(items):
                chunks.append(hint_lines(hint, self._mark(raw, number - len(items) + 1)))
                continue
            item = items[number]
            found = MARK.match(raw)
            width = " " * len(found[0].expandtabs(4)) if found else "  "
            special = item.words.first == item.first
            old = self._lines(item.words.first, item.words.last)
            chunks.append(rewritten(old, item.words.lines, text_lines(hint), width, first_is_special=special))
        self._put(items[0].first, items[-1].last, self._between(chunks, items))

    def _rubric(self) -> None:
        if not self._differs("rubric"):
            return
        old, heading, new = self.spans.rubric, self.spans.rubric_heading, text_lines(self.new.rubric)
        if old and new:
            raw = self._lines(old.first, old.last)
            self._put(old.first, old.last, rewritten(raw, old.lines, new, self.margin))
        elif old or (heading and not new):
            self._remove(heading or 0, old.last if old else heading or 0)
        elif heading:
            self._insert_block(heading, new_lines(new, self.margin))
        else:
            lines = [Line(f"{self.margin}{RUBRIC.text}", ""), BLANK, *new_lines(new, self.margin)]
            self._insert_block(self._last_line(), lines)

    def _last_line(self) -> int:
        hints = self.spans.hints[-1].last if self.spans.hints else self.spans.hints_heading or 0
        return max(self._last_shown(), hints)

    def _end_of_answers(self) -> int:
        body = self.spans.body
        end_of_stem = body.last if body.lines else self.question.head_line
        return self.spans.items[-1].last if self.spans.items else end_of_stem

    def _last_shown(self) -> int:
        ends = [self._end_of_answers(), self.spans.explanation_heading or 0]
        return max(*ends, self.spans.explanation.last if self.spans.explanation else 0)
