"""Questions of a file go into a quiz, on a phone without scripts. The draft is discarded at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from layout import is_too_wide
from playwright.sync_api import expect
from shots import Shots

from lms.demo.cast import INSTRUCTOR

pytestmark = [pytest.mark.browser, pytest.mark.once]

BANK = Path(__file__).parents[1] / "content" / "exchange" / "bank.gift"
EDIT = "/teach/courses/pelayanan-publik/edit"
FILE = "01-dasar-pelayanan/02-kuis-dasar.md"


def test_a_bank_is_looked_at_and_its_ticked_questions_are_imported(open_page):
    shots = Shots("question-bank")
    page = open_page(INSTRUCTOR, scripts=False)
    page.goto(f"{EDIT}/{FILE}")
    page.get_by_role("link", name="Impor soal").click()
    shots(page, "form")
    assert not is_too_wide(page)
    page.get_by_label("Berkas soal").set_input_files(BANK)
    page.get_by_role("button", name="Periksa dahulu").click()
    expect(page.locator(".lede")).to_contain_text("15 dari 22 soal")
    shots(page, "look")
    assert not is_too_wide(page)
    page.locator("[name=take]").nth(1).uncheck()
    page.get_by_role("button", name="Impor soal yang dicentang").click()
    expect(page.locator(".note--done")).to_contain_text("14 soal masuk sebagai draf")
    expect(page.locator("input[name=take]:checked")).to_have_count(1)
    shots(page, "rest")
    watched = open_page(INSTRUCTOR)
    watched.goto(page.url)
    found = Axe().run(watched).response["violations"]
    assert [one["id"] for one in found] == []
    page.goto("/teach/courses/pelayanan-publik/discard")
    page.locator("main .button--danger").click()
