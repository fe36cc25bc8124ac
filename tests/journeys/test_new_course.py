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


OUTLINE = "/teach/courses/arsip-yang-mudah-ditemukan/edit"
FIVE = {
    "Satu jawaban": ("Mana nama berkas yang mudah ditemukan?", ["2026-11-30 undangan rapat", "scan baru"]),
    "Beberapa jawaban": ("Apa yang ada di label laci?", ["Isi", "Tahun", "Warna meja"]),
    "Benar atau salah": ("Berkas yang sama cukup disimpan sekali.", []),
    "Angka": ("Satu laci memuat 40 map, satu map 25 lembar. Berapa lembar muat?", ["1000"]),
    "Isian singkat": ("Apa nama daftar isi sebuah laci?", ["daftar arsip", "daftar berkas"]),
}
"""Of each kind, the question and its choices or accepted answers; the first is right, of several the first two."""


def write_questions(page: Page) -> None:
    """In place of the starter's, one of each kind."""
    page.locator("summary", has_text="soal 1").click()
    press(page, "^Hapus 1$")
    for kind, (stem, rows) in FIVE.items():
        page.get_by_role("link", name=f"+ {kind}", exact=True).click()
        page.fill("#stem", stem)
        for number, text in enumerate(rows):
            page.fill(f"#text-{number}", text)
        for number in range({"Satu jawaban": 1, "Beberapa jawaban": 2}.get(kind, 0)):
            page.locator("input[name=right]").nth(number).check()
        if not rows:
            page.get_by_label("Pernyataan ini: Benar").check()
        assert not is_too_wide(page)
        press_last(page, "^Simpan$")
        expect(page.locator(".preview")).to_contain_text(stem)


def press_last(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).last.click()


def answer_all(page: Page) -> None:
    """Rightly, whatever the order of questions and choices."""
    for _number in FIVE:
        stem = page.locator("#stem").inner_text().replace("\u00a0", " ")  # before a unit
        kind, rows = next((kind, rows) for kind, (text, rows) in FIVE.items() if text in stem)
        if kind in ("Angka", "Isian singkat"):
            page.fill("[name=text]", rows[0])
        for text in {"Satu jawaban": rows[:1], "Beberapa jawaban": rows[:2], "Benar atau salah": ["Benar"]}.get(
            kind, []
        ):
            page.get_by_label(text, exact=True).check()
        page.locator("button[name=go][value=next]:not(.hidden)").click()


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
    office.goto(OUTLINE)
    office.locator("li", has_text="Kuis arsip").locator(".unit__link").click()
    write_questions(office)
    shots(office, "question")
    office.goto(OUTLINE)
    office.get_by_role("link", name="Periksa dan terbitkan").click()
    expect(office.locator(".fault").first).to_contain_text("ini masih teks contoh")
    shots(office, "examples")
    assert not is_too_wide(office)
    office.goto(OUTLINE)
    office.locator(".unit__name", has_text="Tugas menata satu laci").click()
    office.fill("#source", re.sub("(?m)^Tulis di sini .*", "Tatalah satu laci.", office.input_value("#source")))
    press_last(office, "^Simpan$")
    office.goto(OUTLINE)
    office.get_by_role("link", name="Periksa dan terbitkan").click()
    expect(office.locator(".note--wait", has_text="masih memuat contoh").get_by_role("link")).to_have_count(2)
    shots(office, "first")
    assert not is_too_wide(office)
    press(office, "^Terbitkan kursus$")
    expect(office.locator(".note--done")).to_contain_text("katalog")
    desk = open_page(INSTRUCTOR)
    desk.goto(OUTLINE)
    desk.locator("li[data-file*='kuis-arsip']").drag_to(desk.locator("li[data-file*='mengapa-arsip']"))
    expect(desk.locator(".note--done")).to_contain_text("dari 4")
    expect(desk.locator(".part .unit__name").nth(3)).to_have_text("Tugas menata satu laci")
    learner = open_page(LEARNERS[-2], scripts=False)
    learner.goto("/courses/arsip-yang-mudah-ditemukan")
    learner.get_by_role("button", name="Daftar", exact=True).click()
    expect(learner.locator(".note--done")).to_be_visible()
    learner.goto("/courses/arsip-yang-mudah-ditemukan/memberi-nama-berkas")
    expect(learner.locator("h1")).to_have_text("Memberi nama berkas")
    learner.goto("/courses/arsip-yang-mudah-ditemukan/kuis-arsip")
    learner.locator("main form button").first.click()
    answer_all(learner)
    shots(learner, "answered")
    press_last(learner, "^Kumpulkan")
    expect(learner.locator("main")).to_contain_text("100")
    shots(learner, "result")
    assert not is_too_wide(learner)
