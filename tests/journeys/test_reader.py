"""Reading a long module: the place on several devices, the flick, taking back, the outline on a wide screen."""

from __future__ import annotations

from time import sleep

import pytest
from layout import is_too_wide
from playwright.sync_api import Page, expect
from readers import expect_read, read_to_the_end
from shots import Shots

from lms.demo.cast import LEARNERS
from lms.learning.reading_position import MIN_INTERVAL

pytestmark = [pytest.mark.browser, pytest.mark.once]

COURSE = "/courses/pelayanan-publik"
MODULE = f"{COURSE}/mengapa-melayani"
THIRD = "Hak dan kewajiban berjalan dua arah"
WHERE = ".where"


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture
def open_reader(open_page, faults):
    """A page of a learner in the course, whose scripts must not fail."""

    def open_(username: str, **values) -> Page:
        page = open_page(username, **values)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(COURSE)
        button = page.get_by_role("button", name="Daftar", exact=True)
        if button.count():
            button.click()
            expect(page.locator(".note--done")).to_be_visible()
        page.goto(MODULE)
        return page

    yield open_
    assert not faults


def stay_in(page: Page, title: str, seconds: int = 12) -> None:
    """Jump to a part and read there for some time of the page's own clock.

    The server takes no other part within some of its own seconds: then the page sends it again.
    """
    page.get_by_role("heading", name=title).evaluate("head => scrollTo(0, head.offsetTop - 60)")
    for spent in (seconds, 20):
        with page.expect_response(lambda one: one.request.method == "POST" and one.url.endswith(MODULE)) as sent:
            page.clock.run_for(1000 * spent)
        if sent.value.status == 200:
            return
        assert sent.value.status == 429
        sleep(MIN_INTERVAL.total_seconds())
    raise AssertionError("the place was not taken")


def test_the_place_goes_from_one_device_to_another_and_home(open_reader):
    shots = Shots("reader")
    phone = open_reader(LEARNERS[20])
    shots(phone, "first")
    assert not is_too_wide(phone)
    expect(phone.locator(WHERE)).to_be_hidden()
    phone.clock.install()
    phone.reload()
    stay_in(phone, THIRD)
    expect(phone.locator(".placebar")).to_contain_text("Bagian 3 dari 8 · sisa ±")
    assert 0 < phone.locator(".placebar progress").evaluate("line => line.value / line.max") < 1
    shots(phone, "third-part")

    desk = open_reader(LEARNERS[20], width=1280)
    expect(desk.locator(WHERE)).to_contain_text("Hari ini pukul")
    expect(desk.locator(WHERE)).to_contain_text(f"bagian 3: {THIRD}")
    expect(desk.locator(".toc [aria-current=location]")).to_contain_text("berhenti di sini")
    shots(desk, "second-device")
    desk.goto("/")
    expect(desk.locator("main")).to_contain_text(f"Bagian 3 dari 8: {THIRD}")
    shots(desk, "home")
    desk.get_by_role("link", name="Lanjutkan dari sini").click()
    heading = desk.get_by_role("heading", name=THIRD)
    expect(heading).to_be_in_viewport()
    bar = desk.locator(".placebar").bounding_box()
    assert heading.bounding_box()["y"] >= bar["y"] + bar["height"], "beneath the bar"
    desk.clock.install()
    desk.reload()
    stay_in(desk, "Maladministrasi sering dimulai dari kebiasaan")

    phone.clock.resume()
    phone.goto("/")
    expect(phone.locator("main")).to_contain_text("Bagian 4 dari 8")
    phone.get_by_role("link", name="Dari awal materi").click()
    expect(phone.locator(WHERE)).to_contain_text("bagian 4")


def test_without_scripts_the_contents_work_and_nothing_false_is_said(open_reader):
    page = open_reader(LEARNERS[21], scripts=False)
    bar = page.locator(".placebar")
    expect(bar).to_contain_text("8 bagian · ±3 menit")
    expect(bar.locator("progress")).to_be_hidden()
    entry = page.locator(".toc").get_by_role("link", name=THIRD)
    expect(entry).to_be_hidden()
    page.locator(".toc summary").click()
    entry.click()
    expect(page.get_by_role("heading", name=THIRD)).to_be_in_viewport()
    bar.get_by_role("link").click()
    expect(entry).to_be_in_viewport()
    page.locator("#read button").click()
    page.goto(MODULE)
    expect_read(page)
    page.get_by_role("button", name="Tandai belum selesai").click()
    expect(page.locator(".note--done")).to_contain_text("belum selesai")
    expect(page.locator("#state")).to_be_empty()


def test_a_flick_is_not_reading_and_reading_is_recorded_once(open_reader):
    page = open_reader(LEARNERS[22])
    read_to_the_end(page, share=0)
    expect(page.locator("#state")).to_be_empty()
    read_to_the_end(page, share=0.8)
    expect_read(page)
    shots = Shots("reader-read")
    shots(page, "recorded")
    page.get_by_role("button", name="Tandai belum selesai").click()
    expect(page.locator(".note--done")).to_contain_text("belum selesai")
    read_to_the_end(page)
    expect(page.locator("#state")).to_be_empty()
    page.locator("#read button").click()
    page.wait_for_url(lambda url: not url.endswith(MODULE))
    page.goto(MODULE)
    expect_read(page)


def test_waiting_at_the_beginning_reads_no_other_part(open_reader):
    page = open_reader(LEARNERS[23])
    page.clock.install()
    page.reload()
    page.clock.run_for(600_000)
    read_to_the_end(page, share=0)
    expect(page.locator("#state")).to_be_empty()


def test_a_place_that_could_not_be_sent_goes_with_the_next_visit(open_reader):
    page = open_reader(LEARNERS[21])
    page.clock.install()
    page.reload()
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("heading", name="Ringkasan").evaluate("head => scrollTo(0, head.offsetTop - 60)")
    page.clock.run_for(20_000)
    assert "Ringkasan" not in page.request.get(MODULE).text().split('class="note where"')[1].split("</p>")[0]
    page.unroute("**/*")
    page.clock.resume()
    page.goto(MODULE)
    expect(page.locator(WHERE)).to_contain_text("bagian 6: Ringkasan")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_wide_screen_the_outline_and_the_contents_stand_beside_the_text(open_reader, scheme):
    page = open_reader(LEARNERS[0], width=1280, color_scheme=scheme)
    shots = Shots(f"reader-wide-{scheme}")
    page.goto(f"{COURSE}/melayani-semua-orang")
    text, toc, outline = (page.locator(name).bounding_box() for name in (".reader__text", ".toc", ".outline"))
    assert outline["x"] + outline["width"] < text["x"] < text["x"] + text["width"] < toc["x"]
    expect(page.locator(".outline")).to_contain_text("3 dari 18 materi selesai")
    expect(page.locator(".outline [aria-current=page]")).to_contain_text("Menyapa, menjelaskan")
    expect(page.locator(".outline li", has_text="Kuis komunikasi layanan").first).to_contain_text("Terbuka setelah")
    assert not is_too_wide(page)
    shots(page, "top")
    page.locator(".toc").get_by_role("link", name="Bahasa sederhana").click()
    expect(page.locator(".toc [aria-current=location]")).to_have_text("Bahasa sederhana")
    shots(page, "summary")


def test_the_keyboard_never_reaches_what_the_bar_hides(open_reader):
    page = open_reader(LEARNERS[23])
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    covered = []
    page.locator("#read button").focus()
    for _ in range(25):
        page.keyboard.press("Shift+Tab")
        covered += page.evaluate(
            """() => {
                const bar = document.querySelector('.placebar'), here = document.activeElement;
                if (bar.contains(here) || !document.querySelector('.reader__text').contains(here)) return [];
                const isHidden = here.getBoundingClientRect().bottom <= bar.getBoundingClientRect().bottom;
                return isHidden ? [here.outerHTML] : [];
            }"""
        )
    assert covered == []
