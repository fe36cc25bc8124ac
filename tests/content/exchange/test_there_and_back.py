"""What leaves as GIFT or Moodle XML comes back the same; readers survive anything and lose no question."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.exchange.bank import UnreadableBank
from lms.content.exchange.gift import read_gift
from lms.content.exchange.gift_writing import write_gift
from lms.content.exchange.moodle_xml import read_moodle_xml
from lms.content.exchange.moodle_xml_writing import write_moodle_xml
from lms.content.exchange.question_markdown import NotWritable, read_back
from lms.content.exchange.recognising import read_bank
from lms.content.file_limits import FileLimits
from lms.content.questions.base import kinds
from lms.content.questions.choice import Choice, Option
from lms.content.questions.description import Description
from lms.content.questions.essay import Essay
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.number import AcceptedNumber, Number
from lms.content.questions.order import Order
from lms.content.questions.short_answer import AcceptedText, ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.rubric import Criterion, Level
from lms.content.text import Text

WORDS = st.text("ab 1.é:=~#{}\\%[]->*/", min_size=1, max_size=12).map(str.strip).filter(bool)
LINES = st.lists(
    st.one_of(WORDS, st.sampled_from(["**tebal**", "- butir", "> kutipan", "$a^2$", "`x = {1}`"])),
    min_size=1,
    max_size=3,
)
TEXTS = LINES.map("\n\n".join).map(Text)
MAYBE = st.none() | TEXTS
POINTS = st.sampled_from([Fraction(1), Fraction(5, 2), Fraction(1, 4), Fraction(100)])
SHARED = {
    "title": st.just(""),
    "stem": TEXTS,
    "points": POINTS,
    "group": st.none() | st.sampled_from(["mudah", "Bab 1", "a/b"]),
    "tags": st.lists(st.sampled_from(["asas", "UU 25/2009", "a]b", "1"]), unique=True, max_size=3).map(tuple),
    "objective": st.none() | st.sampled_from(["Menyebut asas", "C1: tahu & paham", "[x]"]),
    "difficulty": st.none() | st.sampled_from(["mudah", "sedang", "sulit"]),
    "pair": st.none() | st.sampled_from(["asas", "uu-25"]),
    "lint_off": st.sampled_from([(), ("longest-key",), ("longest-key", "same-stem")]),
    "explanation": MAYBE,
    "hints": st.lists(TEXTS, max_size=2).map(tuple),
}


@st.composite
def choices(draw):
    texts = draw(st.lists(WORDS, min_size=2, max_size=5, unique=True))
    takes_several = draw(st.booleans())
    right = draw(st.sets(st.sampled_from(range(len(texts))), min_size=1, max_size=5 if takes_several else 1))
    options = tuple(
        Option("abcde"[at], Text(text), at in right, draw(MAYBE), draw(st.booleans())) for at, text in enumerate(texts)
    )
    scoring = (
        draw(st.sampled_from(["exact", "each-answer", "net-correct", "correct-only"])) if takes_several else "exact"
    )
    shared = draw(st.fixed_dictionaries(SHARED))
    return Choice(**shared, options=options, takes_several=takes_several, scoring=scoring)


ACCEPTED = st.lists(
    st.sampled_from(
        ["satu", "dua *", "= 3", "[html] x", "10%", "a {b}", "//", "/tiga.*/", r"/(empat|4)\.?/", r"/5\*.*/", "a  b"]
    ),
    min_size=1,
    unique=True,
)


@st.composite
def short(draw):
    shares = (Fraction(1), Fraction(1, 2), Fraction(0))
    accepted = tuple(
        AcceptedText(text, share, draw(MAYBE if share else TEXTS))
        for text, share in zip(draw(ACCEPTED), shares, strict=False)
    )
    return ShortAnswer(**draw(st.fixed_dictionaries(SHARED)), accepted=accepted)


EXACT = st.builds(lambda whole, places: Fraction(whole, 10**places), st.integers(-99_999, 99_999), st.integers(0, 4))


@st.composite
def numbers(draw):
    shares = draw(st.permutations([Fraction(1), Fraction(1, 2), Fraction(0)]))[: draw(st.integers(1, 3))]
    accepted = [
        AcceptedNumber(
            draw(EXACT),
            abs(draw(EXACT)) if draw(st.booleans()) else Fraction(0),
            draw(st.sampled_from(["", "km", "%", "m2", "km/jam"])),
            share,
            draw(MAYBE if share else TEXTS),
        )
        for share in shares
    ]
    accepted = [replace(one, is_range=bool(one.tolerance) and draw(st.booleans())) for one in accepted]
    return Number(**draw(st.fixed_dictionaries(SHARED)), accepted=tuple(accepted))


SIDES = st.builds(
    lambda shared, is_true, one, two: TrueFalse(**shared, is_true=is_true, if_true=one, if_false=two),
    st.fixed_dictionaries(SHARED),
    st.booleans(),
    MAYBE,
    MAYBE,
)
LEVELS = st.lists(st.sampled_from(["Baik", "Cukup", "a|b", "Kurang (x)"]), unique=True, min_size=1, max_size=3)
DESCRIPTIONS = st.sampled_from(["", "Ada data", "a | b", "`c`"])


@st.composite
def essays(draw):
    levels = [(title, Decimal(number) / 2) for number, title in enumerate(draw(LEVELS), start=1)]
    names = draw(st.lists(st.sampled_from(["Isi", "Bahasa", "x|y"]), unique=True, max_size=2))
    rubric = tuple(Criterion(one, tuple(Level(*level, draw(DESCRIPTIONS)) for level in levels)) for one in names)
    files = draw(st.none() | st.builds(FileLimits, most=st.integers(1, 5)))  # Moodle knows no other limits
    return Essay(**draw(st.fixed_dictionaries(SHARED)), rubric=rubric, files=files)


QUESTIONS = st.lists(choices() | short() | numbers() | SIDES | essays(), min_size=1, max_size=3)


def sound(questions):
    """As a quiz has them: what no Markdown can say is not in any."""
    found = []
    for question in questions:
        try:
            found.append(read_back(question)[0])
        except NotWritable:
            continue
    return found


@settings(max_examples=60, deadline=None)
@given(QUESTIONS)
def test_gift_there_and_back(questions):
    ours = [one for one in sound(questions) if not (isinstance(one, ShortAnswer) and has_arrow(one))]
    text, left_out = write_gift([("", ours)])
    bank = read_gift(text)
    assert not left_out and not bank.left_out
    assert [read_back(one.question) for one in bank.taken] == [read_back(one) for one in ours]


@settings(max_examples=60, deadline=None)
@given(QUESTIONS)
def test_moodle_xml_there_and_back(questions):
    ours = sound(questions)
    text, left_out = write_moodle_xml([("", ours)])
    bank = read_moodle_xml(text.encode())
    assert not left_out and not bank.left_out
    assert [read_back(one.question) for one in bank.taken] == [read_back(one) for one in ours]


def has_arrow(question):
    return any("->" in one.text or (one.feedback and "->" in one.feedback.source) for one in question.accepted)


@pytest.mark.parametrize("answer", [AcceptedText("a -> b"), AcceptedText("a", feedback=Text("Lihat a -> b"))])
def test_an_arrow_in_a_short_answer_leaves_by_moodle_xml_alone(answer):
    question = ShortAnswer(title="", stem=Text("Apa?"), accepted=(answer,))
    assert write_gift([("", [question])])[1] == 1
    [found] = read_moodle_xml(write_moodle_xml([("", [question])])[0].encode()).taken
    assert read_back(found.question) == read_back(question)


PIECES = st.sampled_from(
    [
        *"{}=~#%:\\\n",
        "\n\n",
        "::a::",
        "//x\n",
        "[html]",
        "%50%",
        "####",
        "->",
        "T",
        "apa",
        "<b>",
        "<ul><li>",
        "&amp;",
        "$CATEGORY: x",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_no_block_of_gift_is_lost(text):
    text = text.replace("\r", "\n")
    blocks = re.split(r"\n\s*\n", "\n".join(line.strip() for line in text.split("\n")))
    lines = [[line for line in block.split("\n") if line and not line.startswith("//")] for block in blocks]
    wanted = [block for block in lines if block and not (block[0].startswith("$CATEGORY:") and len(block) == 1)]
    assert len(read_gift(text).entries) == len(wanted)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.lists(PIECES, max_size=40).map("".join).map(str.encode)
)
def test_whatever_the_bytes_are_the_answer_is_a_bank_or_a_refusal(data):
    for before in (b"", b"<quiz>", b"Soal;A;B;Kunci\n", b"Apa?\nA. a\nB. b\nANSWER: A\n"):
        try:
            assert read_bank(before + data).entries
        except UnreadableBank as refusal:
            assert str(refusal.what) and str(refusal.fix)


class OtherKind(Choice):
    """A kind that neither format knows."""


def test_a_kind_that_a_format_has_no_way_to_say_is_named_in_the_file():
    options = (Option("a", Text("a"), True), Option("b", Text("b"), False))
    other = OtherKind(title="Lain -- jenis", stem=Text("Lain"), options=options)
    for write, read in ((write_gift, read_gift), (write_moodle_xml, lambda text: read_moodle_xml(text.encode()))):
        text, left_out = write([("", [other])])
        assert left_out == 1 and "Lain" in text
        assert not read(text).entries


MADE = {
    Choice: {"options", "takes_several", "scoring"},
    ShortAnswer: {"accepted"},
    Number: {"accepted"},
    TrueFalse: {"is_true", "if_true", "if_false"},
    Essay: {"files", "rubric"},
    Order: {"steps", "scoring"},
    Match: {"rows", "partners", "left_head", "right_head", "scoring"},
    Gaps: {"gaps", "scoring"},
    Description: set[str](),
}
"""The fields that the questions of these tests and of ``test_structured`` have, besides those that all share."""


def test_no_kind_and_no_field_is_left_out_of_these_tests():
    """``id`` and ``title`` are made of the file; ``line`` is a place in it."""
    built_in = [kind for kind in kinds if kind.__module__.startswith("lms.")]
    assert len(built_in) == len(MADE)
    for kind in built_in:
        names = {one.name for one in fields(kind)} - {"id", "title", "line"}
        assert names == MADE[kind] | set(SHARED) - {"title"}, kind
