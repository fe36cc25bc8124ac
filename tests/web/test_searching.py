"""Every search of the site finds what is meant, however it is written or typed, and a slip's neighbour."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

import pytest
from factories import NOON, make_cohort, make_course, make_person, make_record
from world import days

from lms.core import ledger


class Searched(NamedTuple):
    """A search box: who uses it, the address of what it finds, and what a row that is found shows."""

    who: str
    address: str
    shown: str


NAME = "Ma’rûf Hidayat, S.Pd."
SEARCHES = {
    "people": Searched("admin", "/admin/people?q=", NAME),
    "people of an agency": Searched("agency_admin", "/admin/people?q=", NAME),
    "certificates": Searched("admin", "/admin/certificates?q=", NAME),
    "activity log": Searched("admin", "/admin/audit?kind=person&name=", NAME),
    "proposals": Searched("head", "/team/proposals/{cohort}?q=", NAME),
    "cohorts": Searched("admin", "/admin/cohorts?q=", "Angkatan Ma’rûf Hidayat"),
    "catalogue": Searched("outsider", "/courses?q=", "Belajar Ma’rûf Hidayat"),
    "board": Searched("admin", "/admin/board?q=", NAME),
    "people of the board": Searched("admin", "/admin/board/people?q=", NAME),
    "team": Searched("head", "/team?q=", NAME),
}
WRITTEN = [
    "Ma’rûf",
    "MA'RUF",
    "maruf",
    "Ma`ruf hidayat",
    "mar\u00aduf",
    "Maru\u0302f",
    "HIDA\u200bYAT,maruf",
    "ｍａｒｕｆ",
]
SLIPS = ["hidyaat", "hidayaat", "hidaat", "maruf hidayet", "Hydayat"]
SIMILAR = "Tidak ada yang cocok dengan"


@pytest.fixture
def site(world, client):
    """Somebody whose name has an apostrophe and an accent, in a cohort and a course named so; and others."""
    person = make_person(
        name="Ma’rûf Hidayat", title_after="S.Pd.", unit_id=world.health.id, email="pegawai@contoh.go.id"
    )
    make_person(name="Siti Aminah", unit_id=world.health.id)
    make_record(person)
    ledger.record(None, "update person", f"person:{person.id}", now=NOON, changed=["name"])
    course = make_course(
        "belajar", title="Belajar Ma’rûf Hidayat", search_text=" belajar maruf hidayat ", has_certificate=True
    )
    cohort = make_cohort(
        course, name="Angkatan Ma’rûf Hidayat", starts_on=days(3), ends_on=days(9), is_open=True, needs_approval=True
    )
    return {"world": world, "client": client, "cohort": cohort.id}


def found(site, search: Searched, words: str) -> str:
    client = site["client"].sign_in(getattr(site["world"], search.who))
    return client.text(search.address.format(cohort=site["cohort"]) + quote(words))


@pytest.mark.parametrize("name", SEARCHES)
def test_however_it_is_written_it_is_found(site, name):
    """Also with the titles, accents and signs of a keyboard that is not the one of the list."""
    missed = [words for words in WRITTEN if SEARCHES[name].shown not in found(site, SEARCHES[name], words)]
    assert missed == []
    assert SEARCHES[name].shown not in found(site, SEARCHES[name], "zzzzzz")


@pytest.mark.parametrize("name", SEARCHES)
def test_a_slip_finds_its_neighbour_and_the_page_says_so(site, name):
    pages = {words: found(site, SEARCHES[name], words) for words in SLIPS}
    assert [words for words, page in pages.items() if SEARCHES[name].shown not in page or SIMILAR not in page] == []
    assert SIMILAR not in found(site, SEARCHES[name], "hidayat")
    assert SIMILAR not in found(site, SEARCHES[name], "zzzzzz")


def test_a_slip_reveals_nobody_beyond_what_the_viewer_may_find(site):
    """An agency admin and a head look for a name of another agency, with a slip; the words of no name are said."""
    world = site["world"]
    make_person(name="Zulkarnaen", unit_id=world.farms.id)
    for name in ("people of an agency", "proposals", "team"):
        page = found(site, SEARCHES[name], "zulkarnain")
        assert "zulkarnaen" not in page.lower(), name
        assert SIMILAR not in page
    assert SIMILAR in found(site, SEARCHES["people"], "zulkarnain")


def test_numbers_are_not_guessed(site):
    """What is nearly somebody's number finds nobody."""
    make_person(name="Bernomor", nip="198506072010011234")
    for words in ("19850607201001123", "1985060720100112"):
        assert "Bernomor" in found(site, SEARCHES["people"], words)
    assert SIMILAR not in found(site, SEARCHES["people"], "198506072010011224")
    assert "Bernomor" not in found(site, SEARCHES["people"], "19850607201001124")
