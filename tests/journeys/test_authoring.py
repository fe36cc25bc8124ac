"""An instructor corrects a text and publishes it on a phone while a learner is inside; then takes it back."""

from __future__ import annotations

import re

import pytest
from layout import is_too_wide
from playwright.sync_api import Page, expect
from shots import Shots

from lms.demo.cast import INSTRUCTOR, LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.once]

TEACH, COURSE = "/teach/courses/pelayanan-publik", "/courses/pelayanan-publik"
ITEM = "melayani-semua-orang"
FILE = "03-komunikasi-layanan/01-melayani-semua-orang.md"
SENTENCE = "Kalimat yang diperbaiki di situs."


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).click()


def read(learner: Page) -> None:
    learner.goto(f"{COURSE}/{ITEM}")
    if (button := learner.locator("#read button")).count():  # the journey before this one read it
        button.click()
        learner.wait_for_url(lambda url: not url.endswith(ITEM))
        learner.goto(f"{COURSE}/{ITEM}")
    expect(learner.locator("#state")).to_contain_text("✓")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_correction_reaches_a_learner_who_is_inside_and_is_taken_back(open_page, scripts):
    shots = Shots(f"authoring-{'scripts' if scripts else 'plain'}")
    learner = open_page(LEARNERS[-2])
    learner.goto(COURSE)
    enrol = learner.get_by_role("button", name="Daftar", exact=True)
    if enrol.count():
        enrol.click()
        expect(learner.locator(".note--done")).to_be_visible()
    read(learner)
    office = open_page(INSTRUCTOR, scripts=scripts)
    office.goto(TEACH)
    office.get_by_role("link", name="Sunting", exact=True).click()
    shots(office, "outline")
    assert not is_too_wide(office)
    office.locator(f"a[href='{TEACH}/edit/{FILE}']").click()
    shots(office, "editor")
    assert not is_too_wide(office)
    text = office.locator("#source").input_value()
    office.fill("#source", text.rstrip("\n") + f"\n\n{SENTENCE}\n")
    if scripts:
        expect(office.locator("#save-state")).to_contain_text(re.compile(r"Tersimpan pukul \d\d\.\d\d"), timeout=15_000)
    press(office, "^Simpan$")
    expect(office.locator(".preview")).to_contain_text(SENTENCE)
    shots(office, "saved")
    learner.reload()
    assert SENTENCE not in learner.inner_text("main"), "a draft is not published"
    office.get_by_role("link", name="Periksa dan terbitkan").click()
    shots(office, "look")
    assert not is_too_wide(office)
    press(office, r"^Terbitkan untuk \d+ peserta$")
    office.wait_for_url(re.compile("/revisions$"))
    shots(office, "published")
    learner.reload()
    expect(learner.locator("main")).to_contain_text(SENTENCE)
    expect(learner.locator("main")).to_contain_text("✓")
    before = int(re.search(r"Revisi (\d+) terbit", office.inner_text("main"))[1]) - 1
    office.goto(f"{TEACH}/revisions/{before}")
    expect(office.locator("ins", has_text=SENTENCE)).to_be_visible()
    shots(office, "compared")
    assert not is_too_wide(office)
    press(office, "^Kembalikan$")
    press(office, r"^Terbitkan untuk \d+ peserta$")
    office.wait_for_url(re.compile("/revisions$"))
    learner.reload()
    assert SENTENCE not in learner.inner_text("main")
    expect(learner.locator("main")).to_contain_text("✓")


def test_a_lost_line_keeps_what_was_typed_and_two_pages_see_both_versions(open_page):
    first, second = open_page(INSTRUCTOR), open_page(INSTRUCTOR)
    for page in (first, second):
        page.goto(f"{TEACH}/edit/{FILE}")
    first.context.set_offline(True)
    first.locator("#source").press("Control+End")
    first.locator("#source").type("Ditulis tanpa sambungan.")
    expect(first.locator("#save-state")).to_contain_text("Tidak ada sambungan", timeout=15_000)
    first.context.set_offline(False)
    expect(first.locator("#save-state")).to_contain_text("Tersimpan pukul", timeout=15_000)
    second.locator("#source").press("Control+End")
    second.locator("#source").type("Ditulis oleh yang kedua.")
    expect(second.locator("#save-state")).to_contain_text("Anda juga menyimpan teks ini di tempat lain", timeout=15_000)
    press(second, "^Simpan$")
    expect(second.locator(".diff del")).to_contain_text("tanpa sambungan")
    expect(second.locator(".diff ins")).to_contain_text("oleh yang kedua")
    Shots("authoring-conflict")(second, "both")
    assert not is_too_wide(second)
    press(second, "^Simpan versi saya$")
    expect(second.locator(".preview")).to_contain_text("Ditulis oleh yang kedua.")
    expect(second.locator(".preview")).not_to_contain_text("Ditulis tanpa sambungan.")
    second.goto(f"{TEACH}/discard")
    press(second, "^Buang perubahan$")
    expect(second.locator(".note--done")).to_be_visible()


def test_a_fault_leads_to_its_field_or_to_its_line(open_page):
    page = open_page(INSTRUCTOR)
    page.goto(f"{TEACH}/edit/{FILE}")
    text = page.locator("#source").input_value()
    page.fill("#source", text.replace("minutes: 40", "minutes: dua", 1))
    press(page, "^Simpan$")
    page.get_by_role("link", name="Periksa dan terbitkan").click()
    page.locator(".fault a").first.click()
    field = page.get_by_label("Menit praktik")
    expect(field).to_have_value("dua")
    assert page.url.endswith(f"#{field.get_attribute('id')}")
    page.goto(f"{TEACH}/edit/{FILE}")
    page.fill("#source", text.replace("minutes: 40", "menitnya: 40", 1))
    press(page, "^Simpan$")
    page.get_by_role("link", name="Periksa dan terbitkan").click()
    page.locator(".fault a").first.click()
    expect(page.locator("#source")).to_be_focused()
    caret = page.locator("#source").evaluate("one => one.selectionStart")
    assert text[caret:].startswith("minutes:")
    page.goto(f"{TEACH}/discard")
    press(page, "^Buang perubahan$")


def test_what_was_typed_survives_a_closed_tab(open_page):
    page = open_page(INSTRUCTOR)
    page.goto(f"{TEACH}/edit/{FILE}")
    page.context.set_offline(True)
    page.locator("#source").press("Control+End")
    page.locator("#source").type("Sebelum tab ditutup.")
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.context.set_offline(False)
    again.goto(f"{TEACH}/edit/{FILE}")
    assert "Sebelum tab ditutup." in again.locator("#source").input_value()
    expect(again.locator("#save-state")).to_contain_text("Tersimpan pukul", timeout=15_000)
    again.goto(f"{TEACH}/discard")
    press(again, "^Buang perubahan$")
