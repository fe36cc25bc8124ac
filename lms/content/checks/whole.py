"""All suggestions about a course, or about one item while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lms.content.checks import shown
from lms.content.checks.questions import Suggestion, of_question
from lms.content.checks.reading_level import HARD, grade
from lms.content.checks.rules import EXAMPLE_TEXT
from lms.content.checks.words import same
from lms.content.course import CourseContent
from lms.content.items.base import Item
from lms.content.markdown.problems import Problem, say
from lms.content.questions.base import Question
from lms.content.starter_texts import ExamplesLeft, examples

COURSE_FILE = "course.md"
MIN_SHARED = 2
"""Choices that two questions with the same words have in common, if they are the same question."""

_KEYS = {"pass-mark": "pass:", "jp-without-certificate": "jp:", "few-questions": "draw:", "key-position": "shuffle:"}


class _Asked(NamedTuple):
    item: Item
    question: Question


def check_sources(items: Sequence[Item], files: Mapping[str, bytes], language: str = "id") -> list[Problem]:
    """What can be said before anything is rendered."""
    by_path = {item.path: item for item in items}
    found: list[tuple[str, Suggestion]] = []
    for item in items:
        found += [(item.path, one) for one in (*_of_item(item, language), *_examples(item, files))]
    found += _of_all_questions(items)
    return [_problem(path, one, files) for path, one in found if one.rule not in by_path[path].lint_off]


def check_item_shown(
    item: Item, course_slug: str, files: Mapping[str, bytes], pages: shown.Pages | None = None
) -> list[Problem]:
    """What learners see differently from what was written. ``item`` is rendered."""
    source = shown.source_of(item.path, files[item.path], files)
    found = shown.of_item(item, source, course_slug, pages or shown.Pages([item], are_all=False))
    return _once_a_line(_problem(item.path, one, files) for one in found if one.rule not in item.lint_off)


def check_course(course: CourseContent, files: Mapping[str, bytes]) -> list[Problem]:
    """Everything. ``course`` is rendered."""
    pages = shown.Pages(course.items)
    problems = check_sources(course.items, files, course.language)
    for item in course.items:
        problems += check_item_shown(item, course.slug, files, pages)
    sources = {path: shown.source_of(path, raw, files) for path, raw in files.items() if path.endswith(".md")}
    problems += _once_a_line(_problem(path, one, files) for path, one in shown.of_course(course, sources, pages))
    return [*problems, *_nothing_counts(course, files), *_jp_without_certificate(course, files)]


def _of_item(item: Item, language: str) -> Iterator[Suggestion]:
    for question in item.asked:
        yield from of_question(question, is_shuffled=item.shuffles_answers)
    yield from item.suggestions()
    years = grade(item.prose, language)
    if years is not None and years > HARD:
        yield Suggestion(
            "reading-level",
            0,
            say("this text is hard to read: about %(years)d years of school (an estimate)", years=round(years)),
            say("make shorter sentences, and take shorter words where there are any"),
        )


def _examples(item: Item, files: Mapping[str, bytes]) -> Iterator[Suggestion]:
    """The example texts that are left. In what gives a mark they are a fault (``lms.content.folder.whole``)."""
    lines = files.get(item.path, b"").decode("utf-8-sig", errors="replace").splitlines()
    if not item.is_graded and (found := list(examples(lines))):
        left = ExamplesLeft.of(found)
        yield Suggestion(EXAMPLE_TEXT, left.line, left.what, left.fix)


def _of_all_questions(items: Sequence[Item]) -> Iterator[tuple[str, Suggestion]]:
    """The same question in two places: of a quiz, or of a module and a quiz."""
    asked: dict[str, list[_Asked]] = {}
    for item in items:
        for question in item.asked:
            asked.setdefault(same(question.stem.source), []).append(_Asked(item, question))
    for stem, places in asked.items():
        for number, later in enumerate(places):
            other = next((one for one in places[:number] if stem and _are_one(one, later)), None)
            if other is None:
                continue
            quiz = later if later.item.is_graded else other
            rule = "same-stem" if other.item.is_graded == later.item.is_graded else "repeats-check"
            another = other if quiz is later else later
            if rule in quiz.question.lint_off or not quiz.item.is_graded:
                continue
            place = {"file": another.item.path, "line": another.question.line}
            if rule == "same-stem":
                what = say("%(file)s, line %(line)d, asks the same", **place)
                fix = say("ask something else, or take one of the two out")
            else:
                what = say("this repeats the question to check oneself of %(file)s, line %(line)d", **place)
                fix = say("ask it in another case: who has seen the answer there need not know it here")
            yield quiz.item.path, Suggestion(rule, quiz.question.line, what, fix)


def _are_one(one: _Asked, other: _Asked) -> bool:
    """General stems, such as “Which of these is right?”, may stand twice with other choices."""
    first, second = ({same(each.text.source) for each in asked.question.offered} for asked in (one, other))
    return len(first & second) >= min(MIN_SHARED, len(first), len(second))


def _nothing_counts(course: CourseContent, files: Mapping[str, bytes]) -> Iterator[Problem]:
    counted = [one for one in course.items if one.completes_by != "none"]
    if course.completion.items == "required":
        counted = [one for one in counted if one.is_required]
    if counted or not course.items:
        return
    one = Suggestion(
        "nothing-counts",
        0,
        say("nothing in the course counts: everybody has completed it at once"),
        say("let at least one item count: take “complete: none” out, or mark one as required"),
    )
    yield _problem(COURSE_FILE, one, files)


def _jp_without_certificate(course: CourseContent, files: Mapping[str, bytes]) -> Iterator[Problem]:
    if course.jp and not course.certificate:
        one = Suggestion(
            "jp-without-certificate",
            0,
            say("the course gives no certificate, so nobody ever gets its JP, and no page shows them"),
            say("take “jp” out, also of the items, or “certificate: false”"),
        )
        yield _problem(COURSE_FILE, one, files)


def _problem(path: str, one: Suggestion, files: Mapping[str, bytes]) -> Problem:
    line = one.line or _line_of(_KEYS.get(one.rule, ""), files.get(path, b""))
    return Problem(path, line, 1, one.what, one.fix, is_warning=True, rule=one.rule)


def _line_of(key: str, raw: bytes) -> int:
    lines = raw.decode("utf-8-sig", errors="replace").splitlines() if key else []
    return next((number for number, line in enumerate(lines, 1) if line.startswith(key)), 1)


def _once_a_line(problems: Iterable[Problem]) -> list[Problem]:
    """The first problem of each rule and line: ten cells of a row are one fault."""
    return list({(one.path, one.rule, one.line, one.fix.template): one for one in reversed(list(problems))}.values())
