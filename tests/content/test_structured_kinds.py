"""Ordering, matching, gaps and texts without a question: what is read, how parts earn points."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest
from course_sample import STRUCTURED_QUIZ, item, module, problems_of, question, quiz
from hypothesis import given
from hypothesis import strategies as st

from lms.content import codec, stored
from lms.content.checks_in_html import pieces
from lms.content.questions import gap_text
from lms.content.questions.gaps import Gap
from lms.content.questions.order import id_of
from lms.content.rendering.course import FileRenderer

STEPS = ("satu", "dua", "tiga", "empat")


def order(scoring="exact", steps=STEPS):
    lines = "\n".join(f"{number}. {text}" for number, text in enumerate(steps, 1))
    return question(f"## Urut? {{type=order scoring={scoring}}}\n\n{lines}\n")


def placed(*texts, start=1):
    return tuple(sorted((id_of(text), place) for place, text in enumerate(texts, start) if text))


def match(scoring="each-answer"):
    table = "| a | b |\n| - | - |\n| x | satu |\n| y | dua |\n| z | satu |\n|  | tiga |\n"
    return question(f"## Jodoh? {{type=match scoring={scoring}}}\n\n{table}")


def gaps(text="Isi [[satu|1]] dan [[=dua|tiga]] dan [[4]].", attributes=""):
    return question(f"## {text}{attributes}\n")


def rendered(found):
    return found.rendered(FileRenderer(lambda _link: None, "id").phrase)


# Worked by hand. Written order satu, dua, tiga, empat; given dua, satu, tiga, empat: one pair of six is turned round,
# only tiga-empat follow each other, tiga and empat are at their places, and satu (or dua), tiga, empat are in order.
BY_HAND = [
    ("exact", STEPS, 1),
    ("exact", ("dua", "satu", "tiga", "empat"), 0),
    ("each-answer", ("dua", "satu", "tiga", "empat"), Fraction(2, 4)),
    ("neighbours", ("dua", "satu", "tiga", "empat"), Fraction(1, 3)),
    ("pairs", ("dua", "satu", "tiga", "empat"), Fraction(5, 6)),
    ("longest-run", ("dua", "satu", "tiga", "empat"), Fraction(3, 4)),
    ("each-answer", ("empat", "tiga", "dua", "satu"), 0),
    ("neighbours", ("empat", "tiga", "dua", "satu"), 0),
    ("pairs", ("empat", "tiga", "dua", "satu"), 0),
    ("longest-run", ("empat", "tiga", "dua", "satu"), 0),  # one step alone is no row
    ("neighbours", ("dua", "tiga", "empat", "satu"), Fraction(2, 3)),
    ("pairs", ("dua", "tiga", "empat", "satu"), Fraction(3, 6)),
    ("longest-run", ("dua", "tiga", "empat", "satu"), Fraction(3, 4)),
    ("each-answer", ("satu", "", "tiga", ""), Fraction(2, 4)),
    ("pairs", ("satu", "", "tiga", ""), Fraction(1, 6)),
    ("neighbours", ("satu", "", "tiga", ""), 0),
    ("longest-run", ("satu", "", "tiga", ""), Fraction(2, 4)),
    ("exact", ("satu", "dua", "tiga", ""), 0),
]


@pytest.mark.parametrize(("scoring", "given", "share"), BY_HAND)
def test_orders_marked_by_hand(scoring, given, share):
    assert order(scoring).score(placed(*given)) == share


def test_a_number_given_twice_places_nobody():
    answer = tuple(sorted([(id_of("satu"), 1), (id_of("dua"), 2), (id_of("tiga"), 2), (id_of("empat"), 4)]))
    assert order("each-answer").score(answer) == Fraction(2, 4)
    assert order("pairs").score(answer) == Fraction(1, 6)
    assert order().faulty_places(answer) == ([2], [3])
    assert order().parts_left(answer) == 0
    found = order().reading(answer)
    assert not found.is_understood and dict(found.words.values) == {"repeated": "2", "missing": "3"}
    assert order().reading(answer[:1]).is_understood and order().parts_left(answer[:1]) == 3
    assert order().reading(placed(*STEPS)) is None


@pytest.mark.parametrize("scoring", ["exact", "each-answer", "neighbours", "pairs", "longest-run"])
def test_only_the_right_order_earns_everything(scoring):
    one = order(scoring)
    shares = {given: one.score(placed(*given)) for given in permutations(STEPS)}
    assert [given for given, share in shares.items() if share == 1] == [STEPS]
    assert all(0 <= share <= 1 for share in shares.values())


PLACES = st.dictionaries(st.sampled_from([*map(id_of, STEPS), "gone"]), st.integers(-1, 9), max_size=5)


@given(PLACES, st.sampled_from(["exact", "each-answer", "neighbours", "pairs", "longest-run"]), st.integers(0, 99))
def test_no_order_earns_less_than_nothing_or_more_than_all(places, scoring, seed):
    one, answer = order(scoring), tuple(sorted(places.items()))
    selected = json.loads(json.dumps(one.select(Random(seed), is_shuffled=False)))
    assert 0 <= one.score(answer) <= 1
    assert one.arranged(selected).score(answer) == one.score(answer)  # the key follows the shuffled question
    assert one.arranged(selected).load_answer(json.loads(json.dumps(one.dump_answer(answer)))) == (answer or None)


@given(st.integers(2, 6), st.integers(0, 10_000))
def test_steps_are_never_shown_in_the_right_order(count, seed):
    one = order(steps=[f"langkah {number}" for number in range(count)])
    right = [step.id for step in one.in_order]
    assert [step.id for step in one.steps] != right
    assert one.select(Random(seed), is_shuffled=False)["steps"] != right


def test_ids_follow_the_text_so_that_a_corrected_key_marks_old_answers():
    wrong, right = order(steps=("dua", "satu", "tiga")), order(steps=("satu", "dua", "tiga"))
    answer = placed("satu", "dua", "tiga")
    assert (wrong.score(answer), right.score(answer)) == (0, 1)
    assert {step.id for step in wrong.steps} == {step.id for step in right.steps}


def test_matching_gives_a_share_for_each_row():
    one = match()
    row = {found.text.source: found.id for found in one.rows}
    partner = {found.text.source: found.id for found in one.partners}
    assert len(one.partners) == 3 and [found.text.source for found in one.distractors] == ["tiga"]
    given = ((row["x"], partner["satu"]), (row["y"], partner["tiga"]))
    assert one.score(tuple(sorted(given))) == Fraction(1, 3) and one.parts_left(given) == 1
    assert match("exact").score(tuple(sorted(given))) == 0
    assert one.score(one.example(is_right=True, rng=Random(1))) == 1


@given(st.data(), st.integers(0, 99))
def test_matching_is_between_nothing_and_all_in_whatever_order(data, seed):
    one = match(data.draw(st.sampled_from(["each-answer", "exact"])))
    rows, partners = [row.id for row in one.rows], [partner.id for partner in one.partners]
    pairs = data.draw(st.dictionaries(st.sampled_from([*rows, "gone"]), st.sampled_from([*partners, "gone"])))
    answer = tuple(pairs.items())
    arranged = one.arranged(json.loads(json.dumps(one.select(Random(seed), is_shuffled=True))))
    assert 0 <= one.score(answer) == one.score(answer[::-1]) == arranged.score(answer) <= 1


def test_gaps_are_compared_as_short_answers_and_each_has_its_share():
    one = gaps()
    assert one.gaps == (Gap(("satu", "1")), Gap(("dua",), ("dua", "tiga")), Gap(("4",)))
    assert one.score(((1, " SATÚ "), (2, "dua"), (3, "5"))) == Fraction(2, 3)
    assert one.score(((2, "Dua"),)) == 0  # an option is chosen, not typed
    assert gaps(attributes=" {scoring=exact}").score(((1, "1"), (2, "dua"))) == 0
    assert one.parts_left(((1, "x"),)) == 2


@given(st.dictionaries(st.integers(-1, 5), st.sampled_from(["satu", "1", "dua", "tiga", "4", "", "x"])))
def test_gaps_are_between_nothing_and_all(given_):
    one, answer = gaps(), tuple(sorted(given_.items()))
    assert 0 <= one.score(answer) <= 1
    assert one.load_answer(json.loads(json.dumps(one.dump_answer(answer)))) == (answer or None)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Isi [[a]].", 1),
        ("Isi **[[a]]** dan *[[b]]*.", 2),
        ("Isi [[a]] `[[b]]` $x_{[[c]]}$.", 1),
        ("Isi [[a]] \\[[b]].", 1),
        ("Isi [[a]] [[b]](https://contoh.id) [[c]][d].", 1),
        ("Isi.\n\n| a | b |\n| - | - |\n| [[c]] | [[=d\\|e]] |", 2),
        ("Isi.\n\n    [[kode]]\n\n- [[a]]\n- [[b]]", 2),
        ("Isi.\n\n```\n[[kode]]\n```\n\n> [[a]]", 1),
    ],
)
def test_where_gaps_are_read(text, count):
    one = rendered(gaps(text))
    assert len(one.gaps) == count
    assert [piece.number for piece in one.pieces] == [*range(1, count + 1), 0]
    assert one.stem.html.count('<span class="gap">') == count


def test_an_author_cannot_write_the_mark_of_a_gap():
    one = rendered(gaps('Isi [[a]] <span class="gap">(1) ______</span>.'))
    assert [piece.number for piece in one.pieces] == [1, 0]


def test_what_learners_see_of_a_stem_never_has_its_keys():
    one = rendered(gaps("Ibu kota [[Sorong|kota Sorong]]?"))
    kept = codec.dump(one)
    assert "Sorong" not in one.title and "Sorong" not in kept["stem"] and one.title == "Ibu kota …?"
    assert codec.load(type(one), json.loads(json.dumps(kept))).pieces == one.pieces


def test_a_stem_with_answers_below_has_no_gaps():
    assert [what for _place, what in problems_of(quiz("## Isi [[a]]?\n\n- [x] a\n- [ ] b\n"))] == [
        "this is no gap, because there are answers below: learners see the brackets"
    ]


def test_a_text_is_above_the_questions_up_to_the_next():
    text = (
        "## Awal? {#q0}\n\n= a\n\n## A {type=description #a}\n\nSatu.\n\n## Apa? {#q1}\n\n= a\n\n"
        "## Siapa? {#q2}\n\n= b\n\n## B {type=description #b}\n\n## Mana? {#q3}\n\n= c\n"
    )
    found = item(quiz(text))
    above = {one.id: found.text_above(one.id) for one in found.asked}
    assert {id: text and text.id for id, text in above.items()} == {"q0": None, "q1": "a", "q2": "a", "q3": "b"}
    assert len(found.questions) == 6 and found.own_minutes == 4 * 1.5


def test_a_draw_leaves_texts_alone():
    problems = problems_of(quiz("## A {type=description}\n\n## Apa?\n\n= a\n", "draw: 2\n"))
    assert [what for _place, what in problems] == ["more questions are drawn (2) than there are (1)"]


def test_a_stored_quiz_and_module_are_read_again():
    renderer = FileRenderer(lambda _link: None, "id")
    whole = item(STRUCTURED_QUIZ).rendered(renderer)
    kept = json.loads(json.dumps(stored.dump(whole)))
    assert stored.dump(stored.load("quiz", kept, slug="a", title="A", path="")) == stored.dump(whole)
    fences = "```question {#a type=order}\nUrut\n\n1. satu\n2. dua\n```\n\n```question {#b}\nIsi [[satu]]\n```\n"
    found = item(module(fences)).rendered(renderer)
    assert [piece.key for piece in pieces(found.body_html) if piece.key] == ["a", "b"]
    assert [one.kind for one in found.checks] == ["order", "gaps"]


def test_a_later_order_marks_an_earlier_answer_if_the_steps_are_the_same():
    asked = order(steps=("dua", "satu", "tiga"))
    again = asked.with_key_of(order("pairs", ("satu", "dua", "tiga")))
    assert [step.id for step in again.steps] == [step.id for step in asked.steps], "as they were shown"
    assert again.score(placed("satu", "dua", "tiga")) == 1
    assert asked.with_key_of(order(steps=("satu", "dua", "empat"))) is None
    assert asked.with_key_of(match()) is None


def test_later_partners_mark_an_earlier_answer_if_the_rows_are_the_same():
    def table(*rows):
        lines = "".join(f"| {left} | {right} |\n" for left, right in rows)
        return question(f"## Jodoh? {{type=match}}\n\n| a | b |\n| - | - |\n{lines}")

    asked, corrected = table(("x", "satu"), ("y", "dua")), table(("x", "dua"), ("y", "satu"))
    answer = corrected.example(is_right=True, rng=Random(1))
    assert asked.score(answer) == 0
    assert asked.with_key_of(corrected).score(answer) == 1
    assert asked.with_key_of(table(("x", "dua"), ("z", "satu"))) is None
    assert asked.with_key_of(table(("x", "dua"), ("y", "tiga"))) is None


def test_later_gaps_mark_an_earlier_answer_if_the_text_around_them_is_the_same():
    asked, corrected = rendered(gaps("Isi [[satu]].")), rendered(gaps("Isi [[satu|1]]."))
    answer = corrected.answer_from({"gap-1": ["1"]})
    assert (asked.score(answer), asked.with_key_of(corrected).score(answer)) == (0, 1)
    assert asked.with_key_of(rendered(gaps("Tulis [[satu|1]]."))) is None
    assert asked.with_key_of(rendered(gaps("Isi [[satu|1]] [[dua]]."))) is None


@pytest.mark.parametrize(
    ("stem", "closing"),
    [
        ("Isi [[satu]]. Lalu", ["."]),
        ("Isi ([[satu]]), lalu [[dua]]?", ["),", "?"]),
        ("Isi [[satu]] juta", [""]),
    ],
)
def test_punctuation_stays_with_the_gap_that_it_follows(stem, closing):
    html = re.sub(r"\[\[\w+\]\]", "%s", stem) % tuple(
        f'<span class="gap">({number}) ______</span>' for number in range(1, len(closing) + 1)
    )
    found = list(gap_text.pieces(html))
    assert [piece.closing for piece in found] == [*closing, ""]
    words = "".join(f"{piece.html}{'_' if piece.number else ''}{piece.closing}" for piece in found)
    assert words == re.sub(r"\[\[\w+\]\]", "_", stem)
