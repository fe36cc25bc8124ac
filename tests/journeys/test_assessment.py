"""Thirty people answer a quiz of all kinds, its wrong key is found and put right, and marks go out and come back."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random

import pytest
from factories import item_of, make_enrolment, make_item_context, make_person
from layout import is_too_wide
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from server_database import reached
from shots import Shots

from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.submitting import submit_assignment
from lms.content.questions.choice import Choice
from lms.core import clock
from lms.core.db import db
from lms.courses import queries as courses
from lms.demo.cast import INSTRUCTOR
from lms.quizzes import services
from lms.quizzes.responses import Response

pytestmark = [pytest.mark.browser, pytest.mark.once]

SLUG = "mengukur-antrean-loket"
TEACH = f"/teach/courses/{SLUG}"
PEOPLE = 30
ALL_KINDS = """
## Nomor antrean 7 dipanggil sebelum 6. Apa yang keliru? {#nomor}

- [ ] Urutan pemanggilan
- [x] Jumlah kursi
- [ ] Warna kertas

## Apa yang dicatat pada lembar hitung? {#lembar type=multiple scoring=net-correct}

- [x] Jam datang
- [x] Jam selesai
- [ ] Nama tetangga

## Antrean diukur pada hari ramai juga. {#ramai type=truefalse}

= benar
= salah {0%}
    > Hari ramai paling perlu diukur.

## Empat warga menunggu 10, 20, 30, dan 40 menit. Berapa rata-ratanya? {#rata type=number}

= 25 menit
= 25

## Apa nama nilai tengah? {#tengah}

= median

## Urutkan. {#urut type=order scoring=pairs}

1. Catat
2. Hitung
3. Perbaiki

## Pasangkan. {#jodoh type=match}

| Alat | Guna |
| --- | --- |
| Jam | Waktu |
| Meteran | Panjang |
|  | Berat |

## Waktu tunggu 30 menit adalah [[setengah|separuh]] jam, jadi [[=30|45]] menit. {#celah}
"""
"""The key of the first is wrong: its first option is right."""
PAIR = """
## {stem} {{#{id} pair=tunggu}}

- [x] Dari datang sampai dilayani
- [ ] Dari dilayani sampai pulang

## Berapa menit dalam seperempat jam? {{#{id}-menit pair=menit type=number}}

= 15
"""
FILES = {
    "Kuis semua jenis": "pass: 60\n---\nKuis." + ALL_KINDS,
    "Prates": "purpose: pretest\nrequired: false\n---\nTes." + PAIR.format(stem="Apa itu waktu tunggu?", id="pra"),
    "Pascates": "purpose: posttest\n---\nTes." + PAIR.format(stem="Waktu tunggu dihitung dari mana?", id="pas"),
}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).last.click()


def write_course(page: Page) -> None:
    page.goto("/teach")
    page.get_by_role("link", name="Kursus baru").click()
    page.get_by_label("Judul", exact=True).fill("Mengukur antrean loket")
    page.get_by_label("Ringkasan singkat").fill("Mencatat dan menghitung waktu tunggu warga.")
    page.get_by_label("Kerangka sendiri").check()
    page.get_by_label("Judul, satu per baris").fill(
        "Mengukur:\nModul antrean\n" + "\n".join([*FILES, "Tugas mencatat"])
    )
    press(page, "^Mulai kursus$")
    for title, text in FILES.items():
        page.goto(f"{TEACH}/edit")
        page.get_by_role("link", name=title, exact=True).click()
        if not page.locator("#source").count():  # a quiz has a form for its questions first
            page.get_by_role("link", name="Teks sumber").click()
        page.fill("#source", f"---\ntitle: {title}\ntype: quiz\n{text}")
        press(page, "^Simpan$")
        expect(page.locator(".preview")).to_be_visible()
    page.goto(f"{TEACH}/edit")
    page.get_by_role("link", name="Tugas mencatat", exact=True).click()
    example = "Tulis di sini apa yang dikerjakan peserta di tempat kerjanya, dan apa yang dikumpulkannya."
    page.fill(
        "#source", page.input_value("#source").replace(example, "Catat waktu tunggu di loket Anda selama sehari.")
    )
    press(page, "^Simpan$")
    expect(page.locator(".preview")).to_be_visible()
    publish(page)


def publish(page: Page) -> None:
    page.goto(f"{TEACH}/publish")
    press(page, "^Terbitkan")
    expect(page.locator(".note--done")).to_be_visible()


def everybody_answers() -> None:
    """The better somebody is, the more is right; the best half know better than the wrong key."""
    course = courses.course(SLUG)
    assert course is not None
    now, rng = clock.now(), Random(3)
    for number in range(PEOPLE):
        enrolment = make_enrolment(make_person(name=f"Pengukur {number:02}", is_demo=True), course, enrolled_at=now)
        for slug in ("prates", "kuis-semua-jenis", "pascates"):
            context = make_item_context(enrolment, item_of(course, slug))
            attempt = services.start_attempt(context, seed=number, now=now)
            for place, question in enumerate(services.quiz_of(attempt).asked):
                is_right = number > 5 * place + rng.randrange(6) - (14 if slug == "pascates" else 0)
                given = question.example(is_right=is_right, rng=rng)
                if question.id == "nomor":
                    assert isinstance(question, Choice)
                    given = frozenset(question.options[0 if number >= PEOPLE // 2 else 1 + number % 2].id)
                services.save_answer(attempt, question, Response(given), now=now)
            services.submit_attempt(attempt, now=now + timedelta(minutes=9))
        if number < 3:
            context = make_item_context(enrolment, item_of(course, "tugas-mencatat"))
            submit_assignment(context, DraftContent("Antrean tiga hari dicatat."), number=1, now=now)
    db.session.commit()


def test_a_wrong_key_is_found_and_put_right_and_marks_go_out_and_come_back(open_page, server, tmp_path):
    page, shots = open_page(INSTRUCTOR, scripts=False), Shots("assessment")
    write_course(page)
    with reached(server):
        everybody_answers()

    page.goto(f"{TEACH}/items/kuis-semua-jenis/analysis")
    expect(page.locator("main")).to_contain_text("15 dari 30 peserta menjawab “Urutan pemanggilan”")
    look(page, shots, "found")

    page.goto(f"{TEACH}/edit")
    page.locator("li", has_text="Kuis semua jenis").locator(".unit__link").click()
    page.get_by_role("link", name=re.compile("^Nomor antrean 7")).click()
    page.locator("input[name=right]").nth(1).uncheck()
    page.locator("input[name=right]").nth(0).check()
    press(page, "^Simpan$")
    publish(page)
    page.get_by_role("link", name="Nilai ulang percobaan").click()
    expect(page.locator("main")).to_contain_text("belum ada nilai yang berubah")
    look(page, shots, "trial")
    page.get_by_label("Alasan").fill("Kunci soal nomor antrean keliru.")
    press(page, "^Nilai ulang$")
    page.wait_for_url(re.compile(r"/regrades/\d+"))
    for _second in range(30):
        if not page.get_by_text("Pengukur 29").count():
            page.wait_for_timeout(1000)
            page.reload()
    expect(page.locator("main")).to_contain_text("Pengukur 29")
    look(page, shots, "marked-again")

    page.goto(f"{TEACH}/gains")
    expect(page.locator("main")).to_contain_text("30")
    assert page.locator("main svg").count()
    look(page, shots, "gain")

    page.goto(f"{TEACH}/gradebook")
    look(page, shots, "gradebook")
    with page.expect_download() as got:
        page.locator("a[href*='.xlsx']").first.click()
    out = tmp_path / "nilai.xlsx"
    got.value.save_as(out)
    write_mark(out, "Pengukur 01", "Tugas mencatat", 85)
    page.goto(f"{TEACH}/gradebook/import")
    page.set_input_files("[type=file]", out)
    press(page, "^Lihat apa yang akan berubah$")
    expect(page.locator("main")).to_contain_text("1 nilai akan berubah")
    look(page, shots, "changes")
    page.fill("[name=reason]", "Dinilai di kertas.")
    press(page, "^Simpan")
    expect(page.locator(".note--done")).to_contain_text("1 nilai disimpan")
    expect(page.locator("tr", has_text="Pengukur 01")).to_contain_text("85")


def look(page: Page, shots: Shots, what: str) -> None:
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        shots(page, f"{what}-{width}")
        assert not is_too_wide(page)


def write_mark(path, name: str, heading: str, mark: int) -> None:
    book = load_workbook(path)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    row = next(cell.row for cell in cells if cell.value == name)
    column = next(cell.column for cell in cells if cell.value == heading)
    book.worksheets[0].cell(row, column).value = mark
    book.save(path)
