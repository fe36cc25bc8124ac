"""A learner attaches files to an essay on a phone whose line breaks, takes one away again, and hands in."""

from __future__ import annotations

import pytest
from assignment_factories import PDF
from layout import is_too_wide
from playwright.sync_api import expect
from shots import Shots

pytestmark = [pytest.mark.browser, pytest.mark.once]

COURSE = "/courses/menulis-kursus"


def test_files_of_an_essay_survive_a_broken_line(open_page, learner):
    shots = Shots("answer-files")
    page = open_page(learner)
    page.goto(COURSE)
    page.get_by_role("button", name="Daftar").first.click()
    expect(page.get_by_role("button", name="Daftar")).to_have_count(0)
    page.goto(f"{COURSE}/uraian-berlampiran")
    page.get_by_role("button", name="Kerjakan kuis").click()
    page.wait_for_url("**/attempts/*/1*")
    page.fill("textarea", "Rancang satu standar layanan.")
    listed, state = page.locator("#files .files"), page.locator("#file-state")
    page.set_input_files("#file", {"name": "soal.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(listed).to_contain_text("soal.pdf")
    expect(state).to_contain_text("terlampir")
    page.context.set_offline(True)
    page.set_input_files("#file", {"name": "rubrik.pdf", "mimeType": "application/pdf", "buffer": PDF + b"% dua"})
    expect(state).to_contain_text("tersimpan di perangkat ini")
    assert not is_too_wide(page)
    shots(page, "offline")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(listed).to_contain_text("rubrik.pdf")
    page.get_by_role("button", name="Hapus soal.pdf").click()
    expect(listed).not_to_contain_text("soal.pdf")
    expect(page.locator("textarea")).to_have_value("Rancang satu standar layanan.")
    page.get_by_role("button", name="Kumpulkan").first.click()
    page.wait_for_url(lambda url: url.rstrip("/").rpartition("/")[2].isdecimal() and "/attempts/" in url)
    page.locator("#hand-in button").last.click()
    page.wait_for_url("**/review*")
    expect(page.locator("main")).to_contain_text("rubrik.pdf")
    assert not is_too_wide(page)
    shots(page, "handed-in")
