"""The training office's Monday: a spreadsheet of people, slips, a first sign-in, a cohort by approval, the board.

The office works at a desk and on a phone; the learner and the head of the unit have phones.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from people_files import HEADINGS, nip, row, xlsx
from playwright.sync_api import Page, expect
from readers import expect_read, read_to_the_end
from shots import Shots

from lms.demo.cast import ADMIN, HEAD

pytestmark = [pytest.mark.browser, pytest.mark.once]

UNIT, COURSE, MODULE = "Dinas Kesehatan", "pelayanan-publik", "mengapa-melayani"
GOOD, FAULTY = 55, 5
PROPOSED = 8
TODAY = datetime.now(ZoneInfo("Asia/Jayapura")).date()
PASSWORD = "perahu kecil di teluk"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def names(first: int) -> list[str]:
    return [f"Pegawai {number}" for number in range(first, first + GOOD)]


def list_of_people(first: int) -> bytes:
    """Sixty rows below two lines of title; five of them each have another fault."""
    rows = [row(number, unit=UNIT, phone="0812-0000-0001") for number in range(first, first + GOOD)]
    bad = first + GOOD
    rows[3:3] = [row(bad, unit=UNIT, nip="1,98609E+17")]
    rows[11:11] = [row(bad + 1, unit=UNIT, nip=nip(bad + 1)[:-1])]
    rows[23:23] = [row(bad + 2, unit=UNIT, name="")]
    rows[37:37] = [row(bad + 3, unit="Dinas Kesehatn")]
    rows[50:50] = [row(bad + 4, unit=UNIT, status="magang")]
    assert len(rows) == GOOD + FAULTY
    return xlsx(rows, above=["DAFTAR PEGAWAI (CONTOH)", "Keadaan bulan ini"])


def shown_rows(page: Page) -> list[list[str]]:
    """The names' table as it is read on the screen: name, unit, course and cohort, state, done, last day."""
    return [
        [cell.inner_text().strip() for cell in line.locator("th, td").all()]
        for line in page.locator("#names tbody tr").all()
    ]


def choose(page: Page, field: str, words: str) -> None:
    """The option with these words, whatever stands before and after them."""
    option = page.locator(f"main select[name={field}] option", has_text=words).first
    page.select_option(f"main select[name={field}]", value=option.get_attribute("value"))


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.locator(link).click()
    return download.value.path().read_bytes()


def spreadsheet(content: bytes) -> list[tuple]:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def import_people(office: Page, first: int, shots: Shots) -> None:
    office.goto("/admin/people")
    shots(office, "people")
    office.locator("main a[href='/admin/people/import']").first.click()
    shots(office, "import")
    content = list_of_people(first)
    office.set_input_files("[name=file]", {"name": "pegawai.xlsx", "mimeType": SPREADSHEET, "buffer": content})
    office.get_by_role("button", name="Pratinjau perubahan").click()
    faults = office.locator("table.faults tbody tr")
    expect(faults).to_have_count(FAULTY, timeout=60_000)
    shots(office, "what-it-would-change")
    tiles = office.locator(".tiles .tile")
    assert [tile.inner_text().split() for tile in (tiles.first, tiles.last)] == [
        [str(GOOD), "baru"],
        ["5", "baris", "ditolak"],
    ]
    for number, words in enumerate(("1,98609E+17", "terdiri atas 17 angka", "(kosong)", "Dinas Kesehatn", "magang")):
        expect(faults.nth(number)).to_contain_text(words)
    refused = spreadsheet(downloaded(office, "main a[href$='/refused.xlsx']"))
    at = next(number for number, cells in enumerate(refused) if HEADINGS[0] in cells)
    assert len(refused) - at - 1 == FAULTY
    assert all(cells[-1] for cells in refused[at + 1 :]), "each comes back with its reason"
    office.get_by_role("button", name="Impor sekarang").click()
    expect(office.locator(".note--done")).to_be_visible(timeout=60_000)
    shots(office, "written")


def print_slips(office: Page, wanted: list[str], shots: Shots) -> dict[str, tuple[str, str]]:
    """Login name and code by the name on the slip."""
    office.locator(".note--done a[href$='/slips']").click()
    choose(office, "unit", UNIT)
    office.get_by_role("button", name="Tampilkan").click()
    shots(office, "slips")
    for name in wanted:
        expect(office.get_by_label(re.compile(rf"\b{name}\b"))).to_be_checked()
    office.get_by_role("button", name="Buat kode dan tampilkan halaman cetak").click()
    expect(office.locator(".slip").first).to_be_visible()
    office.emulate_media(media="print")
    shots(office, "slips-on-paper")
    office.emulate_media(media="screen")
    found = {}
    for slip in office.locator(".slip").all():
        login, code = slip.locator("b.code").all_inner_texts()
        found[slip.locator("p b").first.inner_text()] = (login, code)
    return found


def sign_in_by_code(page: Page, login: str, code: str, shots: Shots) -> None:
    page.goto("/login")
    page.locator("main a[href='/login/code']").first.click()
    shots(page, "code")
    page.fill("[name=username]", login)
    page.fill("[name=code]", code.lower().replace("-", " "))
    page.get_by_role("button", name="Lanjut").click()
    page.wait_for_url(re.compile("/account/new-password"))
    shots(page, "own-password")
    page.fill("[name=new_password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.wait_for_url(lambda url: "new-password" not in url)
    shots(page, "first-page")


def make_cohort(office: Page, name: str, shots: Shots) -> str:
    """Gives its address. It has begun, ends in two days, and has room for all but two of those proposed."""
    office.goto(f"/admin/cohorts/new?course={COURSE}")
    office.fill("[name=name]", name)
    office.fill("[name=starts_on]", (TODAY - timedelta(days=10)).isoformat())
    office.fill("[name=ends_on]", (TODAY + timedelta(days=2)).isoformat())
    office.check("[name=way][value=approval]")
    office.fill("[name=quota]", str(PROPOSED - 2))
    shots(office, "new-cohort")
    office.get_by_role("button", name="Buat angkatan").click()
    office.wait_for_url(re.compile(r"/admin/cohorts/\d+$"))
    shots(office, "cohort")
    return office.url


def propose(head: Page, cohort: str, wanted: list[str], shots: Shots) -> None:
    head.goto("/team")
    head.locator("main a[href='/team/proposals']").first.click()
    with head.expect_navigation():
        head.get_by_role("listitem").filter(has_text=cohort).get_by_role("link").click()
    shots(head, "propose")
    for name in wanted:
        while not head.get_by_label(name, exact=True).count():
            with head.expect_navigation():  # a page that is not there yet has no such name either
                head.locator("a[rel=next]").first.click()
        head.get_by_label(name, exact=True).check()
    head.fill("[name=note]", "Surat contoh nomor 1")
    head.get_by_role("button", name="Usulkan yang dicentang").click()
    expect(head.get_by_role("status").first).to_be_visible()
    shots(head, "proposed")


def approve(office: Page, address: str, wanted: list[str], shots: Shots) -> None:
    office.goto(address)
    office.locator("a.button[href$='/proposals']").click()
    shots(office, "proposals")
    office.get_by_role("button", name=f"Setujui semua ({len(wanted)})").click()
    expect(office.locator("#waiting tbody tr")).to_have_count(2)
    shots(office, "waiting-list")
    office.goto(address)
    expect(office.locator("table.cards tbody tr")).to_have_count(len(wanted) - 2)
    shots(office, "participants")


@pytest.mark.parametrize(("width", "first"), [(360, 400)], ids=["phone"])
def test_from_the_spreadsheet_to_the_reminder(open_page, server, width, first):
    shots = Shots(f"office-{width}")
    wanted = names(first)[:PROPOSED]
    cohort = f"Angkatan Contoh {width}"
    office = open_page(ADMIN, width=width)

    import_people(office, first, shots)
    slips = print_slips(office, names(first), shots)
    assert len(set(slips.values())) >= GOOD
    learner = open_page()
    sign_in_by_code(learner, *slips[wanted[0]], shots)
    learner.goto("/account")
    expect(learner.locator("main")).to_contain_text(wanted[0])

    address = make_cohort(office, cohort, shots)
    head = open_page(HEAD)
    propose(head, cohort, wanted, shots)
    approve(office, address, wanted, shots)
    learner.goto("/")
    expect(learner.locator("main")).to_contain_text("Manajemen Pelayanan Publik")
    shots(learner, "enrolled")
    learner.goto(f"/courses/{COURSE}/{MODULE}")
    read_to_the_end(learner)
    expect_read(learner)

    office.goto("/admin/board")
    shots(office, "board")
    office.locator("details.filters summary").click()
    choose(office, "course", "Manajemen Pelayanan Publik")
    office.get_by_role("button", name="Tampilkan").click()
    office.locator("details.filters summary").click()
    choose(office, "cohort", cohort)
    office.get_by_role("button", name="Tampilkan").click()
    near = office.locator(".tiles.states li", has_text="mendekati tenggat")
    expect(near.locator("b")).to_have_text(str(PROPOSED - 2))
    shots(office, "board-of-the-cohort")
    near.locator("a").click()
    expect(office.locator("#names h2")).to_contain_text("mendekati tenggat")
    shots(office, "names")
    the_files_say_what_the_screen_says(office, wanted[: PROPOSED - 2])

    office.check("[name=all]")
    office.get_by_role("button", name="Ingatkan …").click()
    shots(office, "remind")
    expect(office.locator("a[href^='https://wa.me/']")).to_have_count(PROPOSED - 2)
    office.get_by_role("button", name=f"Ingatkan {PROPOSED - 2} orang sekarang").click()
    expect(office.get_by_role("status").first).to_contain_text(f"{PROPOSED - 2} orang")
    shots(office, "reminded")

    learner.goto("/")
    learner.locator("a[href='/notices']").first.click()
    expect(learner.locator("main")).to_contain_text("Manajemen Pelayanan Publik")
    shots(learner, "inbox")


def the_files_say_what_the_screen_says(office: Page, wanted: list[str]) -> None:
    screen = shown_rows(office)
    assert [cells[0] for cells in screen] == wanted
    lines = spreadsheet(downloaded(office, "#names a[href*='export.xlsx']"))
    at = next(number for number, cells in enumerate(lines) if "Nama" in cells)
    rows = [dict(zip(lines[at], cells, strict=True)) for cells in lines[at + 1 :] if cells[0]]
    text = downloaded(office, "#names a[href*='export.csv']").decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == len(table) == len(screen)
    assert any(isinstance(one["Selesai"], int) for one in rows), "somebody has begun"
    for cells, in_xlsx, in_csv in zip(screen, rows, table, strict=True):
        for found in (in_xlsx, in_csv):
            assert found["Nama"] == cells[0]
            assert found["Unit kerja"] == cells[1]
            assert f"{found['Kursus']}\n{found['Angkatan']}" == cells[2]
            assert cells[3].endswith(found["Status"])
        done = (in_xlsx["Selesai"], in_xlsx["Dari semua materi"])
        assert cells[4] == ("–" if done == (None, None) else f"{done[0]}/{done[1]}")
        assert (in_csv["Selesai"], in_csv["Dari semua materi"]) == tuple(
            "" if number is None else str(number) for number in done
        )
        assert isinstance(in_xlsx["NIP atau alamat surel"], str)
        assert len(in_xlsx["NIP atau alamat surel"]) == 18
        assert in_xlsx["Tenggat"].date() == TODAY + timedelta(days=2)
