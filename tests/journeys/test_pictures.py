"""An instructor puts a photo into a text on a phone: with scripts where the cursor is, without them at its end."""

from __future__ import annotations

import re

import pytest
from layout import is_too_wide
from picture_files import make_photo
from playwright.sync_api import expect
from shots import Shots

from lms.demo.cast import INSTRUCTOR

pytestmark = [pytest.mark.browser, pytest.mark.once]

TEACH = "/teach/courses/pelayanan-publik"
FILE = "05-survei-perbaikan/01-survei-ke-perbaikan.md"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_comes_into_a_text_upright_and_light(open_page, scripts):
    shots = Shots(f"pictures-{'scripts' if scripts else 'plain'}")
    page = open_page(INSTRUCTOR, scripts=scripts)
    page.goto(f"{TEACH}/edit/{FILE}")
    before = page.locator("#source").input_value()
    photo = {
        "name": f"Loket {scripts}.JPG",
        "mimeType": "image/jpeg",
        "buffer": make_photo((1200, 900 + scripts), turn=6),
    }
    if scripts:
        bold = page.get_by_role("button", name="Tebal", exact=True)
        assert bold.bounding_box()["height"] >= 44
        page.get_by_role("button", name="Tebal", exact=True).focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate("() => document.activeElement.textContent") == "Judul"
    page.locator("#arrival summary").click()
    page.set_input_files("#arrival-file", files=[photo])
    if scripts:
        expect(page.locator("#arrival-state")).to_contain_text(
            re.compile(r"\d+ KB menjadi \d+ KB di ponsel"), timeout=20_000
        )
        expect(page.locator("#arrival-description")).to_be_focused()
        page.get_by_role("button", name="Masukkan ke teks").click()
        expect(page.locator("#arrival-state")).to_contain_text("Tulis apa yang tampak")
        assert page.locator("#source").input_value() == before
    page.fill("#arrival-description", "Loket baru")
    shots(page, "arrived")
    assert not is_too_wide(page)
    page.get_by_role("button", name="Masukkan ke teks").click()
    if scripts:
        assert "![Loket baru](../media/loket-true.jpg)" in page.locator("#source").input_value()
        page.keyboard.press("Control+z")
        assert page.locator("#source").input_value() == before
        page.keyboard.press("Control+Shift+z")
        page.get_by_role("button", name="Simpan", exact=True).click()
    picture = page.locator(".preview picture img").last
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_attribute("alt", "Loket baru")
    expect(picture).to_have_js_property("complete", True)
    source = picture.evaluate("image => image.currentSrc")
    assert re.search(r"/720\.(webp|avif)$", source), "a phone takes the small one"
    box = picture.bounding_box()
    assert box["height"] > box["width"], "it stands upright"
    shots(page, "preview")
    page.goto(f"{TEACH}/files")
    shots(page, "files")
    assert not is_too_wide(page)
