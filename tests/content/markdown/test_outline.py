"""Which file is what, and in which order the items come."""

from __future__ import annotations

import pytest
from course_sample import COVER, module, read

from lms.content.folder.outline import is_safe, lay_out


def order(*paths: str) -> list[tuple[str, list[str]]]:
    files = {"course.md": COVER} | {path: module("Isi.") for path in paths}
    course, problems = read(files)
    assert problems == []
    assert course is not None
    return [(section.slug, [item.slug for item in section.items]) for section in course.sections]


def test_items_and_sections_come_by_number_and_then_by_name() -> None:
    assert order("02-b.md", "01-z.md", "10-c.md", "02-a.md") == [("", ["z", "a", "b", "c"])]
    assert order("02-s/01-a.md", "01-t/02-b.md", "01-t/01-c.md") == [("t", ["c", "b"]), ("s", ["a"])]


def test_items_at_the_root_stand_between_the_sections() -> None:
    assert order("99-akhir.md", "00-awal.md", "01-s/01-a.md", "02-antara.md", "03-t/01-b.md") == [
        ("", ["awal"]),
        ("s", ["a"]),
        ("", ["antara"]),
        ("t", ["b"]),
        ("", ["akhir"]),
    ]


def test_a_shorter_name_comes_before_one_that_begins_with_it() -> None:
    assert order("01-a-b.md", "01-a/01-c.md", "02-d.md") == [("a", ["c"]), ("", ["a-b", "d"])]


def test_a_section_is_named_after_its_folder_unless_it_says_its_title() -> None:
    files = {
        "course.md": COVER,
        "01-standar-pelayanan/01-a.md": module("Isi."),
        "02-x/index.md": "---\ntitle: Bab X\n---\n",
        "02-x/01-b.md": module("Isi."),
        "03-y/index.md": "---\ntitle: Bab Y\n---\nIsi bab.\n",
    }
    course, _ = read(files)
    assert course is not None
    assert [(section.title, section.intro and section.intro.source) for section in course.sections] == [
        ("Standar pelayanan", None),
        ("Bab X", None),
        ("Bab Y", "Isi bab."),
    ]


def test_media_are_never_read_or_complained_of() -> None:
    files = {"course.md": COVER, "01-a.md": module("Isi."), "media/x.md": b"\xff", "media/a/b/c.png": b"\xff"}
    course, problems = read(files)
    assert course is not None
    assert problems == []


@pytest.mark.parametrize("path", ["a", "a/b.md", "media/dua kata.png", "media/é.png", "a..b", ".gitignore"])
def test_paths_inside_the_folder_are_safe(path: str) -> None:
    assert is_safe(path)


@pytest.mark.parametrize(
    "path",
    ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\\b", "c:a", "a\tb", "a\x7f", "a\u202eb", "\ud800", "x" * 201],
)
def test_paths_that_may_lead_elsewhere_are_not_safe(path: str) -> None:
    assert not is_safe(path)


def test_an_unsafe_file_is_not_read() -> None:
    outline = lay_out(["../01-a.md", "01-a.md"])
    assert [entry.path for entry in outline.items] == ["01-a.md"]
    assert len(outline.problems) == 1
