"""What every course in ``content/`` keeps to: a clean check, minutes for its JP, and questions that prove something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import pytest
from pages import misnested

from lms.content.course import CourseContent
from lms.content.folder.reading import read_course
from lms.content.items.base import Item
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice
from lms.content.text import Text, with_html
from lms.courses.services import check

pytestmark = pytest.mark.once

CONTENT = Path(__file__).parents[2] / "content"
COURSES = sorted(path.parent.name for path in CONTENT.glob("*/course.md"))
ABOUT_THE_SITE = {"cara-belajar", "menulis-kursus", "writing-courses"}
"""Short ones, which have no pool, pretest and posttest."""
FULL = [slug for slug in COURSES if slug not in ABOUT_THE_SITE]
JP_MINUTES = 45
MOST_BYTES = 400_000
KINDS = {"choice", "true_false", "number", "short_answer", "order", "match", "gaps"}


def files_of(slug: str) -> dict[str, bytes]:
    folder = CONTENT / slug
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def course_of(slug: str) -> CourseContent:
    course, problems = read_course(slug, files_of(slug))
    assert course is not None, problems
    return course


@pytest.fixture(scope="module", params=FULL)
def course(request: pytest.FixtureRequest) -> CourseContent:
    return course_of(request.param)


def quizzes(course: CourseContent) -> Iterator[Quiz]:
    return (item for item in course.items if isinstance(item, Quiz))


def graded(course: CourseContent) -> list[Question]:
    return [question for quiz in quizzes(course) for question in quiz.questions if question.kind != "description"]


def test_the_path_of_a_year_in_the_guide_has_the_jp_of_the_courses():
    guide = (CONTENT.parent / "docs" / "admin.md").read_text(encoding="utf-8")
    in_guide = {title: int(jp) for title, jp in re.findall(r"^\| ([^|]+) \| (\d+) \| [a-z ]+ \|", guide, re.MULTILINE)}
    found = {next((one for one in in_guide if course_of(slug).title.startswith(one)), slug): slug for slug in FULL}
    assert {title: course_of(slug).jp for title, slug in found.items()} == in_guide


@pytest.mark.slow
@pytest.mark.parametrize("slug", COURSES)
def test_the_check_has_nothing_to_say_and_jp_are_earned(slug: str):
    checked = check(slug, files_of(slug), jp_minutes=JP_MINUTES)
    assert [str(one) for one in checked.warnings] == []
    minutes = sum(item.total_minutes(JP_MINUTES) for item in checked.course.items)
    if checked.course.jp:
        assert checked.course.jp * JP_MINUTES == pytest.approx(minutes, rel=0.15)


@pytest.mark.parametrize("slug", COURSES)
def test_a_course_is_light(slug: str):
    assert sum(map(len, files_of(slug).values())) <= MOST_BYTES


def test_a_course_has_a_pool_of_questions_of_all_kinds(course):
    questions = graded(course)
    assert len(questions) >= 60
    assert {question.kind for question in questions} >= KINDS
    assert all(question.objective and question.difficulty and question.tags for question in questions)


def test_a_pretest_and_a_posttest_ask_for_the_same_in_pairs(course):
    pairs = {quiz.purpose: {question.pair for question in quiz.questions} for quiz in quizzes(course) if quiz.purpose}
    assert set(pairs) == {"pretest", "posttest"}
    assert len(pairs["pretest"] - {""}) >= 8
    assert pairs["pretest"] == pairs["posttest"]


def test_pairs_of_pretest_and_posttest_are_alike(course):
    before, after = (
        {one.pair: one for one in quiz.asked} for quiz in quizzes(course) if quiz.purpose in ("pretest", "posttest")
    )
    assert before.keys() == after.keys()
    if course.slug in ("etika-berakhlak", "pelayanan-publik"):
        assert len(before) == 10
    for pair, one in before.items():
        other = after[pair]
        assert (one.kind, one.objective, one.difficulty) == (other.kind, other.objective, other.difficulty), pair
        assert one.stem.source != other.stem.source


def test_keys_are_neither_the_longest_nor_in_a_favoured_place(course):
    """Within two standard deviations of chance, for length and for each place."""
    single = [one for one in graded(course) if isinstance(one, Choice) and not one.takes_several]
    assert len(single) >= 15
    expected = sum(1 / len(one.options) for one in single)
    spread = 2 * sqrt(sum((1 / len(one.options)) * (1 - 1 / len(one.options)) for one in single))
    longest = sum(_key_is_longest(one) for one in single)
    assert longest <= expected + spread
    places = Counter(next(n for n, option in enumerate(one.options) if option.is_correct) for one in single)
    assert max(places.values()) <= expected + spread


def _key_is_longest(question: Choice) -> bool:
    lengths = [(len(option.text.source), option.is_correct) for option in question.options]
    return max(lengths)[1] and sum(length == max(lengths)[0] for length, _right in lengths) == 1


def test_each_assignment_has_a_model_answer(course):
    assignments = [item for item in course.items if item.type == "assignment"]
    assert assignments
    assert all(b"\n## Contoh jawaban" in files_of(course.slug)[item.path] for item in assignments)


@pytest.mark.slow
@pytest.mark.parametrize("slug", COURSES)
def test_what_is_rendered_nests_as_it_stands(slug: str):
    for item in check(slug, files_of(slug), jp_minutes=JP_MINUTES).course.items:
        assert [fault for html in (item.body_html, *_htmls(item)) for fault in misnested(html)] == [], item.slug


def _htmls(item: Item) -> list[str]:
    """The HTML of all texts, those of questions too."""
    found: list[str] = []

    def note(text: Text) -> Text:
        found.append(text.html or "")
        return text

    with_html(item, note)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("slug", COURSES)
def test_the_footnotes_of_a_module_have_one_numbering_and_lead_there_and_back(slug: str):
    for item in check(slug, files_of(slug), jp_minutes=JP_MINUTES).course.items:
        numbers = [int(one) for one in re.findall(r'role="doc-noteref"[^>]*>(\d+)</a>', item.body_html)]
        notes = re.findall(r'<li id="((?:[\w-]*)fn:(\d+))">', item.body_html)
        assert [int(number) for _id, number in notes] == list(range(1, len(notes) + 1)), item.slug
        assert set(numbers) == {int(number) for _id, number in notes}, item.slug
        assert all(f'href="#{id_}"' in item.body_html for id_, _number in notes), item.slug


@pytest.mark.parametrize("slug", COURSES)
def test_a_quiz_that_counts_opens_after_all_modules_that_it_asks_about(slug: str):
    """Those of its section, and of the whole course where it is a posttest."""
    course = course_of(slug)
    items = {item.slug: item for item in course.items}
    early = {}
    for section in course.sections:
        for quiz in section.items:
            if not isinstance(quiz, Quiz) or quiz.purpose == "pretest" or not quiz.is_required:
                continue
            asked = course.items if quiz.purpose == "posttest" else section.items
            modules = {item.slug for item in asked if item.type == "module" and item.is_required}
            if missing := modules - _needed_before(quiz.slug, items):
                early[quiz.slug] = sorted(missing)
    assert early == {}


def _needed_before(slug: str, items: dict[str, Item]) -> set[str]:
    direct = set(items[slug].after)
    return direct.union(*(_needed_before(one, items) for one in direct))
