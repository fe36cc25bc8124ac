"""A grader records spoken feedback, listens to it and sends it; the learner hears it without scripts."""

from __future__ import annotations

import pytest
from layout import is_too_wide
from playwright.sync_api import expect
from shots import Shots

from lms.demo.cast import INSTRUCTOR, LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.once]

SECONDS = (
    "(async () => { const one = document.querySelector('#mark audio'); await one.play(); return one.duration; })()"
)


def test_spoken_feedback_is_recorded_heard_and_sent(open_page, ask_database):
    shots = Shots("spoken-feedback")
    username = LEARNERS[16]  # other journeys on this server grade other papers of the demo
    [(number,)] = ask_database(
        "SELECT s.id FROM submission s JOIN work_file f ON f.submission_id = s.id JOIN person p ON p.id = s.person_id"
        " WHERE NOT s.is_graded AND p.nip = :nip",
        nip=username,
    )
    page = open_page(INSTRUCTOR)
    page.goto(f"/teach/grading/{number}")
    page.get_by_role("link", name="Baca di sini").click()
    expect(page.locator(".files--read .work")).to_contain_text("Papan syarat dipasang", timeout=30_000)
    page.locator("#mark summary", has_text="Lampirkan").click()
    page.get_by_role("button", name="Rekam umpan balik lisan").first.click()
    expect(page.locator("#mark [role=status]")).to_contain_text("0:01")
    for row in page.locator("#mark fieldset").all():
        row.locator("input").first.check()
    page.get_by_role("button", name="Simpan dan lanjut").click()  # while it records: nothing is sent yet
    expect(page.locator("#mark audio")).to_be_visible()
    assert 0.5 < page.evaluate(SECONDS) < 30
    shots(page, "recorded")
    assert not is_too_wide(page)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url(lambda url: not url.endswith(f"/{number}"))
    learner = open_page(username, scripts=False)
    learner.goto("/courses/pelayanan-publik/rencana-perbaikan-loket")
    player = learner.locator(".feedback audio")
    expect(player).to_be_visible()
    assert learner.request.get(player.get_attribute("src")).headers["content-type"].startswith("audio/")
    shots(learner, "heard")
