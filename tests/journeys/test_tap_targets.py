"""What a thumb has to hit: links that stand alone, 24 pixels high as WCAG 2.2 asks, and 44 the main ones."""

from __future__ import annotations

import re

import pytest

from lms.demo.cast import LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.once]

NOT_PAGES = re.compile(r"\.pdf|/static|/media|/logout|/calendar|/print|/files/|^/(?:teach|team|admin)")
OFTEN_ENOUGH = 3
TOO_LOW = r"""() => {
    const isInline = one => getComputedStyle(one).display === 'inline';
    const letters = one => one.innerText.replace(/[\s·←→|,]/g, '').length;
    const isInText = link => {
        let box = link.parentElement;
        while (isInline(box)) box = box.parentElement;
        const ofLinks = [...box.querySelectorAll('a, button')].reduce((sum, one) => sum + letters(one), 0);
        return isInline(link) && letters(box) > ofLinks;
    };
    const coversItsRow = link => getComputedStyle(link, '::after').position === 'absolute';
    const least = one => one.matches('.alone, .trail > :only-child, .foot a, .nav a') ? 43.5 : 24;
    return [...document.querySelectorAll('a[href], button, summary')]
        .filter(one => one.checkVisibility() && !one.closest('.hidden, .skip') && !isInText(one) && !coversItsRow(one))
        .map(one => [one.getBoundingClientRect().height, least(one), one.outerHTML.slice(0, 120)])
        .filter(([height, least]) => height < least)
        .map(([height, least, html]) => `${Math.round(height)} of ${least} px: ${html}`);
}"""


def kind_of(path: str) -> str:
    return re.sub(r"\d+|(?<=courses/)[a-z-]+|\?.*", "*", path)


def pages_of(page, starts: list[str]) -> list[str]:
    """What these pages lead to, a few of each kind, themselves first."""
    found, visits = [], dict[str, int]()
    for address in starts:
        page.goto(address)
        links = page.eval_on_selector_all("a[href^='/']", "all => all.map(one => one.getAttribute('href'))")
        for path in [address, *(link.partition("#")[0] for link in links)]:
            kind = kind_of(path)
            if path not in found and not NOT_PAGES.search(path) and visits.get(kind, 0) < OFTEN_ENOUGH:
                visits[kind] = visits.get(kind, 0) + 1
                found.append(path)
    return found


@pytest.mark.parametrize("number", [0, 1, 4])
def test_links_that_stand_alone_are_large_enough_for_a_thumb(open_page, number):
    page = open_page(LEARNERS[number])
    paths = pages_of(
        page,
        ["/", "/courses/pelayanan-publik", "/records", "/account", "/notices", "/search?q=layanan", "/help/contact"],
    )
    faults = []
    for path in [*paths, "/logout"]:
        page.goto(path)
        faults += [f"{path}: {one}" for one in page.evaluate(TOO_LOW)]
    assert len(paths) > 20
    assert not faults, "\n".join(faults)


def test_the_pages_before_signing_in_too(open_page):
    page = open_page()
    faults = []
    for path in ["/login", "/login/code", "/courses", "/verify", "/help", "/privacy", "/help/contact?from=/login"]:
        page.goto(path)
        faults += [f"{path}: {one}" for one in page.evaluate(TOO_LOW)]
    assert not faults, "\n".join(faults)
