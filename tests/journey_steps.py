"""Steps of a learner's journeys in the repository's own course."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from playwright.sync_api import Page, expect

from lms.content.course import CourseContent
from lms.content.folder.reading import read_course
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.order import Order
from lms.content.questions.true_false import TrueFalse
from lms.demo.cast import PASSWORD

FOLDER = Path(__file__).parents[1] / "content" / "pelayanan-publik"

COURSE = "/courses/pelayanan-publik"
QUIZ, TIMED_QUIZ, ASSIGNMENT = f"{COURSE}/kuis-dasar", f"{COURSE}/kuis-survei", f"{COURSE}/rencana-perbaikan-loket"
FIRST, LAST = "mengapa-melayani", "survei-ke-perbaikan"
FIRST_PART, LAST_PART = (FIRST, "sepuluh-bentuk"), (LAST, "tiga-hitungan-ikm")
"""What opens ``QUIZ``, and ``TIMED_QUIZ``."""
QUESTION = re.compile(r"/attempts/\d+/\d+$")
WRITTEN = "#answer [name=text]"


def enrol(page: Page, *slugs: str) -> None:
    """Into the course, with these modules read."""
    page.goto(COURSE)
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.locator(".note--done")).to_be_visible()
    for slug in slugs:
        page.goto(f"{COURSE}/{slug}")
        page.locator("#read button").click()
        page.wait_for_url(lambda url, slug=slug: not url.endswith(slug))


def course() -> CourseContent:
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    found, _problems = read_course("pelayanan-publik", files)
    assert found is not None
    return found


def quiz_of(slug: str) -> Quiz:
    [quiz] = [item for item in course().items if isinstance(item, Quiz) and item.slug == slug]
    return quiz


def shown_question(page: Page, quiz: Quiz) -> Question:
    """The question on the page: a draw and a shuffle decide which."""
    said = _letters(page.locator("#stem").inner_text())
    return next(one for one in quiz.asked if said.startswith(_letters(one.title.partition("…")[0])))


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def give(page: Page, question: Question, *, is_right: bool = True) -> None:
    """Fill in an answer that earns all points, or one that does not."""
    answer = question.example(is_right=is_right, rng=Random(1))
    if isinstance(question, Choice):
        for letter in sorted(answer):
            page.check(f"[name=picked][value='{letter}']")
    elif isinstance(question, TrueFalse):
        page.check(f"[name=picked][value={str(answer).lower()}]")
    elif isinstance(question, Match):
        for row, partner in answer:
            page.select_option(f"[name='match-{row}']", value=partner)
    elif isinstance(question, Order):
        for step, place in answer:
            page.fill(f"[name='place-{step}']", str(place))
    elif isinstance(question, Gaps):
        for number, text in answer:
            field = page.locator(f"[name=gap-{number}]")
            field.select_option(label=text) if question.gaps[number - 1].options else field.fill(text)
    else:
        page.fill("#answer [name=text]", answer)


def start_quiz(page: Page, path: str = QUIZ) -> str:
    """The address of the first question."""
    page.goto(path)
    page.locator("main form button").first.click()
    page.wait_for_url(QUESTION)
    return page.url


def answer_somehow(page: Page) -> None:
    """The draw may put a question of any kind on the page: the first field gets an answer."""
    field = page.locator("#answer").locator("[name=picked], [name=text], [name^=place-], [name^=gap-], select").first
    if field.get_attribute("type") in ("radio", "checkbox"):
        field.check()
    elif field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(index=1)
    else:
        field.fill("1")


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
    page.locator("#kept button").click()


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
