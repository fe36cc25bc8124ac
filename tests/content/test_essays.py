"""Essays in quizzes: what is read, how a rubric earns points, what a form may send, and other formats."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from course_sample import item, module, problems_of, question, quiz
from essay_world import ESSAYS

from lms.content import stored
from lms.content.exchange.gift import read_gift
from lms.content.exchange.gift_writing import write_gift
from lms.content.exchange.moodle_xml import read_moodle_xml
from lms.content.exchange.moodle_xml_writing import write_moodle_xml
from lms.content.exchange.question_markdown import read_back
from lms.content.file_limits import FileLimits, files_of_answer, written_files
from lms.content.markdown.frontmatter import YamlText
from lms.content.questions.base import InvalidAnswer
from lms.content.questions.essay import MAX_LENGTH
from lms.content.rendering.course import FileRenderer

RUBRIC = """\
### Rubrik

| Kriteria | Baik (4) | Kurang (1) |
| - | - | - |
| Isi | Lengkap | Umum |
| Bahasa | Baku | Tidak |
"""


def essay(text=f"## Mengapa? {{type=essay points=3}}\n\n{RUBRIC}"):
    return question(text)


def test_what_is_read():
    found = item(quiz(ESSAYS)).questions[1]
    assert (found.kind, found.points, found.title) == ("essay", 6, "Bagaimana Anda memperbaiki loket yang antre?")
    assert [(one.title, [(level.title, level.points) for level in one.levels]) for one in found.rubric] == [
        ("Masalah", [("Baik", 2), ("Cukup", 1)]),
        ("Langkah", [("Baik", 2), ("Cukup", 1)]),
    ]
    assert found.rubric[1].levels[0].description == "Dapat dimulai besok"
    assert found.explanation.source == "Jawaban yang baik menyebut data."
    assert item(quiz(ESSAYS)).questions[2].rubric == ()


def test_a_quote_and_a_list_belong_to_the_question():
    found = question("## Bacalah {type=essay}\n\n1. satu\n2. dua\n\n> Kutipan\n")
    assert "> Kutipan" in found.stem.source and "2. dua" in found.stem.source and found.explanation is None


# Three points, the best of the rubric is 8.
@pytest.mark.parametrize(
    ("picked", "points"),
    [({0: 0, 1: 0}, 3), ({0: 0, 1: 1}, Fraction(15, 8)), ({0: 1, 1: 1}, Fraction(3, 4))],
)
def test_points_by_the_rubric_worked_by_hand(picked, points):
    assert essay().points_by(picked) == points


@pytest.mark.parametrize("picked", [{}, {0: 0}, {0: 0, 1: 2}, {0: 0, 1: -1}])
def test_a_level_that_is_missing_or_unknown_is_refused(picked):
    with pytest.raises(ValueError, match="criterion"):
        essay().points_by(picked)


def test_no_answer_earns_anything_by_itself():
    assert essay().score("Sangat lengkap.") == 0 and essay().is_marked_by_people
    assert essay().categories_of("Sangat lengkap.") == ()


def test_line_ends_count_as_one_character_and_more_is_refused_with_the_text():
    lines = "\r\n".join(["a" * 99] * (MAX_LENGTH // 100))
    assert len(essay().answer_from({"text": [lines]})) == MAX_LENGTH - 1
    assert essay().answer_from({"text": [" \n\u200b"]}) is None
    with pytest.raises(InvalidAnswer) as caught:
        essay().answer_from({"text": ["b" * (MAX_LENGTH + 1)]})
    assert caught.value.shown == "b" * (MAX_LENGTH + 1)
    assert dict(caught.value.message.values)["max"] == "8.000"


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        (quiz(f"## A?\n\n= a\n\n{RUBRIC}"), "9:1", "only an essay has a rubric"),
        (quiz("## A? {type=essay}\n\n### Rubrik\n\nteks\n"), "9:1", "something other than one table under ### Rubrik"),
        (quiz("## A? {type=essay}\n\n### Rubrik\n"), "7:1", "something other than one table under ### Rubrik"),
        (quiz("## A? {type=essay}\n\n### Rubrik\n\n| a | B |\n| - | - |\n| x | y |\n"), "9:7", "has no points"),
        (quiz("## A? {type=essay}\n\n= a\n"), "5:13", "does not go with these answers"),
        (quiz("## A? {type=essay scoring=exact}\n"), "5:27", "does not go with this kind"),
        (module("```question {type=essay}\nMengapa?\n```\n"), "4:13", "an essay is marked by people"),
    ],
)  # fmt: skip
def test_each_fault_of_an_essay_is_named_at_its_place(text, place, what):
    found = problems_of(text)
    assert len(found) == 1 and found[0][0].endswith(place) and what in found[0][1], found


def test_a_stored_essay_comes_back_equal():
    found = item(quiz(ESSAYS)).rendered(FileRenderer(lambda _link: None, "id"))
    kept = json.loads(json.dumps(stored.dump(found)))
    again = stored.load("quiz", kept, slug="kuis")
    assert again.questions == stored.load("quiz", stored.dump(again), slug="kuis").questions
    assert again.questions[1].rubric == found.questions[1].rubric


def test_a_later_revision_changes_neither_points_nor_rubric_of_an_answer():
    newer = essay(f"## Mengapa, ya? {{type=essay points=9}}\n\n{RUBRIC.replace('(4)', '(5)')}")
    found = essay().with_key_of(newer)
    assert (found.points, found.rubric, found.title) == (3, essay().rubric, "Mengapa?")
    assert essay().with_key_of(question("## A?\n\n= a\n")) is None


EVERYTHING = (
    "## Mengapa warga menunggu? {type=essay points=2.5 group=sulit tags=antre objective=Menilai difficulty=sulit}\n\n"
    "Lihat kasus.\n\n### Pembahasan\n\nSebut syaratnya.\n\n### Petunjuk\n\n- Baca lagi.\n\n" + RUBRIC
)


def test_markdown_there_and_back():
    _found, source = read_back(question(EVERYTHING))
    assert question(source) == question(EVERYTHING) and "### Rubrik\n\n| Kriteria | Baik (4) | Kurang (1) |" in source


def comparable(found):
    return found.points, found.stem.source, found.explanation and found.explanation.source, found.rubric, found.hints


def test_gift_and_moodle_xml_there_and_back():
    asked = [question(EVERYTHING), question("## Ceritakan. {type=essay}\n")]
    for write, read in (
        (write_gift, read_gift),
        (write_moodle_xml, lambda text: read_moodle_xml(text.encode())),
    ):
        text, left_out = write([("", asked)])
        taken = read(text).taken
        assert left_out == 0 and len(taken) == 2, read(text).left_out
        for one, before in zip(taken, asked, strict=True):
            assert (one.question.points, one.question.rubric) == (before.points, before.rubric)
            assert one.question.stem.source == before.stem.source
            assert [hint.source for hint in one.question.hints] == [hint.source for hint in before.hints]
            assert (one.question.explanation is None) == (before.explanation is None)


def test_an_essay_of_gift_has_empty_braces():
    found = read_gift("::Satu::Ceritakan pengalaman Anda. {}\n").taken[0]
    assert found.question.kind == "essay" and found.source == "## Ceritakan pengalaman Anda. {type=essay}\n"
    assert "Ceritakan.{}" in write_gift([("", [question("## Ceritakan. {type=essay}\n")])])[0]


MOODLE = """<quiz><question type="essay"><name><text>Satu</text></name>
<questiontext format="html"><text><![CDATA[<p>Ceritakan.</p>]]></text></questiontext><defaultgrade>5</defaultgrade>
<responseformat>editorfilepicker</responseformat><attachments>2</attachments><minwordlimit>50</minwordlimit>
<graderinfo format="html"><text>Lihat kelengkapannya.</text></graderinfo>
<responsetemplate format="html"><text>Saya</text></responsetemplate></question></quiz>"""


def test_what_moodle_has_besides_is_named():
    one = read_moodle_xml(MOODLE.encode()).taken[0]
    assert (one.question.kind, one.question.points, len(one.notes)) == ("essay", 5, 3)
    assert one.question.files == FileLimits(2) and "files=2" in one.source
    assert "<attachments>2</attachments>" in write_moodle_xml([("", [one.question])])[0]


@pytest.mark.parametrize(
    ("said", "limits"),
    [
        ("1", FileLimits(1)),
        ("2, 5MB", FileLimits(2, 5 * 1024 * 1024)),
        ("3, jpg, png", FileLimits(3, types=("jpg", "png"))),
        ("5, 500KB, pdf", FileLimits(5, 500 * 1024, ("pdf",))),
    ],
)
def test_what_may_be_attached_is_read_and_written(said, limits):
    assert files_of_answer(YamlText(said, "str", True, (1, 1), None)) == limits
    assert written_files(limits) == said
    assert question(f'## A? {{type=essay files="{said}"}}\n').attachments == limits
