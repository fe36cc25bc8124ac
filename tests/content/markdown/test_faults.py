"""Every fault, once: where it is told, in which words, and how to fix it."""

from __future__ import annotations

import ast
from pathlib import Path

import archive_faults
import pytest
from course_faults import ERRORS, WARNINGS, Files
from course_sample import FILES, Told, read, told

import lms.content

ids = [case[0] for case in ERRORS]


@pytest.mark.parametrize(("_name", "files", "place", "what", "fix"), ERRORS, ids=ids)
def test_each_error_is_told_once_at_its_place(_name: str, files: Files, place: str, what: str, fix: str) -> None:
    course, _ = read(files)
    assert course is None
    errors = [one for one in told(files) if not one.is_warning]
    assert [(one.place, one.what) for one in errors] == [(place, what)]
    assert fix in errors[0].fix


@pytest.mark.parametrize(("_name", "files", "place", "what", "fix"), WARNINGS, ids=[case[0] for case in WARNINGS])
def test_each_warning_is_told_once_and_keeps_no_course_back(
    _name: str, files: Files, place: str, what: str, fix: str
) -> None:
    course, _ = read(files)
    assert course is not None
    (only,) = told(files)
    assert (only.place, only.what, only.is_warning) == (place, what, True)
    assert fix in only.fix


@pytest.mark.parametrize("name", archive_faults.FAULTS)
def test_a_folder_that_is_not_taken_is_told_once_with_a_remedy(name: str) -> None:
    raised, fix = archive_faults.FAULTS[name]
    (only,) = archive_faults.messages(raised)
    assert str(only[1]).startswith(fix)


def test_case_names_are_told_apart() -> None:
    assert len(set(ids)) == len(ids)


HOURS = (
    "the course says %(jp)d jp",
    "add “minutes: …” to the items",
    "“%(title)s” says %(jp)d jp",
    "correct “jp”, correct “minutes”",
    "state the practice that it asks for",
)
"""Said of a rendered course, with the site's minutes of a JP: ``test_hours.py``."""


def sentences() -> set[str]:
    """Every English sentence the package can say; question banks, documents and suggestions are tested apart."""
    found: set[str] = set()
    for path in Path(lms.content.__file__).parent.rglob("*.py"):
        if path.parent.name not in ("checks", "documents", "exchange"):
            found |= said_below(ast.parse(path.read_text()), path.name)
    return found


def said_below(tree: ast.AST, name: str) -> set[str]:
    """The sentences of faults; what a learner is told of an answer is none of an author's business."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if (isinstance(node, ast.FunctionDef) and node.name in ("slip", "scoring_words")) or (
            isinstance(node, ast.Assign) and "_SCORING_WORDS" in ast.unparse(node.targets[0])
        ):
            continue
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if called == "say":
            assert isinstance(node, ast.Call)
            assert isinstance(node.args[0], ast.Constant), f"{name}:{node.lineno} is not a plain sentence"
            found.add(node.args[0].value)
        elif called not in ("InvalidAnswer", "AnswerReading"):
            found |= said_below(node, name)
    return found


def test_every_sentence_is_said_by_one_of_the_cases() -> None:
    said = set()
    for case in (*ERRORS, *WARNINGS):
        for problem in read(case[1])[1]:
            said |= {problem.what.template, problem.fix.template}
    for raised, _fix in archive_faults.FAULTS.values():
        said |= {message.template for pair in archive_faults.messages(raised) for message in pair}
    unknown = (
        "there is no course “%(slug)s”",
        "the course's folder is named",
        "name it with lower-case",
        "take it out of the list",
        "these courses are prerequisites",
        "take one of them out of “prerequisites”",
        *HOURS,
    )
    assert {sentence for sentence in sentences() - said if not sentence.startswith(unknown)} == set()


def test_a_course_tells_all_its_errors_in_one_go_in_the_order_of_the_files() -> None:
    files = dict(FILES)
    files["course.md"] = files["course.md"].replace("jp: 4", "jp: 012").replace("certificate", "sertificate")
    files["99-tugas-rencana.md"] = files["99-tugas-rencana.md"].replace("due: +7d", "due: minggu depan")
    files["01-dasar-pelayanan/02-kuis-dasar.md"] += "\n## Apa lagi?\n"
    assert [one.place for one in told(files)] == [
        "01-dasar-pelayanan/02-kuis-dasar.md:82:1",
        "99-tugas-rencana.md:8:6",
        "course.md:8:5",
        "course.md:14:1",
    ]


def test_a_prerequisite_is_looked_up_where_the_courses_are_known() -> None:
    course, problems = read(FILES, known_courses={"etika-berakhlak": []})
    assert course
    assert problems == []
    assert told(FILES, known_courses={"etika-berahlak": []}) == [
        Told(
            "course.md:9:17", "there is no course “etika-berakhlak”", "did you mean “etika-berahlak”?", is_warning=False
        )
    ]
    assert told(FILES, known_courses={})[0].fix == "take it out of the list"


def test_courses_that_are_prerequisites_of_each_other_are_told_with_the_way_round() -> None:
    known = {"etika-berakhlak": ["dasar-asn"], "dasar-asn": ["pelayanan-publik"], "lain": ["lain-lagi"]}
    assert told(FILES, known_courses=known) == [
        Told(
            "course.md:9:17",
            "these courses are prerequisites of each other: "
            "pelayanan-publik → etika-berakhlak → dasar-asn → pelayanan-publik",
            "take one of them out of “prerequisites”",
            is_warning=False,
        )
    ]


def test_a_course_needs_a_good_name() -> None:
    from lms.content.folder.reading import read_course

    course, (problem,) = read_course("Pelayanan Publik", {k: v.encode() for k, v in FILES.items()})
    assert course is None
    assert str(problem) == (
        "course.md:1:1: the course's folder is named “Pelayanan Publik”; "
        "name it with lower-case letters, digits and hyphens: pelayanan-publik"
    )
