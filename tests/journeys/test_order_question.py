"""Steps are numbered on a phone: a number that is none, or that stands twice, is said where it is typed."""

from __future__ import annotations

import pytest
from journey_steps import COURSE, enrol, start_quiz
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_a_number_that_is_none_keeps_its_page_and_one_that_stands_twice_is_named(open_page, learner):
    page = open_page(learner)
    enrol(page)
    start_quiz(page, f"{COURSE}/prates")
    fields = page.locator("[name^=place-]")
    page.locator(".dots button", has_text="6").click()
    expect(fields).to_have_count(6)
    address, line = page.url, page.locator(".saved")
    fields.nth(0).fill("1")
    expect(line).to_contain_text("Tersimpan pukul")
    fields.nth(1).fill("9")
    expect(line).to_contain_text("bukan angka 1 sampai 6")
    page.get_by_role("button", name="Berikutnya →").click()
    expect(page.locator("#complaint")).to_contain_text("belum tersimpan")
    assert page.url == address and fields.nth(1).input_value() == "9"
    expect(line).not_to_contain_text("Tersimpan")
    fields.nth(1).fill("1")
    expect(line).to_contain_text("Tersimpan pukul")
    expect(page.locator("#read")).to_contain_text(
        "Nomor 1 dipakai lebih dari sekali, nomor 2, 3, 4, 5, 6 belum dipakai."
    )
