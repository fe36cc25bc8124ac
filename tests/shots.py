"""Screenshots of each step of a journey, to look at."""

from __future__ import annotations

import os

from playwright.sync_api import Page


class Shots:
    """Where ``TEST_SHOTS`` names a folder for them; elsewhere nothing is taken."""

    def __init__(self, name: str) -> None:
        self.folder, self.name, self.number = os.environ.get("TEST_SHOTS"), name, 0

    def __call__(self, page: Page, what: str) -> None:
        self.number += 1
        if self.folder:
            page.screenshot(path=f"{self.folder}/{self.name}-{self.number:02}-{what}.png", full_page=True)
