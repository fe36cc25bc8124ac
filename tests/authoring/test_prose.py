"""Texts compared for people: nothing is left out, equal paragraphs are folded, and long texts are no work."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.prose import MAX_PARAGRAPHS, MAX_WORDS, Paragraph, Run, compare_texts

WORDS = st.text("abc d.\n", max_size=60)


def told(old: str, new: str, kind: str) -> str:
    paragraphs = (
        "".join(run.text for run in one.runs if run.kind in ("same", kind)) for one in compare_texts(old, new)
    )
    return "\n".join(paragraphs)


def test_a_changed_word_is_shown_within_its_sentence():
    old, new = "Satu.\n\nAmbil sepuluh berkas.\n\nTiga.", "Satu.\n\nAmbil dua puluh berkas.\n\nTiga."
    assert compare_texts(old, new) == [
        Paragraph(equal=1),
        Paragraph(
            (Run("same", "Ambil "), Run("removed", "sepuluh "), Run("added", "dua puluh "), Run("same", "berkas."))
        ),
        Paragraph(equal=1),
    ]


def test_line_ends_are_no_difference():
    assert compare_texts("Satu.\r\n\r\nDua.\r\n", "Satu.\n\nDua.\n") == [Paragraph(equal=2)]


@given(WORDS, WORDS)
def test_every_changed_word_is_told(old, new):
    if all(one.runs for one in compare_texts(old, new)):
        assert told(old, new, "removed").split() == old.split()
        assert told(old, new, "added").split() == new.split()


@given(WORDS)
def test_a_text_is_the_same_as_itself(text):
    assert not any(one.runs for one in compare_texts(text, text))


def test_long_texts_are_shown_whole():
    old, new = "a\n\n" * (MAX_PARAGRAPHS + 1), "b\n\n" * (MAX_PARAGRAPHS + 1)
    assert compare_texts(old, new) == [Paragraph((Run("removed", old), Run("added", new)))]
    old, new = "a " * (MAX_WORDS + 1), "b " * (MAX_WORDS + 1)
    assert [run.kind for one in compare_texts(old, new) for run in one.runs] == ["removed", "added"]
