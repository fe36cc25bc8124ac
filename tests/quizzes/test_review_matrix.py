"""What the table of ``review`` hides is on no page, and nothing is before its moment: each preset and random tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from course_sample import quiz, read, with_item
from factories import NOON, item_of, make_course, make_enrolment, make_item_context, make_person
from quiz_factories import a_question

from lms.content import stored
from lms.content.items.quiz import Quiz
from lms.content.items.review import ALL, MOMENTS, PRESETS, THINGS, ReviewTable
from lms.content.questions.base import Question, kinds
from lms.content.questions.essay import Essay
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.order import Order
from lms.content.rendering.course import render_course
from lms.content.text import Text
from lms.core.db import db
from lms.learning.queries import ItemContext
from lms.quizzes import queries, services
from lms.quizzes.attempt_state import AttemptQuestion
from lms.quizzes.disclosure import disclosure
from lms.quizzes.models import AnswerMark
from lms.quizzes.responses import Response
from lms.web.fragments import macros

BODY = """
## Pilih? {#pilih points=7.31}

- [x] benar
- [ ] keliru
    > UMPAN-PILIH

> BAHAS-PILIH

## Pilih beberapa? {#beberapa points=7.31}

- [x] satu
- [x] dua
- [ ] keliru
    > UMPAN-BEBERAPA

> BAHAS-BEBERAPA

## Pernyataan. {#pernyataan points=7.31 type=truefalse}

= salah
= benar {0%}
    > UMPAN-PERNYATAAN

> BAHAS-PERNYATAAN

## Isi? {#isi points=7.31}

= KUNCI-ISI
= separuh {50%}
    > UMPAN-ISI

> BAHAS-ISI

## Berapa? {#berapa points=7.31 type=number}

= 4711
= 15 {0%}
    > UMPAN-BERAPA

> BAHAS-BERAPA

## Urutkan. {#urut points=7.31 type=order scoring=each-answer}

1. pertama
2. kedua
3. ketiga

> BAHAS-URUT

## Pasangkan. {#jodoh points=7.31 type=match}

| a | b |
| - | - |
| kiri | kanan |
| atas | bawah |

> BAHAS-JODOH

## Lengkapi [[KUNCI-ISIAN]] dan [[=tepat|meleset]]. {#isian points=7.31}

### Pembahasan

BAHAS-ISIAN
"""
FORMS = {
    "pilih": {"picked": ["b"]},
    "beberapa": {"picked": ["c"]},
    "isi": {"text": ["separuh"]},
    "berapa": {"text": ["15"]},
}
SIGNS: dict[str, tuple[str, ...]] = {
    "correct": ("tag--fail", "marked--fail", "✗", "◐"),
    "points": ("3,66",),
    "max-points": ("7,31",),
    "feedback": ("UMPAN-",),
    "explanation": ("BAHAS-",),
    "key": ("marked--done", "KUNCI-", "4.711", "→ <b>", "Urutan yang benar"),
}
"""What is on a page that shows the thing, where every answer is wrong or earns half."""
BY_THE_KEY = {"correct"}
"""Who sees the key sees what was wrong."""


def random_tables(seed: int, count: int) -> Iterator[ReviewTable]:
    rng = Random(seed)
    for _ in range(count):
        rows = [{one for one in THINGS if rng.random() < 0.5} for _ in MOMENTS]
        yield ReviewTable(*(frozenset(row) for row in rows))


def the_quiz(**values: Any) -> Quiz:
    course, problems = read(with_item(quiz(BODY, "feedback: immediate\n")))
    assert course, problems
    found = render_course(course, {}).items[0]
    assert isinstance(found, Quiz)
    return replace(found, **values)


def wrong_answer(question: Question) -> Any:
    """Every part wrong; of the short answer, half of the points."""
    if question.id in FORMS:
        return question.answer_from(FORMS[question.id])
    if isinstance(question, Order):
        ids = [step.id for step in question.in_order]
        return tuple(sorted((id, place) for place, id in enumerate([*ids[1:], ids[0]], start=1)))
    if isinstance(question, Match):
        partners = [one.id for one in question.partners]
        return tuple((row.id, next(one for one in partners if one != row.partner)) for row in question.rows)
    if isinstance(question, Gaps):
        return (1, "tidak tahu"), (2, "meleset")
    return question.example(is_right=False, rng=Random(1))


def test_the_quiz_has_every_kind_that_a_key_marks():
    by_a_key = {kind for kind in kinds if kind.is_asked and not kind.is_marked_by_people}
    assert {type(one) for one in the_quiz().asked} == by_a_key


@pytest.mark.parametrize("things", [frozenset(), {"points"}, {"feedback"}, {"points", "feedback"}])
def test_a_mark_of_an_essay_says_what_the_table_shows(app, things):
    level = {"criterion": "Isi", "level": "Cukup", "points": "3.66", "most": "7.31"}
    mark = AnswerMark(points=Decimal("3.66"), levels=[level], feedback_html="UMPAN-TULIS", marked_by=1, marked_at=NOON)
    table = ReviewTable(later=frozenset({"answers", *things}))
    essay = Essay(id="tulis", title="Tulis", stem=Text("", html="Tulis"), points=Fraction("7.31"))
    html = str(macros("quizzes/_essay.html").mark_of_essay(mark, essay, {1: "Penilai"}, disclosure(table, "later")))
    assert ("3,66" in html, "Cukup" in html, "UMPAN-" in html) == ("points" in things,) * 2 + ("feedback" in things,)


def assert_hidden(html: str, shown: frozenset[str], where: str) -> None:
    for thing, signs in SIGNS.items():
        allowed = thing in shown or (thing in BY_THE_KEY and "key" in shown)
        if not allowed:
            assert [sign for sign in signs if sign in html] == [], (where, thing, sorted(shown))


@pytest.fixture
def rendered(app) -> Any:
    parts = macros("quizzes/_parts.html")
    return lambda one, shown: f"{parts.verdict(one, shown)} {parts.reviewed_answer(one, shown)}"


@pytest.mark.parametrize("seed", range(3))
def test_no_kind_tells_what_is_hidden(rendered, seed):
    tables = [*PRESETS.values(), *random_tables(seed, 20)]
    for question in the_quiz().asked:
        one = AttemptQuestion(1, question, {"id": question.id, "options": []}, Response(wrong_answer(question)), False)
        one = replace(one, selected=question.select(Random(seed), is_shuffled=True) | {"id": question.id})
        for table in tables:
            for moment in MOMENTS:
                assert_hidden(rendered(one, disclosure(table, moment)), table.at(moment), f"{question.id} {moment}")


def test_every_answer_is_wrong_but_one_that_earns_half():
    scores = {one.id: one.score(wrong_answer(one)) for one in the_quiz().asked}
    assert {id: score for id, score in scores.items() if score} == {"isi": Fraction(1, 2)}


def test_what_is_shown_can_be_seen(rendered):
    """The signs above are those of the pages: the test before would notice them."""
    html = ""
    for question in the_quiz().asked:
        selected = question.select(Random(1), is_shuffled=True) | {"id": question.id}
        one = AttemptQuestion(1, question, selected, Response(wrong_answer(question)), False)
        html += rendered(one, disclosure(PRESETS["latihan"], "after"))
    for signs in SIGNS.values():
        assert [sign for sign in signs if sign not in html] == []


def test_a_thing_alone_is_shown(rendered):
    question = the_quiz().question("isi")
    selected = question.select(Random(1), is_shuffled=False) | {"id": question.id}
    one = AttemptQuestion(1, question, selected, Response(wrong_answer(question)), False)
    for thing, signs in SIGNS.items():
        html = rendered(one, disclosure(ReviewTable(after=frozenset({"answers", thing})), "after"))
        assert any(sign in html for sign in signs), thing


def of_choice(scoring: str, picked: str, **response) -> AttemptQuestion:
    question = a_question(kind="multiple", correct="ab", scoring=scoring)
    selected = question.select(Random(1), is_shuffled=False) | {"id": question.id}
    return AttemptQuestion(1, question, selected, Response(frozenset(picked), **response), False)


@pytest.mark.parametrize(
    ("scoring", "picked", "told"),
    [
        ("each-answer", "c", "Setiap pilihan dihitung"),
        ("net-correct", "ac", "mengurangi nilai satu centang"),
        ("correct-only", "ac", "membuat nilainya 0"),
        ("exact", "a", "jika semua pilihan yang benar dicentang"),
    ],
)
def test_it_is_said_how_what_is_not_wholly_right_earns_points(rendered, scoring, picked, told):
    assert told in rendered(of_choice(scoring, picked), disclosure(PRESETS["latihan"], "after"))
    assert told not in rendered(of_choice(scoring, "ab"), disclosure(PRESETS["latihan"], "after"))


@pytest.mark.parametrize("picked", ["ab", "abc"])
def test_points_that_tries_have_used_up_are_explained(rendered, picked):
    why = "habis dipotong karena jawaban sebelumnya"
    shown = disclosure(PRESETS["latihan"], "after")
    assert why in rendered(of_choice("each-answer", picked, failed=3, deduction=Fraction(1)), shown)
    assert why not in rendered(of_choice("each-answer", picked, failed=1, deduction=Fraction(1, 3)), shown)
    assert why not in rendered(of_choice("each-answer", "cd", failed=3, deduction=Fraction(1)), shown)


class Learner:
    """Somebody who answers each question wrongly, and looks at the pages."""

    def __init__(self, client, monkeypatch) -> None:
        self.client, self.monkeypatch = client, monkeypatch
        self.quiz = the_quiz(review=PRESETS["latihan"])
        self.show(PRESETS["latihan"])
        self.context = self._context()
        self.attempt = services.start_attempt(self.context, seed=1, now=NOON)
        db.session.commit()
        for question in self.quiz.asked:
            sent = Response(wrong_answer(question), is_final=True)
            services.save_answer(self.attempt, question, sent, client_seq=f"{question.id}.1", now=NOON)
        db.session.commit()

    def _context(self) -> ItemContext:
        content = json.loads(json.dumps(stored.dump(self.quiz)))
        closes = {"base": "start", "moment": None, "days": 10, "at": None}
        items = (
            {"slug": "modul"},
            {"slug": "kuis", "type": "quiz", "content": content, "closes": closes},
        )
        course, person = make_course(items=items), make_person()
        enrolment = make_enrolment(person, course)
        self.client.sign_in(person)
        return make_item_context(enrolment, item_of(course, "kuis"))

    def show(self, table: ReviewTable, **values: Any) -> None:
        found = replace(self.quiz, review=table, **values)
        self.monkeypatch.setattr(queries, "quiz_of_revision", lambda _id: found)

    def hand_in(self) -> None:
        services.submit_attempt(db.session.merge(self.attempt), now=NOON)
        services.open_review(db.session.merge(self.attempt), now=NOON)
        db.session.commit()

    def main_of(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.location
        return answer.get_data(as_text=True).partition("<main")[2]


@pytest.fixture
def learner(client, session, time, monkeypatch) -> Learner:
    return Learner(client, monkeypatch)


@pytest.mark.parametrize("seed", range(1))
def test_no_page_shows_what_the_table_hides_and_nothing_comes_before_its_moment(learner, time, seed):
    """In the running attempt; handed in with attempts left, without, and after the quiz has closed."""
    tables = [*PRESETS.values(), *random_tables(seed, 6)]
    path = f"/attempts/{learner.attempt.id}"
    for table in tables:
        learner.show(table)
        for position in range(1, len(learner.quiz.asked) + 1):
            html = learner.main_of(f"{path}/{position}").partition('class="dots"')[0]
            assert_hidden(html, table.at("during"), f"during {position}")
    learner.hand_in()
    for moment, attempts in (("after", None), ("later", 1), ("closed", None)):
        if moment == "closed":
            time.passes(days=60)
        for table in tables:
            learner.show(table, attempts=attempts)
            _look_at_review(learner, path, table, moment)


def _look_at_review(learner: Learner, path: str, table: ReviewTable, moment: Any) -> None:
    html, shown = learner.main_of(f"{path}/review"), table.at(moment)
    beside_answers = shown if "answers" in shown else frozenset()
    card, _, answers = html.partition('<p class="small soft">Dikumpulkan')
    assert_hidden(answers, beside_answers, moment)
    assert ("Pilih beberapa?" in html) == ("answers" in shown)
    assert ("↺" in card) == ("overall" in shown)


def test_the_start_page_asks_the_same_rule(learner):
    """What to read again is shown there as on the result."""
    learner.show(PRESETS["latihan"])
    learner.hand_in()
    learner.show(ReviewTable(after=ALL))
    assert "Baca “" in learner.client.text("/")
    learner.show(ReviewTable(after=ALL - {"overall"}))
    assert "Baca “" not in learner.client.text("/")


def test_practice_shows_what_the_table_shows_and_there_is_none_where_answers_stay_hidden(learner, time):
    learner.hand_in()
    time.passes(days=60)
    start = f"/courses/{learner.context.course_slug}/kuis"
    learner.show(ReviewTable(later=ALL - {"key", "explanation"}, closed=ALL))
    assert "/practice" in learner.client.text(start)
    learner.show(ReviewTable(closed=frozenset({"overall"})))
    assert "/practice" not in learner.client.text(start)


def test_the_page_of_practice_asks_the_same_rule(learner, time):
    learner.hand_in()
    time.passes(days=60)
    learner.show(PRESETS["latihan"])
    start = f"/courses/{learner.context.course_slug}/kuis"
    path = learner.client.post_form(f"{start}/practice", page=start).location.rpartition("/")[0]
    learner.client.post_form(f"{path}/submit", page=path)
    assert "soal benar" in learner.main_of(f"{path}/review")
    for table in (ReviewTable(closed=frozenset({"answers"})), ReviewTable(later=ALL), *random_tables(7, 6)):
        learner.show(table)
        html, shown = learner.main_of(f"{path}/review"), table.at("closed")
        beside_answers = shown if "answers" in shown else frozenset()
        assert_hidden(html, beside_answers, "practice")
        assert ("soal benar" in html) == ("correct" in beside_answers)
        assert ("Pilih beberapa?" in html) == ("answers" in shown)


def test_the_page_says_when_more_is_shown(learner, time):
    learner.hand_in()
    path = f"/attempts/{learner.attempt.id}/review"
    learner.show(ReviewTable(closed=ALL))
    assert "setelah kuis ditutup" in learner.main_of(path)
    learner.show(PRESETS["kuis"])
    assert "Kunci" in learner.main_of(path).partition("Dikumpulkan")[2]
    time.passes(days=60)
    learner.show(ReviewTable(closed=ALL))
    assert "setelah kuis ditutup" not in learner.main_of(path)
