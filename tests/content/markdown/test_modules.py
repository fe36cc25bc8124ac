"""How a module's body falls into prose and questions to check oneself."""

from __future__ import annotations

import pytest
from course_sample import item, module, problems_of

from lms.content.items.module import Module
from lms.content.questions.base import Question
from lms.content.questions.short_answer import AcceptedText
from lms.content.text import Text

FENCE = "```question {#a}\nApa?\n\n- [x] ya\n- [ ] tidak\n```\n"


def parts(body: str) -> list[str]:
    """Prose as it is, questions by their titles in brackets."""
    found = item(module(body))
    assert isinstance(found, Module)
    return [part.source if isinstance(part, Text) else f"<{part.title}>" for part in found.parts]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", []),
        ("\n\n  \n", []),
        ("Isi.\n", ["Isi."]),
        (FENCE, ["<Apa?>"]),
        (f"A\n\n{FENCE}\nB\n", ["A", "<Apa?>", "B"]),
        (f"A\n{FENCE}B\n", ["A", "<Apa?>", "B"]),
        (FENCE + FENCE.replace("{#a}", ""), ["<Apa?>", "<Apa?>"]),
        (FENCE.replace("```", "~~~"), ["<Apa?>"]),
        (FENCE.replace("```", "`````"), ["<Apa?>"]),
        (FENCE.replace("question {#a}", "question"), ["<Apa?>"]),
        (FENCE.replace("question {#a}", "  question{#a}  "), ["<Apa?>"]),
        (f"````\n{FENCE}````\n", [f"````\n{FENCE}````"]),
        (f"~~~\n{FENCE}~~~\n", [f"~~~\n{FENCE}~~~"]),
        ("```questions\nx\n```\n", ["```questions\nx\n```"]),
        ("```question-bank\nx\n```\n", ["```question-bank\nx\n```"]),
        ("    ```question\n    x\n", ["    ```question\n    x"]),
        ("# Judul\n\n## Bagian\n\n- [ ] a\n- [x] b\n", ["# Judul\n\n## Bagian\n\n- [ ] a\n- [x] b"]),
    ],
)
def test_a_module_is_cut_into_prose_and_questions(body: str, expected: list[str]) -> None:
    assert parts(body) == expected


def only_question(body: str) -> Question:
    found = item(module(body))
    assert isinstance(found, Module)
    (question,) = found.parts
    assert isinstance(question, Question)
    return question


def test_code_within_a_question_needs_fewer_marks() -> None:
    found = only_question("````question\nApa?\n\n```\n- [x] kode\n```\n\n= a\n````\n")
    assert found.stem == Text("Apa?\n\n```\n- [x] kode\n```", 5)
    assert found.accepted == (AcceptedText("a"),)


def test_an_indented_fence_is_read_without_its_indentation() -> None:
    found = only_question("  ```question\n  Apa?\n\n  - [x] ya\n      > Betul.\n  - [ ] tidak\n  ```\n")
    assert found.options[0].feedback == Text("Betul.", 8)


def test_a_question_to_check_oneself_has_all_that_a_question_of_a_quiz_has() -> None:
    found = only_question(
        "```question {#a points=2}\nApa?\n\n= ya\n\n### Pembahasan\n\nKarena.\n\n### Petunjuk\n\n- Pikir.\n```\n"
    )
    assert (found.id, found.points, found.line) == ("a", 2, 4)
    assert found.explanation == Text("Karena.", 11)
    assert found.hints == (Text("Pikir.", 15),)


def test_prose_takes_along_notes_that_stand_behind_a_question() -> None:
    found = parts(f"Isi[^1].\n\n{FENCE}\n[^1]: Catatan.\n")
    assert found == ["Isi[^1].\n\n[^1]: Catatan.", "<Apa?>", "[^1]: Catatan."]


@pytest.mark.parametrize("complete", ["read", "manual", "none"])
def test_when_a_module_is_complete(complete: str) -> None:
    found = item(module("", f"complete: {complete}\n"))
    assert isinstance(found, Module)
    assert found.complete == complete


@pytest.mark.parametrize(
    "body",
    [
        "[a](https://a.id) [b](mailto:a@b.id) [c](#bagian) [d](/courses) [e](?q=1) <https://b.id>\n",
        "`![](x.png)` dan \\!\\[](x.png)\n",
        "```\n![](x.png)\n```\n",
        "[ini](01-satu.md) [bagian](01-satu.md#a) [kursus](./course.md)\n",
        "[kosong]()\n",
        "![Alur \\] *kerja*](https://a.id/x.png)\n",
    ],
)
def test_good_links_are_not_complained_of(body: str) -> None:
    assert problems_of(module(body)) == []


def test_links_may_be_written_with_percent_signs_and_lead_to_folders() -> None:
    from course_sample import COVER, read

    files = {
        "course.md": COVER,
        "01-a/01-b.md": module("![x](../media/dua%20kata.png) [y](../media) [z](..)"),
        "media/dua kata.png": "",
    }
    _, problems = read(files)
    assert [str(problem.what) for problem in problems] == ["“..” leads to a file that is not in the course"]


def test_each_of_several_pictures_has_its_own_place() -> None:
    body = "| ![](a.png) | ![](b.png) |\n| - | - |\n| x | ![](a.png) |\n"
    places = [place for place, what in problems_of(module(body)) if what.startswith("the picture")]
    assert places == ["4:3", "4:16", "6:7"]
