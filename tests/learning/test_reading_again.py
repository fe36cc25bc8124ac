"""What to read again: what explanations link to, or what comes before."""

from __future__ import annotations

from dataclasses import replace

from factories import make_course

from lms.courses import queries as courses
from lms.learning.reading_again import MAX_ITEMS, ReadAgain, to_read_again
from lms.learning.states import ItemRow, Lock

QUIZ = {"type": "quiz", "content": {}}


def rows_of(*items) -> list[ItemRow]:
    course = make_course("kursus", items)
    assert course.revision is not None
    return [ItemRow(item, None, None, None, None) for item in courses.contents(course.revision.id).items]


def slugs(found: list[ReadAgain]) -> list[str]:
    return [one.item.slug for one in found]


def link(slug: str) -> str:
    return f'<p>Lihat <a href="/courses/kursus/{slug}#bagian">modul</a>.</p>'


def test_what_an_explanation_links_to_is_read_again(session):
    rows = rows_of({"slug": "satu"}, {"slug": "dua"}, {"slug": "kuis", **QUIZ}, {"slug": "tiga"})
    found = to_read_again(
        rows, rows[2].item, "kursus", {2: link("satu"), 5: link("satu") + link("tiga"), 6: "<p>–</p>"}
    )
    assert [(one.item.slug, one.questions) for one in found] == [("satu", (2, 5)), ("tiga", (5,))]


def test_without_links_it_is_what_comes_before_in_the_section(session):
    rows = rows_of({"slug": "satu"}, {"slug": "dua"}, {"slug": "kuis", **QUIZ}, {"slug": "tiga"})
    assert slugs(to_read_again(rows, rows[2].item, "kursus", {})) == ["satu", "dua"]
    assert slugs(to_read_again(rows, rows[2].item, "kursus", {1: link("kuis") + link("lain")})) == ["satu", "dua"]


def test_a_quiz_alone_in_its_section_asks_about_the_section_before(session):
    rows = rows_of({"slug": "satu"}, {"slug": "dua"}, {"slug": "tiga"}, {"slug": "pascates", **QUIZ})
    rows = [
        replace(row, item=replace(row.item, section=section)) for row, section in zip(rows, (1, 2, 2, 3), strict=True)
    ]
    assert slugs(to_read_again(rows, rows[3].item, "kursus", {})) == ["dua", "tiga"]


def test_what_cannot_be_opened_is_left_out(session):
    rows = rows_of({"slug": "satu"}, {"slug": "dua"}, {"slug": "kuis", **QUIZ})
    rows[1] = replace(rows[1], lock=Lock())
    assert slugs(to_read_again(rows, rows[2].item, "kursus", {1: link("dua")})) == ["satu"]


def test_the_nearest_of_many_are_named(session):
    rows = rows_of(*({"slug": f"m{number}"} for number in range(9)), {"slug": "kuis", **QUIZ})
    assert slugs(to_read_again(rows, rows[-1].item, "kursus", {})) == [
        f"m{number}" for number in range(9 - MAX_ITEMS, 9)
    ]


def test_a_quiz_at_the_beginning_asks_about_nothing(session):
    rows = rows_of({"slug": "kuis", **QUIZ}, {"slug": "satu"})
    assert to_read_again(rows, rows[0].item, "kursus", {}) == []
