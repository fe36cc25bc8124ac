"""Gaps in a sentence, typed or chosen: ``[[satu|1]]``, ``[[=terbuka|rahasia]]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any, Literal, Self, get_args

from lms.content.markdown.blocks import Block
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlMap
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, Message, SourcePosition, say
from lms.content.markdown.values import one_of
from lms.content.questions.answer_text import comparable
from lms.content.questions.base import InvalidAnswer, Posted, Question, StemSource, kinds
from lms.content.questions.gap_text import BAR, GapSource, StemPiece, gaps_in, hidden, pieces, with_marks, without_gaps
from lms.content.settings import setting
from lms.content.text import Text
from lms.lib.folding import visible

GapScoring = Literal["each-answer", "exact"]
Given = tuple[tuple[int, str], ...]
"""The numbers of gaps, from 1, with what was typed or chosen. Some gaps may be empty."""

MAX_GAPS = 30
MAX_CHARACTERS = 200
FIELD = "gap-"
RIGHT = "="


@dataclass(frozen=True)
class Gap:
    """``accepted``: what is right; of a gap to choose from, one of ``options``, which are empty where one types."""

    accepted: tuple[str, ...]
    options: tuple[str, ...] = ()

    def accepts(self, text: str) -> bool:
        if self.options:
            return text in self.accepted
        return comparable(text) in map(comparable, self.accepted)


@kinds.register
@dataclass(frozen=True, kw_only=True)
class Gaps(Question):
    """The stem's source has the gaps with their keys, its HTML has marks in their places."""

    kind = "gaps"

    gaps: tuple[Gap, ...] = ()
    scoring: GapScoring = setting(one_of(get_args(GapScoring)), "each-answer")

    @property
    def chance(self) -> Fraction:
        chance = Fraction(1)
        for gap in self.gaps:
            chance *= Fraction(1, len(gap.options)) if gap.options else 0
        return chance

    @property
    def stem_above(self) -> Text:
        return Text("", html="")

    def rendered(self, render: Any) -> Self:
        without_keys = hidden(self.stem)
        stem = render(without_keys.text)
        marked = replace(stem, source=self.stem.source, html=with_marks(stem.html or "", without_keys.words))
        others = super(Gaps, replace(self, stem=Text(""))).rendered(render)
        return replace(others, stem=marked)

    @classmethod
    def fits(cls, block: Block) -> bool:
        return False

    @classmethod
    def fits_stem(cls, source: str) -> bool:
        return any(one.place != "literal" for one in gaps_in(source))

    @classmethod
    def title_of(cls, words: str) -> str:
        return super().title_of(without_gaps(words))

    @classmethod
    def read_stem(cls, stem: StemSource) -> Mapping[str, Any]:
        found = [one for one in gaps_in(stem.text.source) if one.place != "literal"]
        if len(found) > MAX_GAPS:
            stem.findings.error(
                stem.position(found[MAX_GAPS].start),
                say("a question has at most %(most)d gaps", most=MAX_GAPS),
                say("make two questions of it"),
            )
        gaps = [_read_gap(one, stem) for one in found]
        return {"gaps": tuple(gap for gap in gaps if gap)}

    def answer_from(self, posted: Posted) -> Given | None:
        texts = {
            number: next(iter(posted.get(f"{FIELD}{number}", ())), "").replace("\0", "")
            for number in range(1, len(self.gaps) + 1)
        }
        given = tuple((number, text) for number, text in texts.items() if visible(text).strip())
        for number, text in given:
            if len(text) > MAX_CHARACTERS:
                raise InvalidAnswer(
                    say(
                        "This answer is longer than %(max)d characters. It was not saved yet: please shorten it.",
                        max=MAX_CHARACTERS,
                    ),
                    given,
                )
            options = self.gaps[number - 1].options
            if options and text not in options:
                raise InvalidAnswer(
                    say("This choice is not part of the question. It was not saved: please choose again."), given
                )
        return given or None

    def dump_answer(self, answer: Given | None) -> dict[str, Any]:
        return {"gaps": {str(number): text for number, text in answer or ()}}

    def load_answer(self, data: Mapping[str, Any]) -> Given | None:
        return tuple(sorted((int(number), text) for number, text in data.get("gaps", {}).items())) or None

    def answer_texts(self, answer: Given) -> list[str]:
        return [f"({number}) {text}" for number, text in answer]

    def score(self, answer: Given) -> Fraction:
        if not self.gaps:
            return Fraction(0)
        share = Fraction(self.filled(answer), len(self.gaps))
        return share if self.scoring == "each-answer" else Fraction(int(share == 1))

    @property
    def scoring_words(self) -> Message | None:
        return say("Points are earned only if every part is right.") if self.scoring == "exact" else None

    def with_key_of(self, newer: Question) -> Gaps | None:
        """Gaps are named by their number, so the text around them must be the same."""
        if (
            not isinstance(newer, Gaps)
            or len(newer.gaps) != len(self.gaps)
            or newer.stem.comparable != self.stem.comparable
        ):
            return None
        return replace(self, gaps=newer.gaps, scoring=newer.scoring, points=newer.points, explanation=newer.explanation)

    def parts_left(self, answer: Given) -> int:
        return len(self.gaps) - len(answer)

    def example(self, *, is_right: bool, rng: Random) -> Given:
        given = {number: gap.accepted[0] for number, gap in enumerate(self.gaps, start=1)}
        if not is_right:
            number = rng.choice(list(given))
            others = [one for one in self.gaps[number - 1].options if one not in self.gaps[number - 1].accepted]
            given[number] = rng.choice(others) if others else "tidak tahu"
        return tuple(given.items())

    def select(self, rng: Random, *, is_shuffled: bool) -> dict[str, Any]:
        """``{"gaps": [the options of each gap in the order in which they are shown]}``."""
        return {
            "gaps": [rng.sample(gap.options, len(gap.options)) if is_shuffled else gap.options for gap in self.gaps]
        }

    def arranged(self, selected: Mapping[str, Any]) -> Self:
        shown = zip(self.gaps, selected["gaps"], strict=True)
        return replace(self, gaps=tuple(replace(gap, options=tuple(options)) for gap, options in shown))

    # For the template

    @cached_property
    def pieces(self) -> list[StemPiece]:
        """The stem cut at its gaps."""
        return list(pieces(self.stem.html or ""))

    def given(self, answer: Given | None) -> dict[int, str]:
        return dict(answer or ())

    def gap(self, number: int) -> Gap:
        return self.gaps[number - 1]

    def filled(self, answer: Given) -> int:
        """How many gaps are right."""
        return sum(self.is_right(number, text) for number, text in answer)

    def is_right(self, number: int, text: str) -> bool:
        return 0 < number <= len(self.gaps) and self.gaps[number - 1].accepts(text)


def gaps_of(source: str) -> tuple[Gap, ...]:
    """The gaps of a stem that are well written."""
    findings = Findings("")
    attributes = Fields(YamlMap((), (1, 1)), findings)
    stem = StemSource(Text(source), lambda _at: (1, 1), attributes, findings, False, False)
    gaps: tuple[Gap, ...] = Gaps.read_stem(stem)["gaps"]
    return gaps


def _read_gap(source: GapSource, stem: StemSource) -> Gap | None:
    position = stem.position(source.start)
    if source.place == "elsewhere":
        stem.findings.error(
            position,
            say("a gap cannot appear here: in a link, a description of a picture or HTML"),
            say("put it into the text, or write \\[[ if the brackets are text"),
        )
        return None
    if source.is_in_table and any(not bar[0].startswith("\\") for bar in BAR.finditer(source.inside)):
        stem.findings.error(
            position,
            say("the bar in this gap ends the cell of the table"),
            say("write it as \\|"),
        )
        return None
    texts = [" ".join(text.split()) for text in BAR.split(source.inside)]
    right = [text.removeprefix(RIGHT).strip() for text in texts if text.startswith(RIGHT)]
    texts = [text.removeprefix(RIGHT).strip() for text in texts]
    return _checked(texts, right, position, stem)


def _checked(texts: list[str], right: list[str], position: SourcePosition, stem: StemSource) -> Gap | None:
    seen: set[str] = set()
    for text in texts:
        same = text if right else comparable(text)
        if not text:
            stem.findings.error(
                position,
                say("an answer of this gap is empty"),
                say("write it between the bars, or take one bar out"),
            )
            return None
        if same in seen:
            stem.findings.error(
                position,
                say("the answer “%(text)s” appears twice", text=shorten(text)),
                say("keep one of the two"),
            )
            return None
        seen.add(same)
    if len(right) > 1:
        stem.findings.error(
            position,
            say("several answers of this gap are marked as right"),
            say("write = before one of them; or no = at all, if learners are to type"),
        )
        return None
    if right and len(texts) < 2:
        stem.findings.error(
            position,
            say("this gap offers only one answer to choose"),
            say("add others after a bar, or take the = out if learners are to type"),
        )
        return None
    return Gap(tuple(right), tuple(texts)) if right else Gap(tuple(texts))
