"""Answers to the learner: questions to check oneself, over a line that breaks; a quiz failed, read again, passed."""

from __future__ import annotations

import re

import pytest
from journey_steps import FIRST_PART, enrol, give, quiz_of, shown_question
from layout import is_too_wide
from playwright.sync_api import Page, expect
from shots import Shots

from lms.demo.cast import INSTRUCTOR, LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.once]

COURSE = "/courses/pelayanan-publik"
MODULE, QUIZ = f"{COURSE}/mengapa-melayani", f"{COURSE}/kuis-dasar"
WRONG, RIGHT = "#cek-antrean [value=a]", "#cek-antrean [value=b]"
SAID = "#cek-antrean .said"
BACK = 20_000
"""Milliseconds within which a page must have noticed that the line is back."""


def press(page: Page) -> None:
    page.locator("#cek-antrean button").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_choice_is_answered_without_leaving_the_page(open_page, width):
    page, shots = open_page(LEARNERS[0], width=width), Shots(f"check-{width}")
    page.goto(MODULE)
    page.check(WRONG)
    press(page)
    expect(page.locator(SAID)).to_contain_text("✗ Belum tepat")
    expect(page.locator(SAID)).to_contain_text("Warga lain melihatnya")
    expect(page.locator(SAID)).not_to_contain_text("Sopan, jelas")
    expect(page.locator(SAID).get_by_role("link")).to_have_attribute("href", re.compile("^#asas"))
    shots(page, "wrong")
    page.check(RIGHT)
    expect(page.locator(SAID)).to_be_empty()
    press(page)
    expect(page.locator(SAID)).to_contain_text("✓ Benar")
    expect(page.locator(WRONG)).not_to_be_checked()
    assert page.url.endswith(MODULE)
    assert not is_too_wide(page)
    shots(page, "right")


def test_without_scripts_the_page_comes_back_at_the_question_with_the_choice(open_page):
    page = open_page(LEARNERS[0], scripts=False)
    page.goto(MODULE)
    page.check(WRONG)
    press(page)
    expect(page.locator(SAID)).to_contain_text("✗ Belum tepat")
    expect(page.locator(WRONG)).to_be_checked()
    assert page.url.endswith("#cek-antrean")
    page.locator("#cek-antrean summary").click()
    expect(page.locator("#cek-antrean details")).to_contain_text("Sopan, jelas, dan sama bagi semua.")


def test_while_the_line_is_down_the_choice_stays_and_is_answered_once_it_is_back(open_page):
    page, shots = open_page(LEARNERS[0]), Shots("check-line")
    page.goto(MODULE)
    page.context.set_offline(True)
    page.check(WRONG)
    press(page)
    expect(page.locator(SAID)).to_contain_text("Tidak ada koneksi")
    shots(page, "down")
    page.locator("#cek-antrean summary").click()
    expect(page.locator("#cek-antrean details")).to_contain_text("Sopan, jelas, dan sama bagi semua.")
    page.check(RIGHT)
    page.context.set_offline(False)
    expect(page.locator(SAID)).to_contain_text("✓ Benar", timeout=BACK)
    expect(page.locator(RIGHT)).to_be_checked()


def test_who_was_signed_out_signs_in_and_is_answered(open_page):
    page = open_page(LEARNERS[0])
    page.goto(MODULE)
    page.context.clear_cookies()
    page.check(RIGHT)
    press(page)
    page.wait_for_selector("[name=password]")
    page.fill("[name=username]", LEARNERS[0])
    page.fill("[name=password]", "belajar-asn-sorong")
    page.locator("main form button:not([type=button])").first.click()
    page.locator("main form button").first.click()
    expect(page.locator(SAID)).to_contain_text("✓ Benar")


def test_an_instructor_tries_the_questions_of_the_preview(open_page):
    page = open_page(INSTRUCTOR, width=1280)
    page.goto(f"/teach{COURSE}/contents/mengapa-melayani")
    page.check(RIGHT)
    press(page)
    expect(page.locator(SAID)).to_contain_text("✓ Benar")


def take(page: Page, *, is_right: bool) -> None:
    """The quiz with all answers right, or all wrong; a draw and the shuffle decide about questions and their order."""
    quiz = quiz_of("kuis-dasar")
    page.goto(QUIZ)
    page.locator("main form button").first.click()
    for number in range(1, sum((quiz.draw or {}).values()) + 1):
        page.wait_for_url(re.compile(rf"/attempts/\d+/{number}$"))
        give(page, shown_question(page, quiz), is_right=is_right)
        expect(page.locator(".saved")).to_contain_text(re.compile(r"\d\d[.:]\d\d"))
        page.locator("button[name=go][value=next]:not(.hidden)").click()
    page.wait_for_url(re.compile(r"/attempts/\d+$"))
    page.locator("form[id=hand-in] button").click()
    page.wait_for_url(re.compile(r"/review$"))


def test_who_fails_reads_again_and_passes(open_page):
    page, shots = open_page(LEARNERS[9]), Shots("failed")
    enrol(page, *FIRST_PART)
    take(page, is_right=False)
    main = page.locator("main")
    expect(page.locator("h1")).to_contain_text("Kurang")
    expect(main).to_contain_text("2 dari 3 percobaan tersisa")
    assert not is_too_wide(page)
    shots(page, "failed")
    page.goto("/")
    expect(main).to_contain_text("Baca lagi “Mengapa kita melayani”")
    page.go_back()
    page.locator(".moment a.button").first.click()
    expect(page.locator("h1")).to_contain_text("Mengapa kita melayani")
    take(page, is_right=True)
    expect(page.locator("h1")).to_contain_text("Anda lulus")
    expect(main).to_contain_text("dari percobaan sebelumnya")
    assert not is_too_wide(page)
    shots(page, "passed")
    page.locator(".moment a.button").click()
    page.wait_for_url(lambda url: "/attempts/" not in url)
