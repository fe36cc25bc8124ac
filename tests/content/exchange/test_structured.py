"""Ordering, matching, gaps and texts without a question: there and back, and what Moodle itself writes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from course_sample import STRUCTURED_QUIZ, item
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.exchange.gift import read_gift
from lms.content.exchange.gift_writing import write_gift
from lms.content.exchange.moodle_xml import read_moodle_xml
from lms.content.exchange.moodle_xml_writing import write_moodle_xml
from lms.content.exchange.question_markdown import NotWritable, read_back
from lms.content.questions.description import Description
from lms.content.questions.gaps import Gap, Gaps, gaps_of
from lms.content.questions.match import Match, MatchRow, Partner, in_no_order
from lms.content.questions.order import Order, id_of, steps_of
from lms.content.text import Text

WORDS = st.text("ab 1.é:=~#{}\\%[]->*/|", min_size=1, max_size=12).map(str.strip).filter(bool)
SHARED = {
    "title": st.just(""),
    "stem": WORDS.map(Text),
    "points": st.sampled_from([Fraction(1), Fraction(5, 2)]),
    "group": st.none() | st.just("mudah"),
    "explanation": st.none() | WORDS.map(Text),
    "hints": st.lists(WORDS.map(Text), max_size=2).map(tuple),
    "tags": st.lists(st.sampled_from(["asas", "UU 25/2009"]), unique=True).map(tuple),
    "objective": st.none() | st.just("Menyebut asas"),
    "difficulty": st.none() | st.just("sulit"),
    "pair": st.none() | st.just("asas"),
    "lint_off": st.sampled_from([(), ("long-question",)]),
}


@st.composite
def orders(draw):
    texts = draw(st.lists(WORDS, min_size=2, max_size=5, unique=True))
    scoring = draw(st.sampled_from(["exact", "each-answer", "neighbours", "pairs", "longest-run"]))
    return Order(
        **draw(st.fixed_dictionaries(SHARED)),
        steps=steps_of((id_of(text), Text(text)) for text in texts),
        scoring=scoring,
    )


@st.composite
def matches(draw):
    rights = draw(st.lists(WORDS, min_size=2, max_size=5, unique=True))
    lefts = draw(st.lists(WORDS, min_size=2, max_size=4, unique=True))
    partners = {id_of(text): Partner(id_of(text), Text(text)) for text in rights}
    rows = tuple(MatchRow(id_of(one), Text(one), draw(st.sampled_from(list(partners)))) for one in lefts)
    return Match(
        **draw(st.fixed_dictionaries(SHARED)),
        rows=rows,
        partners=in_no_order(partners.values()),
        left_head=draw(st.none() | WORDS.map(Text)),
        right_head=draw(st.none() | WORDS.map(Text)),
        scoring=draw(st.sampled_from(["each-answer", "exact"])),
    )


PLAIN = st.text("ab1é:=~#{}%*/é ", min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def gap_questions(draw):
    stem = "Isi"
    for _ in range(draw(st.integers(1, 3))):
        texts = draw(st.lists(PLAIN, min_size=2, max_size=3, unique_by=str.casefold))
        if draw(st.booleans()):
            texts[0] = f"={texts[0]}"
        stem += f" [[{'|'.join(texts)}]] dan"
    stem += draw(st.sampled_from([".", " `[[x]]`.", " $a_{[[x]]}$.", "\n\n| a |\n| - |\n| [[b\\|c]] |"]))
    shared = draw(st.fixed_dictionaries({**SHARED, "stem": st.just(Text(stem))}))
    scoring = draw(st.sampled_from(["each-answer", "exact"]))
    return Gaps(**shared, gaps=gaps_of(stem), scoring=scoring)


DESCRIPTIONS = st.builds(lambda text: Description(title="", stem=Text(text), points=Fraction(0)), WORDS)


def sound(questions):
    found = []
    for question in questions:
        try:
            found.append(read_back(question)[0])
        except NotWritable:
            continue
    return found


@settings(max_examples=40)
@given(st.lists(orders() | matches() | gap_questions() | DESCRIPTIONS, min_size=1, max_size=3))
def test_moodle_xml_there_and_back(questions):
    ours = sound(questions)
    text, left_out = write_moodle_xml([("", ours)])
    bank = read_moodle_xml(text.encode())
    assert not left_out and not bank.left_out
    assert [read_back(one.question) for one in bank.taken] == [read_back(one) for one in ours]


def has_an_arrow(question):
    return isinstance(question, Match) and any("->" in one.text.source for one in (*question.rows, *question.partners))


@settings(max_examples=40)
@given(st.lists(orders() | matches() | DESCRIPTIONS, min_size=1, max_size=3))
def test_gift_there_and_back(questions):
    ours = [one for one in sound(questions) if not has_an_arrow(one)]
    text, left_out = write_gift([("", ours)])
    bank = read_gift(text)
    assert not left_out and not bank.left_out
    assert [read_back(one.question) for one in bank.taken] == [read_back(one) for one in ours]


def test_the_sample_quiz_leaves_and_comes_back_but_for_gaps_in_gift():
    questions = item(STRUCTURED_QUIZ).questions
    [found] = [read_moodle_xml(write_moodle_xml([("", questions)])[0].encode())]
    assert [read_back(one.question) for one in found.taken] == [read_back(one) for one in questions]
    text, left_out = write_gift([("", questions)])
    assert left_out == 1 and "// Tidak dapat ditulis dalam GIFT: Survei dilakukan … kali" in text
    assert [type(one.question) for one in read_gift(text).taken] == [Description, Order, Match]


def test_an_arrow_in_a_pair_leaves_by_moodle_xml_alone():
    partners = [Partner(id_of(one), Text(one)) for one in ("a -> b", "c")]
    rows = tuple(MatchRow(id_of(one.text.source + "?"), Text(one.text.source + "?"), one.id) for one in partners)
    question = Match(title="", stem=Text("Apa?"), rows=rows, partners=in_no_order(partners))
    assert write_gift([("", [question])])[1] == 1
    assert write_moodle_xml([("", [question])])[1] == 0


def only(bank):
    [found] = bank.taken
    return found.question, [str(note) for note in found.notes]


def test_the_gift_of_moodle_s_ordering_questions():
    text = "::A::[html]Put in order.{>2 CONTIGUOUS VERTICAL RELATIVE_ALL_PREVIOUS_AND_NEXT SHOW none\nA\nB\nC\n}"
    question, notes = only(read_gift(text))
    assert [step.text.source for step in question.in_order] == ["A", "B", "C"]
    assert question.scoring == "pairs" and notes == ["In Moodle 2 of the 3 steps are asked; here all of them."]
    question, notes = only(read_gift("Put in order.{>2     none\nA\nB\n}"))
    assert question.scoring == "exact" and notes == ["The file does not say how an order earns points: all or nothing."]
    assert "with > does not say" in str(read_gift("Put.{> A B\nC}").left_out[0].what)


def test_the_gift_of_moodle_s_matching_questions():
    question, _ = only(read_gift("Match.{ =Jakarta -> Indonesia =*Manila* -> *Filipina* = -> Laos }"))
    assert [(row.text.source, question.partner(row.partner).text.source) for row in question.rows] == [
        ("Jakarta", "Indonesia"),
        (r"\*Manila\*", r"\*Filipina\*"),
    ]
    assert [one.text.source for one in question.distractors] == ["Laos"]


CLOZE = """<quiz><question type="cloze"><questiontext format="html"><text><![CDATA[<p>
Isi {1:SHORTANSWER:=satu~=1#Ya~%0%dua}
dan <b>{2:MCVS:~terbuka~%100%ter&amp;buka~rahasia \\} #tidak}</b>.</p>]]></text></questiontext></question></quiz>"""


def test_the_embedded_answers_of_moodle():
    question, notes = only(read_moodle_xml(CLOZE.encode()))
    assert question.stem.source == "Isi [[satu|1]] dan **[[terbuka|=ter&buka|rahasia }]]**."
    assert question.gaps == (Gap(("satu", "1")), Gap(("ter&buka",), ("terbuka", "ter&buka", "rahasia }")))
    assert len(notes) == 3


@pytest.mark.parametrize(
    "code", ["{1:NUMERICAL:=5}", "{1:SA:%50%a~=b}", "{1:MC:a~b}", "{1:SA:=a*}", "{1:SA:=a|b}", "{1:SA:=}", "tanpa"]
)
def test_gaps_that_no_quiz_here_can_have_are_named(code):
    stem = f'<questiontext format="html"><text>Isi {code}</text></questiontext>'
    text = f'<quiz><question type="cloze">{stem}</question></quiz>'
    assert read_moodle_xml(text.encode()).left_out


def test_a_scoring_of_moodle_that_is_not_known_here_is_told():
    text = """<quiz><question type="ordering"><questiontext format="html"><text>Urut</text></questiontext>
    <gradingtype>RELATIVE_TO_CORRECT</gradingtype><answer><text>a</text></answer><answer><text>b</text></answer>
    </question></quiz>"""
    question, notes = only(read_moodle_xml(text.encode()))
    assert question.scoring == "exact" and "RELATIVE_TO_CORRECT" in notes[0]


@pytest.mark.parametrize("count", ["9" * 5_000, "-1", "", "٣"])
def test_a_number_of_steps_that_is_none_is_taken_for_all(count):
    text = f"""<quiz><question type="ordering"><questiontext format="html"><text>Urut</text></questiontext>
    <selecttype>1</selecttype><selectcount>{count}</selectcount><gradingtype>ALL_OR_NOTHING</gradingtype>
    <answer><text>a</text></answer><answer><text>b</text></answer></question></quiz>"""
    question, _notes = only(read_moodle_xml(text.encode()))
    assert len(question.steps) == 2
