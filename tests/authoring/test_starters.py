"""What a new course begins with can be published as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.starters import TEMPLATES, CourseFacts, begin_files, item_file
from lms.content.folder.outline import lay_out
from lms.content.folder.reading import read_course
from lms.content.items.base import item_types

FACTS = CourseFacts("Pelayanan: dasar", "Melayani # dengan baik.", "pelayanan", "teknis", 3)
TITLES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=40)


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_is_a_course_without_faults(name):
    course, problems = read_course("baru", begin_files(FACTS, TEMPLATES[name]))
    assert course is not None, problems
    assert (course.title, course.summary, course.jp) == (FACTS.title, FACTS.summary, 3)
    assert not [one for one in problems if one.path != "course.md"]


@pytest.mark.parametrize("kind", [one.type for one in item_types])
def test_each_type_of_item_begins_with_a_sound_text(kind):
    files = begin_files(FACTS, "") | {"01-isi.md": item_file(kind, "Isi: satu", "isi")}
    course, problems = read_course("baru", files)
    assert course is not None, problems
    assert (course.items[0].type, course.items[0].title, course.items[0].id) == (kind, "Isi: satu", "isi")


def test_an_outline_in_lines_makes_sections_quizzes_and_assignments():
    course, _problems = read_course(
        "baru", begin_files(FACTS, "Bab satu:\nIsi\n\nKuis isi\nBab dua:\nTugas akhir\nIsi")
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
    course, problems = read_course("baru", files)
    assert course is not None, problems
    assert course.title == facts.title
    assert not lay_out(files).problems
