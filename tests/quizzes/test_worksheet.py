"""A quiz on paper: variants that differ, each with its own key; the page for those who teach."""

from __future__ import annotations

import re

import pytest
from course_sample import item, quiz
from factories import grant, make_person
from quiz_factories import a_quiz, question_json, quiz_context
from sqlalchemy import select

from lms.content.items.quiz import Quiz
from lms.content.rendering.course import FileRenderer
from lms.core.db import db
from lms.courses.models import Course
from lms.quizzes.worksheet import LETTERS, variants


def choices(count: int, **values) -> Quiz:
    return a_quiz([question_json(f"q{number}") for number in range(count)], **values)


def ids(variant) -> list[str]:
    return [one.question.id for one in variant.questions]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [4, 5, 7, 20])
def test_no_question_has_the_same_number_in_two_variants(size, count):
    for seed in range(20):
        found = variants(choices(size), seed, count)
        assert [one.letter for one in found] == list(LETTERS[:count])
        for place in zip(*(ids(one) for one in found), strict=True):
            assert len(set(place)) == count


@pytest.mark.parametrize("count", [2, 3, 4])
def test_every_variant_asks_everything_once_with_the_same_choices_in_another_order(count):
    quiz = choices(6)
    for seed in range(20):
        found = variants(quiz, seed, count)
        orders: dict[str, list[tuple[str, ...]]] = {}
        for variant in found:
            assert sorted(ids(variant)) == sorted(one.id for one in quiz.asked)
            for one in variant.questions:
                orders.setdefault(one.question.id, []).append(tuple(option.id for option in one.question.options))
        for of_one in orders.values():
            assert all(sorted(order) == ["a", "b", "c", "d"] for order in of_one)
            assert len(set(of_one)) == count


def test_the_same_seed_gives_the_same_sheets():
    assert variants(choices(6), 7, 3) == variants(choices(6), 7, 3)
    assert variants(choices(6), 7, 3) != variants(choices(6), 8, 3)


def test_a_single_variant_keeps_the_order_of_the_file_unless_the_quiz_mixes():
    assert ids(variants(choices(6), 3, 1)[0]) == [f"q{number}" for number in range(6)]
    mixed = [ids(variants(choices(6, shuffle=["questions"]), seed, 1)[0]) for seed in range(5)]
    assert any(one != sorted(one) for one in mixed)


def test_variants_of_a_quiz_that_draws_share_as_few_questions_as_possible():
    for seed in range(20):
        first, second = variants(choices(6, draw={"": 3}), seed, 2)
        assert len(first.questions) == len(second.questions) == 3
        assert not set(ids(first)) & set(ids(second))


WITH_TEXT = """## Satu {#satu}

- [x] a
- [ ] b

## Bacaan {type=description}

Teks panjang.

## Dua {#dua}

- [x] a
- [ ] b

## Tiga {#tiga}

- [x] a
- [ ] b
"""


def test_questions_under_one_text_stay_together_and_the_text_stands_once_above_them():
    read = item(quiz(WITH_TEXT))
    assert isinstance(read, Quiz)
    for seed in range(10):
        for variant in variants(read, seed, 2):
            places = sorted(ids(variant).index(one) for one in ("dua", "tiga"))
            assert places[1] - places[0] == 1
            assert [bool(one.text_above) for one in variant.questions].count(True) == 1
            assert variant.questions[places[0]].text_above


ALL_KINDS = """## Pilihan {#pilihan}

- [x] benar sekali
- [ ] salah

## Beberapa {#beberapa}

- [x] satu
- [x] dua
- [ ] tiga

## Pernyataan {#pernyataan}

= benar

## Angka {#angka}

= 7 km

## Singkat {#singkat}

= Sorong

## Urutan {#urutan type=order}

1. mula
2. tengah
3. akhir

## Jodohkan {#jodoh type=match}

| kiri | kanan |
| --- | --- |
| a | pertama |
| b | kedua |
|  | lain |

## Isi [[loket]] dan [[=kasir|teller]] {#isian}
"""


def course() -> Course:
    return db.session.scalars(select(Course)).one()


def page_of(client, questions, **query) -> str:
    context = quiz_context(questions)
    teacher = make_person()
    grant(teacher, "instructor", course=course())
    client.sign_in(teacher)
    found = client.get(f"/teach/courses/{context.course_slug}/items/kuis/print", query_string={"set": 5, **query})
    assert found.status_code == 200
    return found.text


def sheets(html: str) -> list[str]:
    return re.findall(r'<section class="sheet".*?</section>', html, re.DOTALL)


def test_the_page_has_worksheets_answer_sheets_and_keys_of_each_variant(client):
    html = page_of(client, [question_json("asas"), question_json("skm", "short")])
    assert len(sheets(html)) == 6
    assert "1-5-A" in html
    assert "1-5-B" in html


def test_only_the_key_tells_what_is_right(client):
    html = page_of(client, [question_json("skm", "short")], part="worksheet")
    assert "kira-kira satu" not in html
    assert len(sheets(html)) == 2


def test_without_a_set_number_one_is_made(client):
    context = quiz_context()
    teacher = make_person()
    grant(teacher, "instructor", course=course())
    address = f"/teach/courses/{context.course_slug}/items/kuis/print"
    first = client.sign_in(teacher).get(f"{address}?variants=3&part=key")
    assert first.status_code == 302
    assert re.fullmatch(rf"{address}\?variants=3&part=key&set=\d+", first.location)
    assert len(sheets(client.text(first.location))) == 3


@pytest.mark.parametrize("query", ["set=0", "set=x", "set=99999", "set=5&variants=99", "set=5&variants=x&part=lain"])
def test_nonsense_in_the_address_still_gives_sheets(client, query):
    context = quiz_context()
    teacher = make_person()
    grant(teacher, "instructor", course=course())
    client.sign_in(teacher)
    found = client.get(f"/teach/courses/{context.course_slug}/items/kuis/print?{query}", follow_redirects=True)
    assert found.status_code == 200
    assert sheets(found.text)


def test_each_kind_has_its_line_on_the_answer_sheet_and_the_key(app):
    read = item(quiz(ALL_KINDS))
    assert isinstance(read, Quiz)
    rendered = read.rendered(FileRenderer(lambda _link: None, "id"))
    with app.test_request_context():
        macros = app.jinja_env.globals["macros"]
        for one in variants(rendered, 1, 2)[0].questions:
            kind = macros(f"questions/{one.question.kind}.html")
            assert str(kind.key_line(one.question)).strip()
            assert str(kind.on_paper(one.question, "A1")).strip()
