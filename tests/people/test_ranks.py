"""Golongan and pangkat as they are written."""

from __future__ import annotations

import pytest

from lms.people import ranks


@pytest.mark.parametrize(
    ("rank", "pangkat"),
    [
        ("I/a", "Juru Muda"),
        ("II/d", "Pengatur Tingkat I"),
        ("III/b", "Penata Muda Tingkat I"),
        ("III/c", "Penata"),
        ("IV/d", "Pembina Utama Madya"),
        ("IV/e", "Pembina Utama"),
        ("IX", ""),
        ("V", ""),
        ("", ""),
        ("III/e", ""),
    ],
)
def test_pns_have_a_pangkat_and_pppk_have_none(rank, pangkat):
    assert ranks.pangkat(rank) == pangkat


def test_there_are_seventeen_of_each():
    assert len(ranks.PNS_RANKS) == len(set(ranks.PANGKAT.values())) == 17
    assert ranks.PPPK_RANKS[0] == "I"
    assert ranks.PPPK_RANKS[-1] == "XVII"
    assert len(set(ranks.PPPK_RANKS)) == 17


@pytest.mark.parametrize(
    ("typed", "rank"),
    [
        ("III/b", "III/b"),
        ("iii/B", "III/b"),
        (" III / b ", "III/b"),
        ("ix", "IX"),
        (" xvii ", "XVII"),
        ("III/e", "III/e"),
        ("XVIII", "XVIII"),
        ("Penata", "Penata"),
        ("", ""),
    ],
)
def test_a_rank_is_read_as_people_write_it(typed, rank):
    assert ranks.normalise(typed) == rank


def test_it_is_written_as_in_documents():
    assert ranks.written("III/b") == "Penata Muda Tingkat I, III/b"
    assert ranks.written("IX") == "IX"


@pytest.mark.parametrize(
    ("status", "some_rank"), [("pns", "III/a"), ("cpns", "II/c"), ("pppk", "IX"), ("pppk-paruh-waktu", "V")]
)
def test_each_status_has_its_ranks(status, some_rank):
    assert some_rank in ranks.ranks_of(status)
    assert ranks.ranks_of("non-asn") == ()
