"""An instructor who knows no Markdown makes a course on a phone and publishes it; a learner takes a place in it."""

from __future__ import annotations

import re

import pytest
from layout import is_too_wide
from playwright.sync_api import Page, expect
from shots import Shots

from lms.demo.cast import INSTRUCTOR, LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.once]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).first.click()


def test_a_course_of_two_modules_a_quiz_and_an_assignment_is_made_and_taken(open_page):
    shots = Shots("new-course")
    office = open_page(INSTRUCTOR, scripts=False)
    office.goto("/teach")
    office.get_by_role("link", name="Kursus baru").click()
    office.get_by_label("Judul", exact=True).fill("Arsip yang mudah ditemukan")
    office.get_by_label("Ringkasan singkat").fill("Menyimpan dan menemukan berkas dalam satu menit.")
    office.get_by_label("Kerangka sendiri").check()
    office.get_by_label("Judul, satu per baris").fill("Menyimpan:\nMengapa arsip\nKuis arsip")
    shots(office, "form")
    assert not is_too_wide(office)
    press(office, "^Mulai kursus$")
    expect(office.locator("h1")).to_have_text("Arsip yang mudah ditemukan")
    for title, kind in (("Memberi nama berkas", "Modul"), ("Tugas menata satu laci", "Tugas")):
        office.locator(".part summary", has_text="Tambah materi").click()
        office.locator(".part .add input[name=title]").fill(title)
        office.locator(".part .add select").select_option(label=kind)
        press(office, "^Tambah$")
    press(office, "^Naikkan Memberi nama berkas$")
    expect(office.get_by_role("button", name="Naikkan Memberi nama berkas")).to_be_focused()
    shots(office, "outline")
    assert not is_too_wide(office)
    names = office.locator(".part .unit__name")
    expect(names).to_have_text(["Mengapa arsip", "Memberi nama berkas", "Kuis arsip", "Tugas menata satu laci"])
    office.get_by_label("Tindakan untuk Kuis arsip").click()
    shots(office, "menu")
    assert not is_too_wide(office)
    office.locator("li", has_text="Kuis arsip").get_by_role("link", name="Judul dan pengaturan").click()
    office.get_by_label("Percobaan", exact=True).fill("2")
    shots(office, "settings")
    assert not is_too_wide(office)
    press(office, "^Simpan$")
    office.get_by_role("link", name="Periksa dan terbitkan").click()
    shots(office, "first")
    assert not is_too_wide(office)
    press(office, "^Terbitkan kursus$")
    expect(office.locator(".note--done")).to_contain_text("katalog")
    desk = open_page(INSTRUCTOR)
    desk.goto("/teach/courses/arsip-yang-mudah-ditemukan/edit")
    desk.locator("li[data-file*='kuis-arsip']").drag_to(desk.locator("li[data-file*='mengapa-arsip']"))
    expect(desk.locator(".note--done")).to_contain_text("dari 4")
    expect(desk.locator(".part .unit__name").nth(3)).to_have_text("Tugas menata satu laci")
    learner = open_page(LEARNERS[-2])
    learner.goto("/courses/arsip-yang-mudah-ditemukan")
    learner.get_by_role("button", name="Daftar", exact=True).click()
    expect(learner.locator(".note--done")).to_be_visible()
    learner.goto("/courses/arsip-yang-mudah-ditemukan/memberi-nama-berkas")
    expect(learner.locator("h1")).to_have_text("Memberi nama berkas")
