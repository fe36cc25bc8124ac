"""What every question kind promises, looked at for each that is registered and for one from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from kind_samples import SAMPLES, questions
from toys.tally import Tally

from lms.content import codec
from lms.content.questions.base import InvalidAnswer, kinds
from lms.content.questions.templates import template_of

NONSENSE: list[dict[str, list[str]]] = [
    {},
    {"picked": []},
    {"picked": ["z"]},
    {"picked": ["a", "b", "z"]},
    {"text": [""]},
    {"text": ["\x00 \t"]},
    {"text": ["x" * 100_000]},
    {"count": ["-1"]},
    {"lain": ["a"]},
]


@pytest.fixture(autouse=True)
def tally() -> Iterator[None]:
    kinds.register(Tally)
    yield
    kinds.unregister(Tally)


def test_each_kind_has_a_sample() -> None:
    assert {kind.kind for kind in kinds if kind.is_asked} == SAMPLES.keys(), (
        "write an example of its answers in SAMPLES"
    )
    read = {question.kind for question in questions()}
    assert read == SAMPLES.keys(), "another kind takes these answers: see fits and is_read_by_shape"


def test_right_examples_earn_everything_and_wrong_ones_less() -> None:
    for question in questions():
        if question.is_marked_by_people:
            assert question.score(question.example(is_right=True, rng=Random(1))) == 0
            continue
        for seed in range(20):
            rng = Random(seed)
            assert question.score(question.example(is_right=True, rng=rng)) == 1
            assert 0 <= question.score(question.example(is_right=False, rng=rng)) < 1


def test_an_answer_survives_the_journal() -> None:
    for question in questions():
        for is_right in (True, False):
            answer = question.example(is_right=is_right, rng=Random(1))
            stored = json.loads(json.dumps(question.dump_answer(answer)))
            assert question.load_answer(stored) == answer
            assert hash(answer) is not None


def test_no_answer_is_none_and_nothing_else() -> None:
    for question in questions():
        assert question.load_answer({}) is None
        assert question.load_answer(json.loads(json.dumps(question.dump_answer(None)))) is None
        assert question.answer_from({}) is None


@pytest.mark.parametrize("posted", NONSENSE, ids=lambda posted: str(posted)[:40])
def test_whatever_a_form_sends_is_an_answer_none_or_refused_in_words(posted: dict[str, list[str]]) -> None:
    for question in questions():
        try:
            answer = question.answer_from(posted)
        except InvalidAnswer as invalid:
            assert str(invalid.message)
        else:
            assert answer is None or isinstance(question.score(answer), Fraction)


def test_a_question_survives_being_stored() -> None:
    for question in questions():
        stored = json.loads(json.dumps(codec.dump(question)))
        assert codec.dump(codec.load(type(question), stored)) == stored


def test_an_arranged_question_has_the_same_parts_and_marks() -> None:
    for question in questions():
        for seed in range(10):
            selected = json.loads(json.dumps(question.select(Random(seed), is_shuffled=True)))
            arranged = question.arranged(selected)
            right = question.example(is_right=True, rng=Random(1))
            assert arranged.score(right) == (0 if question.is_marked_by_people else 1)
            assert arranged.id == question.id
            assert _sorted(codec.dump(arranged)) == _sorted(codec.dump(question))


def _sorted(value: Any) -> Any:
    """Lists without their order."""
    if isinstance(value, dict):
        return {key: _sorted(one) for key, one in value.items()}
    return sorted(map(_sorted, value), key=str) if isinstance(value, list) else value


@pytest.mark.parametrize("macro", ["inputs", "review", "check_inputs", "check_solution"])
def test_the_template_has_every_macro(macro: str) -> None:
    for kind in kinds:
        assert f"macro {macro}(" in template_of(kind).read_text()
