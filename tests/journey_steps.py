"""Steps of a learner's journeys in the repository's own course."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from lms.demo.cast import PASSWORD

COURSE = "/courses/pelayanan-publik"
QUIZ, TIMED_QUIZ, ASSIGNMENT = f"{COURSE}/kuis-dasar", f"{COURSE}/kuis-survei", f"{COURSE}/rencana-perbaikan-loket"
FIRST, LAST = "mengapa-melayani", "survei-ke-perbaikan"
QUESTION = re.compile(r"/attempts/\d+/\d+$")


def enrol(page: Page, *slugs: str) -> None:
    """Into the course, with these modules read."""
    page.goto(COURSE)
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.locator(".note--done")).to_be_visible()
    for slug in slugs:
        page.goto(f"{COURSE}/{slug}")
        page.locator("#read button").click()
        page.wait_for_url(lambda url, slug=slug: not url.endswith(slug))


def start_quiz(page: Page, path: str = QUIZ) -> str:
    """The address of the first question."""
    page.goto(path)
    page.locator("main form button").first.click()
    page.wait_for_url(QUESTION)
    return page.url


def sign_out_elsewhere(open_page, username: str) -> None:
    """What somebody does on another device who has left a browser signed in."""
    other = open_page(username)
    other.goto("/account")
    other.locator("form[action$='sign-out-others'] button").click()
    expect(other.locator(".note--done")).to_be_visible()


def fill_sign_in(page: Page, username: str) -> None:
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button:not([type=button])").first.click()


def send_what_was_kept(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Isian Anda masih ada")
    page.locator("main form button").click()


def lose_replies(page: Page, path: str) -> None:
    """Requests arrive at the server; what it answers is lost."""

    def answer(route) -> None:
        route.fetch()
        route.abort()

    page.route(path, answer)


def draft_of(ask, username: str) -> str:
    rows = ask(
        "SELECT draft.text FROM draft JOIN enrolment ON enrolment.id = draft.enrolment_id"
        " JOIN person ON person.id = enrolment.person_id WHERE nip = :nip",
        nip=username,
    )
    return "".join(row.text for row in rows)
