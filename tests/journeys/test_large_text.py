"""A learner with text at 200 % and the keyboard alone: from signing in to the result of a quiz."""

from __future__ import annotations

import re

import pytest
from journey_steps import COURSE, FIRST, QUESTION, QUIZ
from layout import is_too_wide
from playwright.sync_api import Page, expect
from shots import Shots

from lms.demo.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once]

LARGE = (
    """document.addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; });"""
)
FOCUS = """async () => {
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));  // it is scrolled into view
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect(), x = box.left + Math.min(box.width / 2, 20), y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y), label = one.closest('label');
    const rings = [one, label].filter(Boolean).map(each => getComputedStyle(each));
    return {
        what: one.outerHTML.slice(0, 150),
        words: (one.matches('select') ? one.name : one.innerText || one.ariaLabel || one.name || '').trim(),
        isRinged: rings.some(ring => ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) > 0),
        isOnTop: !!top && (one.contains(top) || top.contains(one) || !!label && label.contains(top)),
        isNext: !document.querySelector('[data-stop]') ||
            !!(document.querySelector('[data-stop]').compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING),
        mark: document.querySelectorAll('[data-stop]').forEach(each => each.removeAttribute('data-stop')),
        set: one.setAttribute('data-stop', ''),
    };
}"""
OUT_OF_REACH = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(one => one.checkVisibility() && !one.disabled && !one.matches('.hidden, [type=hidden]') && one.tabIndex < 0)
    .map(one => one.outerHTML.slice(0, 100))"""
BROKEN_WORDS = r"""() => {
    const found = [], texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const node = texts.currentNode, range = document.createRange();
        if (!node.parentElement.checkVisibility() || node.parentElement.closest('.hidden, .scroll')) continue;
        for (const word of node.data.matchAll(/[\p{L}\d]{2,9}(?![\p{L}\d])/gu)) {
            if (word.index && /[\p{L}\d]/u.test(node.data[word.index - 1])) continue;
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1) found.push(word[0]);
        }
    }
    return found;
}"""
MOST_STOPS = 60
FIELD = r"^(picked|text|(match|gap|place)-\w+)$"
KEYS = {"INPUTradio": "Space", "INPUTcheckbox": "Space", "SELECTselect-one": "ArrowDown"}
"""What answers in a field of these kinds; in others one types."""


def tab_to(page: Page, words: str) -> None:
    """With the Tab key alone. Each stop on the way is in view, has a ring and comes after the one before."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        assert found is not None, f"{page.url}: “{words}” is not reached"
        assert found["isRinged"], f"{page.url}: no ring: {found['what']}"
        assert found["isOnTop"], f"{page.url}: hidden or covered: {found['what']}"
        assert found["isNext"], f"{page.url}: the order goes back: {found['what']}"
        if re.search(words, found["words"]):
            return
    raise AssertionError(f"{page.url}: “{words}” is not reached")


def look(page: Page, shots: Shots, what: str) -> None:
    page.wait_for_load_state()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate(OUT_OF_REACH) == [], page.url
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        shots(page, f"{what}-{width}")
        assert not is_too_wide(page), f"{page.url}, {width}"
        assert page.evaluate(BROKEN_WORDS) == [], f"{page.url}, {width}"


def go_on(page: Page, words: str) -> None:
    tab_to(page, words)
    page.keyboard.press("Enter")


def test_a_learner_gets_to_a_result_by_keyboard_with_text_at_200_percent(open_page, learner):
    page, shots = open_page(), Shots("large")
    page.add_init_script(LARGE)
    page.goto("/login")
    look(page, shots, "sign-in")
    tab_to(page, "^username$")
    page.keyboard.type(learner)
    tab_to(page, "^password$")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    look(page, shots, "home")
    go_on(page, "^Pilih kursus$")
    page.wait_for_url("**/courses")
    look(page, shots, "courses")
    go_on(page, "^Manajemen Pelayanan Publik$")
    page.wait_for_url(f"**{COURSE}")
    look(page, shots, "course")
    go_on(page, "^Daftar$")
    expect(page.locator(".note--done")).to_be_visible()
    look(page, shots, "enrolled")
    expect(page.get_by_role("link", name=re.compile("^Mulai: "))).to_be_visible()  # the pretest, which may be left out
    page.goto(f"{COURSE}/{FIRST}")
    look(page, shots, "module")
    go_on(page, "^Selesai, lanjut")
    page.wait_for_url("**/sepuluh-bentuk")
    go_on(page, "^Selesai, lanjut")
    page.wait_for_url(f"**{QUIZ}")
    look(page, shots, "quiz")
    go_on(page, "^Kerjakan kuis$")
    page.wait_for_url(QUESTION)
    while re.search(QUESTION, page.url):
        before = page.url
        look(page, shots, "question")
        tab_to(page, FIELD)  # the draw decides of which kind the question is
        page.keyboard.press(
            KEYS.get(page.evaluate("document.activeElement.tagName + document.activeElement.type"), "x")
        )
        expect(page.locator(".saved")).to_contain_text("Tersimpan pukul")
        go_on(page, "^(Berikutnya|Kumpulkan …)")
        page.wait_for_url(lambda url, before=before: url != before)
    look(page, shots, "overview")
    go_on(page, "^Kumpulkan$")
    page.wait_for_url("**/review")
    look(page, shots, "result")
    go_on(page, "^Baca lagi")
    page.wait_for_url(f"**/{FIRST}**")
