"""A remedy that is followed is right: what can be followed mechanically is followed, and not told again."""

from __future__ import annotations

import re

import pytest
from course_faults import ERRORS, Files
from course_sample import COVER, module, quiz, read, with_item

from lms.content.markdown.problems import Problem

WORD = re.compile(r"[^\s,\]}:=]+")


def followed(files: Files, problem: Problem) -> Files | None:
    """The files as the remedy has them, or None if it takes a person."""
    values, template = dict(problem.fix.values), problem.fix.template
    if template.startswith("name it like this"):
        wrong, guess = str(dict(problem.what.values)["name"]), str(values["guess"])
        return {"/".join(guess if part == wrong else part for part in path.split("/")): files[path] for path in files}
    text = files.get(problem.path)
    if not isinstance(text, str):
        return None
    lines = text.split("\n")
    line, start = lines[problem.line - 1], problem.column - 1
    if template.startswith("write it in brackets"):
        line = f"{line[:start]}[{values['text']}]"
    elif template.startswith("write “= "):
        line = f"= {values['text']}"
    elif template == "type a space over it":
        line = f"{line[:start]} {line[start + 1 :]}"
    elif template in ("did you mean “%(near)s”?", "write %(meant)s") and (word := WORD.match(line, start)):
        meant = str(next(iter(values.values())))
        line = line[:start] + meant + line[word.end() + meant.endswith("}") :]
    else:
        return None
    lines[problem.line - 1] = line
    return {**files, problem.path: "\n".join(lines)}


MECHANICAL = [(name, files) for name, files, *_ in ERRORS if any(followed(files, one) for one in read(files)[1])]


@pytest.mark.parametrize("files", [files for _, files in MECHANICAL], ids=[name for name, _ in MECHANICAL])
def test_a_remedy_that_is_followed_is_right(files: Files) -> None:
    for problem in read(files)[1]:
        fixed = followed(files, problem)
        if fixed is not None:
            assert (problem.what, problem.path) not in {(one.what, one.path) for one in read(fixed)[1]}


def test_ten_files_without_numbers_get_ten_numbers() -> None:
    files: Files = {"course.md": COVER} | {f"Bagian {letter}.md": module("Isi.") for letter in "abcdefghij"}
    for problem in read(files)[1]:
        files = followed(files, problem) or files
    assert read(files)[1] == []
    assert sorted(files)[:10] == [f"{number:02}-bagian-{letter}.md" for number, letter in enumerate("abcdefghij", 1)]


def test_what_is_wrong_with_a_folder_is_told_once() -> None:
    files: Files = {"course.md": COVER} | {f"Dasar/{number:02}-a{number}.md": module("Isi.") for number in range(1, 6)}
    files |= {f"gambar/{number}.png": "" for number in range(5)}
    assert [str(one.what) for one in read(files)[1] if "no item" not in str(one.what)] == [
        "the name “Dasar” does not have the form NN-name",
        "this file is not a part of the course",
    ]


def test_a_wrong_type_hides_no_other_fault() -> None:
    text = quiz("## Apa?\n\n- [ ] a\n- [ ] b\n").replace("type: quiz", "type: kuis")
    assert [str(one.what) for one in read(with_item(text))[1]] == [
        "“kuis” is not one of the choices",
        "no choice is marked as right",
    ]


def test_a_word_where_a_list_goes_is_told_with_the_word_that_there_is() -> None:
    text = "---\ntitle: A\ntype: assignment\nsubmit: file\n---\nIsi.\n"
    assert str(read(with_item(text))[1][0].fix) == "write it in brackets: submit: [files]"


def test_a_far_type_is_told_only_types_that_there_are() -> None:
    fix = str(read(with_item(module("Isi.", "type: xyz\n")))[1][0].fix)
    assert set(fix.removeprefix("write one of: ").split(", ")) == {"assignment", "module", "quiz", "session", "survey"}
