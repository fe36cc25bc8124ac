"""What true or false, numbers and short answers earn; what is near a right answer; how they are read and written."""

from __future__ import annotations

import time
from contextlib import suppress
from fractions import Fraction
from itertools import permutations

import pytest
from course_sample import problems_of, question, quiz
from hypothesis import given
from hypothesis import strategies as st

from lms.content.exchange.question_markdown import read_back
from lms.content.questions import patterns
from lms.content.questions.number import AcceptedNumber, Number, written_number
from lms.content.questions.patterns import MAX_PATTERNS, SECONDS
from lms.content.questions.short_answer import AcceptedText, ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.text import Text
from lms.lib.typed_numbers import describe

DISTANCE = (
    "## Berapa? {type=number}\n\n= 7 km\n= 7.5 ± 0.5 km {50%}\n= 10..15 {25%}\n= 8 km {0%}\n    > Itu pulang-pergi.\n"
)


def number(lines: str) -> Number:
    found = question(f"## Berapa? {{type=number}}\n\n{lines}\n")
    assert isinstance(found, Number)
    return found


def short(lines: str) -> ShortAnswer:
    found = question(f"## Apa?\n\n{lines}\n")
    assert isinstance(found, ShortAnswer)
    return found


@pytest.mark.parametrize(
    ("typed", "earned"),
    [
        ("7 km", "1"), ("7KM", "1"), ("7,0 kilometer", "1"), (" 7\u00a0km. ", "1"), ("7.0 km", "1"),
        ("7,5 km", "1/2"), ("8,0 km", "1/2"), ("7,00001 km", "1/2"), ("8,00001 km", "0"), ("6,99999 km", "0"),
        ("10", "1/4"), ("15", "1/4"), ("12,5", "1/4"), ("9,99", "0"), ("15,01", "0"), ("12 km", "0"),
        ("7", "0"), ("7 m", "0"), ("tujuh km", "0"), ("7-8 km", "0"), ("7 km 5 m", "0"), ("−7 km", "0"),
    ],
)  # fmt: skip
def test_a_number_earns_what_its_best_line_gives(typed, earned):
    assert question(DISTANCE).score(typed) == Fraction(earned)


@pytest.mark.parametrize(
    ("line", "typed", "is_right"),
    [
        ("= 0.1", "0,1", True), ("= 0.3 ± 0.1", "0,2", True), ("= 0.3 ± 0.1", "0,4", True),
        ("= 0.3 ± 0.1", "0,400000000001", False), ("= 1250", "1.250", True), ("= 1.25", "1.250", False),
        ("= 1.25", "1,250", True), ("= -5", "−5", True), ("= −5", "-5", True), ("= -5", "5", False),
        ("= 20 %", "20%", True), ("= 20 %", "20 persen", True), ("= 20 %", "0,2", True), ("= 20 %", "20", False),
        ("= 0.2", "20%", True), ("= 20", "20%", False), ("= 2000000 rupiah", "Rp2.000.000,-", True),
        ("= Rp 2000000", "2 juta rupiah", True), ("= 2000000", "2 juta", True), ("= 3 m2", "3 m²", True),
        ("= 3 m²", "3 meter persegi", True), ("= 60 km/jam", "60 km per jam", True),
        ("= 999999999999999", "999.999.999.999.999", True), ("= -3..-1", "-2", True), ("= 5 +- 1", "6", True),
        ("= 5 +/- 1", "4", True), ("= 0.000000000001", "0,000000000001", True), ("= 0.1250", "0.125", True),
    ],
)  # fmt: skip
def test_a_number_is_compared_exactly(line, typed, is_right):
    assert number(line).score(typed) == is_right


@pytest.mark.parametrize(
    ("line", "typed", "is_near"),
    [
        ("= 7 km", "7", True), ("= 7 km", "7 m", True), ("= 7", "7 km", True), ("= 80 %", "80", True),
        ("= 80", "80%", True), ("= 7 km", "8", False), ("= 7 km", "7 km", False), ("= 7 km", "tujuh", False),
        ("= 19.6", "20", True), ("= 19.6", "19,5", False), ("= 19.64", "19,6", True), ("= 3.14", "3,1416", True),
        ("= 3.14", "3,15", False), ("= 14", "14,2", True), ("= 14", "15", False), ("= 0.3", "0", False),
        ("= 10..15", "15,4", True), ("= 10..15", "16", False), ("= 7 km {50%}\n= 9 km", "7", False),
    ],
)  # fmt: skip
def test_a_number_right_but_for_unit_or_rounding_is_near_and_earns_nothing(line, typed, is_near):
    found = number(line)
    assert found.is_near_miss(typed) == is_near
    if is_near:
        assert found.score(typed) == 0


@pytest.mark.parametrize(
    ("line", "typed", "told"),
    [
        ("= 0.9", "0,90 poin", "without a unit"), ("= 80", "80%", "without a unit"), ("= 7 km", "7", "is missing"),
        ("= 7 km", "7 m", "unit is not"), ("= 7 km", "8", ""), ("= 7 km", "7 km", ""), ("= 7 km", "tujuh", ""),
        ("= 19.6", "20", ""), ("= 7 km {50%}\n= 9 km", "7", ""), ("= 7\n= 7 km {0%}\n    > Bukan.", "7 km", ""),
    ],
)  # fmt: skip
def test_a_number_right_but_for_its_unit_is_said_to_be(line, typed, told):
    found = number(line).slip(typed)
    assert told in found.template if told else found is None


def test_what_the_author_calls_wrong_is_told_and_no_near_miss():
    found = question(DISTANCE)
    assert not found.is_near_miss("8 km")
    wrong = number("= 7\n= 8 km {0%}\n    > Itu pulang-pergi.")
    assert (wrong.score("8 km"), wrong.is_near_miss("8 km")) == (0, False)
    assert [text.source for text in wrong.feedback_on("8 km")] == ["Itu pulang-pergi."]
    assert short("= pimpinan\n= pimpina {0%}\n    > Bukan.").is_near_miss("Pimpina") is False


def test_how_a_number_was_read_is_said_in_words():
    found = number("= 7 km")
    assert str(found.reading("1.250,5 km").words) == "Read as 1.250,5 km."
    assert str(found.reading("2,5 juta").words) == "Read as 2.500.000, without a unit."
    assert str(number("= 7").reading("7").words) == "Read as 7."
    unread = found.reading("tujuh km")
    assert not unread.is_understood and "earns nothing" in str(unread.words)


LINE = st.builds(
    AcceptedNumber,
    value=st.integers(-1000, 1000).map(Fraction),
    tolerance=st.integers(0, 5).map(Fraction),
    unit=st.sampled_from(["", "km", "%"]),
    share=st.sampled_from([Fraction(1), Fraction(1, 8), Fraction(0)]),
)
TYPED = st.one_of(
    st.text(max_size=20),
    st.builds(
        lambda value, unit: f"{describe(Fraction(value))} {unit}",
        st.integers(-1005, 1005),
        st.sampled_from(["", "km", "%"]),
    ),
)


@given(st.lists(LINE, min_size=1, max_size=4), TYPED)
def test_a_number_never_earns_more_than_all_nor_less_than_nothing_in_whatever_order_its_lines_stand(lines, typed):
    found = {Number(title="", stem=Text(""), accepted=order).score(typed) for order in permutations(lines)}
    assert len(found) == 1
    assert 0 <= found.pop() <= 1


@given(st.builds(lambda whole, places: Fraction(whole, 10**places), st.integers(-(10**9), 10**9), st.integers(0, 9)))
def test_every_number_is_written_so_that_it_is_read_as_the_same(value):
    found = number(f"= {written_number(value)} km")
    assert found.accepted[0].value == value
    assert found.score(f"{describe(value)} km") == 1


# Short answers


@pytest.mark.parametrize(
    ("line", "typed", "is_right"),
    [
        ("= 3 × 4", "3x4", True), ("= 3x4", "3 × 4", True), ("= 3 × 4", "3 X 4", True), ("= a × b", "a x b", True),
        ("= ½", "1/2", True), ("= 1/2", "½", True), ("= 2½", "2 1/2", True), ("= Café", "cafe", True),
        ("= Jum'at", "jum’at", True), ("= tipe x", "tipex", False), ("= kaxi", "ka i", False),
        ("= a\n= /empat( ?belas)?/", "Empat Belas", True), ("= a\n= /empat( ?belas)?/", "empat  belas", True),
        ("= a\n= /empat( ?belas)?/", "empat belas orang", False), ("= a\n= /empat( ?belas)?/", "empát", True),
        ("= a\n= /caf[eé]/", "CAFÉ", True), ("= a\n= /é+/", "éé", True), ("= a\n= /\\d{4}/", "2009", True),
        ("= a\n= /\\p{L}+/", "kata", True), ("= a\n= /x{2}/", "xx", True),
    ],
)  # fmt: skip
def test_short_answers_are_compared_as_people_write_them(line, typed, is_right):
    assert short(line).score(typed) == is_right


def test_the_best_line_counts_and_speaks():
    found = short("= /.*/ {0%}\n    > Bukan.\n= pimpinan\n    > Tepat.\n= /pimpin.*/ {50%}\n    > Sebutkan lengkap.")
    for typed, share, words in (
        ("Pimpinan", 1, "Tepat."),
        ("pimpinannya", Fraction(1, 2), "Sebutkan lengkap."),
        ("camat", 0, "Bukan."),
    ):
        assert (found.score(typed), [one.source for one in found.feedback_on(typed)]) == (share, [words])


@pytest.mark.parametrize(
    ("typed", "is_near"),
    [("maklumt", True), ("Maklumt Pelayanan", False), ("makulmat", True), ("maklumat", False), ("janji", False),
     ("maklumta", True), ("janji layan", False), ("janji layanam", False)],
)  # fmt: skip
def test_one_slip_from_a_right_answer_is_near_and_earns_nothing(typed, is_near):
    found = short("= maklumat\n= janji layanan {50%}")
    assert found.is_near_miss(typed) == is_near
    if is_near:
        assert found.score(typed) == 0


def test_a_pattern_without_an_end_is_stopped_counts_as_no_match_and_is_told():
    found = short("= benar\n= /(a|aa)+[bc]/")
    began = time.perf_counter()
    assert found.score("a" * 400) == 0
    assert time.perf_counter() - began < 40 * SECONDS
    assert found.undecided("a" * 400) == ("/(a|aa)+[bc]/",)
    assert found.is_near_miss("a" * 400)
    assert found.undecided("benar") == ()
    assert (found.score("aab"), found.is_near_miss("aac")) == (1, False)


def test_a_stored_pattern_that_another_release_cannot_read_matches_nothing():
    found = ShortAnswer(title="", stem=Text(""), accepted=(AcceptedText("a"), AcceptedText("/(b/")))
    assert (found.score("a"), found.score("(b"), found.is_near_miss("b")) == (1, 0, False)


@given(st.text(max_size=40))
def test_any_text_between_slashes_is_a_pattern_or_an_error_with_its_place(text):
    fault = patterns.fault_of(text, (3, 5))
    if fault:
        (line, column), what, fix = fault
        assert line == 3 and 5 <= column <= 5 + len(text)
        assert str(what) and str(fix)
    else:
        with suppress(patterns.TooSlow):
            patterns.matches(text, "jawaban")


@given(
    st.lists(st.sampled_from(["satu", "dua", "/sa.*/", "/d?ua/", "/.*/"]), min_size=1, max_size=4, unique=True),
    st.sampled_from(["satu", "dua", "ua", "", "xyz"]) | st.text(max_size=10),
)
def test_a_short_answer_never_earns_more_than_all_nor_less_than_nothing(texts, typed):
    accepted = tuple(
        AcceptedText(text, Fraction(3 - at, 3) if at < 3 else Fraction(0)) for at, text in enumerate(texts)
    )
    scores = {ShortAnswer(title="", stem=Text(""), accepted=order).score(typed) for order in permutations(accepted)}
    assert len(scores) == 1
    assert 0 <= scores.pop() <= 1


# True or false


@pytest.mark.parametrize(
    ("lines", "is_true", "if_true", "if_false"),
    [
        ("= benar", True, None, None),
        ("= Salah", False, None, None),
        ("= salah\n    > Tepat.\n    > Sekali.\n= benar {0%}\n    > Bukan.", False, "Bukan.", "Tepat.\nSekali."),
        ("= benar {0%}\n    > Bukan.\n= salah", False, "Bukan.", None),
    ],
)
def test_the_sides_of_a_statement(lines, is_true, if_true, if_false):
    found = question(f"## Pernyataan. {{type=truefalse}}\n\n{lines}\n\n> Pembahasan.\n")
    assert isinstance(found, TrueFalse)
    assert (found.is_true, found.if_true and found.if_true.source, found.if_false and found.if_false.source) == (
        is_true,
        if_true,
        if_false,
    )
    assert (found.score(is_true), found.score(not is_true), found.chance) == (1, 0, Fraction(1, 2))
    assert found.explanation == Text("Pembahasan.", found.explanation.line)


def test_no_side_is_no_answer_and_both_are_refused_without_loss():
    found = question("## A. {type=truefalse}\n\n= benar\n")
    assert found.answer_from({"picked": [""]}) is None
    assert found.answer_from({"picked": ["false"]}) is False
    assert found.load_answer(found.dump_answer(False)) is False
    assert found.answer_texts(False) == ["Salah"]


# Written and read again


FEEDBACK = st.none() | st.sampled_from(["Ya.", "satu\n\ndua", "- a\n- b", "`a` *b*", "> kutip"]).map(Text)


@given(st.lists(st.tuples(LINE, FEEDBACK), min_size=1, max_size=3), st.booleans(), FEEDBACK, FEEDBACK)
def test_what_is_written_as_markdown_is_read_as_the_same(lines, is_true, one, two):
    accepted = {}
    for line, feedback in lines:
        share = line.share if accepted else Fraction(1)
        if share or feedback:
            one_line = AcceptedNumber(line.value, line.tolerance, line.unit, share, feedback)
            accepted.setdefault((line.value, line.unit), one_line)
    made = Number(title="", stem=Text("Berapa?"), accepted=tuple(accepted.values()))
    assert [(str(a), a.share, bool(a.feedback)) for a in read_back(made)[0].accepted] == [
        (str(a), a.share, bool(a.feedback)) for a in made.accepted
    ]
    side = TrueFalse(title="", stem=Text("Ya."), is_true=is_true, if_true=one, if_false=two)
    back = read_back(side)[0]
    assert (back.is_true, bool(back.if_true), bool(back.if_false)) == (is_true, bool(one), bool(two))


def test_a_question_has_at_most_ten_patterns_so_that_marking_ends_in_a_second():
    lines = "= a\n" + "".join(f"= /b{n}/\n" for n in range(MAX_PATTERNS + 1))
    assert [what for _place, what in problems_of(quiz(f"## A?\n\n{lines}"))] == ["a question has at most 10 patterns"]
    assert 2 * MAX_PATTERNS * SECONDS <= 1


@pytest.mark.parametrize(
    ("answers", "is_day"),
    [
        ("= 6 Oktober", True),
        ("= 5 March\n= 6 march", True),
        ("= 14 hari", False),
        ("= 7", False),
        ("= 5 Mei\n= 5", False),
    ],
)
def test_a_day_of_a_month_is_not_asked_for_as_a_number_with_a_unit(answers, is_day):
    assert number(answers).is_day == is_day
