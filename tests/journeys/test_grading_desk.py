"""Thirty papers are graded on a phone with three presses each, after one with a comment and a note on a passage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from assignment_factories import content, make_submission
from factories import grant, item_of, make_course, make_enrolment, make_item_context, make_person
from layout import is_too_wide
from playwright.sync_api import Page, expect
from shots import Shots
from world import World

from config import Config
from lms.app import create_app
from lms.auth.services.passwords import set_password
from lms.comments.services import keep_comment
from lms.core import clock
from lms.core.db import db
from lms.demo.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once]

PAPERS, MOST_ACTIONS = 30, 3
LEVELS = [
    {"title": title, "points": points, "description": f"{title}: begini."}
    for title, points in (("Sangat baik", 4.0), ("Baik", 3.0), ("Cukup", 2.0), ("Kurang", 1.0))
]
RUBRIC = [{"title": title, "levels": LEVELS} for title in ("Masalah dan bukti", "Penyebab", "Langkah dan tanggal")]
PARAGRAPH = (
    "Loket melayani warga sejak pukul delapan dan antrean panjang karena syarat baru diketahui di depan petugas. "
)
TEXT = "\n\n".join([PARAGRAPH * 4] * 5)  # 15 words, 20 times
SEEN = """selector => { const box = document.querySelector(selector).getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight + 1; }"""
MARK_WORDS = """() => {
  const paragraph = document.querySelectorAll(".grade__work .work p")[1];
  const at = paragraph.firstChild.data.indexOf("antrean panjang");
  getSelection().setBaseAndExtent(paragraph.firstChild, at, paragraph.firstChild, at + "antrean panjang".length);
}"""


@contextmanager
def reached(server) -> Iterator[None]:
    with create_app(Config.from_env(server.environ)).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def grader(server) -> str:
    """The login name of somebody for whom the papers wait, and one more."""
    with reached(server):
        task = {"slug": "tugas", "title": "Rencana loket", "type": "assignment", "content": content(rubric=RUBRIC)}
        course, person, now = (
            make_course("meja-penilaian", (task,)),
            make_person(name="Penilai Banyak", is_demo=True),
            clock.now(),
        )
        grant(person, "instructor", course=course)
        set_password(person, PASSWORD, now)
        keep_comment("{nama}, gali satu “mengapa” lagi.", course.id, person_id=person.id, now=now)
        for number in range(PAPERS + 1):
            enrolment = make_enrolment(make_person(name=f"Penulis {number:02}"), course)
            context = make_item_context(enrolment, item_of(course, "tugas"))
            make_submission(World(), TEXT, context=context, now=now - timedelta(minutes=PAPERS - number))
        db.session.commit()
        return str(person.nip)


class Presses:
    """Counts what the grader does to a paper."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, selector: str) -> None:
        self.count += 1
        self.page.locator(selector).click()


def test_thirty_papers_take_three_presses_each(open_page, ask_database, grader):
    page, shots = open_page(grader), Shots("grading-desk")
    page.goto("/teach/grading")
    page.get_by_role("link", name="Nilai yang paling lama menunggu").click()
    expect(page.locator("h1")).to_have_text("Penulis 00")

    page.evaluate(MARK_WORDS)
    page.locator("#note-this").click()
    expect(page.locator("#quote")).to_have_value("antrean panjang")
    page.fill("#note", "Berapa orang?")
    shots(page, "note")
    page.get_by_role("button", name="Simpan catatan ini").click()
    expect(page.locator("mark")).to_have_text("antrean panjang")
    assert page.locator(".grade__work .work p").nth(1).locator("mark").count() == 1
    page.fill("#feedback", "Bagus. Teruskan.")
    page.evaluate("document.getElementById('feedback').setSelectionRange(6, 6)")
    page.locator(".bank__one").click()
    expect(page.locator("#feedback")).to_have_value("Bagus. Penulis 00, gali satu “mengapa” lagi. Teruskan.")
    page.locator("#level_0-0").focus()
    page.keyboard.press("Shift+Digit2")
    expect(page.locator("#sum")).to_have_text("75 dari 100")
    shots(page, "comment")
    page.keyboard.press("Control+Enter")

    for number in range(1, PAPERS + 1):
        expect(page.locator("h1")).to_have_text(f"Penulis {number:02}")
        press = Presses(page)
        if number in {1, PAPERS}:
            for where in (0, 900, 1800):
                page.evaluate(f"scrollTo(0, {where})")
                assert page.evaluate(SEEN, ".grade__end button[form]"), where
                assert page.evaluate(SEEN, "#sum"), where
            assert not is_too_wide(page)
        press(f".all [value=all-{number % 2}]")
        press(f"#level_{number % 3}-2")
        if number == 1:
            shots(page, "picked")
        press(".grade__end [value=next]")
        assert press.count <= MOST_ACTIONS
    page.wait_for_url("**/teach/grading")
    shots(page, "done")

    marked = ask_database(
        "SELECT count(*), min(score), max(score) FROM marking JOIN person ON person.id = graded_by WHERE nip = :nip",
        nip=grader,
    )
    assert [tuple(map(float, row)) for row in marked] == [(PAPERS + 1, 66.67, 83.33)]
    notes = ask_database(
        "SELECT note, given_with, starts FROM passage_note JOIN person ON person.id = written_by WHERE nip = :nip",
        nip=grader,
    )
    assert [(note, given_with) for note, given_with, _starts in notes] == [("Berapa orang?", 1)]
    assert TEXT[notes[0].starts :].startswith("antrean panjang")
    assert notes[0].starts > TEXT.index("\n\n")
