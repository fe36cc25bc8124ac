"""What a learner sees of an attempt, and when: the table behind ``review`` of a quiz.

Eight things at four moments, as in Moodle. The presets are rows of the same table; ``quizzes.disclosure`` says which
moment it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlMap, YamlText
from lms.content.markdown.problems import say
from lms.content.markdown.values import one_of
from lms.content.settings import read_settings, setting_of_keys

Thing = Literal["answers", "correct", "points", "max-points", "feedback", "explanation", "key", "overall"]
"""The questions with one's own answers; right or wrong; points of a question, and how many it can earn; feedback on
what was answered; explanations; the right answers; what to read again. All but the last stand beside the answers."""
Moment = Literal["during", "after", "later", "closed"]
"""Once a question was checked in a running attempt; handed in; passed, or no attempt is left; the quiz is closed."""

THINGS: tuple[Thing, ...] = get_args(Thing)
MOMENTS: tuple[Moment, ...] = get_args(Moment)
ALL = frozenset(THINGS)
WITHOUT_ANSWERS: frozenset[Thing] = frozenset({"overall"})
"""What can be shown where the answers are not."""


def _things(fields: Fields, key: str) -> frozenset[Thing]:
    node = fields.value(key)
    if isinstance(node, YamlText) and node.text == "all":
        fields.ask(key)
        return ALL
    found = frozenset(fields.several(key, one_of(THINGS)))
    if key != "during" and "answers" not in found and (alone := sorted(found - WITHOUT_ANSWERS)):
        fields.fault(
            key,
            say("“%(thing)s” is shown beside the answers, and these are not shown", thing=alone[0]),
            say("add “answers” to the list"),
        )
    return found


@dataclass(frozen=True)
class ReviewTable:
    """What is shown at each moment; nothing at a moment that a file does not name."""

    during: frozenset[Thing] = setting_of_keys(_things, frozenset())
    after: frozenset[Thing] = setting_of_keys(_things, frozenset())
    later: frozenset[Thing] = setting_of_keys(_things, frozenset())
    closed: frozenset[Thing] = setting_of_keys(_things, frozenset())

    def at(self, moment: Moment) -> frozenset[Thing]:
        found: frozenset[Thing] = getattr(self, moment)
        return found


_WITHOUT_KEY: frozenset[Thing] = ALL - {"explanation", "key"}
_SCORE: frozenset[Thing] = frozenset({"overall"})

PRESETS = {
    "latihan": ReviewTable(during=ALL, after=ALL, later=ALL, closed=ALL),
    "kuis": ReviewTable(during=_WITHOUT_KEY, after=_WITHOUT_KEY, later=ALL, closed=ALL),
    "ujian": ReviewTable(after=_SCORE, later=_SCORE, closed=_SCORE),
}
DEFAULT = "kuis"


def read_review(fields: Fields, key: str) -> ReviewTable:
    """A preset by its name, or a map with a list of things for each moment."""
    if not isinstance(fields.value(key), YamlMap):
        return PRESETS[fields.get(key, one_of(tuple(PRESETS)), DEFAULT)]
    inner = fields.inner(key)
    if inner is None:
        return PRESETS[DEFAULT]
    table = ReviewTable(**read_settings(ReviewTable, inner))
    inner.finish()
    return table
