"""JP and the time that items take."""

from __future__ import annotations

import pytest

from lms.content.folder.reading import read_course
from lms.content.hours import check_hours
from lms.content.rendering.course import render_course

COURSE = "---\ntitle: Kursus\nsummary: Ringkas.\njp: %s\n---\nTentang kursus.\n"
MODULE = "---\ntitle: Membaca\nid: membaca\n%s---\n" + "kata " * 800 + "\n"
QUIZ = (
    "---\ntitle: Kuis\nid: kuis\ntype: quiz\ntime_limit: 20m\n%s---\n"
    "## Dua tambah dua? {#dua}\n\n- [x] Empat\n  > Ya.\n- [ ] Lima\n  > Bukan.\n"
)
TASK = "---\ntitle: Tugas\nid: tugas\ntype: assignment\nsubmit: [text]\n%s---\n" + "kata " * 400 + "\n"


def checked(module="", quiz="", task="", *, jp=0, jp_minutes=45):
    files = {
        "course.md": COURSE % jp,
        "01-membaca.md": MODULE % module,
        "02-kuis.md": QUIZ % quiz,
        "03-tugas.md": TASK % task,
    }
    source = {path: text.encode() for path, text in files.items()}
    course, problems = read_course("kursus", source)
    assert course, list(map(str, problems))
    rendered = render_course(course, {})
    return rendered, [(one.path, one.line, dict(one.what.values)) for one in check_hours(rendered, source, jp_minutes)]


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ({}, (4, 20, 45)),
        ({"module": "minutes: 40\n"}, (44, 20, 45)),
        ({"quiz": "minutes: 10\n"}, (4, 30, 45)),
        ({"task": "jp: 2\n", "jp": 2}, (4, 20, 90)),
        ({"task": "jp: 2\nminutes: 60\n", "jp": 2}, (4, 20, 62)),
        ({"task": "jp: 2\n", "jp": 2, "jp_minutes": 60}, (4, 20, 120)),
    ],
)
def test_practice_is_added_to_the_own_time(said, own):
    course, _found = checked(**said)
    assert tuple(round(item.total_minutes(said.get("jp_minutes", 45))) for item in course.items) == own


@pytest.mark.parametrize(
    ("minutes", "is_warned"), [(0, True), (18, True), (19, False), (41, False), (86, False), (87, True)]
)
def test_from_half_to_twice_the_time_of_the_jp_nothing_is_said(minutes, is_warned):
    _course, found = checked(module=f"jp: 1\nminutes: {minutes}\n", jp=1)
    assert ("01-membaca.md" in [path for path, _line, _values in found]) is is_warned


def test_the_warning_names_the_item_its_jp_and_its_own_time():
    _course, found = checked(module="jp: 2\n", jp=2)
    assert found == [("01-membaca.md", 4, {"title": "Membaca", "jp": 2, "wanted": 90, "own": 4})]


@pytest.mark.parametrize(("jp", "is_warned"), [(1, False), (3, False), (4, True)])
def test_a_course_whose_items_have_no_jp_is_looked_at_as_a_whole(jp, is_warned):
    """Its items take 69 minutes."""
    _course, found = checked(jp=jp)
    assert found == ([("course.md", 4, {"jp": jp, "wanted": jp * 45, "own": 69})] if is_warned else [])


def test_how_long_a_jp_is_comes_from_the_site():
    assert [len(checked(module="jp: 1\nminutes: 20\n", jp=1, jp_minutes=length)[1]) for length in (45, 60)] == [0, 1]


@pytest.mark.parametrize("wrong", ["-1", "1.5", "banyak", "60001"])
def test_minutes_are_a_whole_number(wrong):
    files = {"course.md": COURSE % 0, "01-membaca.md": MODULE % f"minutes: {wrong}\n"}
    course, problems = read_course("kursus", {path: text.encode() for path, text in files.items()})
    assert course is None
    assert [one.line for one in problems] == [4]
