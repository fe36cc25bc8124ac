"""Matching: a table of two columns with ``type=match``. A row with an empty left cell is a distractor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any, Literal, Self, get_args

from markupsafe import Markup

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Message, say
from lms.content.markdown.tables import Cell, as_line, cells
from lms.content.markdown.values import one_of
from lms.content.questions.base import AnswerBlock, InvalidAnswer, NearMiss, Posted, Question, kinds
from lms.content.questions.order import id_of
from lms.content.settings import setting
from lms.content.text import Text, with_html

MatchScoring = Literal["each-answer", "exact"]
Pairs = tuple[tuple[str, str], ...]
"""Ids of rows with those of the partners that were chosen for them; by row. Some rows may have none."""

MIN_ROWS, MAX_ROWS = 2, 20
FIELD = "match-"


@dataclass(frozen=True)
class MatchRow:
    """What a partner is to be found for; ``partner`` is the id of the right one."""

    id: str
    text: Text
    partner: str


@dataclass(frozen=True)
class Partner:
    """What can be chosen. Rows with the same one share it. ``id`` follows from its text and says nothing of its row."""

    id: str
    text: Text

    @property
    def words(self) -> str:
        """The text without markup, which the entries of a list cannot have."""
        return Markup(self.text).striptags()  # noqa: S704 - it becomes text


@kinds.register
@dataclass(frozen=True, kw_only=True)
class Match(Question):
    """``partners`` stand as they are shown. ``left_head`` and ``right_head`` are the head of the table."""

    kind = "match"
    types = ("match",)
    is_read_by_shape = False
    missing_answers = say("write a table with two columns: what belongs together is in one row")

    rows: tuple[MatchRow, ...] = ()
    partners: tuple[Partner, ...] = ()
    left_head: Text | None = None
    right_head: Text | None = None
    scoring: MatchScoring = setting(one_of(get_args(MatchScoring)), "each-answer")

    @property
    def chance(self) -> Fraction:
        return Fraction(1, max(1, len(self.partners)) ** len(self.rows))

    @property
    def distractors(self) -> tuple[Partner, ...]:
        used = {row.partner for row in self.rows}
        return tuple(one for one in self.partners if one.id not in used)

    def rendered(self, render: Callable[[Text], Text]) -> Self:
        def cell(text: Text) -> Text:
            return replace(render(replace(text, source=as_line(text.source))), source=text.source)

        others = super(Match, replace(self, rows=(), partners=(), left_head=None, right_head=None)).rendered(render)
        return replace(
            others,
            rows=with_html(self.rows, cell),
            partners=with_html(self.partners, cell),
            left_head=with_html(self.left_head, cell),
            right_head=with_html(self.right_head, cell),
        )

    @classmethod
    def fits(cls, block: Block) -> bool:
        return block.kind == "table"

    @classmethod
    def near_miss(cls, block: Block, passage: Passage) -> NearMiss | None:
        if block.kind != "table":
            return None
        return NearMiss(
            passage.position(block.first),
            say("this table is not read as answers"),
            say("write {type=match} after the question if learners are to match its rows"),
        )

    @classmethod
    def read(cls, answers: AnswerBlock) -> Mapping[str, Any]:
        block, passage, findings = answers.block, answers.passage, answers.findings
        head = cells(passage, block.first)
        if len(head) != 2:
            findings.error(
                passage.position(block.first),
                say("the table has %(count)d columns; matching takes two", count=len(head)),
                say("write on the left what is asked, on the right what belongs to it; a bar in a text is written \\|"),
            )
            return {}
        table = _Table(answers)
        for line in range(block.first + 2, block.last + 1):
            table.add(cells(passage, line))
        table.check()
        texts = [Text(words, block.first) if words else None for words, _position in head]
        return {
            "rows": tuple(table.rows.values()),
            "partners": in_no_order(table.partners.values()),
            "left_head": texts[0],
            "right_head": texts[1],
        }

    def answer_from(self, posted: Posted) -> Pairs | None:
        found = {row.id: next(iter(posted.get(FIELD + row.id, ())), "") for row in self.rows}
        pairs = tuple(sorted((row, partner) for row, partner in found.items() if partner))
        if not {partner for _row, partner in pairs} <= {one.id for one in self.partners}:
            raise InvalidAnswer(
                say("This choice is not part of the question. It was not saved: please choose again."), pairs
            )
        return pairs or None

    def dump_answer(self, answer: Pairs | None) -> dict[str, Any]:
        return {"pairs": dict(answer or ())}

    def load_answer(self, data: Mapping[str, Any]) -> Pairs | None:
        return tuple(sorted(data.get("pairs", {}).items())) or None

    def answer_texts(self, answer: Pairs) -> list[str]:
        given, partners = dict(answer), {one.id: one.words for one in self.partners}
        return [
            f"{Markup(row.text).striptags()} – {partners[given[row.id]]}"  # noqa: S704 - it becomes text
            for row in self.rows
            if given.get(row.id) in partners
        ]

    def score(self, answer: Pairs) -> Fraction:
        if not self.rows:
            return Fraction(0)
        share = Fraction(self.matched(answer), len(self.rows))
        return share if self.scoring == "each-answer" else Fraction(int(share == 1))

    @property
    def scoring_words(self) -> Message | None:
        return say("Points are earned only if every part is right.") if self.scoring == "exact" else None

    def with_key_of(self, newer: Question) -> Match | None:
        """Take over the key of a newer version, which may have other partners for the same rows and nothing else."""
        if not isinstance(newer, Match) or _texts(newer.rows) != _texts(self.rows):
            return None
        if {partner.id for partner in newer.partners} != {partner.id for partner in self.partners}:
            return None
        right = {row.id: row.partner for row in newer.rows}
        rows = tuple(replace(row, partner=right[row.id]) for row in self.rows)
        return replace(self, rows=rows, scoring=newer.scoring, points=newer.points, explanation=newer.explanation)

    def parts_left(self, answer: Pairs) -> int:
        return len(self.rows) - len(answer)

    def example(self, *, is_right: bool, rng: Random) -> Pairs:
        pairs = {row.id: row.partner for row in self.rows}
        if not is_right:
            row = rng.choice(self.rows)
            pairs[row.id] = rng.choice([one.id for one in self.partners if one.id != row.partner])
        return tuple(sorted(pairs.items()))

    def select(self, rng: Random, *, is_shuffled: bool) -> dict[str, Any]:
        """``{"rows": [ids], "partners": [ids]}`` as they are shown. Partners are always shuffled."""
        rows = rng.sample(self.rows, len(self.rows)) if is_shuffled else self.rows
        partners = rng.sample(self.partners, len(self.partners))
        return {"rows": [row.id for row in rows], "partners": [one.id for one in partners]}

    def arranged(self, selected: Mapping[str, Any]) -> Self:
        rows = {row.id: row for row in self.rows}
        partners = {one.id: one for one in self.partners}
        return replace(
            self,
            rows=tuple(rows[id] for id in selected["rows"]),
            partners=tuple(partners[id] for id in selected["partners"]),
        )

    # For the template

    def matched(self, answer: Pairs) -> int:
        given = dict(answer)
        return sum(given.get(row.id) == row.partner for row in self.rows)

    def given(self, answer: Pairs | None) -> dict[str, str]:
        return dict(answer or ())

    def partner(self, id: str | None) -> Partner | None:
        return next((one for one in self.partners if one.id == id), None)


def _texts(rows: Iterable[MatchRow]) -> dict[str, str]:
    return {row.id: row.text.comparable for row in rows}


def in_no_order(partners: Iterable[Partner]) -> tuple[Partner, ...]:
    """The partners in the order that everybody sees where no attempt has its own."""
    return tuple(sorted(partners, key=lambda one: one.id))


class _Table:
    """The rows read so far."""

    def __init__(self, answers: AnswerBlock) -> None:
        self.answers = answers
        self.rows: dict[str, MatchRow] = {}
        self.partners: dict[str, Partner] = {}
        self.distractors: dict[str, Cell] = {}

    def add(self, row: list[Cell]) -> None:
        findings = self.answers.findings
        left, right = row[0], row[1] if len(row) > 1 else ("", row[0][1])
        if len(row) > 2:
            findings.error(
                row[2][1],
                say("this row has more cells than the table has columns"),
                say("write a bar that belongs to the text as \\|"),
            )
        elif not right[0]:
            findings.error(
                right[1],
                say("the right cell of this row is empty"),
                say("write what belongs to the left one, or take the row out"),
            )
        elif left[0] and id_of(left[0]) in self.rows:
            findings.error(
                left[1],
                say("“%(text)s” appears twice on the left", text=shorten(left[0])),
                say("reword one of the two: each row has one partner"),
            )
        else:
            partner = id_of(right[0])
            self.partners.setdefault(partner, Partner(partner, self._text(right)))
            if left[0]:
                self.rows[id_of(left[0])] = MatchRow(id_of(left[0]), self._text(left), partner)
            else:
                self.distractors[partner] = right

    def _text(self, cell: Cell) -> Text:
        words, (line, _column) = cell
        return self.answers.references.completed(Text(words, line))

    def check(self) -> None:
        findings, position = self.answers.findings, self.answers.passage.position(self.answers.block.first)
        used = {row.partner for row in self.rows.values()}
        for partner, (words, at) in self.distractors.items():
            if partner in used:
                findings.error(
                    at,
                    say("“%(text)s” is the partner of another row, and no distractor", text=shorten(words)),
                    say("reword it, or take the row out"),
                )
        if not MIN_ROWS <= len(self.rows) <= MAX_ROWS:
            findings.error(
                position,
                say(
                    "the number of rows to match is %(count)d; it can be %(fewest)d to %(most)d",
                    count=len(self.rows),
                    fewest=MIN_ROWS,
                    most=MAX_ROWS,
                ),
                say("write more rows with both cells, or ask about a part of them"),
            )
        elif len(self.partners) < 2:
            findings.error(
                position,
                say("all rows have the same partner"),
                say("add rows with other partners, or a distractor: a row with an empty left cell"),
            )
