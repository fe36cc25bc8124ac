"""A learner whose phone had its last update in 2019, simulated: from signing in to the result of a quiz."""

from __future__ import annotations

import re

import pytest
from browsers.older import STUCK_TOGETHER
from journey_steps import answer_somehow
from layout import is_too_wide
from playwright.sync_api import Page, expect
from readers import expect_read, read_to_the_end
from shots import Shots

from lms.demo.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once]

COURSE = "/courses/pelayanan-publik"
GONE = "[window.BroadcastChannel, window.structuredClone, navigator.locks, [].at, ''.replaceAll, form.requestSubmit]"


@pytest.fixture
def older_page(open_page):
    """A page whose scripts must not fail."""
    faults: list[str] = []

    def open_(**values) -> Page:
        page = open_page(is_older=True, **values)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        return page

    yield open_
    assert not faults, "\n".join(faults)


def look(page: Page, shots: Shots, what: str) -> None:
    page.wait_for_load_state()  # with its style sheet
    shots(page, what)
    assert page.evaluate(STUCK_TOGETHER) == []
    assert not is_too_wide(page)


def test_a_learner_on_an_older_browser_gets_from_signing_in_to_a_result(older_page, learner):
    shots = Shots("older")
    page = older_page()
    page.goto("/login")
    assert page.evaluate(GONE.replace("form", "document.forms[0]")) == [None] * 6
    look(page, shots, "sign-in")
    page.fill("[name=username]", learner)
    page.fill("[name=password]", PASSWORD)
    page.locator(".secret__show").click()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
    page.click("main form button:not([type=button])")
    page.wait_for_url(lambda url: "/login" not in url)
    look(page, shots, "home")
    page.goto("/courses")
    look(page, shots, "courses")
    page.goto(COURSE)
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.locator(".note--done")).to_be_visible()
    look(page, shots, "course")
    page.goto(f"{COURSE}/mengapa-melayani")
    look(page, shots, "module")
    read_to_the_end(page)
    expect_read(page)

    page.goto(f"{COURSE}/sepuluh-bentuk")
    read_to_the_end(page)
    expect_read(page)
    page.goto(f"{COURSE}/kuis-dasar")
    look(page, shots, "quiz")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/attempts/\d+/1$"))
    assert not page.locator("[data-unscripted]").count()
    while re.search(r"/attempts/\d+/\d+$", page.url):
        before = page.url
        answer_somehow(page)
        expect(page.locator(".saved")).to_contain_text("Tersimpan pukul")
        look(page, shots, "question")
        page.locator("button[name=go][value=next]:not(.hidden)").click()
        page.wait_for_url(lambda url, before=before: url != before)
    look(page, shots, "overview")
    page.locator("#hand-in button").click()
    page.wait_for_url(re.compile(r"/review$"))
    look(page, shots, "result")
    for path in ("/records", "/account", "/verify", "/help"):
        page.goto(path)
        look(page, shots, path.strip("/"))
