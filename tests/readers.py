"""Somebody who reads a module in the browser, without the time that it takes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

STEPS = 20


def read_to_the_end(page: Page, *, share: float = 1) -> None:
    """Scroll through the module while the page's clock runs ahead, by this share of the reading time."""
    page.clock.install()
    page.reload()
    seconds = sum(map(int, page.locator("[data-seconds]").get_attribute("data-seconds").split()))
    for step in range(1, STEPS + 1):
        page.evaluate("share => scrollTo(0, share * (document.body.scrollHeight - innerHeight))", step / STEPS)
        page.clock.run_for(round(1000 * seconds * share / STEPS) + 1000)
    page.clock.run_for(20_000)
    page.clock.resume()


def expect_read(page: Page) -> None:
    expect(page.locator("#state")).to_contain_text("✓ Sudah dibaca sampai akhir")
