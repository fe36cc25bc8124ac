"""How single values are read; how bad ones are refused is in ``faults.py``."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from course_sample import assignment, item, module, quiz, read, with_item

from lms.content.file_limits import FileLimits
from lms.content.items.assignment import Assignment, Late
from lms.content.items.quiz import Quiz
from lms.content.markdown.names import TakenNames, is_name, nearest, shorten, slugify
from lms.content.when import When

GOOD = "## Apa?\n\n= a\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-01", When("fixed", moment=datetime(2026, 12, 1))),  # noqa: DTZ001
        ("2026-12-01 09:30", When("fixed", moment=datetime(2026, 12, 1, 9, 30), at=time(9, 30))),  # noqa: DTZ001
        ("2028-02-29", When("fixed", moment=datetime(2028, 2, 29))),  # noqa: DTZ001
        ("'2026-12-01'", When("fixed", moment=datetime(2026, 12, 1))),  # noqa: DTZ001
        ("+7d", When("start", days=7)),
        ("+0d", When("start", days=0)),
        ('"+7d 09:00"', When("start", days=7, at=time(9))),
        ("+7d 00:00", When("start", days=7, at=time())),
        ("end+90d", When("end", days=90)),
        ("end+90d 23:59", When("end", days=90, at=time(23, 59))),
    ],
)
def test_days_and_moments(written: str, meant: When) -> None:
    assert item(module("", f"opens: {written}\n")).opens == meant


@pytest.mark.parametrize(
    ("written", "seconds"), [("1m", 60), ("20m", 1200), ("90m", 5400), ("3h", 10800), ("2d", 172800), ("'20m'", 1200)]
)
def test_lengths_of_time(written: str, seconds: int) -> None:
    quiz_item = item(quiz(GOOD, f"time_limit: {written}\n"))
    assert isinstance(quiz_item, Quiz)
    assert quiz_item.time_limit == seconds


@pytest.mark.parametrize(
    ("written", "number"), [("20", 20), ("2.5", 2.5), ("0", 0), ("0.5", 0.5), ("100", 100), ("1.000", 1), ("'20'", 20)]
)
def test_numbers_are_read_as_they_are_written(written: str, number: float) -> None:
    assert item(assignment("", f"pass: {written}\n")).pass_mark == number  # type: ignore[union-attr]


@pytest.mark.parametrize(("written", "number"), [("70", 70), ("70%", 70), ("62.5%", 62.5), ("100%", 100), ("0", 0)])
def test_percentages_need_no_sign(written: str, number: float) -> None:
    assert item(quiz(GOOD, f"pass: {written}\n")).pass_mark == number  # type: ignore[union-attr]


@pytest.mark.parametrize(("written", "meant"), [("all", "all"), ("required", "required"), ("80%", 80), ("0%", 0)])
def test_items_to_complete(written: str, meant: object) -> None:
    cover = f"---\ntitle: K\nsummary: R.\ncompletion: {{items: {written}}}\n---\n"
    course, _ = read({"course.md": cover, "01-a.md": module("")})
    assert course is not None
    assert course.completion.items == meant


@pytest.mark.parametrize(("written", "attempts"), [("3", 3), ("unlimited", None), ("1", 1)])
def test_attempts_are_a_number_or_unlimited(written: str, attempts: int | None) -> None:
    found = item(quiz(GOOD, f"attempts: {written}\n"))
    assert isinstance(found, Quiz)
    assert found.attempts == attempts


@pytest.mark.parametrize(
    ("written", "size"), [("10MB", 10 << 20), ("500KB", 500 << 10), ("1.5 MB", 3 << 19), ("1KB", 1024)]
)
def test_sizes_are_kilobytes_or_megabytes(written: str, size: int) -> None:
    found = item(assignment("", f"files: {{size: {written}}}\n"))
    assert isinstance(found, Assignment)
    assert found.files == FileLimits(size=size)


def test_draw_may_be_a_number_of_all() -> None:
    found = item(quiz(GOOD, "draw: 1\n"))
    assert isinstance(found, Quiz)
    assert found.draw == {"": 1}


def test_late_without_an_end_is_late_without_an_end() -> None:
    found = item(assignment("", "due: +7d\nlate: {penalty: 5}\n"))
    assert isinstance(found, Assignment)
    assert found.late == Late(None, 5)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01 09:00", "2026-12-01"),
        ("+7d", "+7d"),
        ("+7d 09:00", "+7d 09:00"),
        ("end+1d", "+0d"),
        ("2026-12-01", "+0d"),
    ],
)
def test_what_may_close_after_it_opens_is_no_error(opens: str, closes: str) -> None:
    assert item(module("", f"opens: {opens}\ncloses: {closes}\n")).closes


@pytest.mark.parametrize(
    "title", ["Modul satu", "'012'", '"no"', '"2026-12-01"', "12 langkah", "Café ☕", "y", "C: satu".replace(": ", ":")]
)
def test_titles_that_yaml_reads_as_text(title: str) -> None:
    text = f"---\ntitle: {title}\n---\n"
    assert item(text).title == title.strip("'\"")


def test_a_title_folded_over_lines_is_one_line() -> None:
    assert item("---\ntitle: >\n  Modul\n  satu\njp: 0\n---\n").title == "Modul satu"
    assert item("---\ntitle: Modul\n  satu\n---\n").title == "Modul satu"


def test_front_matter_may_have_comments_and_spaces_behind_its_marks() -> None:
    assert item("---  \n# apa ini\n\ntitle: A  # judul\n--- \nIsi\n").title == "A"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Asas pelayanan publik?", "asas-pelayanan-publik"),
        ("Café Élan №5", "cafe-elan-no5"),
        ("---", ""),
        ("日本", ""),
        ("x" * 100, "x" * 80),
        ("kata " * 30, "-".join(["kata"] * 16)),
    ],
)
def test_names_are_made_of_words(words: str, name: str) -> None:
    assert slugify(words) == name
    assert not name or is_name(name)


@pytest.mark.parametrize("text", ["", "A", "a b", "a--b", "-a", "a-", "a_b", "é", "a" * 81, "a\n"])
def test_what_is_not_a_name(text: str) -> None:
    assert not is_name(text)


def test_a_taken_name_gets_a_number() -> None:
    taken = TakenNames({"a", "a-2"})
    assert [taken.take(name) for name in ("a", "a", "b", "b")] == ["a-3", "a-4", "b", "b-2"]


def test_far_words_and_long_words_have_no_nearest() -> None:
    assert nearest("titel", ["title", "type"]) == "title"
    assert nearest("zzz", ["title"]) is None
    assert nearest("title" * 20, ["title" * 20]) is None


def test_messages_show_the_beginning_of_long_words() -> None:
    assert shorten("a\n b") == "a b"
    assert shorten("x" * 1000) == "x" * 59 + "…"


def test_a_course_with_warnings_only_is_a_course() -> None:
    course, problems = read(with_item(module("![](x.png)")))
    assert course is not None
    assert [problem.is_warning for problem in problems] == [True, True]
