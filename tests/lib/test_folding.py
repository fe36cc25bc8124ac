"""What people consider the same text is equal once folded, and what means something else is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.lib.folding import compose_text, fold_text, neighbours, search_words, searchable

INVISIBLE = ["\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u202b", "\u2060", "\u2069", "\ufe0f", "\ufeff", "\x07"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SORONG", "sorong"), ("Straße", "STRASSE"), ("İlham", "ilham"), ("Fıkri", "fikri"), (" a  b ", "a b"),
        ("José", "jose"), ("Jose\u0301", "José"), ("Ŵilhelm", "wilhelm"), ("Søren", "soren"), ("Qurʾan", "qur'an"),
        ("Jum’at", "jum'at"), ("Jumʼat", "Jum`at"), ("Jum´at", "Jum′at"), ("Jumʻat", "Jum＇at"), ("‚ya‛", "'ya'"),
        ("“ya”", '"ya"'), ("«ya»", "„ya‟"), ("a–b", "a-b"), ("a—b", "a‑b"), ("a−b", "a－b"), ("a﹘b", "a-b"),
        ("ｓａｔｕ", "satu"), ("a\u00a0b\t c\u3000d", "A B C D"), ("½", "1/2"), ("2½", "2 1/2"), ("10²", "10^2"),
        ("m²", "m2"), ("H₂O", "h2o"), ("ﬁnal", "final"), ("Ⅳ/a", "iv/a"), ("…", "..."), ("ŉ", "'n"), ("ſ", "s"),
        ("مُحَمَّد", "محمد"),
    ],
)  # fmt: skip
def test_what_people_consider_the_same_is_equal(one, other):
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("satu", "satu."), ("satu", "s a t u"), ("a ≠ b", "a = b"), ("a =\u0338 b", "a = b"), ("x ∉ A", "x ∈ A"),
        ("10²", "102"), ("2³", "23"), ("2½", "21/2"), ("1₂", "12"), ("が", "か"), ("jumat", "jum'at"), ("a-b", "ab"),
        ("3 < 4", "3 > 4"), ("5%", "5"), ("+1", "-1"), ("ن", "ت"),
    ],
)  # fmt: skip
def test_what_means_something_else_stays_different(one, other):
    assert fold_text(one) != fold_text(other)


@given(st.text())
@example("ŉ")
@example("ᾳ\u0345")
@example("=\u0338\u00ad\u0338")
@example("\u207b\u0301")
def test_folding_twice_changes_nothing_more(text):
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.text(), st.sampled_from(["NFC", "NFD"]))
@example("\u1ffd", "NFC")
def test_the_encoding_of_the_same_characters_does_not_matter(text, form):
    assert fold_text(unicodedata.normalize(form, text)) == fold_text(text)
    assert fold_text(compose_text(text)) == fold_text(text)


@given(st.text(), st.integers(min_value=0), st.sampled_from(INVISIBLE))
def test_what_nobody_sees_does_not_matter(text, place, sign):
    place %= len(text) + 1
    assert fold_text(text[:place] + sign + text[place:]) == fold_text(text)


LETTERS = st.characters(codec="latin-1") | st.characters(min_codepoint=0x100, max_codepoint=0x24F)


@given(st.text(LETTERS))
def test_case_and_white_space_do_not_matter(text):
    assert fold_text(text.upper()) == fold_text(text.lower()) or "ı" in text or "İ" in text
    assert fold_text(f"  {text}\n") == fold_text(text)


@given(st.text(LETTERS))
def test_text_already_in_lower_case_folds_to_the_same(text):
    """So what was stored in lower case can be folded afterwards."""
    assert fold_text(text.casefold()) == fold_text(text)


@given(st.text())
def test_a_composed_text_is_what_it_was_and_stays_so(text):
    assert compose_text(text) == unicodedata.normalize("NFC", text) == compose_text(compose_text(text))


@given(st.text(), st.text())
def test_each_word_that_is_looked_for_is_in_its_own_text(one, other):
    assert all(f" {word} " in searchable([one, other]) for word in search_words(one))


def test_searches_leave_apostrophes_out_and_split_at_dashes_and_commas():
    assert searchable(["Ma’ruf Al-Amin", "", "S.Sos.,M.Si."]) == " maruf al amin s.sos. m.si. "
    assert search_words("  MA'RUF,al–amin ") == ["maruf", "al", "amin"]
    assert search_words("\u200b ' ") == []
    assert len(search_words("kata " * 20)) == 8


KNOWN = searchable(["2026 Kepemimpinan dan Pelayanan Publik", "Budiman Santoso", "Puskesmas Remu"]).split()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kepemimpnan", "kepemimpinan"), ("pelyaanan publik", "pelayanan publik"), ("budimann", "budiman"),
        ("publk", "publik"), ("pelayan publk", "pelayan publik"), ("santozo budi", "santoso budi"), ("remo", "remu"),
    ],
)  # fmt: skip
def test_a_slip_has_its_neighbour(typed, meant):
    assert neighbours(search_words(typed), KNOWN) == meant.split()


@pytest.mark.parametrize("typed", ["xyz", "dn", "2027", "keuangan", "budiman zzzzzz", "1234"])
def test_what_is_not_near_has_none(typed):
    assert neighbours(search_words(typed), KNOWN) is None


@given(st.lists(st.text(min_size=1), min_size=1), st.lists(st.text()))
def test_neighbours_are_known_or_part_of_what_is_known(words, known):
    found = neighbours(words, known)
    assert found is None or all(any(word in one for one in known) for word in found)
