"""An instructor writes questions in forms on a phone, corrects a key and tries a question out."""

from __future__ import annotations

import re

import pytest
from layout import is_too_wide
from playwright.sync_api import expect
from shots import Shots

from lms.demo.cast import INSTRUCTOR

pytestmark = [pytest.mark.browser, pytest.mark.once]

TEACH = "/teach/courses/pelayanan-publik"
LIST = f"{TEACH}/questions/01-dasar-pelayanan/02-kuis-dasar.md"


def test_a_question_of_each_kind_is_added_and_a_key_corrected(open_page):
    shots = Shots("questions")
    page = open_page(INSTRUCTOR, scripts=False)
    for kind, name in (("Satu jawaban", "satu"), ("Beberapa jawaban", "beberapa"), ("Isian singkat", "isian")):
        page.goto(LIST)
        page.get_by_role("link", name=f"+ {kind}").click()
        page.fill("#stem", f"Soal baru {name}?")
        page.fill("#text-0", "pertama")
        page.fill("#text-1", "kedua")
        if name != "isian":
            page.locator("input[name=right]").first.check()
        assert not is_too_wide(page)
        page.get_by_role("button", name="Simpan", exact=True).last.click()
        expect(page.locator(".preview")).to_contain_text(f"Soal baru {name}?")
    page.goto(LIST)
    assert not is_too_wide(page)
    shots(page, "list")
    page.get_by_role("link", name="Soal baru satu?").click()
    page.locator("input[name=right]").nth(0).uncheck()
    page.locator("input[name=right]").nth(1).check()
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(page.locator(".preview .marked--done")).to_contain_text("kedua")
    shots(page, "form")
    page.get_by_role("button", name="Coba jawab").click()
    page.get_by_label("kedua").check()
    page.get_by_role("button", name="Periksa").click()
    expect(page.locator(".preview [role=status]")).to_contain_text(re.compile("Benar"))
    assert not is_too_wide(page)
    shots(page, "tried")
    page.goto(f"{TEACH}/discard")
    page.get_by_role("button", name="Buang perubahan").click()
    expect(page.locator(".note--done")).to_be_visible()


def test_what_was_typed_is_offered_again_after_a_lost_line_until_it_is_saved(open_page):
    page = open_page(INSTRUCTOR)
    new = f"{TEACH}/new-question/single/01-dasar-pelayanan/02-kuis-dasar.md"
    page.goto(new)
    page.locator("[data-add=rows]").click()
    page.locator("[data-add=hints]").click()
    for field, words in {"stem": "Soal di jalan?", "text-0": "ya", "text-4": "tidak", "hint-2": "Pikirkan."}.items():
        page.fill(f"#{field}", words)
    page.locator("input[name=right]").nth(4).check()
    page.route(
        "**/new-question/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(page.locator("#stem")).to_have_count(0)
    page.unroute("**/new-question/**")
    page.goto(new)
    assert page.locator("#rows > li").count() == 4
    page.get_by_role("button", name="Kembalikan ke formulir").click()
    expect(page.locator("#text-4")).to_have_value("tidak")
    expect(page.locator("#hint-2")).to_have_value("Pikirkan.")
    expect(page.locator("input[name=right]").nth(4)).to_be_checked()
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(page.locator(".preview")).to_contain_text("Soal di jalan?")
    page.goto(new)
    expect(page.locator("#stem")).to_be_visible()
    assert not page.locator("#kept").is_visible()
    page.goto(f"{TEACH}/discard")
    page.get_by_role("button", name="Buang perubahan").click()
    expect(page.locator(".note--done")).to_be_visible()
