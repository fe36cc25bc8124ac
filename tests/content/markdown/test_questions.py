"""How questions are read: stems, answers, explanations, hints."""

from __future__ import annotations

from fractions import Fraction

import pytest
from course_sample import item, problems_of, question, quiz

from lms.content.items.quiz import Quiz
from lms.content.questions.choice import Choice
from lms.content.questions.short_answer import ShortAnswer
from lms.content.text import Text

YES_NO = "- [x] ya\n- [ ] tidak\n"


def quiz_of(body: str) -> Quiz:
    found = item(quiz(body))
    assert isinstance(found, Quiz)
    return found


@pytest.mark.parametrize(
    ("body", "kind", "right"),
    [
        ("## A?\n\n- [x] a\n- [ ] b\n", "single", "a"),
        ("## A?\n\n- [ ] a\n- [X] b\n", "single", "b"),
        ("## A?\n\n- [x] a\n- [x] b\n- [ ] c\n", "multiple", "ab"),
        ("## A? {type=multiple}\n\n- [x] a\n- [ ] b\n", "multiple", "a"),
        ("## A?\n\n- [x] a\n- [x] b\n", "multiple", "ab"),
        ("## A?\n\n* [ ] a\n* [x] b\n", "single", "b"),
        ("## A?\n\n+ [ ] a\n\n+ [x] b\n", "single", "b"),
        ("## A?\n\n1. [ ] a\n2. [x] b\n", "single", "b"),
        ("## A?\n\n  - [ ] a\n  - [x] b\n", "single", "b"),
        ("## A?\n- [ ] a\n- [x] b\n", "single", "b"),
        ("## A?\n\n-   [ ] a\n-   [x] b\n", "single", "b"),
        ("## A?\n\n-\t[ ] a\n-\t[x] b\n", "single", "b"),
    ],
)
def test_kinds_of_choice(body: str, kind: str, right: str) -> None:
    found = question(body)
    assert isinstance(found, Choice)
    assert found.takes_several == (kind == "multiple")
    assert [option.text.source for option in found.options if option.is_correct] == list(right)
    assert [option.id for option in found.options] == ["a", "b", "c"][: len(found.options)]


@pytest.mark.parametrize("scoring", ["exact", "each-answer", "net-correct", "correct-only"])
def test_scoring_of_several_right_choices(scoring: str) -> None:
    assert question(f"## A? {{scoring={scoring}}}\n\n- [x] a\n- [x] b\n").scoring == scoring


@pytest.mark.parametrize(
    ("lines", "accepted"),
    [
        ("= 14", [("14", 1)]),
        ("= 14\n= empat belas", [("14", 1), ("empat belas", 1)]),
        ("= 14\n= kira-kira 14 {50%}", [("14", 1), ("kira-kira 14", 0.5)]),
        ("= a\n= b {12.5%}\n= c {100%}", [("a", 1), ("b", 0.125), ("c", 1)]),
        ("=  spasi  di sini ", [("spasi  di sini", 1)]),
        ("= {a, b}", [("{a, b}", 1)]),
        ("= = 5", [("= 5", 1)]),
        ("   = 14", [("14", 1)]),
        ("= benar", [("benar", 1)]),
        ("= 3/4", [("3/4", 1)]),
    ],
)
def test_lines_of_short_answers_are_read_with_their_shares(lines: str, accepted: list[tuple[str, float]]) -> None:
    found = question(f"## A?\n\n{lines}\n")
    assert isinstance(found, ShortAnswer)
    assert [(one.text, one.share) for one in found.accepted] == accepted


@pytest.mark.parametrize(
    ("heading", "title", "stem"),
    [
        ("## Apa?", "Apa?", "Apa?"),
        ("##   Apa?  ", "Apa?", "Apa?"),
        ("## Apa? ##", "Apa?", "Apa?"),
        ("   ## Apa?", "Apa?", "Apa?"),
        ("##\tApa?", "Apa?", "Apa?"),
        ("## Apa itu **SKM** dan `IKM`?", "Apa itu SKM dan IKM?", "Apa itu **SKM** dan `IKM`?"),
        (
            "## [Pasal 4](https://a.id) ![foto](https://a.id/b)",
            "Pasal 4 foto",
            "[Pasal 4](https://a.id) ![foto](https://a.id/b)",
        ),
        ("## 1. Siapa?", "1. Siapa?", "1\\. Siapa?"),
        ("## 2) Siapa?", "2) Siapa?", "2\\) Siapa?"),
        ("## - Siapa?", "- Siapa?", "\\- Siapa?"),
        ("## > 5 orang?", "> 5 orang?", "\\> 5 orang?"),
        ("## # lagi", "# lagi", "\\# lagi"),
        ("## C#", "C#", "C#"),
        ("## Himpunan {a, b}", "Himpunan {a, b}", "Himpunan {a, b}"),
        ("## Himpunan {x | x = 2}", "Himpunan {x | x = 2}", "Himpunan {x | x = 2}"),
        ("## Kurung {}", "Kurung {}", "Kurung {}"),
        ("## Apa \\{#a}", "Apa {#a}", "Apa \\{#a}"),
        ("## Apa arti `{#a}`", "Apa arti {#a}", "Apa arti `{#a}`"),
        ("## Larik [[1,2],[3]]", "Larik [[1,2],[3]]", "Larik [[1,2],[3]]"),
    ],
)
def test_the_heading_is_the_first_line_of_the_stem(heading: str, title: str, stem: str) -> None:
    found = question(f"{heading}\n\n{YES_NO}")
    assert (found.title, found.stem, found.id) == (title, Text(stem, 5), "")


def test_the_stem_goes_on_below_the_heading() -> None:
    found = question(f"## Apa?\n\nBaca *ini*.\n\n- satu\n- dua\n\n> Kutipan\n\n| a |\n| - |\n\n{YES_NO}")
    assert found.stem.source == "Apa?\n\nBaca *ini*.\n\n- satu\n- dua\n\n> Kutipan\n\n| a |\n| - |"
    assert found.explanation is None


@pytest.mark.parametrize("heading", ["## {#a}", "## {#a} ##", "##   {#a}"])
def test_the_stem_may_be_all_in_the_body(heading: str) -> None:
    found = question(f"{heading}\n\nApa **ini**?\n\nItu.\n\n{YES_NO}")
    assert (found.id, found.title, found.stem) == ("a", "Apa ini?", Text("Apa **ini**?\n\nItu.", 7))


@pytest.mark.parametrize("heading", ["##", "## ", "## ##"])
def test_a_heading_may_be_empty(heading: str) -> None:
    assert question(f"{heading}\n\nApa?\n\n{YES_NO}").title == "Apa?"


def test_only_the_last_block_of_an_answering_shape_is_the_answers() -> None:
    found = question(f"## Apa?\n\n- [x] bukan jawaban\n- [ ] ini juga\n\nLalu:\n\n= begini\n\nNah:\n\n{YES_NO}")
    assert isinstance(found, Choice)
    assert not found.takes_several
    assert found.stem.source.endswith("= begini\n\nNah:")


def test_attributes_in_the_heading_are_read() -> None:
    found = question('## Apa? {#a-1 points=2.5 group="satu, dua"}\n\n= x\n')
    assert (found.id, found.points, found.group) == ("a-1", Fraction(5, 2), "satu, dua")
    assert found.title == "Apa?"


@pytest.mark.parametrize(
    ("option", "text", "feedback"),
    [
        ("- [ ] a\n    > satu\n    > dua", "a", "satu\ndua"),
        ("- [ ] a\n  > satu\n  dua", "a", "satu\ndua"),
        ("- [ ] a\n\n  > satu\n\n  > dua", "a", "satu\n\ndua"),
        ("- [ ] a\n\n  > - satu\n  >   > dua", "a", "- satu\n  > dua"),
        ("- [ ] a\n  b", "a\nb", None),
        ("- [ ] a\nb", "a\nb", None),
        ("- [ ] a\n\n  ```\n    x\n  ```\n  > f", "a\n\n```\n  x\n```", "f"),
        ("- [ ] a\n  > kutipan\n\n  b", "a\n> kutipan\n\nb", None),
        ("-\t[ ] a\n\t> f", "a", "f"),
        ("- [ ]   a  ", "a  ", None),
        ("-\n  [ ] a", "a", None),
    ],
)
def test_the_text_of_a_choice_and_its_feedback(option: str, text: str, feedback: str | None) -> None:
    found = question(f"## Apa?\n\n- [x] x\n{option}\n").options[1] if not option.startswith("-\t") else None
    if found is None:
        found = question(f"## Apa?\n\n{option}\n-\t[x] x\n").options[0]
    assert found.text.source.rstrip() == text.rstrip()
    assert (found.feedback.source if found.feedback else None) == feedback


def test_keep_last_is_taken_off_the_text() -> None:
    options = question("## Apa?\n\n- [x] a {keep-last}\n    > f\n- [ ] b {lain}\n").options
    assert [(option.text.source, option.keeps_last) for option in options] == [("a", True), ("b {lain}", False)]
    assert options[0].feedback == Text("f", 8)


@pytest.mark.parametrize(
    ("below", "explanation"),
    [
        ("> Karena.\n> Begitu.\n", "Karena.\nBegitu."),
        ("> Satu.\n\n> Dua.\n", "Satu.\n\nDua."),
        ("<!-- catatan penulis -->\n\n> Karena.\n", "Karena."),
        ("> Karena.\n\n<!-- catatan penulis -->\n", "Karena."),
        ("### Pembahasan\n\nKarena.\n\n- a\n\n#### Lagi\n\n> b\n", "Karena.\n\n- a\n\n#### Lagi\n\n> b"),
        ("### PEMBAHASAN\nKarena.\n", "Karena."),
        ("### Pembahasan\n\nKarena.\n\n### Lain\n\nIni.\n\n### Petunjuk\n\n- p\n", "Karena.\n\n### Lain\n\nIni."),
        ("### Petunjuk\n\n- p\n\n### Pembahasan\n\nKarena.\n", "Karena."),
        ("### Pembahasan\n", None),
        ("", None),
    ],
)
def test_an_explanation_is_a_quote_or_a_section(below: str, explanation: str | None) -> None:
    found = question(f"## Apa?\n\n{YES_NO}\n{below}").explanation
    assert (found.source if found else None) == explanation


def test_hints_are_the_items_of_one_list() -> None:
    found = question(f"## Apa?\n\n{YES_NO}\n### Petunjuk\n\n1. Satu\n   lagi.\n2. Dua.\n")
    assert found.hints == (Text("Satu\nlagi.", 12), Text("Dua.", 14))


def test_headings_in_code_and_quotes_open_no_question() -> None:
    found = quiz_of(f"Pengantar.\n\n```\n## bukan\n# bukan\n```\n\n> ## bukan\n\n    ## bukan\n\n## Apa?\n\n{YES_NO}")
    assert found.intro.source.startswith("Pengantar.")
    assert [question.title for question in found.questions] == ["Apa?"]


def test_lower_headings_belong_to_the_stem() -> None:
    assert question(f"## Apa?\n\n### Bagian\n\nTeks\n\n{YES_NO}").stem.source == "Apa?\n\n### Bagian\n\nTeks"


def test_a_text_takes_along_the_link_targets_and_notes_it_mentions() -> None:
    found = quiz_of(
        "Lihat [UU].\n\n## Apa [isinya][uu]?[^1]\n\n- [x] ya\n- [ ] tidak [Uu]\n\n## Lain?\n\n= a\n\n"
        "[UU]: https://a.id 'Undang-undang'\n[tak dipakai]: https://b.id\n[^1]: Catatan\n    panjang.\n"
    )
    link = "[UU]: https://a.id 'Undang-undang'"
    assert found.intro.source == f"Lihat [UU].\n\n{link}"
    first, second = found.questions
    assert first.stem.source == f"Apa [isinya][uu]?[^1]\n\n{link}\n\n[^1]: Catatan\n    panjang."
    assert first.options[1].text.source == f"tidak [Uu]\n\n{link}"
    assert (second.stem.source, second.explanation) == ("Lain?", None)


def test_a_quiz_with_a_broken_question_still_tells_what_is_wrong_with_the_next() -> None:
    assert problems_of(quiz("## Apa?\n\n- [ ] a\n- [ ] b\n\n## Siapa?\n\nx\n\n## Kapan? {points=x}\n\n= a\n")) == [
        ("7:1", "no choice is marked as right"),
        ("10:1", "the question has no answers"),
        ("14:19", "“x” is not a number"),
    ]
