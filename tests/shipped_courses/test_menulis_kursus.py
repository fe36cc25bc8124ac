"""The courses about the site: what they quote from its pages is there, and the two on writing courses are one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from lms.content.course import CourseContent
from lms.content.folder.reading import read_course
from lms.content.items.base import WORDS_PER_MINUTE
from lms.content.items.module import Module
from lms.content.items.quiz import MINUTES_PER_QUESTION, Quiz

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "lms" / "translations" / "id" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%%|%\(\w+\)\w|\{\w+\}")
CODE = re.compile(r"^(`{3,})(?!question)[a-z]+\n.*?^\1`*$|`+[^`\n]+`+", re.MULTILINE | re.DOTALL)
SCREEN_WORDS = re.compile(r"(?<![*\w\\])\*([^*\n]+)\*(?![*\w])")
INDONESIAN, ENGLISH = "menulis-kursus", "writing-courses"
JP_MINUTES = 45


def files_of(slug: str) -> dict[str, bytes]:
    folder = ROOT / "content" / slug
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@cache
def course_of(slug: str) -> CourseContent:
    course, problems = read_course(slug, files_of(slug))
    assert course is not None, problems
    return course


def texts_of(slug: str) -> dict[str, str]:
    return {path: CODE.sub("", text.decode()) for path, text in files_of(slug).items() if path.endswith(".md")}


def _pattern(message: str) -> str:
    """Of a text of the screen, with anything for what it is filled in with."""
    return ".+".join(re.escape(part) for part in PLACEHOLDER.split(message.rstrip(".")))


@cache
def messages() -> list[Message]:
    with CATALOGUE.open("rb") as file:
        return [message for message in read_po(file, locale="id") if message.id]


@cache
def screen_words(language: str) -> tuple[set[str], re.Pattern[str]]:
    """All texts of the site as they are, and a pattern for those that are filled in."""
    found = set()
    for message in messages():
        texts = message.id if language == "en" else message.string
        found.update([texts] if isinstance(texts, str) else texts)
    filled = (text for text in found if PLACEHOLDER.search(text) and len(PLACEHOLDER.sub("", text)) > 8)
    return {text.rstrip(".") for text in found}, re.compile("|".join(map(_pattern, filled)))


@pytest.mark.parametrize(("slug", "language"), [("cara-belajar", "id"), (INDONESIAN, "id"), (ENGLISH, "en")])
def test_what_is_quoted_from_the_screen_is_there(slug: str, language: str):
    plain, filled = screen_words(language)
    quoted = {(path, word) for path, text in texts_of(slug).items() for word in SCREEN_WORDS.findall(text)}
    assert len(quoted) >= 20
    quoted = {(path, word) for path, word in quoted if "bercetak miring" not in word and "in italics" not in word}
    missing = sorted(
        (path, word)
        for path, word in quoted
        if word.rstrip(".") not in plain and not filled.fullmatch(word.rstrip("."))
    )
    assert missing == []


def test_the_two_courses_on_writing_courses_have_the_same_outline():
    one, other = course_of(INDONESIAN), course_of(ENGLISH)
    assert (one.language, other.language) == ("id", "en")
    assert (one.jp, one.completion) == (other.jp, other.completion)
    assert [len(section.items) for section in one.sections] == [len(section.items) for section in other.sections]
    assert [(item.id, item.type, item.jp, item.practice_minutes) for item in one.items] == [
        (item.id, item.type, item.jp, item.practice_minutes) for item in other.items
    ]


def test_the_two_courses_ask_the_same_questions():
    def asked(slug: str) -> list[tuple[object, ...]]:
        pieces = []
        for item in course_of(slug).items:
            questions = item.questions if isinstance(item, Quiz | Module) else ()
            pieces += [
                (item.id, one.id, one.kind, one.points, one.group, one.pair, one.difficulty) for one in questions
            ]
        return pieces

    assert len(asked(INDONESIAN)) >= 25
    assert asked(INDONESIAN) == asked(ENGLISH)


@pytest.mark.parametrize("slug", [INDONESIAN, ENGLISH])
def test_jp_are_earned(slug: str):
    course = course_of(slug)
    words = sum(len(item.prose.split()) for item in course.items if isinstance(item, Module))
    others = sum(item.total_minutes(JP_MINUTES) for item in course.items if not isinstance(item, Module))
    practice = sum(item.practice_minutes for item in course.items if isinstance(item, Module))
    assert course.jp * JP_MINUTES == pytest.approx(words / WORDS_PER_MINUTE + others + practice, rel=0.15)


@pytest.mark.parametrize("slug", [INDONESIAN, ENGLISH])
def test_numbers_of_minutes_follow_the_site(slug: str):
    """The first module has the example of 1,400 words and eight questions."""
    questions = {one.id: one for item in course_of(slug).items if isinstance(item, Quiz) for one in item.questions}

    def practice(words: int, count: int) -> str:
        return f"{JP_MINUTES - words / WORDS_PER_MINUTE - count * MINUTES_PER_QUESTION:g}"

    assert practice(1400, 8) == "26"
    assert questions["prates-menit"].score(practice(1000, 6)) == 1
    assert questions["pascates-menit"].score(practice(1200, 10)) == 1
    assert questions["k-angka"].score(f"{4 * (1 - 2 * 0.25):g}") == 1
    assert questions["k-undi"].score(str(2 + 4)) == questions["pascates-impor"].score(str(26 - 5)) == 1
