"""The forms of ordering, matching, gaps and texts without a question: put back into the same bytes, and as pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from course_sample import STRUCTURED_QUIZ
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import csrf_token

from lms.authoring import services
from lms.authoring.questions import moving
from lms.authoring.questions.editing import edit_question
from lms.authoring.questions.reading import read_questions
from lms.authoring.questions.rereading import UnwritableQuestion
from lms.authoring.questions.values import PairValues, QuestionValues, canonical

RAW = STRUCTURED_QUIZ.encode()
STEM = read_questions(RAW).questions[3].values.stem


def values(number):
    return read_questions(RAW).questions[number].values


def changed(number, **new):
    return edit_question(read_questions(RAW), number, replace(values(number), **new)).decode()


def test_what_the_form_shows():
    text, order, match, gaps = (one.values for one in read_questions(RAW).questions)
    assert (text.kind, text.stem) == ("description", "Kasus: loket A\n\nWarga menunggu **tiga jam**.")
    assert [one.left for one in order.pairs] == ["Dengarkan keluhan", "Catat nama dan nomor", "Sebutkan waktu jawab"]
    assert (order.scoring, order.explanation, order.hints) == ("pairs", "Nama dicatat dulu.", ("Mulai dari warga.",))
    assert [(one.left, one.right) for one in match.pairs][1:] == [
        ("Biaya", "Berapa yang dibayar?"),
        ("", "Siapa atasan Anda?"),
    ]
    assert (gaps.kind, gaps.explanation) == ("gaps", "Hasil survei adalah hak warga.")
    assert "[[satu|1]]" in gaps.stem and not any(one.rest for one in read_questions(RAW).questions)


def test_saving_without_a_change_changes_no_byte():
    for number in range(4):
        assert edit_question(read_questions(RAW), number, values(number)) == RAW


@pytest.mark.parametrize(
    ("number", "new", "old_text", "new_text"),
    [
        (0, {"stem": "Kasus: loket A\n\nWarga pergi."}, "Warga menunggu **tiga jam**.", "Warga pergi."),
        (1, {"points": ""}, " points=2", ""),
        (1, {"scoring": "exact"}, " scoring=pairs", ""),
        (1, {"explanation": ""}, "\n\n> Nama dicatat dulu.", ""),
        (3, {"explanation": "Hak."}, "Hasil survei adalah hak warga.", "Hak."),
        (3, {"explanation": ""}, "\n### Pembahasan\n\nHasil survei adalah hak warga.\n", ""),
        (3, {"scoring": "each-answer"}, "#skm scoring=exact", "#skm"),
        (3, {"stem": STEM.replace("satu|1", "dua")}, "satu|1", "dua"),
    ],
)  # fmt: skip
def test_one_field_changes_its_own_lines(number, new, old_text, new_text):
    assert changed(number, **new) == STRUCTURED_QUIZ.replace(old_text, new_text)


def test_steps_are_changed_added_removed_and_moved():
    one, two, three = values(1).pairs
    assert changed(1, pairs=(one, replace(two, left="Catat"), three)) == STRUCTURED_QUIZ.replace(
        "Catat nama dan nomor", "Catat"
    )
    assert changed(1, pairs=(one, two, three, PairValues("Kabari"))) == STRUCTURED_QUIZ.replace(
        "jawab\n\n>", "jawab\n4. Kabari\n\n>"
    )
    assert changed(1, pairs=(one, three)) == STRUCTURED_QUIZ.replace("2. Catat nama dan nomor\n3. ", "2. ")
    assert "1. Catat nama dan nomor\n2. Dengarkan keluhan\n3. Sebutkan" in changed(1, pairs=(two, one, three))


def test_rows_are_changed_added_and_removed():
    one, two, three = values(2).pairs
    assert changed(2, pairs=(one, replace(two, right="Berapa | apa?"), three)) == STRUCTURED_QUIZ.replace(
        "| Berapa yang dibayar? |", "| Berapa \\| apa? |"
    )
    assert changed(2, pairs=(one, two)) == STRUCTURED_QUIZ.replace("|  | Siapa atasan Anda? |\n", "")
    assert "|  | Siapa atasan Anda? |\n| Waktu | Kapan? |\n" in changed(
        2, pairs=(one, two, three, PairValues("Waktu", "Kapan?"))
    )
    assert "| Siapa | Siapa atasan Anda? |" in changed(2, pairs=(one, two, replace(three, left="Siapa")))


TEXTS = st.sampled_from(["a", "- b", "satu\n\ndua", "c | d", "# x", "`e`", "[[f]]", "{g}", "```", "> h", "1. i", "\\"])


@settings(max_examples=60)
@given(
    st.sampled_from(["order", "match", "gaps", "essay", "description"]),
    st.lists(st.tuples(TEXTS, TEXTS), min_size=2, max_size=4, unique_by=lambda pair: pair[0]),
    TEXTS,
)
def test_new_questions_say_what_the_form_says_or_nothing_is_written(kind, pairs, more):
    has_pairs = kind in ("order", "match")
    sent = QuestionValues(
        kind=kind,
        stem=f"Isi [[a]] {more}" if kind == "gaps" else f"Apa {more}",
        pairs=tuple(PairValues(left, "" if kind == "order" else right) for left, right in pairs) if has_pairs else (),
        explanation=more,
        hints=(more,),
        points="2",
    )
    try:
        done = moving.add_question(read_questions(RAW), sent)
    except UnwritableQuestion:
        return
    assert done.startswith(RAW[:-1])
    found = read_questions(done).questions
    assert len(found) == 5 and canonical(found[-1].values) == canonical(sent)


NEW = [
    (
        "order",
        {"row": ["0", "1", "2"], "text-0": "Satu", "text-1": "Dua", "scoring": "pairs"},
        "\n## Baru? {type=order scoring=pairs}\n\n1. Satu\n2. Dua\n",
    ),
    (
        "match",
        {"row": ["0", "1", "2"], "text-0": "a", "right-0": "b", "text-1": "c", "right-1": "d", "right-2": "e"},
        "\n## Baru? {type=match}\n\n|  |  |\n| --- | --- |\n| a | b |\n| c | d |\n|  | e |\n",
    ),
    ("gaps", {"stem": "Isi [[a]].", "explanation": "B."}, "\n## Isi [[a]].\n\n### Pembahasan\n\nB.\n"),
    (
        "essay",
        {"points": "4", "rubric": "| a | B (1) |\r\n| --- | --- |\r\n| x | y |"},
        "\n## Baru? {type=essay points=4}\n\n### Rubrik\n\n| a | B (1) |\n| --- | --- |\n| x | y |\n",
    ),
    ("description", {}, "\n## Baru? {type=description}\n"),
]


@pytest.mark.parametrize(("kind", "sent", "written"), NEW)
def test_a_question_is_added_and_shown_again_in_its_form(client, teacher, course, kind, sent, written):
    path = f"/teach/courses/kecil/new-question/{kind}/02-kuis.md"
    data = {"stem": "Baru?", "do": "save", "csrf_token": csrf_token(client.text(path))} | sent
    answer = client.post(path, data=data)
    assert answer.status_code == 302
    source = services.with_texts(services.source(course.id)).files["02-kuis.md"].data.decode()
    assert source.endswith(written)
    page = client.text(answer.location)
    assert "Soal ini tidak punya formulir" not in page and 'id="stem"' in page


@pytest.mark.parametrize("kind", ["order", "match", "gaps"])
def test_what_is_missing_is_said_and_nothing_is_saved(client, teacher, course, kind):
    path = f"/teach/courses/kecil/new-question/{kind}/02-kuis.md"
    data = {"stem": "Baru?", "row": ["0"], "text-0": "a", "csrf_token": csrf_token(client.text(path))}
    answer = client.post(path, data=data)
    assert answer.status_code == 422 and "Tulis paling sedikit" in answer.text
    assert not services.source(course.id).is_draft


def test_a_rubric_that_cannot_be_read_is_said_at_its_field(client, teacher, course):
    path = "/teach/courses/kecil/new-question/essay/02-kuis.md"
    data = {"stem": "Baru?", "do": "save", "rubric": "| a | B |\n| - | - |\n| x | y |"}
    answer = client.post(path, data=data | {"csrf_token": csrf_token(client.text(path))})
    assert answer.status_code == 422 and 'id="rubric-error"' in answer.text
    assert not services.source(course.id).is_draft
