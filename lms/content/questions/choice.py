"""Single and multiple choice: a task list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb
from random import Random
from string import ascii_lowercase
from typing import Any, Literal, Self, get_args

from markupsafe import Markup

from lms.content.markdown.blocks import LISTS, Block, Passage
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import Findings, Message, say
from lms.content.markdown.references import References
from lms.content.markdown.values import one_of
from lms.content.questions.base import AnswerBlock, AnswerCategory, InvalidAnswer, Posted, Question, kinds
from lms.content.settings import setting
from lms.content.text import Text

Scoring = Literal["exact", "each-answer", "net-correct", "correct-only"]

MIN_CHOICES = 2
KEEP_LAST = "keep-last"

_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_NEARLY_TASK = re.compile(r"\[\s*[xXvV✓✔√*]?\s*\]")
_FENCE = re.compile(r"^[ \t]*(?:`{3}|~{3})", re.MULTILINE)
_IN_BRACES = re.compile(r"\{([^{}]{1,40})\}")


@dataclass(frozen=True)
class Option:
    """One choice. ``id`` is stable within the question (a, b, c ... as written)."""

    id: str
    text: Text
    is_correct: bool
    feedback: Text | None = None
    keeps_last: bool = False


@kinds.register
@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """Single or multiple choice. An answer is the set of ids of the picked options."""

    kind = "choice"
    types = ("multiple",)

    options: tuple[Option, ...] = ()
    takes_several: bool = False
    scoring: Scoring = setting(one_of(get_args(Scoring)), "exact")

    @property
    def option_ids(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options)

    @property
    def correct_ids(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options if option.is_correct)

    @property
    def offered(self) -> tuple[Option, ...]:
        return self.options

    @property
    def chance(self) -> Fraction:
        return Fraction(1, 2 ** len(self.options) - 1 if self.takes_several else max(1, len(self.options)))

    @property
    def guess_score(self) -> Fraction:
        """Over all ways of ticking at least one option, or exactly one."""
        if not self.takes_several:
            return Fraction(len(self.correct_ids), max(1, len(self.options)))
        right, wrong = sorted(self.correct_ids), sorted(self.option_ids - self.correct_ids)
        ticked = ((i, j) for i in range(len(right) + 1) for j in range(len(wrong) + 1) if i or j)
        earned = (
            comb(len(right), i) * comb(len(wrong), j) * self.score(frozenset(right[:i] + wrong[:j])) for i, j in ticked
        )
        return sum(earned, Fraction()) / Fraction(max(1, 2 ** len(self.options) - 1))

    @property
    def categories(self) -> tuple[AnswerCategory, ...]:
        return tuple(_category(option) for option in self.options)

    @classmethod
    def fits(cls, block: Block) -> bool:
        """True for a task list, even for a badly written one, so that its faults are reported."""
        return _is_choices(block)

    @classmethod
    def read(cls, answers: AnswerBlock) -> Mapping[str, Any]:
        block, passage, findings = answers.block, answers.passage, answers.findings
        options = _read_choices(block, passage, answers.references, findings)
        right = sum(option.is_correct for option in options)
        takes_several = "type" in answers.attributes or right > 1
        if len(options) == len(block.children):
            _check_choices(len(options), right, block, passage, findings)
        if not takes_several and "scoring" in answers.attributes:
            answers.attributes.fault(
                "scoring",
                say("“scoring” goes with several right choices only"),
                say("take it out, or write type=multiple"),
            )
        return {"options": options, "takes_several": takes_several}

    def answer_from(self, posted: Posted) -> frozenset[str] | None:
        picked = frozenset(posted.get("picked", ()))
        if not picked <= self.option_ids:
            raise InvalidAnswer(
                say("This choice is not part of the question. It was not saved: please choose again."), picked
            )
        if len(picked) > 1 and not self.takes_several:
            raise InvalidAnswer(say("Only one choice is possible here. Nothing was saved: please choose one."), picked)
        return picked or None

    def dump_answer(self, answer: frozenset[str] | None) -> dict[str, Any]:
        return {"picked": sorted(answer or ())}

    def load_answer(self, data: Mapping[str, Any]) -> frozenset[str] | None:
        return frozenset(data.get("picked", ())) or None

    def answer_texts(self, answer: frozenset[str]) -> list[str]:
        picked = (option.text for option in self.options if option.id in answer)
        return [Markup(text).striptags() for text in picked]  # noqa: S704 - it becomes text

    def score(self, answer: frozenset[str]) -> Fraction:
        """Where one choice was asked for and a later key has several right ones, each of them is right."""
        if not self.takes_several:
            return Fraction(int(answer <= self.correct_ids))
        return _RULES[self.scoring](self.option_ids, self.correct_ids, answer)

    @property
    def scoring_words(self) -> Message | None:
        return _SCORING_WORDS[self.scoring] if self.takes_several else None

    def with_key_of(self, newer: Question) -> Choice | None:
        """Options are found again by their words, and a reworded one by its place among those that are left."""
        if not isinstance(newer, Choice):
            return None
        found = _options_again(self.options, newer.options)
        if found is None:
            return None
        options = tuple(
            replace(option, is_correct=found[option.id].is_correct, feedback=found[option.id].feedback)
            for option in self.options
        )
        return replace(self, options=options, scoring=newer.scoring, points=newer.points, explanation=newer.explanation)

    def categories_of(self, answer: frozenset[str]) -> tuple[AnswerCategory, ...]:
        return tuple(_category(option) for option in self.options if option.id in answer)

    def feedback_on(self, answer: frozenset[str]) -> tuple[Text, ...]:
        return tuple(option.feedback for option in self.options if option.id in answer and option.feedback)

    def example(self, *, is_right: bool, rng: Random) -> frozenset[str]:
        wrong = sorted(self.option_ids - self.correct_ids)
        if is_right or not wrong:
            return self.correct_ids if is_right else frozenset(sorted(self.correct_ids)[:1])
        return frozenset({rng.choice(wrong)})

    def select(self, rng: Random, *, is_shuffled: bool) -> dict[str, Any]:
        """``{"options": [ids in the order in which they are shown]}``."""
        ids = [option.id for option in self.options if not option.keeps_last]
        last = [option.id for option in self.options if option.keeps_last]
        if not is_shuffled:
            return {"options": [option.id for option in self.options]}
        return {"options": [*rng.sample(ids, len(ids)), *last]}

    def arranged(self, selected: Mapping[str, Any]) -> Self:
        by_id = {option.id: option for option in self.options}
        return replace(self, options=tuple(by_id[id] for id in selected["options"]))


def _category(option: Option) -> AnswerCategory:
    """The category of an option, keyed by its text: ids change when options are added or removed."""
    return AnswerCategory(option.text.comparable, option.text, Fraction(int(option.is_correct)))


def _options_again(asked: tuple[Option, ...], newer: tuple[Option, ...]) -> dict[str, Option] | None:
    """The newer option of each that was asked, by id; None if they cannot be told.

    An option that was both reworded and given another key may say something else now.
    """
    by_words = {option.text.comparable: option for option in newer}
    if len(by_words) < len(newer) or len({option.text.comparable for option in asked}) < len(asked):
        return None
    found = {option.id: by_words[option.text.comparable] for option in asked if option.text.comparable in by_words}
    reworded = [option for option in asked if option.id not in found]
    taken = {option.id for option in found.values()}
    left = [option for option in newer if option.id not in taken]
    if reworded and len(reworded) != len(left):
        return None
    pairs = list(zip(reworded, left, strict=False))
    if any(old.is_correct != new.is_correct for old, new in pairs):
        return None
    return found | {old.id: new for old, new in pairs}


def _exact(options: frozenset[str], correct: frozenset[str], picked: frozenset[str]) -> Fraction:
    return Fraction(int(picked == correct))


def _each_answer(options: frozenset[str], correct: frozenset[str], picked: frozenset[str]) -> Fraction:
    """A share for each option that is rightly ticked or rightly left alone."""
    return Fraction(len(options) - len(picked ^ correct), len(options))


def _net_correct(options: frozenset[str], correct: frozenset[str], picked: frozenset[str]) -> Fraction:
    """A share for each right option, the same off for each wrong one, never below 0."""
    if not correct:
        return Fraction(0)
    return max(Fraction(0), Fraction(len(picked & correct) - len(picked - correct), len(correct)))


def _correct_only(options: frozenset[str], correct: frozenset[str], picked: frozenset[str]) -> Fraction:
    """A share for each right option; any wrong one gives 0."""
    if not correct or picked - correct:
        return Fraction(0)
    return Fraction(len(picked & correct), len(correct))


_RULES = {
    "exact": _exact,
    "each-answer": _each_answer,
    "net-correct": _net_correct,
    "correct-only": _correct_only,
}


_SCORING_WORDS = {
    "exact": say("Points are earned if every right choice is ticked, and no wrong one."),
    "each-answer": say("Every choice counts: a right one if it is ticked, a wrong one if it is not."),
    "net-correct": say("Each wrong tick takes away what a right one earns."),
    "correct-only": say("A wrong tick takes away all points."),
}


def _is_choices(block: Block) -> bool:
    return block.kind in LISTS and any(_NEARLY_TASK.match(_words(item)) for item in block.children)


def _read_choices(block: Block, passage: Passage, references: References, findings: Findings) -> tuple[Option, ...]:
    """The options of a task list. Options with errors are reported and left out."""
    if len(block.children) > len(ascii_lowercase):
        findings.error(
            passage.position(block.children[len(ascii_lowercase)].first),
            say("a question has at most %(limit)d choices", limit=len(ascii_lowercase)),
            say("take some choices out"),
        )
        return ()
    options = []
    for letter, item in zip(ascii_lowercase, block.children, strict=False):
        if option := _read_option(letter, item, passage, references, findings):
            options.append(option)
    texts: set[str] = set()
    for option in options:
        if option.text.source in texts:
            findings.warn(
                passage.position(option.text.line),
                say("this choice appears twice"),
                say("reword one of the two or take it out"),
            )
        texts.add(option.text.source)
    return tuple(options)


def _read_option(
    letter: str, item: Block, passage: Passage, references: References, findings: Findings
) -> Option | None:
    position = passage.position(item.first)
    task = _TASK.match(_words(item))
    if not task:
        findings.error(
            position,
            say("this choice does not begin with [ ] or [x]"),
            say("write “- [x] …” for a right choice and “- [ ] …” for a wrong one"),
        )
        return None
    _refuse_bad_indentation(item, passage, findings)
    words, quote = words_and_feedback(item, passage)
    feedback = None if quote is None else quote.text()
    text, keeps_last = _without_keep_last(words.text(), passage, findings)
    if not text.source:
        findings.error(position, say("this choice has no text"), say("write the choice after the brackets"))
        return None
    return Option(
        id=letter,
        text=references.completed(text),
        is_correct=task[1] != " ",
        feedback=references.completed(feedback) if feedback else None,
        keeps_last=keeps_last,
    )


def words_and_feedback(item: Block, passage: Passage) -> tuple[Passage, Passage | None]:
    """The lines of a choice after its brackets, and those of the quote at its end."""
    inner = passage.inside_item(item)
    task = _TASK.match(_words(item))
    assert task
    inner = Passage((inner.lines[0].lstrip()[task.end() :], *inner.lines[1:]), inner.first)
    line = _feedback_line(item)
    if line is None:
        return inner, None
    return inner.between(inner.first, line - 1), inner.between(line, inner.last).unquoted()


def _feedback_line(item: Block) -> int | None:
    """The line on which the quotes at the end of a choice begin."""
    line = None
    for child in reversed(item.children):
        if child.kind != "blockquote":
            break
        line = child.first
    return line


def _refuse_bad_indentation(item: Block, passage: Passage, findings: Findings) -> None:
    """Report text that is indented too far and would become part of the choice."""
    for child in item.children:
        if _is_choices(child):
            findings.error(
                passage.position(child.first),
                say("this choice is within another one"),
                say("begin all choices in the same column"),
            )
        if child.kind in ("paragraph", "code_block") and (fence := _FENCE.search(child.text)):
            findings.warn(
                passage.position(child.first + child.text.count("\n", 0, fence.start())),
                say("the code is indented too far and does not read as code"),
                say("begin its lines with four spaces, and leave a blank line above"),
            )
        if child.kind != "paragraph":
            continue
        for number, line in enumerate(child.text.split("\n")[1:], child.first + 1):
            if line.lstrip().startswith(">"):
                findings.error(
                    passage.position(number),
                    say("the feedback is indented too far and reads as part of the choice"),
                    say("begin its line with four spaces and >"),
                )
                break


def _without_keep_last(text: Text, passage: Passage, findings: Findings) -> tuple[Text, bool]:
    start = text.source.rfind("{") if text.source.endswith("}") else -1
    found = _IN_BRACES.fullmatch(text.source, start) if start >= 0 else None
    if not found:
        return text, False
    if found[1].strip() == KEEP_LAST:
        return Text(text.source[:start].rstrip(), text.line), True
    if nearest(found[1], [KEEP_LAST]):
        line = text.line + text.source.count("\n")
        findings.error(
            passage.position(line, passage.line(line).rfind("{") + 1),
            say("“%(text)s” is not known here", text=shorten(found[0])),
            say("did you mean “%(near)s”?", near="{keep-last}"),
        )
    return text, False


def _check_choices(count: int, right: int, block: Block, passage: Passage, findings: Findings) -> None:
    position = passage.position(block.first)
    if count < MIN_CHOICES:
        findings.error(position, say("there is only one choice"), say("give at least two choices"))
    elif right == 0:
        findings.error(position, say("no choice is marked as right"), say("write [x] before the right choice"))


def _words(item: Block) -> str:
    """The text of the first paragraph of a list item."""
    first = item.children[0] if item.children else None
    return first.text if first and first.kind == "paragraph" else ""
