"""An essay: a text that people mark, by a rubric if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from lms.content.file_limits import FileLimits, files_of_answer
from lms.content.markdown.blocks import Block
from lms.content.markdown.problems import say
from lms.content.questions.base import InvalidAnswer, Posted, Question, StemSource, kinds
from lms.content.rubric import Criterion, best_possible, earned_points
from lms.content.settings import setting
from lms.lib.folding import visible

MAX_LENGTH = 8_000
"""In characters, as the text of a paper: about 1,100 words."""


@kinds.register
@dataclass(frozen=True, kw_only=True)
class Essay(Question):
    """An answer is the text as it was typed. It earns nothing until somebody marks it."""

    kind = "essay"
    types = ("essay",)
    is_read_by_shape = False
    is_marked_by_people = True

    rubric: tuple[Criterion, ...] = ()
    files: FileLimits | None = setting(files_of_answer, None)
    """What may be attached to an answer; None: nothing."""

    @property
    def attachments(self) -> FileLimits | None:
        return self.files

    @classmethod
    def fits(cls, block: Block) -> bool:
        return False

    @classmethod
    def fits_stem(cls, source: str) -> bool:
        return True

    @classmethod
    def read_stem(cls, stem: StemSource) -> Mapping[str, Any]:
        return {}

    def answer_from(self, posted: Posted) -> str | None:
        sent = next(iter(posted.get("text", ())), "").replace("\0", "")
        text = sent.replace("\r\n", "\n")  # browsers send two characters for a line end, and count one
        if len(text) > MAX_LENGTH:
            raise InvalidAnswer(
                say(
                    "This answer has more than %(max)s characters and was not saved yet. Nothing of it is lost on this "
                    "page: please shorten it.",
                    max=f"{MAX_LENGTH:,}".replace(",", "."),
                ),
                text,
            )
        return _unless_blank(text)

    def dump_answer(self, answer: str | None) -> dict[str, Any]:
        return {"text": answer or ""}

    def load_answer(self, data: Mapping[str, Any]) -> str | None:
        return _unless_blank(data.get("text", ""))

    def score(self, answer: str) -> Fraction:
        return Fraction(0)

    @property
    def best(self) -> Decimal:
        """The most points of the rubric."""
        return best_possible(self.rubric)

    def points_by(self, picked: Mapping[int, int]) -> Fraction:
        """What the picked levels of the rubric earn (``rubric.earned_points``).

        :raises ValueError: a level is missing or does not exist.
        """
        earned = earned_points(self.rubric, picked)
        return self.points * Fraction(earned) / Fraction(self.best) if self.best else Fraction(0)

    def with_key_of(self, newer: Question) -> Question | None:
        """Points and rubric stay as they were: marks were given by them. So do the limits of what was attached."""
        found = super().with_key_of(newer)
        return (
            replace(found, points=self.points, rubric=self.rubric, files=self.files)
            if isinstance(found, Essay)
            else None
        )

    def example(self, *, is_right: bool, rng: Random) -> str:
        return "Sebutkan syarat sebelum warga datang, lalu ukur waktu tunggunya." if is_right else "Belum tahu."


def _unless_blank(text: str) -> str | None:
    return text if visible(text).strip() else None
