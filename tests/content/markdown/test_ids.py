"""Ids that files lack are put in, and nothing else changes."""

from __future__ import annotations

import pytest
from course_sample import COVER, FILES, as_bytes, assignment, module, quiz, read

from lms.content.folder.ids import add_ids

GOOD = "## Apa? {#a}\n\n= a\n"


def put_in(text: str, name: str = "01-satu.md") -> str:
    """The file after its ids were put in; it must then be complete."""
    files = as_bytes({"course.md": COVER, name: text})
    changed = add_ids(files)
    assert set(changed) <= {name}
    after = files | changed
    assert add_ids(after) == {}
    course, problems = read(after)
    assert course is not None, [str(problem) for problem in problems]
    return after[name].decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: A\n---\n", "---\ntitle: A\nid: satu\n---\n"),
        ("---\ntitle: A\njp: 0\n---\n", "---\ntitle: A\nid: satu\njp: 0\n---\n"),
        ("---\njp: 0\ntitle: A\n---\n", "---\njp: 0\ntitle: A\nid: satu\n---\n"),
        ("---\r\ntitle: A\r\n---\r\nIsi\n", "---\r\ntitle: A\r\nid: satu\r\n---\r\nIsi\n"),
        ("---\rtitle: A\r---\r", "---\rtitle: A\rid: satu\r---\r"),
        ("\ufeff---\ntitle: A\n---", "\ufeff---\ntitle: A\nid: satu\n---"),
        (
            "--- \n  title: A   # judul\n  jp: 0\n---  \n\n \n",
            "--- \n  title: A   # judul\n  id: satu\n  jp: 0\n---  \n\n \n",
        ),
        ("---\ntitle: A\n  B\n\n# c\n---\n", "---\ntitle: A\n  B\nid: satu\n\n# c\n---\n"),
        ('---\ntitle: "A\n  B" # c\n---\n', '---\ntitle: "A\n  B" # c\nid: satu\n---\n'),
        ("---\n\n# c\ntitle: >\n  A\n\njp: 0\n---\n", "---\n\n# c\nid: satu\ntitle: >\n  A\n\njp: 0\n---\n"),
        ("---\n# c\n title: |-\n  A\n---\n", "---\n# c\n id: satu\n title: |-\n  A\n---\n"),
        ("---\n? title\n: A\n---\n", "---\n? title\n: A\nid: satu\n---\n"),
        ("---\ntitle:\n  A\n---\n", "---\ntitle:\n  A\nid: satu\n---\n"),
        ('---\n"title": A\n---\n', '---\n"title": A\nid: satu\n---\n'),
        ("---\ntitle: A\nid: lain\n---\n", "---\ntitle: A\nid: lain\n---\n"),
    ],
)
def test_an_item_gets_its_slug_as_id(before: str, after: str) -> None:
    assert put_in(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## Apa itu SKM?", "## Apa itu SKM? {#apa-itu-skm}"),
        ("## Apa?  ", "## Apa? {#apa}  "),
        ("## Apa? ##", "## Apa? {#apa} ##"),
        ("  ## Apa?\t#", "  ## Apa? {#apa}\t#"),
        ("## Apa? {points=2}", "## Apa? {#apa points=2}"),
        ("## Apa?  { points=2 } ##", "## Apa?  {#apa  points=2 } ##"),
        ("## {points=2}", "## {#ini-isinya points=2}"),
        ("##", "## {#ini-isinya}"),
        ("##  ", "## {#ini-isinya}  "),
        ("## ##", "## {#ini-isinya} ##"),
        ("## Himpunan {a, b}", "## Himpunan {a, b} {#himpunan-a-b}"),
        ("## Apa \\{#x}", "## Apa \\{#x} {#apa-x}"),
        ("## C#", "## C# {#c}"),
        ("## ??", "## ?? {#soal}"),
        ("## Éléments **café**", "## Éléments **café** {#elements-cafe}"),
        (
            "## Berapa kali survei kepuasan masyarakat dilakukan?",
            "## Berapa kali survei kepuasan masyarakat dilakukan? {#berapa-kali-survei-kepuasan}",
        ),
        ("## Apa? {#tetap}", "## Apa? {#tetap}"),
    ],
)
def test_a_question_gets_an_id_of_its_words(before: str, after: str) -> None:
    body = "\n\nIni isinya.\n\n- [x] a\n- [ ] b\n"
    assert put_in(quiz(before + body, "id: k\n")) == quiz(after + body, "id: k\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("```question", "```question {#apa}"),
        ("```question  ", "```question {#apa}  "),
        ("```question {points=2}", "```question {#apa points=2}"),
        ("  ```question{points=2}", "  ```question{#apa points=2}"),
        ("```question {#x}", "```question {#x}"),
        ("``` question", "``` question {#apa}"),
    ],
)
def test_a_question_in_a_module_gets_its_id_on_the_fence(before: str, after: str) -> None:
    body = "\nApa?\n\n= a\n```\n"
    assert put_in(module(before + body, "id: k\n")) == module(after + body, "id: k\n")


def test_ids_are_told_apart_in_the_whole_course() -> None:
    files = as_bytes(
        {
            "course.md": COVER,
            "01-a.md": quiz("## Apa?\n\n= a\n\n## Apa?\n\n= b\n"),
            "02-b.md": module("```question\nApa?\n\n= a\n```\n"),
            "03-c.md": quiz("## Lain? {#apa-2}\n\n= a\n"),
        }
    )
    after = files | add_ids(files)
    assert b"{#apa}\n\n= a\n\n## Apa? {#apa-3}" in after["01-a.md"]
    assert b"{#apa-4}" in after["02-b.md"]
    course, problems = read(after)
    assert course is not None
    assert problems == []


def test_an_items_id_that_another_has_gets_a_number() -> None:
    files = as_bytes({"course.md": COVER, "01-a.md": module("", "id: b\n"), "02-b.md": module("")})
    assert add_ids(files) == {"02-b.md": b"---\ntitle: Satu\nid: b-2\n---\n"}


def test_a_file_with_an_error_is_left_as_it_is_and_its_ids_count_as_taken() -> None:
    files = as_bytes(
        {"course.md": COVER, "01-a.md": quiz("## Apa? {#apa}\n\nx\n"), "02-b.md": quiz("## Apa?\n\n= a\n", "id: b\n")}
    )
    assert add_ids(files) == {"02-b.md": quiz("## Apa? {#apa-2}\n\n= a\n", "id: b\n").encode()}


def test_other_files_are_never_touched() -> None:
    assert add_ids(as_bytes(FILES)).keys() == {"01-dasar-pelayanan/02-kuis-dasar.md", "99-tugas-rencana.md"}
    assert add_ids({}) == {}
    assert add_ids({"01-a.md": b"\xff", "02-b.md": b"x", "../03-c.md": b"---\ntitle: A\n---\n"}) == {}


def test_an_assignment_gets_its_id() -> None:
    assert put_in(assignment("Isi")) == assignment("Isi").replace("title: Satu\n", "title: Satu\nid: satu\n")


def test_an_id_that_yaml_would_read_as_a_number_is_written_in_quotes():
    files = {"01-2026.md": b"---\ntitle: Tahun ini\n---\nIsi.\n"}
    assert b'id: "2026"' in add_ids(files)["01-2026.md"]
    assert not add_ids(add_ids(files))
