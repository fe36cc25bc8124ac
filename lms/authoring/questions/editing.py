"""The values of a form put into a question, so that only the lines of changed fields differ.

What was written is read again: unless it says exactly what the form says, and every other question what it said
before, nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lms.authoring.questions.edit_sections import MARK, SectionEdits
from lms.authoring.questions.heading import new_heading
from lms.authoring.questions.new import (
    BLANK,
    FEEDBACK_INDENT,
    answer_lines,
    attributes_of,
    begins_a_block,
    option_lines,
    rows_of_answers,
)
from lms.authoring.questions.pair_rows import changed_row, changed_step, row_line, step_lines
from lms.authoring.questions.pieces import new_lines, replaced, rewritten
from lms.authoring.questions.reading import (
    ItemLines,
    QuestionFile,
    answer_parts,
    type_word,
)
from lms.authoring.questions.rereading import UnwritableQuestion, fingerprint, says
from lms.authoring.questions.values import (
    ATTRIBUTES,
    FIELDS,
    AnswerValues,
    OptionValues,
    PairValues,
    QuestionValues,
    canonical,
    cleaned,
    split_stem,
    text_lines,
)
from lms.authoring.splice import Line


def edit_question(file: QuestionFile, number: int, sent: QuestionValues) -> bytes:
    """The file with the values in the question ``number``.

    :raises UnwritableQuestion: nothing of it can be written.
    """
    question = file.questions[number]
    assert question.values is not None
    new = cleaned(sent)
    if canonical(new) == canonical(question.values) and new.row_order == question.values.row_order:
        return replaced(file.mark, file.lines, [])
    expected = [fingerprint(file, one) for one in file.questions]
    expected[number] = question.id, canonical(new)
    for in_heading in (True, False):
        for other_mark in (False, True):
            done = _Edit(file, question, new, in_heading=in_heading, other_mark=other_mark).done()
            if says(done, expected):
                return done
    raise UnwritableQuestion(_culprits(file, number, new))


def _culprits(file: QuestionFile, number: int, new: QuestionValues) -> list[str]:
    """The fields that cannot be written even if nothing else changes."""
    question = file.questions[number]
    old = question.values
    assert old is not None
    changed = [name for name in FIELDS if getattr(canonical(old), name) != getattr(canonical(new), name)]
    if len(changed) < 2:
        return changed
    found = []
    for name in changed:
        alone = replace(old, **{name: getattr(new, name)})
        expected = [fingerprint(file, one) for one in file.questions]
        expected[number] = question.id, canonical(alone)
        if not says(_Edit(file, question, cleaned(alone)).done(), expected):
            found.append(name)
    return found or changed


class _Edit(SectionEdits):
    """One way to write the values."""

    def done(self) -> bytes:
        self._opening()
        if self.new.shape != self.old.shape:
            self._other_answers()
        elif self.new.is_choice:
            self._options()
        elif self.new.has_pairs:
            self._pairs()
        else:
            self._answers()
        self._explanation()
        self._hints()
        self._rubric()
        return replaced(self.file.mark, self.file.lines, self.found)

    def _opening(self) -> None:
        head, line = self.question.head, self.question.head_line
        words = head.text
        if self._differs("stem") or not self.in_heading:
            words, body = self._stem()
            self._body(body)
        raw = self.file.lines[line - 1]
        text = new_heading(raw.text, head, self.question.head_column, words, self._attributes())
        if text != raw.text:
            self._put(line, line, [Line(text, raw.end)])

    def _attributes(self) -> dict[str, str | None]:
        wanted = attributes_of(self.new)
        changes: dict[str, str | None] = {}
        for name in ATTRIBUTES:
            if self._differs(name):
                changes[name] = wanted.get(name)
        word, needed = type_word(self.question.head), wanted.get("type", "")
        if needed != word and not (self.new.kind == word == "multiple"):
            changes["type"] = needed or None
        return changes

    def _stem(self) -> tuple[str, str]:
        head, stem = self.question.head.text, self.new.stem
        if self.question.is_fence or not self.in_heading or (not head and self.old.stem):
            return "", stem
        if head and (stem == head or stem.startswith(f"{head}\n\n")):
            return head, stem[len(head) :].lstrip("\n")
        return split_stem(stem)

    def _body(self, body: str) -> None:
        old, line = self.spans.body, self.question.head_line
        new = text_lines(body)
        if old.lines and new:
            raw = self._lines(old.first, old.last)
            self._put(old.first, old.last, rewritten(raw, old.lines, new, self.margin))
        elif old.lines:
            self._remove(old.first, old.last)
        elif new and self.question.is_fence:
            self._put(line + 1, line, [*new_lines(new, self.margin), BLANK])
        elif new:
            self._insert_block(line, new_lines(new, self.margin))

    def _other_answers(self) -> None:
        """The answers of another kind in place of the old ones."""
        items, mark = self.spans.items, "* " if self.other_mark else "- "
        is_below_text = not self._is_blank(items[0].first - 1) and items[0].first - 1 > self.question.head_line
        above = [BLANK] if is_below_text else []
        self._put(items[0].first, items[-1].last, [*above, *rows_of_answers(self.new, mark, self.margin)])

    # Options

    def _options(self) -> None:
        if not (self._differs("options") or self.other_mark or self.new.row_order != self.raw_old.row_order):
            return
        items = self.spans.items
        chunks = [
            self._changed_option(one, items[one.at]) if one.at is not None else self._new_option(one, number)
            for number, one in enumerate(self.new.options)
        ]
        self._put(items[0].first, items[-1].last, self._between(chunks, items))

    def _feedback_prefix(self, item: ItemLines | None = None) -> str:
        """The prefix of feedback as other options of the question have it."""
        for one in (item, *self.spans.items):
            if one and one.feedback:
                raw = self.file.lines[one.feedback.first - 1].text
                text = one.feedback.lines[0] if one.feedback.lines else ""
                if text and raw.endswith(text):
                    return raw[: len(raw) - len(text)]
        if not self.new.is_choice:
            return self.margin + " " * FEEDBACK_INDENT + "> "
        mark = self._mark(self.file.lines[self.spans.items[0].first - 1].text)
        least = max(FEEDBACK_INDENT + len(self.margin), len(mark.expandtabs(4)))
        return " " * least + "> "

    def _new_option(self, option: OptionValues, number: int) -> list[Line]:
        last = len(self.spans.items) - 1
        mark = self._mark(self.file.lines[self.spans.items[last].first - 1].text, max(0, number - last))
        return option_lines(option, mark, self._feedback_prefix())

    def _changed_option(self, option: OptionValues, item: ItemLines) -> list[Line]:
        assert option.at is not None
        old = self.old.options[option.at]
        raw = list(self._lines(item.first, item.last))
        found = MARK.match(raw[0].text)
        assert found
        box = raw[0].text.index("[", found.end())
        if option.is_correct != old.is_correct:
            mark = "x" if option.is_correct else " "
            raw[0] = Line(raw[0].text[: box + 1] + mark + raw[0].text[box + 2 :], raw[0].end)
        if self.other_mark:
            raw[0] = Line(self._mark(raw[0].text) + raw[0].text[found.end() :], raw[0].end)
        words_from, words_to = item.words.first - item.first, item.words.last - item.first + 1
        texts = [*text_lines(option.text)]
        if option.keeps_last and texts:
            texts[-1] += " {keep-last}"
        words = raw[words_from:words_to]
        if (option.text, option.keeps_last) != (old.text, old.keeps_last):
            width = " " * len(found[0].expandtabs(4))
            if words_from == 0 and begins_a_block(texts):
                words = [Line(raw[0].text[: box + 3], raw[0].end), *new_lines(texts, width)]
            else:
                words = rewritten(words, item.words.lines, texts, width, first_is_special=words_from == 0)
        quote = self._changed_feedback(option, old, item, raw, words_to)
        return [*raw[:words_from], *words, *quote]

    def _changed_feedback(
        self,
        option: OptionValues | AnswerValues,
        old: OptionValues | AnswerValues,
        item: ItemLines,
        raw: list[Line],
        start: int,
    ) -> list[Line]:
        if option.feedback == old.feedback:
            return raw[start:]
        new, prefix = text_lines(option.feedback), self._feedback_prefix(item)
        if item.feedback is None:
            return [*new_lines(new, prefix), *raw[start:]]
        if not new:
            return []
        first, end = item.feedback.first - item.first, item.feedback.last - item.first + 1
        passage = item.feedback.without_blank_ends()
        if not passage.lines:
            return [*raw[start:first], *new_lines(new, prefix)]
        head, tail = passage.first - item.first, passage.last - item.first + 1
        lines = rewritten(raw[head:tail], passage.lines, new, prefix)
        return [*raw[start:first], *raw[first:head], *lines, *raw[tail:end], *raw[end:]]

    def _answers(self) -> None:
        if not (self._differs("answers") or self.new.row_order != self.raw_old.row_order):
            return
        items, lines = self.spans.items, list[Line]()
        for one in self.new.answers:
            lines += answer_lines(one, self.margin) if one.at is None else self._changed_answer(one, items[one.at])
        self._put(items[0].first, items[-1].last, lines)

    def _changed_answer(self, one: AnswerValues, item: ItemLines) -> list[Line]:
        old = next(before for before in self.raw_old.answers if before.at == one.at)
        raw = list(self._lines(item.first, item.last))
        parts = answer_parts(raw[0].text)
        text = parts["text"] if one.text == old.text else one.text
        share = (f" {{{one.share}%}}" if one.share else "") if one.share != old.share else parts["tail"] or ""
        same = one.text == old.text and one.share == old.share
        first = raw[0] if same else Line(parts["start"] + text + share, raw[0].end)
        return [first, *self._changed_feedback(one, old, item, raw, 1)]

    # Pairs

    def _pairs(self) -> None:
        items = self.spans.items
        if not items or not (self._differs("pairs") or self.new.row_order != self.raw_old.row_order):
            return
        if self.new.kind == "match":
            lines = [self._row(one) for one in self.new.pairs]
        else:
            lines = self._between([self._step(one, at) for at, one in enumerate(self.new.pairs)], items)
        self._put(items[0].first, items[-1].last, lines)

    def _row(self, new: PairValues) -> Line:
        if new.at is None:
            return row_line(new, self.margin)
        item, old = self.spans.items[new.at], self.old.pairs[new.at]
        return changed_row(self.file.lines[item.first - 1], item.words, item.first, old, new, self.margin)

    def _step(self, new: PairValues, number: int) -> Sequence[Line]:
        """A step that moves gets the list mark of its new position."""
        items = self.spans.items
        last = len(items) - 1
        raw_mark = self.file.lines[items[min(number, last)].first - 1].text
        mark = self._mark(raw_mark, max(0, number - last))
        if new.at != number:
            return step_lines(new.left, mark)
        raw = self._lines(items[number].first, items[number].last)
        if new.left == self.old.pairs[number].left:
            return raw
        return changed_step(raw, items[number].words, new.left, mark)
