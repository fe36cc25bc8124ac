"""Each rule remarks on what it is for, leaves the rest alone, and can be switched off."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from content.checks.cases import FINE, FOUND
from content.markdown.test_faults import said_below
from course_sample import COVER, module
from hypothesis import given, settings
from hypothesis import strategies as st

import lms.content.checks
from lms.content.checks.rules import OF_QUESTIONS, RULES
from lms.content.checks.whole import check_course
from lms.content.folder.reading import read_course
from lms.content.markdown.problems import Problem
from lms.content.rendering.course import render_course
from lms.content.rendering.markdown_html import TextTooComplex
from lms.courses.media_files import media_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x01\x08\x00\x00\x00\x00"
MODULE = module("## Judul\n\n```question {#cek}\nApa itu SKM?\n\n- [x] p\n- [ ] q\n```\n").replace(
    "---\n## ", "---\n\n## "
)

OF_COURSES = {"nothing-counts", "jp-without-certificate"}


def suggestions(text: str) -> list[Problem]:
    cover = COVER.replace("summary:", "jp: 2\ncertificate: false\nsummary:", 1) if "\njp: 2\n" in text else COVER
    files = {"course.md": cover.encode(), "01-satu.md": text.encode(), "media/a.png": PNG, "media/peta.bmp": b"BM"}
    if "SKM" in text or "02-modul" in text:
        check = MODULE.replace("## Judul\n\n", "", 1) if "SKM" in text else MODULE
        files["02-modul.md"] = check.encode()
    course, problems = read_course("contoh", files)
    assert course is not None, problems
    return check_course(render_course(course, media_of(files, {})), files)


@pytest.mark.parametrize(("rule", "text", "words"), FOUND)
def test_a_rule_remarks_on_what_it_is_for(rule: str, text: str, words: str) -> None:
    found = suggestions(text)
    assert {one.rule for one in found} == {rule}
    assert any(words in f"{one.what}; {one.fix}" for one in found)
    assert all(one.is_warning and one.line >= 1 for one in found)


@pytest.mark.parametrize("text", FINE)
def test_what_is_fine_is_left_alone(text: str) -> None:
    assert [str(one) for one in suggestions(text)] == []


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, text, _ in FOUND if rule not in OF_COURSES])
def test_an_item_switches_a_rule_off(rule: str, text: str) -> None:
    front = text.replace("title:", f"lint-off: [{rule}]\ntitle:", 1)
    assert [one.rule for one in suggestions(front)] == []


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, text, _ in FOUND if rule in OF_QUESTIONS and text.count("\n## ") == 1]
)
def test_a_question_switches_a_rule_off(rule: str, text: str) -> None:
    head, _, rest = text.partition("\n## ")
    stem, _, answers = rest.partition("\n")
    opened = stem[:-1] if stem.endswith("}") else f"{stem} {{"
    assert [one.rule for one in suggestions(f"{head}\n## {opened} lint-off={rule}}}\n{answers}")] == []


def test_every_rule_has_a_case() -> None:
    assert {rule for rule, _, _ in FOUND} == set(RULES)


def test_every_sentence_is_said_by_one_of_the_cases() -> None:
    said = {
        one for _, text, _ in FOUND for found in suggestions(text) for one in (found.what.template, found.fix.template)
    }
    unsaid = {
        "there is no rule “%(name)s”",
        "did you mean “%(near)s”?",
        "write the name shown with the suggestion, such as longest-key",
        "nobody can pass: at best %(best)d %% can be earned",
        "lower “pass”, or give each question an answer that earns all its points",
    }
    """Errors of the reader; and what no kind of question that there is can bring about."""
    told = set()
    for path in Path(lms.content.checks.__file__).parent.glob("*.py"):
        told |= said_below(ast.parse(path.read_text()), path.name)
    assert told - said - unsaid == set()


def test_a_suggestion_is_at_the_line_of_what_it_is_about() -> None:
    text = module("Satu.\n\nDua <iframe src=a></iframe>.\n\nTiga <iframe src=b></iframe> [x](#y).\n")
    first = text.split("\n").index("Dua <iframe src=a></iframe>.") + 1
    assert sorted((one.rule, one.line) for one in suggestions(text)) == [
        ("dead-link", first + 2),
        ("shown-tag", first),
        ("shown-tag", first + 2),
    ]


PIECES = st.sampled_from(
    [
        *("tidak ", "bukan ", "semua benar ", "selalu ", "Apa ", "pelayanan ", "`", "\n", "- ", "| ", ":bulb: "),
        *("<iframe>", "<table>", "{#a}", ":::", "[x](#y)", "![](z)", "**", "$a$", "Istilah\n: arti\n"),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    stem=st.lists(PIECES, max_size=6),
    options=st.lists(st.lists(PIECES, min_size=1, max_size=3), min_size=2, max_size=5),
)
def test_no_course_that_can_be_read_makes_the_check_fail(stem: list[str], options: list[list[str]]) -> None:
    lines = "".join(f"- [{'x' if not number else ' '}] a {''.join(one)}\n" for number, one in enumerate(options))
    text = f"---\ntitle: A\ntype: quiz\npass: 50\n---\n{''.join(stem)}\n\n## Apa {''.join(stem)}\n\n{lines}"
    cover = COVER.replace("summary:", "jp: 2\ncertificate: false\nsummary:", 1) if "\njp: 2\n" in text else COVER
    files = {"course.md": cover.encode(), "01-satu.md": text.encode()}
    course, _ = read_course("contoh", files)
    if course is None:
        return
    try:
        rendered = render_course(course, {})
    except TextTooComplex:
        return
    assert all(one.rule in RULES for one in check_course(rendered, files))
