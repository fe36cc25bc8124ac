"""Questions to check oneself are found in stored HTML, whatever an author wrote around and in them."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lms.content.checks_in_html import NearestHeading, pieces, questions
from lms.content.questions.choice import Choice, Option
from lms.content.questions.short_answer import AcceptedText, ShortAnswer
from lms.content.rendering.check_yourself import check_yourself
from lms.content.rendering.markdown_html import render, without_paragraph
from lms.content.text import Text

REVISION = json.loads((Path(__file__).parent / "revisions" / "v3-module-manual-checks.json").read_text())

markdown = st.sampled_from(
    [
        "Biasa",
        'Kutip "ganda" & <tanda>',
        "**Tebal** / miring",
        "- satu\n- dua",
        "Satu\n\nDua",
        "> Kutipan",
        "`<div>` dan `</div>`",
        "| a | b |\n| - | - |\n| 1 | 2 |",
        "> [!TIP]\n> Kotak",
    ]
)


def text(source: str) -> Text:
    return Text(source, html=without_paragraph(render(source).html))


def test_a_text_is_cut_around_its_questions_and_nothing_is_lost() -> None:
    html = REVISION["body_html"]
    found = list(pieces(html))
    assert "".join(piece.html for piece in found) == html
    assert [piece.key for piece in found if piece.key] == ["cek-satu", "cek-dua", "cek-tiga"]
    assert {piece.heading for piece in found if piece.key} == {NearestHeading("bagian-dua", "Bagian dua")}


def test_a_text_without_questions_is_one_piece() -> None:
    html = render("## Judul\n\nTeks").html
    assert [piece.html for piece in pieces(html)] == [html]


def test_no_author_can_write_what_is_taken_for_a_question() -> None:
    forged = '<div class="check" role="group" aria-labelledby="x"><div class="check__stem" id="x">?</div></div>'
    for source in (forged, f"```html\n{forged}\n```", f"`{forged}`", f'[a](b "{forged}")'):
        assert not [piece for piece in pieces(render(source).html) if piece.key], source


def test_old_html_says_what_is_stored_as_values_now() -> None:
    stored = {one["id"]: one for one in REVISION["content"]["checks"]}
    read = questions(REVISION["body_html"])
    assert [one["id"] for one in read] == list(stored)
    for one in read:
        new = stored[one["id"]]
        assert (one["kind"], one["title"], one["stem"]) == (new["kind"], new["title"], new["stem"])
        if one["kind"] == "choice":
            told = [(option["text"], option["is_correct"], option["feedback"]) for option in one["options"]]
            assert told == [(option["text"], option["is_correct"], option["feedback"]) for option in new["options"]]
            assert one["takes_several"] == new["takes_several"]


@given(
    stem=markdown,
    options=st.lists(st.tuples(markdown, st.booleans(), st.none() | markdown), min_size=2, max_size=5),
    explanation=st.none() | markdown,
    takes_several=st.booleans(),
)
def test_any_choice_is_read_from_its_html(stem, options, explanation, takes_several) -> None:
    choice = Choice(
        id="cek",
        title="t",
        stem=text(stem),
        explanation=text(explanation) if explanation else None,
        options=tuple(
            Option(letter, text(words), is_correct, text(said) if said else None)
            for letter, (words, is_correct, said) in zip("abcde", options, strict=False)
        ),
        takes_several=takes_several,
    )
    before, after = render("Sebelum").html, render("- sesudah").html
    html = before + str(check_yourself(choice, "id")) + after
    assert [piece.html for piece in pieces(html)][::2] == [before, after]
    [read] = questions(html)
    assert read["stem"] == choice.stem.html
    assert read["takes_several"] == takes_several
    assert [(one["id"], one["text"], one["is_correct"], one["feedback"]) for one in read["options"]] == [
        (one.id, one.text.html, one.is_correct, one.feedback.html if one.feedback else None) for one in choice.options
    ]
    if choice.explanation:
        assert choice.explanation.html in read["explanation"]
    else:
        assert read["explanation"] is None


@given(st.lists(st.text(min_size=1).filter(lambda one: one.strip() == one), min_size=1, max_size=3, unique=True))
def test_any_accepted_answer_of_old_html_is_accepted(accepted) -> None:
    question = ShortAnswer(id="cek", title="t", stem=text("Apa?"), accepted=tuple(map(AcceptedText, accepted)))
    [read] = questions(str(check_yourself(question, "id")))
    assert {one for one in accepted if " / " not in one} <= {said for said, _share in read["accepted"]}
