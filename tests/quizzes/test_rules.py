"""Selection, scoring over attempts, timing, disclosure and navigation: the rules without a database."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from factories import NOON
from hypothesis import given
from hypothesis import strategies as st
from quiz_factories import a_question, a_quiz, option, question_json

from lms.content.items.review import PRESETS
from lms.journal.events import ClientSeq
from lms.quizzes import timing
from lms.quizzes.attempt_state import first_unsettled, may_open
from lms.quizzes.disclosure import disclosure, moment_of
from lms.quizzes.responses import PageState, Response, changed_response, from_json, to_json
from lms.quizzes.scoring import effective_score, passes
from lms.quizzes.selection import question_count, select_questions, times_seen
from lms.quizzes.timing import Obstacle

GROUPED = [question_json(f"m{n}", group="mudah") for n in range(6)] + [
    question_json(f"s{n}", group="sulit") for n in range(4)
]
SEEDS = st.integers(0, 2**64 - 1)


def ids(selected):
    return [one["id"] for one in selected]


def test_without_draw_and_shuffle_everything_comes_as_written():
    assert select_questions(a_quiz(), 7) == [
        {"id": "asas", "options": ["a", "b", "c", "d"]},
        {"id": "prinsip", "options": ["a", "b", "c", "d"]},
        {"id": "skm", "options": []},
    ]


@given(SEEDS)
def test_the_same_seed_selects_the_same(seed):
    quiz = a_quiz(GROUPED, draw={"": 5}, shuffle=["questions", "answers"])
    assert select_questions(quiz, seed) == select_questions(quiz, seed)


@given(SEEDS, st.integers(1, 12))
def test_a_draw_gives_that_many_different_questions(seed, number):
    selected = ids(select_questions(a_quiz(GROUPED, draw={"": number}), seed))
    assert len(selected) == len(set(selected)) == min(number, 10) == question_count(a_quiz(GROUPED, draw={"": number}))


@given(SEEDS)
def test_a_draw_by_group_takes_from_each_and_leaves_the_rest(seed):
    quiz = a_quiz([*GROUPED, question_json("tanpa")], draw={"mudah": 3, "sulit": 9})
    assert Counter(id[0] for id in ids(select_questions(quiz, seed))) == {"m": 3, "s": 4}


@given(SEEDS)
def test_a_draw_without_shuffle_keeps_the_written_order(seed):
    selected = ids(select_questions(a_quiz(GROUPED, draw={"": 5}), seed))
    assert selected == sorted(selected)


@given(SEEDS)
def test_shuffling_loses_and_adds_nothing(seed):
    selected = select_questions(a_quiz(GROUPED, shuffle=["questions", "answers"]), seed)
    assert sorted(ids(selected)) == sorted(one["id"] for one in GROUPED)
    assert all(sorted(one["options"]) == list("abcd") for one in selected)


@given(SEEDS)
def test_some_options_stay_last(seed):
    options = [option("a"), option("b", keeps_last=True), option("c"), option("d", keeps_last=True), option("e")]
    [selected] = select_questions(a_quiz([question_json(options=options)], shuffle=["answers"]), seed)
    assert selected["options"][-2:] == ["b", "d"]


def test_over_many_seeds_every_question_has_its_turn():
    quiz = a_quiz(GROUPED, draw={"": 3}, shuffle=["questions"])
    assert {id for seed in range(100) for id in ids(select_questions(quiz, seed))} == {one["id"] for one in GROUPED}


def counted_over(quiz, seen=None, seeds=4000):
    return Counter(id for seed in range(seeds) for id in ids(select_questions(quiz, seed, seen)))


def is_near(count, chance, seeds=4000):
    """Within five standard deviations of a binomial distribution. The seeds are fixed: this never fails by chance."""
    return abs(count - seeds * chance) <= 5 * (seeds * chance * (1 - chance)) ** 0.5


def test_every_question_of_a_draw_has_the_same_chance():
    counts = counted_over(a_quiz(GROUPED, draw={"": 3}))
    assert len(counts) == 10
    assert all(is_near(count, 0.3) for count in counts.values()), counts


def test_every_question_of_a_group_has_the_same_chance():
    counts = counted_over(a_quiz(GROUPED, draw={"mudah": 2, "sulit": 1}))
    assert all(is_near(count, 2 / 6 if id[0] == "m" else 1 / 4) for id, count in counts.items()), counts


@given(SEEDS, SEEDS)
def test_the_next_attempt_has_the_questions_that_the_one_before_had_not(first, second):
    quiz = a_quiz(GROUPED, draw={"": 5})
    before = select_questions(quiz, first)
    after = ids(select_questions(quiz, second, times_seen([before])))
    assert set(after).isdisjoint(ids(before))
    assert len(after) == 5


@given(st.lists(SEEDS, min_size=1, max_size=12), st.integers(1, 9))
def test_no_question_comes_a_second_time_before_each_had_its_turn(seeds, number):
    quiz, attempts = a_quiz(GROUPED, draw={"": number}), []
    for seed in seeds:
        attempts.append(select_questions(quiz, seed, times_seen(attempts)))
        seen = times_seen(attempts)
        counts = [seen.get(question.id, 0) for question in quiz.questions]
        assert max(counts) - min(counts) <= 1
        assert len(set(ids(attempts[-1]))) == number


def test_among_questions_seen_equally_often_each_has_the_same_chance():
    seen = {"m0": 1, "m1": 1, "m2": 1, "m3": 1, "s0": 2}
    counts = counted_over(a_quiz(GROUPED, draw={"": 7}), seen)
    assert counts["s0"] == 0
    assert all(counts[id] == 4000 for id in ("m4", "m5", "s1", "s2", "s3"))
    assert all(is_near(counts[id], 2 / 4) for id in ("m0", "m1", "m2", "m3")), counts


@pytest.mark.parametrize(("rule", "score"), [("highest", "80"), ("average", "66.67"), ("first", "50"), ("last", "70")])
def test_what_counts_of_several_attempts(rule, score):
    assert effective_score([Decimal(50), Decimal(80), Decimal(70)], rule) == Decimal(score)


@pytest.mark.parametrize("rule", ["highest", "average", "first", "last"])
def test_a_single_attempt_counts_by_every_rule(rule):
    assert effective_score([Decimal("66.67")], rule) == Decimal("66.67")


@pytest.mark.parametrize(
    ("score", "mark", "passed"),
    [("70", 70.0, True), ("69.99", 70.0, False), ("70.01", 70.01, True), ("66.67", 66.67, True), ("0", 0.0, True)],
)
def test_who_reaches_the_pass_mark_has_passed(score, mark, passed):
    assert passes(Decimal(score), mark) is passed


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("limit", "closes", "ends"),
    [
        (None, None, None), (600, None, NOON + timedelta(minutes=10)), (None, NOON + HOUR, NOON + HOUR),
        (600, NOON + HOUR, NOON + timedelta(minutes=10)), (7200, NOON + HOUR, NOON + HOUR),
    ],
)  # fmt: skip
def test_an_attempt_ends_at_its_limit_or_the_closing_moment(limit, closes, ends):
    assert timing.deadline(NOON, limit, closes) == ends


@pytest.mark.parametrize(
    ("grace", "seconds"), [(None, 60), (120, 120), (0, 0)], ids=["the server's", "its own", "none"]
)
def test_grace_is_the_quizs_own_or_a_minute(grace, seconds):
    assert timing.grace(a_quiz(grace=grace)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("after", "over"), [(-1, False), (0, False), (60, False), (61, True)])
def test_an_attempt_is_over_only_after_its_grace(after, over):
    now = NOON + timedelta(seconds=after)
    assert timing.is_over(NOON, timedelta(seconds=60), now) is over


def test_without_a_deadline_nothing_is_ever_over():
    assert not timing.is_over(None, timedelta(0), NOON + timedelta(days=4000))
    assert timing.seconds_left(None, NOON) is None


@pytest.mark.parametrize(("ahead", "left"), [(90, 90), (0.9, 1), (0, 0), (-50, 0)])
def test_the_time_left_is_never_below_nothing(ahead, left):
    assert timing.seconds_left(NOON + timedelta(seconds=ahead), NOON) == left


@pytest.mark.parametrize(
    ("quiz", "used", "last", "closes", "found"),
    [
        ({}, 0, None, None, None),
        ({}, 50, NOON, None, None),
        ({"attempts": 3}, 2, NOON, None, None),
        ({"attempts": 3}, 3, NOON, None, Obstacle("none-left")),
        ({}, 0, None, NOON, Obstacle("closed", NOON)),
        ({}, 0, None, NOON + HOUR, None),
        ({"wait": 3600}, 0, None, None, None),
        ({"wait": 3600}, 1, NOON - HOUR, None, None),
        ({"wait": 3600}, 1, NOON - HOUR / 2, None, Obstacle("wait", NOON + HOUR / 2)),
        ({"wait": 3600, "attempts": 1}, 1, NOON, None, Obstacle("none-left")),
        ({"attempts": 1}, 1, NOON, NOON - HOUR, Obstacle("closed", NOON - HOUR)),
    ],
)
def test_what_stands_in_the_way_of_a_new_attempt(quiz, used, last, closes, found):
    assert timing.obstacle(a_quiz(**quiz), used=used, last_submitted_at=last, closes_at=closes, now=NOON) == found


@pytest.mark.parametrize(
    ("review", "passed", "retry", "running", "correct", "key"),
    [
        ("latihan", False, True, False, True, True), ("latihan", False, True, True, True, True),
        ("kuis", False, True, False, True, False), ("kuis", True, True, False, True, True),
        ("kuis", False, False, False, True, True), ("kuis", True, True, True, True, False),
        ("kuis", False, False, True, True, False),
        ("ujian", True, False, False, False, False), ("ujian", False, True, False, False, False),
    ],
)  # fmt: skip
def test_a_review_tells_as_much_as_gives_nothing_away(review, passed, retry, running, correct, key):
    moment = moment_of(is_passed=passed, may_retry=retry, is_closed=False, is_running=running)
    told = disclosure(PRESETS[review], moment)
    assert (told.answers, told.correct, told.points, told.feedback) == (correct,) * 4
    assert (told.key, told.explanation) == (key, key)


@pytest.mark.parametrize(
    ("passed", "retry", "closed", "running", "moment"),
    [
        (False, True, False, False, "after"), (True, True, True, True, "after"),
        (True, True, False, False, "later"), (False, False, False, False, "later"),
        (False, False, True, False, "closed"), (True, False, True, False, "closed"),
    ],
)  # fmt: skip
def test_the_moment_of_a_review(passed, retry, closed, running, moment):
    assert moment_of(is_passed=passed, may_retry=retry, is_closed=closed, is_running=running) == moment


@pytest.mark.parametrize(
    ("feedback", "review", "gives"),
    [
        ("deferred", "latihan", False), ("immediate", "latihan", True), ("tries", "kuis", True),
        ("immediate", "ujian", False),
    ],
)  # fmt: skip
def test_feedback_comes_at_once_only_where_it_is_wanted_and_no_exam(feedback, review, gives):
    assert a_quiz(feedback=feedback, review=review).gives_feedback is gives


@pytest.mark.parametrize(("settled", "front"), [("", 1), ("a", 2), ("b", 1), ("ab", 3), ("abc", None)])
def test_the_front_is_the_first_question_not_settled(settled, front):
    assert first_unsettled("abc", settled) == front


@pytest.mark.parametrize(
    ("position", "front", "sequential", "feedback", "open_"),
    [
        (1, 3, False, False, True), (9, 3, False, False, True), (3, 3, True, False, True),
        (2, 3, True, False, False), (4, 3, True, False, False), (2, 3, True, True, True),
        (4, 3, True, True, False), (2, None, True, False, False), (2, None, True, True, True),
    ],
)  # fmt: skip
def test_which_question_may_be_opened(position, front, sequential, feedback, open_):
    assert may_open(position, front, is_sequential=sequential, gives_feedback=feedback) is open_


A, B, EMPTY = Response(frozenset("a")), Response(frozenset("b")), Response()
A_FINAL = Response(frozenset("a"), is_final=True)


@pytest.mark.parametrize(
    ("sent", "shown", "stored", "stored_now"),
    [
        (EMPTY, EMPTY, EMPTY, None), (A, EMPTY, EMPTY, A), (A, A, A, None), (B, A, A, B), (EMPTY, A, A, EMPTY),
        (EMPTY, EMPTY, A, None),  # an untouched tab, while another one answered
        (A, A, B, None), (B, EMPTY, A, B), (A, EMPTY, A, None),
        (A_FINAL, A, A, A_FINAL), (A_FINAL, A_FINAL, A_FINAL, None), (A, A_FINAL, A_FINAL, None),
        (Response(is_final=True), EMPTY, A, None),  # an answer that the page does not show is not locked
    ],
)  # fmt: skip
def test_without_a_counted_change_what_the_page_showed_decides(sent, shown, stored, stored_now):
    seq, page = ClientSeq.parse("x"), PageState(0, shown.answer)
    assert changed_response(sent, stored, seq, page) == stored_now
    assert changed_response(sent, stored, None, page) == stored_now


@pytest.mark.parametrize(
    ("turn", "newest", "sent", "stored", "stored_now"),
    [
        ("x.1", PageState(0, A.answer), A, B, A),  # back to what the page showed, after a reply that was lost
        ("x.3", PageState(2, B.answer), A, B, A),
        ("x.3", PageState(2, A.answer), A, A, A),  # noted, so that an older request is known to be older
        ("x.2", PageState(2, A.answer), A, B, None),  # sent again, while another page answered
        ("x.1", PageState(2, A.answer), B, A, None),  # overtaken by a later request of its page
        ("x.10", PageState(9, A.answer), B, A, B),
        ("x.2", PageState(2, A.answer), A_FINAL, A, A_FINAL),
        ("x.2", PageState(2, A.answer), A_FINAL, B, None),
    ],
)
def test_a_counted_change_is_new_by_its_number_whatever_it_equals(turn, newest, sent, stored, stored_now):
    assert changed_response(sent, stored, ClientSeq.parse(turn), newest) == stored_now


@given(st.sets(st.sampled_from("abcd")).map(frozenset), st.booleans())
def test_picked_options_survive_being_kept(picked, is_final):
    question, response = a_question(kind="multiple"), Response(picked or None, is_final=is_final)
    assert from_json(to_json(response, question), question) == response


@given(st.text())
def test_a_text_survives_being_kept(text):
    question = a_question(kind="short")
    response = Response(question.answer_from({"text": [text[:500]]}))
    assert from_json(to_json(response, question), question) == response


def test_a_quiz_is_read_as_its_revision_says():
    quiz = a_quiz(attempts=3, shuffle=["answers"], draw={"": 2}, pass_mark=80.0)
    assert (quiz.attempts, quiz.shuffle, quiz.draw, quiz.pass_mark) == (3, {"answers"}, {"": 2}, 80.0)
    assert quiz.question("prinsip").correct_ids == {"a", "b"}
