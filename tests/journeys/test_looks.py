"""How pages look under a contrast theme, and on paper."""

from __future__ import annotations

import io

import pypdf
import pytest
from layout import is_too_wide
from PIL import Image
from playwright.sync_api import Locator, expect
from shots import Shots

from lms.demo.cast import ADMIN, HEAD, INSTRUCTOR, LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.once]

COURSE = "/courses/pelayanan-publik"
BROKEN_WORDS = r"""() => {
    const found = [], texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const node = texts.currentNode, range = document.createRange();
        if (!node.parentElement.checkVisibility() || node.parentElement.closest('.hidden, .skip')) continue;
        for (const word of node.data.matchAll(/[\p{L}\d]{2,}/gu)) {
            if (word[0].length > 20) continue;  // no word of any language that is used here
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1) found.push(word[0]);
        }
    }
    return found;
}"""
SQUEEZED = """() => [
    ...[...document.querySelectorAll('.scroll')]
        .filter(box => box.querySelector('.cards') && box.scrollWidth > box.clientWidth + 1)
        .map(box => box.getAttribute('aria-label')),
    ...[...document.querySelectorAll('main li > *, main tr > *, main dd, main .unit > *')].filter(one => {
        const box = one.getBoundingClientRect(), size = parseFloat(getComputedStyle(one).fontSize);
        return one.checkVisibility() && box.width && box.width < 4 * size && box.height > 3.5 * size
            && one.innerText.trim().length > 4;
    }).map(one => one.outerHTML.slice(0, 120)),
]"""
"""Lists of cards that go on sideways, and texts of a few characters a line."""
WITHIN_A4_LANDSCAPE = 1030
"""Pixels between the margins."""


def colours_along(bar: Locator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The colours near both ends of a bar."""
    picture = Image.open(io.BytesIO(bar.screenshot())).convert("RGB")
    middle = picture.height // 2
    return picture.getpixel((6, middle)), picture.getpixel((picture.width - 7, middle))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_contrast_theme_shows_how_far_one_is_and_where(open_page, scheme):
    page = open_page(LEARNERS[13], forced_colors="active", color_scheme=scheme)
    shots = Shots(f"contrast-{scheme}")
    for path in ("/", COURSE):
        page.goto(path)
        done, left = colours_along(page.locator("main .bar").first)
        assert done != left, path
        shots(page, path.strip("/").replace("/", "-") or "home")
    here, elsewhere = page.locator(".nav a[aria-current]"), page.locator(".nav a:not([aria-current])").first
    for link, style in ((here, "solid"), (elsewhere, "none")):
        expect(link).to_have_css("outline-style", style)


def test_a_contrast_theme_shows_the_boards_bars(open_page):
    page = open_page(ADMIN, forced_colors="active", width=1280)
    page.goto("/admin/board")
    Shots("contrast")(page, "board")
    rows = page.locator(".spread tbody tr").all()
    counts = [int(row.locator("td").first.inner_text()) for row in rows]
    longest, none = (colours_along(rows[counts.index(count)].locator(".length")) for count in (max(counts), 0))
    assert longest[0] == longest[1] != none[0]


@pytest.mark.parametrize(
    "path", ["/admin/board", "/admin/board/people", "/admin/board/summary", "/admin/reports", "/admin/need"]
)
def test_wide_tables_are_printed_on_a4_landscape_without_broken_words(open_page, path):
    page = open_page(ADMIN, width=WITHIN_A4_LANDSCAPE, color_scheme="dark")
    page.goto(path)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(BROKEN_WORDS) == []
    assert not is_too_wide(page)
    sheet = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]
    assert sheet.mediabox.width > sheet.mediabox.height


WITH_COURSES = """count => {
    const table = document.querySelector('.heat table'), first = table.rows[0].querySelectorAll('a').length;
    for (const row of table.rows) {
        for (let n = first; n < count; n++) row.cells[1].after(row.cells[1].cloneNode(true));
        for (let n = first; n > count; n--) row.cells[1].remove();
    }
    table.parentElement.classList.toggle('heat--many', count > 7);
}"""


@pytest.mark.parametrize("count", [7, 20])
def test_the_board_is_printed_with_all_courses_of_a_year(open_page, count):
    page = open_page(ADMIN, width=WITHIN_A4_LANDSCAPE)
    page.goto("/admin/board")
    page.evaluate(WITH_COURSES, count)
    page.emulate_media(media="print")
    Shots("print")(page, f"board-of-{count}-courses")
    assert page.evaluate(BROKEN_WORDS) == []
    assert not is_too_wide(page)


@pytest.mark.parametrize("path", ["/admin/board", "/admin/reports", "/admin/need", "/admin/cohorts", "/team"])
def test_no_word_of_a_table_is_broken_on_a_phone(open_page, path):
    page = open_page(HEAD if path == "/team" else ADMIN)
    page.goto(path)
    assert page.evaluate(BROKEN_WORDS) == []
    assert not is_too_wide(page)


COURSE_TAUGHT = f"/teach{COURSE}"


@pytest.mark.parametrize(
    ("account", "paths"),
    [
        (ADMIN, ["/admin/units", "/admin/reports", "/admin/people/1", "/admin/cohorts/4/committee"]),
        (INSTRUCTOR, [COURSE_TAUGHT, f"{COURSE_TAUGHT}/completions", f"{COURSE_TAUGHT}/edit", "/teach/grading"]),
        (HEAD, ["/team", "/team/people", "/team/summary", "/team/encourage?goal=missed&all=1"]),
        (LEARNERS[2], ["/records", f"{COURSE}/rencana-perbaikan-loket"]),
    ],
)
def test_lists_have_room_for_text_at_200_percent_on_a_phone(open_page, account, paths):
    page, shots = open_page(account), Shots(f"large-{account}")
    for path in paths:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        shots(page, path.strip("/").replace("/", "-"))
        assert page.evaluate(SQUEEZED) == [], path
        assert not is_too_wide(page), path


def test_training_is_printed_as_a_statement_and_only_then(open_page):
    page = open_page(LEARNERS[8])
    page.goto("/records")
    assert not [one for one in page.locator(".print-only").all() if one.is_visible()]
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages[0].extract_text()
    words = " ".join(paper.split())
    for fact in ("Peserta Contoh 09", "Dinas Kesehatan", "Pemerintah Kota Sorong", "/verify", "Kode"):
        assert fact in words
    assert "19900101" not in words
    assert "Sertifikat (PDF)" not in words
