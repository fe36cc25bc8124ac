"""Which questions an attempt gets where a quiz draws from groups and tags."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from course_sample import problems_of, quiz
from hypothesis import given
from hypothesis import strategies as st

from lms.content.items.drawing import belongs_to, drawn
from lms.content.questions.short_answer import ShortAnswer
from lms.content.text import Text


def question(name: str, group: str | None = None, *tags: str) -> ShortAnswer:
    return ShortAnswer(id=name, title=name, stem=Text(name), group=group, tags=tags)


def ids(draw: dict[str, int], *questions: ShortAnswer, seed: int = 1) -> list[str]:
    return [one.id for one in drawn(draw, questions, Random(seed))]


def test_a_key_is_a_group_or_a_tag_behind_its_sign():
    one = question("a", "mudah", "Asas Umum")
    assert [key for key in ("mudah", "Mudah", "#asas umum", "asas umum", "#mudah", "") if belongs_to(one, key)] == [
        "mudah",
        "#asas umum",
        "",
    ]


def test_a_group_and_a_tag_are_drawn_in_file_order_and_no_question_twice():
    questions = [question("a", "x", "t"), question("b", None, "t"), question("c", "x"), question("d", "y")]
    for seed in range(30):
        assert ids({"x": 1, "#t": 1}, *questions, seed=seed) in (["a", "b"], ["a", "c"], ["b", "c"])
        assert ids({"x": 2, "#t": 1}, *questions, seed=seed) == ["a", "b", "c"]


def test_a_key_with_too_few_questions_takes_what_there_is():
    assert ids({"x": 3, "#t": 2}, question("a", "x", "t"), question("b")) == ["a"]


KEYS = ("x", "y", "#t", "#u")
MADE = st.lists(st.tuples(st.sampled_from(["x", "y", None]), st.sets(st.sampled_from("tu"))), max_size=6)


@given(MADE, st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3), max_size=4), st.integers(0, 9))
def test_as_many_are_drawn_as_can_be(made, draw, seed):
    """Hall's condition: what any set of keys lacks, no exchange brings."""
    questions = [question(str(at), group, *sorted(tags)) for at, (group, tags) in enumerate(made)]
    lacking = max(
        sum(draw[key] for key in keys) - sum(any(belongs_to(one, key) for key in keys) for one in questions)
        for size in range(len(draw) + 1)
        for keys in combinations(draw, size)
    )
    assert len(ids(draw, *questions, seed=seed)) == sum(draw.values()) - lacking


@pytest.mark.parametrize("keys", ['draw: {"#asas": 1}\n', 'draw: {"#ASAS": 1}\n'])
def test_a_draw_by_tag_is_read(keys):
    found = problems_of(quiz("## Apa? {tags=asas}\n\n= a\n\n## Lain?\n\n= b\n", keys=keys))
    assert found == [("10:1", "this question is never drawn")]
