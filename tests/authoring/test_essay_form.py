"""The form of an essay: put back into the same bytes, and as a page."""

from __future__ import annotations

from dataclasses import replace

from essay_world import ESSAYS

from lms.authoring.questions import moving
from lms.authoring.questions.editing import edit_question
from lms.authoring.questions.reading import read_questions
from lms.authoring.questions.values import QuestionValues, canonical

TEXT = f"---\ntitle: Kuis\ntype: quiz\n---\n\n{ESSAYS}"
RAW = TEXT.encode()
TABLE = "| Kriteria | Baik (2) | Cukup (1) |\n| --- | --- | --- |\n"


def values(number):
    return read_questions(RAW).questions[number].values


def changed(number, **new):
    return edit_question(read_questions(RAW), number, replace(values(number), **new)).decode()


def test_what_the_form_shows():
    plan, lesson = values(1), values(2)
    assert (plan.kind, plan.points, plan.explanation) == ("essay", "6", "Jawaban yang baik menyebut data.")
    assert plan.rubric.startswith(TABLE) and plan.rubric.endswith("Belum jelas |") and lesson.rubric == ""
    assert not any(one.rest for one in read_questions(RAW).questions)


def test_saving_without_a_change_changes_no_byte():
    for number in range(3):
        assert edit_question(read_questions(RAW), number, values(number)) == RAW


def test_one_field_changes_its_own_lines():
    rubric = values(1).rubric
    assert changed(1, rubric=rubric.replace("Umum", "Biasa")) == TEXT.replace("Umum", "Biasa")
    assert changed(1, rubric="") == TEXT.replace(f"\n### Rubrik\n\n{rubric}\n", "")
    added = changed(2, rubric=f"{TABLE}| Isi | a | b |")
    assert added == f"{TEXT}\n### Rubrik\n\n{TABLE}| Isi | a | b |\n"
    assert changed(1, explanation="Lain.") == TEXT.replace("Jawaban yang baik menyebut data.", "Lain.")
    hints = changed(1, hints=("Baca dulu.",))
    assert hints.index("### Pembahasan") < hints.index("- Baca dulu.") < hints.index("### Rubrik")


def test_a_new_essay_says_what_the_form_says():
    sent = QuestionValues(
        kind="essay", stem="Mengapa?", explanation="Karena.", hints=("Baca.",), rubric=f"{TABLE}| I | a | b |"
    )
    done = moving.add_question(read_questions(RAW), sent)
    assert done.decode().endswith(
        "\n## Mengapa? {type=essay}\n\n### Pembahasan\n\nKarena.\n\n### Petunjuk\n\n- Baca.\n\n"
        f"### Rubrik\n\n{TABLE}| I | a | b |\n"
    )
    assert canonical(read_questions(done).questions[-1].values) == canonical(sent)
