"""Whatever bytes come in: an answer, soon, and never an exception."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from course_faults import ERRORS, WARNINGS
from course_sample import ASSIGNMENT, COVER, FILES, MODULE, QUIZ, as_bytes, assignment, module, quiz, read, with_item
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.folder.ids import add_ids
from lms.content.folder.reading import read_course
from lms.content.markdown.document import MAX_BYTES
from lms.content.markdown.frontmatter import MAX_LENGTH

PATIENCE = 20  # seconds of the processor; all of these take a small part of it, quadratic ones would take minutes

MANY = [
    "[" * 20_000,
    "![" * 20_000,
    "[a](" * 20_000,
    "[^a]" * 20_000,
    "> " * 20_000 + "a",
    "- " * 20_000 + "a",
    "\n".join("  " * depth + "- a" for depth in range(500)),
    "\n".join("> " * depth + "a" for depth in range(500)),
    "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + ("|b" * 500 + "|\n") * 150,
    "*a **b " * 20_000,
    "`" * 50_000,
    "".join("`" * length + "a" for length in range(1, 500)),
    "{" * 100_000 + "}",
    "{a=" * 50_000 + "}",
    "## Apa?\n" * 20_000,
    "## Apa?\n\n= a\n\n" + "### Petunjuk\n" * 15_000,
    "## Apa {#a}\n\n- [x] a\n- [ ] b\n" * 5_000,
    "- [ ] a\n" * 20_000,
    "= a\n" * 40_000,
    "```question\n" * 15_000,
    "```question\nA\n\n= a\n```\n" * 7_000,
    "<!-- " * 30_000,
    "<a " * 50_000,
    "[a]: b\n" * 25_000,
    "[^a]: b [^a]\n\n" * 10_000,
    "![](x)\n" * 25_000,
    "\t" * 100_000 + "a",
    "kata " * 40_000,
    "a\n" * 90_000,
    "\\" * 150_000,
    "[[a|b]] " * 20_000,
]


@pytest.mark.parametrize("body", MANY, ids=range(len(MANY)))
@pytest.mark.parametrize("write", [module, quiz, assignment])
def test_much_of_anything_is_read_soon(write: Callable[[str], str], body: str) -> None:
    began = time.process_time()
    course, problems = read(with_item(write(body[:40_000])))
    assert (course is None) == any(not problem.is_warning for problem in problems)
    assert time.process_time() - began < PATIENCE


@pytest.mark.slow
@pytest.mark.parametrize("body", ["kata [a](b) ![](c)\n" * 10_000, "## Apa?\n\n- [x] a\n- [ ] b\n\n" * 7_000])
@pytest.mark.parametrize("write", [module, quiz, assignment])
def test_files_of_the_largest_size_are_read_soon(write: Callable[[str], str], body: str) -> None:
    raw = write(body).encode()
    assert MAX_BYTES * 0.8 < len(raw) <= MAX_BYTES
    began = time.process_time()
    add_ids(as_bytes(with_item(raw)))
    assert time.process_time() - began < PATIENCE


@pytest.mark.parametrize("mark", ["## Apa? ", "## Apa?\n\n- [x] a\n- [ ] ", "## Apa?\n\n= "])
def test_long_lines_within_a_question_are_read_soon(mark: str) -> None:
    for piece in MANY:
        if "\n" not in piece:
            began = time.process_time()
            read(with_item(quiz(mark + piece[:40_000])))
            assert time.process_time() - began < PATIENCE


@pytest.mark.parametrize(
    "front",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "a: " + "[" * 5_000,
        "a: " + "{" * 5_000,
        "? " * 5_000,
        "- " * 5_000,
        "".join(f"k{number}: {number}\n" for number in range(1_500)),
        "title: A\n" * 1_500,
        "after: [" + "a, " * 4_000 + "]\n",
        "draw: {" + "".join(f"k{number}: 1, " for number in range(1_000)) + "}\ntitle: A\ntype: quiz\n",
        "title: " + "x" * 15_000 + "\n",
        "jp: " + "9" * 15_000 + "\n",
        "x" * 15_000 + ": 1\n",
        "%YAML 9.9\n",
        "title: \ud7ff\n",
        "<<: {title: A}\n",
        "!!python/object/apply:os.system [ls]\n",
    ],
)
def test_hostile_front_matter_is_refused(front: str) -> None:
    course, problems = read(with_item(f"---\n{front}---\n## Apa?\n\n= a\n"))
    assert course is None or front.startswith("title: \ud7ff")
    assert len(problems) <= len(front)
    assert len(front) <= MAX_LENGTH + 10_000


def test_many_files_with_many_circles_are_told_once_each() -> None:
    names = [f"a{number}" for number in range(90)]
    after = f"after: [{', '.join(names[:50])}]\n"
    files = {"course.md": COVER} | {f"{number:02}-{name}.md": module("", after) for number, name in enumerate(names)}
    course, problems = read(files)
    assert course is None
    assert len(problems) <= len(names)


# Hypothesis

LINES = f"{MODULE}{QUIZ}{ASSIGNMENT}{COVER}".splitlines(keepends=True)
BITS = """\
--- | title: A | type: quiz | type: assignment | ## Apa? | ##| - [x] a | - [ ] b | = a |     |   | > | ```question
``` | ~~~ | ### Pembahasan | ### Petunjuk | ## Rubrik | {#a} | {points=2} | \t | [^1]: x | [a]: b | [a] | === | &a | *a
!x | ' | " | \0 | \u2028 | \ufeff | \\ | {keep-last} | {50%} | 1. | <!-- x --> | - | ## | # a"""
PIECES = st.sampled_from(
    [
        *LINES,
        *(bit.strip(" ") + end for line in BITS.split("\n") for bit in line.split("|") for end in ("\n", " ", "\n\n")),
        "| a | b (1) |\n| - | - |\n",
        "\r\n",
        "\r",
        "|",
        "    ",
        "  ",
    ]
)
MARKDOWN = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join)
BODIES = st.one_of(
    st.binary(max_size=200),
    MARKDOWN.map(str.encode),
    st.builds(lambda write, body: write(body).encode(), st.sampled_from([module, quiz, assignment]), MARKDOWN),
)
PATHS = st.one_of(
    st.sampled_from(
        ["course.md", "01-a/index.md", "01-a/01-b.md", "02-c.md", "03-d.md", "media/x", "README.md", "../x.md"]
    ),
    st.text(max_size=12),
)


@st.composite
def nearly_good_folders(draw: st.DrawFn) -> dict[str, bytes]:
    """The sample with some lines changed."""
    files = {path: text.encode() for path, text in FILES.items()}
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(sorted(files)))
        lines = files[path].decode().splitlines(keepends=True)
        at = draw(st.integers(0, len(lines)))
        until = at + draw(st.integers(0, 2))
        lines[at:until] = draw(st.lists(PIECES, max_size=3))
        files[path] = "".join(lines).encode()
    return files


FOLDERS = st.one_of(
    nearly_good_folders(),
    st.dictionaries(PATHS, BODIES, max_size=5),
    st.builds(lambda one, two: {"course.md": COVER.encode(), "01-a.md": one, "02-b/03-c.md": two}, BODIES, BODIES),
)
RELAXED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@RELAXED
@given(st.one_of(st.just("kursus"), st.text(max_size=10)), FOLDERS)
def test_any_files_give_a_course_or_at_least_one_error(slug: str, files: dict[str, bytes]) -> None:
    course, problems = read_course(slug, files)
    assert (course is None) == any(not problem.is_warning for problem in problems)
    assert problems == sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column))
    for problem in problems:
        assert str(problem).encode()
        lines = re.split(r"\r\n|\r|\n", files.get(problem.path, b"").decode(errors="replace").removeprefix("\ufeff"))
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
ID_LINE = re.compile(rb" *id: [a-z0-9-]+(?:\r\n|\r|\n)")
ID_OF_A_QUESTION = re.compile(rb" \{#[a-z0-9-]+\}|#[a-z0-9-]+ ")


def without_ids(before: bytes, after: bytes) -> bytes:
    """What is left of ``after`` without the lines with ids, and the ids within lines, that ``before`` lacks."""
    old = LINE.findall(before)
    left = []
    for line in LINE.findall(after):
        expected = old[len(left)] if len(left) < len(old) else b""
        if line != expected and ID_LINE.fullmatch(line):
            continue
        more = len(line) - len(expected)
        cuts = (at for at in range(len(expected) + 1) if line[:at] + line[at + more :] == expected)
        found = [at for at in cuts if ID_OF_A_QUESTION.fullmatch(line[at : at + more])]
        left.append(expected if found else line)
    return b"".join(left)


def check_ids(files: dict[str, bytes]) -> None:
    changed = add_ids(files)
    assert all(path in files and changed[path] != files[path] for path in changed)
    after = files | changed
    assert add_ids(after) == {}
    for path, raw in changed.items():
        assert without_ids(files[path], raw) == files[path]
    before, _ = read_course("kursus", files)
    course, problems = read_course("kursus", after)
    if before:
        assert course is not None, [str(problem) for problem in problems]
        assert all(item.id for item in course.items)
        assert all(part.id for item in course.items for part in getattr(item, "parts", ()) if hasattr(part, "id"))
        assert all(question.id for item in course.items for question in getattr(item, "questions", ()))


@RELAXED
@given(FOLDERS)
def test_putting_ids_in_only_adds_and_is_done_once(files: dict[str, bytes]) -> None:
    check_ids(files)


@pytest.mark.parametrize("case", [*ERRORS, *WARNINGS], ids=lambda case: case[0])
def test_putting_ids_into_any_of_the_faulty_courses_only_adds(case: tuple[str, dict[str, str | bytes]]) -> None:
    check_ids(as_bytes(case[1]))


def test_putting_ids_into_the_sample_only_adds() -> None:
    check_ids(as_bytes(FILES))


WORDS = st.text(st.sampled_from("abé?# {}\\*`_[]|.-1"), min_size=1, max_size=20)


@pytest.mark.slow
@settings(RELAXED, max_examples=300)
@given(st.lists(st.tuples(WORDS, st.sampled_from(["", " {points=2}", " ##", "  "])), min_size=1, max_size=4))
def test_a_quiz_with_odd_headings_has_all_its_ids_afterwards(headings: list[tuple[str, str]]) -> None:
    body = "".join(f"## {words}{end}\n\nIsi.\n\n- [x] a\n- [ ] b\n\n" for words, end in headings)
    files = as_bytes(with_item(quiz(body)))
    check_ids(files)
    course, _ = read_course("kursus", files | add_ids(files))
    if course:
        titles = [question.title for question in course.items[0].questions]  # type: ignore[union-attr]
        before, _ = read_course("kursus", files)
        assert before is not None
        assert [question.title for question in before.items[0].questions] == titles  # type: ignore[union-attr]
