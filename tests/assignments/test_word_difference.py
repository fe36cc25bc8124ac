"""What changed between two submissions, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.word_difference import MAX_WORDS, DifferencePiece, word_difference

TEXTS = st.lists(st.sampled_from(["antrean", "loket", "dua", "jam", "\n\n", "  ", "warga.", "Warga"]), max_size=40).map(
    " ".join
)


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts(old, new):
    found = word_difference(old, new)
    assert found is not None
    assert ("".join(one.old for one in found), "".join(one.new for one in found)) == (old, new)
    for one in found:
        assert one.kind != "same" or one.old.split() == one.new.split()
        assert one.kind != "removed" or not one.new
        assert one.kind != "added" or not one.old


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert all(one.kind == "same" for one in word_difference(text, text) or [])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Antrean dua jam.",
            "Antrean tiga jam.",
            [
                ("same", "Antrean ", "Antrean "),
                ("removed", "dua ", ""),
                ("added", "", "tiga "),
                ("same", "jam.", "jam."),
            ],
        ),
        ("", "Baru.", [("added", "", "Baru.")]),
        ("Lama.", "", [("removed", "Lama.", "")]),
        ("satu dua", "satu  dua", [("same", "satu dua", "satu  dua")]),
        ("loket satu", "loket satu dan dua", [("same", "loket satu", "loket satu "), ("added", "", "dan dua")]),
    ],
)
def test_pieces_are_those_that_a_person_would_mark(old, new, expected):
    assert word_difference(old, new) == [DifferencePiece(*one) for one in expected]


def test_of_long_texts_only_what_differs_is_limited():
    same = "sama " * 3 * MAX_WORDS
    assert word_difference(same + "lama", same + "baru")
    old, new = (" ".join(f"{name}{number}" for number in range(MAX_WORDS + 1)) for name in ("a", "b"))
    assert word_difference(old, new) is None
