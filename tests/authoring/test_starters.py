"""What a new course begins with can be published once its examples are written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.starters import TEMPLATES, CourseFacts, begin_files, item_file
from lms.content.checks.rules import EXAMPLE_TEXT
from lms.content.checks.whole import check_sources
from lms.content.folder.outline import lay_out
from lms.content.folder.reading import read_course
from lms.content.items.base import item_types
from lms.content.starter_texts import READY, examples

FACTS = CourseFacts("Pelayanan: dasar", "Melayani # dengan baik.", "pelayanan", "teknis", 3)
TITLES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=40)


EXAMPLE = re.compile("(this is still the|these are still) example text")


def written(files):
    """With a text of one's own in the place of each example."""
    return {path: _written(data.decode()).encode() for path, data in files.items()}


def _written(text):
    for one in examples(text.splitlines()):
        text = text.replace(one.text, f"Teks {one.line}", 1)
    return text


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_is_a_course_without_faults_once_it_is_written(name):
    files = begin_files(FACTS, TEMPLATES[name])
    course, problems = read_course("baru", written(files))
    assert course is not None, problems
    assert (course.title, course.summary, course.jp) == (FACTS.title, FACTS.summary, 3)
    assert not [one for one in problems if one.path != "course.md"]
    _course, problems = read_course("baru", files)
    assert all(EXAMPLE.match(str(one.what)) for one in problems if one.path != "course.md")


@pytest.mark.parametrize("kind", [one.type for one in item_types])
def test_each_type_of_item_begins_with_an_example_that_has_to_be_written_or_can_be_used(kind):
    files = begin_files(FACTS, "") | {"01-isi.md": item_file(kind, "Isi: satu", "isi")}
    course, problems = read_course("baru", written(files))
    assert course is not None, problems
    item = course.items[0]
    assert (item.type, item.title, item.id) == (kind, "Isi: satu", "isi")
    _course, problems = read_course("baru", files)
    refused = [one for one in problems if EXAMPLE.match(str(one.what))]
    suggested = [one for one in check_sources([item], files) if one.rule == EXAMPLE_TEXT]
    expected = [0, 0] if kind in READY else [1, 0] if item.is_graded else [0, 1]
    assert [len(refused), len(suggested)] == expected
    told = " ".join(str(one.what) for one in refused + suggested)
    assert all(one.text in told for one in examples(files["01-isi.md"].decode().splitlines())), "all at once"


def test_an_outline_in_lines_makes_sections_quizzes_and_assignments():
    course, _problems = read_course(
        "baru", written(begin_files(FACTS, "Bab satu:\nIsi\n\nKuis isi\nBab dua:\nTugas akhir\nIsi"))
    )
    assert [(one.title, [item.title for item in one.items]) for one in course.sections] == [
        ("Bab satu", ["Isi", "Kuis isi"]),
        ("Bab dua", ["Tugas akhir", "Isi"]),
    ]
    assert [one.type for one in course.items] == ["module", "quiz", "assignment", "module"]
    assert len({one.slug for one in course.items}) == 4


@given(title=TITLES.filter(str.strip), lines=st.lists(TITLES, max_size=6))
def test_whatever_is_typed_becomes_a_course_that_can_be_read(title, lines):
    facts = CourseFacts(" ".join(title.split()) or "A", "Ringkas.")
    files = begin_files(facts, "\n".join(["Awal", *lines]))
    course, problems = read_course("baru", written(files))
    assert course is not None, problems
    assert course.title == facts.title
    assert not lay_out(files).problems
