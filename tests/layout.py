"""Measurements of a page in the browser."""

from __future__ import annotations

from playwright.sync_api import Page


def is_too_wide(page: Page) -> bool:
    """Right after a click the next document may have no root element yet, so it is waited for."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
