"""The whole way, in a real browser at 360 px: enrol, read, quizzes, assignment, grading, certificate, check.

Without scripts it is a browser of 2020, which leaves out what it does not know of the style sheets.
"""

from __future__ import annotations

import re

import pytest
from browsers.older import STUCK_TOGETHER
from journey_steps import course, fill_sign_in, give, shown_question
from layout import is_too_wide
from playwright.sync_api import Page, expect
from readers import expect_read, read_to_the_end
from shots import Shots

from lms.content.items.quiz import Quiz
from lms.demo.cast import INSTRUCTOR, LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.once]

COURSE = "/courses/pelayanan-publik"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "0005fe02fea7d6059b0000000049454e44ae426082"
)


def answer(page: Page, quiz: Quiz, *, saves_itself: bool) -> None:
    give(page, shown_question(page, quiz))
    if saves_itself:
        expect(page.locator(".saved")).to_contain_text(re.compile(r"\d\d[.:]\d\d"))
    page.locator("button[name=go][value=next]:not(.hidden)").click()


def take_quiz(page: Page, quiz: Quiz, shots: Shots, *, saves_itself: bool) -> None:
    page.goto(f"{COURSE}/{quiz.slug}")
    shots(page, "quiz")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/attempts/\d+/1$"))
    shots(page, "question")
    for number in range(1, (sum(quiz.draw.values()) if quiz.draw else len(quiz.asked)) + 1):
        page.wait_for_url(re.compile(rf"/attempts/\d+/{number}$"))
        answer(page, quiz, saves_itself=saves_itself)
    page.wait_for_url(re.compile(r"/attempts/\d+$"))
    shots(page, "overview")
    page.locator("form[id=hand-in] button").click()
    page.wait_for_url(re.compile(r"/review$"))
    expect(page.locator("main")).to_contain_text("100")
    shots(page, "review")


def read_modules(page: Page, found, shots: Shots, *, scripts: bool) -> None:
    for item in found.items:
        if item.type != "module":
            continue
        page.goto(f"{COURSE}/{item.slug}")
        if scripts:
            read_to_the_end(page)
            expect_read(page)
        else:
            page.locator("#read button").click()
            page.wait_for_url(lambda url, slug=item.slug: not url.endswith(slug))
    shots(page, "after-module")


def hand_in(page: Page, shots: Shots, *, uploads_itself: bool) -> None:
    page.goto(f"{COURSE}/rencana-perbaikan-loket")
    shots(page, "assignment")
    page.fill("[name=text]", "Masalah: antrean loket.\n\nRencana: nomor antrean & papan <syarat>.")
    page.set_input_files("[name=file]", {"name": "denah loket.png", "mimeType": "image/png", "buffer": PNG})
    if uploads_itself:
        expect(page.get_by_role("link", name="denah loket.png")).to_be_visible()
    page.locator("button[name=do][value=submit]").first.click()
    expect(page.locator("main .tag--wait").first).to_be_visible()
    shots(page, "handed-in")


def grade(page: Page, name: str, shots: Shots) -> None:
    page.goto("/teach")
    shots(page, "teach")
    page.goto("/teach/grading")
    shots(page, "queue")
    page.get_by_role("link", name=re.compile(name)).first.click()
    shots(page, "paper")
    for levels in page.locator("fieldset.levels").all():
        levels.locator("input[value='0']").check()
    page.fill("[name=feedback]", "Rencana yang **jelas**.")
    page.locator("button[name=then]:not(.hidden)").click()
    expect(page.locator("main .note--done, main [role=status]").first).to_be_visible()


def issue(page: Page, name: str, shots: Shots) -> None:
    page.goto(f"/teach{COURSE}/completions")
    shots(page, "completions")
    page.get_by_label(name).check()
    page.locator("main form[data-count] button").first.click()
    shots(page, "look")
    page.locator("main form[method=post] button").click()
    expect(page.locator("tr", has_text=name).locator(".tag--done")).to_be_visible()
    shots(page, "issued")


class OlderShots(Shots):
    """Also looks whether neighbours stick together, and whether the page is too wide."""

    def __call__(self, page: Page, what: str) -> None:
        page.wait_for_load_state()
        super().__call__(page, what)
        assert page.evaluate(STUCK_TOGETHER) == [], page.url
        assert not is_too_wide(page), page.url


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_learner_finishes_a_course_and_the_certificate_is_genuine(open_page, server, scripts):
    found = course()
    shots = Shots("scripts") if scripts else OlderShots("plain")
    number = 5 if scripts else 6
    name = f"Peserta Contoh {number:02}"
    browser = {"scripts": scripts, "is_older": not scripts}
    page = open_page(**browser)
    page.goto("/")
    shots(page, "front")
    page.goto("/login")
    shots(page, "sign-in")
    fill_sign_in(page, LEARNERS[number - 1])
    page.wait_for_url(lambda url: "/login" not in url)
    shots(page, "home")
    page.goto(COURSE)
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.locator(".note--done")).to_be_visible()
    shots(page, "course")
    read_modules(page, found, shots, scripts=scripts)
    for item in found.items:
        if item.type == "quiz":
            take_quiz(page, item, shots, saves_itself=scripts)
    hand_in(page, shots, uploads_itself=scripts)
    page.goto("/")
    shots(page, "home-waiting")

    teacher = open_page(INSTRUCTOR, width=1280, **browser)
    grade(teacher, name, shots)
    issue(teacher, name, shots)

    page.goto(f"{COURSE}/finish")
    expect(page.locator(".path .is-done")).to_have_count(3)
    shots(page, "finish")
    page.goto("/records")
    shots(page, "records")
    link = page.locator("a[href$='.pdf']").first.get_attribute("href")
    pdf = page.request.get(link)
    assert (pdf.status, pdf.headers["content-type"]) == (200, "application/pdf")
    assert pdf.body().startswith(b"%PDF-")

    code = re.search(r"/records/([^/.]+)\.pdf", link)[1]
    stranger = open_page(**browser)
    stranger.goto("/verify")
    stranger.fill("[name=code]", code.lower())
    stranger.locator("main form button").click()
    expect(stranger.locator("main")).to_contain_text(name)
    expect(stranger.locator("main")).to_contain_text("Manajemen Pelayanan Publik")
    assert LEARNERS[number - 1] not in stranger.content().replace(" ", "")
    assert "1990" not in stranger.locator("main").inner_text()
    shots(stranger, "verified")
    assert stranger.request.get(f"/verify/{code}.json").json()["status"] == "valid"
