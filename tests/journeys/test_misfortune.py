"""What goes wrong on a phone in Sorong: the line, the session, the server, a second tab, an eager thumb.

Nothing that was said to be saved is ever lost, and nothing is said to be saved that is not.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from journey_steps import (
    ASSIGNMENT,
    COURSE,
    FIRST_PART,
    LAST,
    LAST_PART,
    QUESTION,
    QUIZ,
    TIMED_QUIZ,
    WRITTEN,
    answer_somehow,
    draft_of,
    enrol,
    fill_sign_in,
    give,
    lose_replies,
    quiz_of,
    send_what_was_kept,
    shown_question,
    sign_out_elsewhere,
    start_quiz,
)
from playwright.sync_api import Page, expect

from lms.demo.cast import INSTRUCTOR, LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.once]

LONG_TEXT = "\n\n".join(f"{number}. “Loket” & <papan> 'syarat'; ñ 😀 {'panjang ' * 29}sekali." for number in range(28))
SERVER_BACK = 30_000
"""Milliseconds within which a page must have noticed by itself that the server lives again."""


def name_of(username: str) -> str:
    number = int(username[-3:])
    return f"Peserta Uji {number}" if number >= 100 else f"Peserta Contoh {number:02}"


def open_written_question(page: Page) -> None:
    """A question that is answered by typing, wherever the shuffle has put it."""
    start = page.url.rsplit("/", 1)[0]
    for number in range(1, 7):
        page.goto(f"{start}/{number}")
        if page.locator(WRITTEN).count():
            return
    raise AssertionError("no question of this quiz is answered by typing")


def watch(page: Page, line: str = ".saved") -> None:
    """Note everything the line of state says from now on."""
    page.evaluate(
        """line => {
            const watched = document.querySelector(line);
            window.said = [];
            new MutationObserver(() => window.said.push(watched.textContent)).observe(watched, {childList: true});
        }""",
        line,
    )


def never_said_saved(page: Page) -> bool:
    """What is kept on the device is said to be just that."""
    return not any(re.search("Tersimpan(?! di perangkat)", words) for words in page.evaluate("window.said"))


def expect_saved(page: Page, line: str = ".saved") -> None:
    expect(page.locator(line)).to_contain_text(re.compile(r"Tersimpan.*\d\d\.\d\d"), timeout=SERVER_BACK)


def kept_answer(ask, attempt_page: str) -> list[str]:
    """The texts that the database shows as answers of the attempt."""
    attempt = int(attempt_page.split("/attempts/")[1].split("/")[0])
    rows = ask("SELECT response FROM answer WHERE attempt_id = :attempt", attempt=attempt)
    return [str(row.response) for row in rows]


# The line


@pytest.mark.parametrize("how", ["the phone knows", "the phone does not know"])
def test_what_is_typed_while_the_line_is_down_arrives_by_itself(open_page, ask_database, learner, how):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    start_quiz(page)
    open_written_question(page)
    watch(page)
    if how == "the phone knows":
        page.context.set_offline(True)
    else:
        page.route("**/attempts/**", lambda route: route.abort())
    page.locator(WRITTEN).press_sequentially("delapan")
    expect(page.locator(".saved")).to_contain_text("koneksi")
    page.locator(WRITTEN).press_sequentially(" puluh")
    page.wait_for_timeout(1500)
    assert never_said_saved(page)
    assert not kept_answer(ask_database, page.url)
    page.context.set_offline(False)
    page.unroute_all()
    expect_saved(page)
    assert "delapan puluh" in kept_answer(ask_database, page.url)[0]


def test_next_pressed_while_the_line_is_down_waits_for_it(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    page.context.set_offline(True)
    answer_somehow(page)
    page.locator("button[name=go][value=next]:not(.hidden)").click()
    expect(page.locator(".saved")).to_contain_text("koneksi")
    assert page.url == first
    page.context.set_offline(False)
    page.wait_for_url(re.compile(r"/attempts/\d+/2$"))
    assert kept_answer(ask_database, first)


def test_the_first_choice_chosen_again_after_a_lost_reply_counts(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    start = start_quiz(page).rsplit("/", 1)[0]
    options = page.locator("#answer input[type=radio][name=picked]")
    for number in range(1, 7):
        page.goto(f"{start}/{number}")
        if options.count():
            break
    first = options.nth(0).get_attribute("value")
    options.nth(0).check()
    expect_saved(page)
    lose_replies(page, "**/attempts/**")
    options.nth(1).check()
    expect(page.locator(".saved")).to_contain_text("koneksi")
    assert f"'{first}'" not in kept_answer(ask_database, page.url)[0].replace('"', "'")
    page.unroute_all()
    options.nth(0).check()
    expect_saved(page)
    page.locator("button[name=go][value=next]:not(.hidden)").click()
    page.wait_for_url(lambda url: not url.endswith(f"/{number}"))
    assert f"'{first}'" in kept_answer(ask_database, f"{start}/{number}")[0].replace('"', "'")


def test_an_answer_is_counted_once_it_is_saved_and_no_longer_when_it_is_cleared(open_page, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    start_quiz(page)
    open_written_question(page)
    dot = page.locator(".dots [aria-current]")
    for words, number, sign in (("delapan", "1", "✓"), ("", "0", ""), ("sembilan", "1", "✓")):
        page.fill(WRITTEN, words)
        expect(page.locator("#answered")).to_have_text(number)
        expect(dot.locator("small")).to_have_text(sign)
        shown = dot.get_attribute("aria-label")
        page.reload()
        expect(page.locator("#answered")).to_have_text(number)
        assert dot.get_attribute("aria-label") == shown


def test_a_reply_that_confirms_nothing_is_no_yes(open_page, ask_database, learner):
    """Some networks answer everything with a page of their own."""
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    start_quiz(page)
    page.route("**/attempts/**", lambda route: route.fulfill(status=200, json={"saved_at": None}))
    watch(page)
    answer_somehow(page)
    expect(page.locator(".saved")).to_contain_text("koneksi")
    assert never_said_saved(page)
    page.unroute_all()
    expect_saved(page)
    assert kept_answer(ask_database, page.url)


def test_a_clock_that_is_set_forward_hands_nothing_in(open_page, learner):
    page = open_page(learner)
    enrol(page, *LAST_PART)
    question = start_quiz(page, TIMED_QUIZ)
    page.evaluate("Date.now = () => 4e12")
    page.wait_for_timeout(2500)
    assert page.url == question


def test_a_phone_that_slept_learns_from_the_server_that_time_is_over(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *LAST_PART)
    attempt = int(start_quiz(page, TIMED_QUIZ).split("/attempts/")[1].split("/")[0])
    answer_somehow(page)
    over = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    ask_database("UPDATE attempt SET deadline_at = :over WHERE id = :id", over=over, id=attempt)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    expect(page).to_have_url(re.compile("/review$"))
    assert kept_answer(ask_database, f"/attempts/{attempt}")


def test_a_draft_typed_while_the_line_is_down_arrives_by_itself(open_page, learner):
    page = open_page(learner)
    enrol(page, LAST)
    page.goto(ASSIGNMENT)
    watch(page, "#draft-state")
    page.context.set_offline(True)
    page.fill("[name=text]", LONG_TEXT)
    expect(page.locator("#draft-state")).to_contain_text("koneksi")
    assert never_said_saved(page)
    page.context.set_offline(False)
    expect_saved(page, "#draft-state")
    elsewhere = open_page(learner)
    elsewhere.goto(ASSIGNMENT)
    expect(elsewhere.locator("[name=text]")).to_have_value(LONG_TEXT.strip())


def test_a_text_changed_back_after_a_lost_reply_is_saved_as_it_stands(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, LAST)
    page.goto(ASSIGNMENT)
    page.fill("[name=text]", "Satu")
    expect_saved(page, "#draft-state")
    lose_replies(page, f"**{ASSIGNMENT}")
    page.fill("[name=text]", "Satu dua")
    expect(page.locator("#draft-state")).to_contain_text("koneksi")
    assert draft_of(ask_database, learner) == "Satu dua"
    page.unroute_all()
    page.fill("[name=text]", "Satu")
    expect_saved(page, "#draft-state")
    assert draft_of(ask_database, learner) == "Satu"


def test_of_two_tabs_with_the_same_draft_the_older_one_overwrites_nothing(open_page, ask_database, learner):
    one = open_page(learner)
    enrol(one, LAST)
    one.goto(ASSIGNMENT)
    two = one.context.new_page()
    two.goto(ASSIGNMENT)
    two.fill("[name=text]", "Dari tab kedua")
    expect_saved(two, "#draft-state")
    one.fill("[name=text]", "Dari tab pertama")
    expect(one.locator("#draft-state")).to_contain_text("halaman atau perangkat lain")
    assert draft_of(ask_database, learner) == "Dari tab kedua"
    save = one.locator("button[name=do][value=save]:not(.hidden)")
    save.click()
    expect(one.locator("main .card")).to_contain_text("Dari tab kedua")
    expect(one.locator("[name=text]")).to_have_value("Dari tab pertama")
    save.click()
    expect(one.locator(".note--done")).to_be_visible()
    assert draft_of(ask_database, learner) == "Dari tab pertama"


# The server


def test_a_page_recovers_by_itself_from_a_killed_server(open_page, server, ask_database, learner):
    page, writer = open_page(learner), open_page(learner)
    enrol(page, *FIRST_PART, LAST)
    start_quiz(page)
    open_written_question(page)
    writer.goto(ASSIGNMENT)
    for one, line in ((page, ".saved"), (writer, "#draft-state")):
        watch(one, line)
    page.locator(WRITTEN).press_sequentially("8")
    writer.fill("[name=text]", LONG_TEXT)
    server.kill()
    page.locator(WRITTEN).press_sequentially("0")
    writer.locator("[name=text]").press_sequentially(" Selesai.")
    expect(page.locator(".saved")).to_contain_text("koneksi")
    expect(writer.locator("#draft-state")).to_contain_text("koneksi")
    server.start()
    expect_saved(page)
    expect_saved(writer, "#draft-state")
    assert "'80'" in kept_answer(ask_database, page.url)[0].replace('"', "'")
    assert draft_of(ask_database, learner) == f"{LONG_TEXT} Selesai."


def test_a_server_that_fails_for_a_while_is_asked_again(open_page, learner):
    """An error that a proxy or the site itself answers is as passing as a broken line."""
    page = open_page(learner)
    enrol(page, LAST)
    page.goto(ASSIGNMENT)
    page.route(f"**{ASSIGNMENT}", lambda route: route.fulfill(status=502, json={"error": "broken"}))
    watch(page, "#draft-state")
    page.fill("[name=text]", "Rencana.")
    expect(page.locator("#draft-state")).to_contain_text("koneksi")
    assert never_said_saved(page)
    page.unroute_all()
    expect_saved(page, "#draft-state")


# The session


@pytest.mark.parametrize("who", ["the same person", "somebody else first"])
def test_an_answer_given_after_the_session_has_ended_arrives_after_the_sign_in(
    open_page, ask_database, make_learner, learner, who
):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    start_quiz(page)
    open_written_question(page)
    sign_out_elsewhere(open_page, learner)
    watch(page)
    page.fill(WRITTEN, "sesudah sesi")
    expect(page.locator(".saved a")).to_have_text("Masuk lagi")
    page.locator("#answer button[name=go][value=flag]").click()
    expect(page.locator(".saved a")).to_be_focused()
    if who == "somebody else first":
        stranger = page.context.new_page()
        stranger.goto("/login")
        fill_sign_in(stranger, make_learner())
        stranger.wait_for_url(lambda url: "/login" not in url)
        page.wait_for_timeout(3000)
        assert not kept_answer(ask_database, page.url)
        stranger.goto("/account")
        stranger.locator("form[action$='/logout'] button").click()
        stranger.wait_for_url("**/login")
        page.locator(WRITTEN).press_sequentially(" itu")
    with page.expect_popup() as popup:
        page.locator(".saved a").click()
    assert never_said_saved(page)
    fill_sign_in(popup.value, learner)
    popup.value.wait_for_url(QUESTION)
    expect_saved(page)
    assert "sesudah sesi" in kept_answer(ask_database, page.url)[0]


def test_without_scripts_an_answer_goes_through_the_sign_in_and_arrives(open_page, ask_database, learner):
    page = open_page(learner, scripts=False)
    enrol(page, *FIRST_PART)
    start_quiz(page)
    open_written_question(page)
    question = page.url
    sign_out_elsewhere(open_page, learner)
    page.fill(WRITTEN, "sesudah “sesi”")
    page.locator("#answer button[name=go][value=overview], aside button[name=go][value=overview]").click()
    fill_sign_in(page, learner)
    send_what_was_kept(page)
    page.wait_for_url(re.compile(r"/attempts/\d+$"))
    page.goto(question)
    expect(page.locator(WRITTEN)).to_have_value("sesudah “sesi”")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_long_text_goes_through_the_sign_in_and_is_saved(open_page, learner, scripts):
    page = open_page(learner, scripts=scripts)
    enrol(page, LAST)
    page.goto(ASSIGNMENT)
    sign_out_elsewhere(open_page, learner)
    page.fill("[name=text]", LONG_TEXT)
    if scripts:
        expect(page.locator("#draft-state")).to_contain_text("sesi")
    page.locator("button[name=do][value=save]:not(.hidden)").click()
    fill_sign_in(page, learner)
    send_what_was_kept(page)
    expect(page.locator(".note--done")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value(LONG_TEXT)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_another_account_that_signs_in_gets_nothing_of_a_text(open_page, ask_database, make_learner, learner, scripts):
    stranger = make_learner()
    page, other = open_page(learner, scripts=scripts), open_page(stranger)
    enrol(page, LAST)
    enrol(other, LAST)
    page.goto(ASSIGNMENT)
    sign_out_elsewhere(open_page, learner)
    page.fill("[name=text]", "Hanya untuk saya sendiri.")
    page.locator("button[name=do][value=save]:not(.hidden)").click()
    fill_sign_in(page, stranger)
    page.wait_for_url(lambda url: url.endswith("/"))
    expect(page.locator("main")).to_contain_text("akun lain")
    assert "Hanya untuk saya sendiri." not in page.content()
    page.goto(ASSIGNMENT)
    expect(page.locator("[name=text]")).to_have_value("")
    assert not ask_database("SELECT id FROM draft WHERE text = 'Hanya untuk saya sendiri.'")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_graders_feedback_goes_through_the_sign_in_and_is_saved_once(open_page, ask_database, learner, scripts):
    hand_in_a_plan(open_page(learner))
    teacher = open_page(INSTRUCTOR, scripts=scripts, width=1280)
    open_paper(teacher, learner)
    sign_out_elsewhere(open_page, INSTRUCTOR)
    judge(teacher, "Umpan balik “yang panjang”.\n\n" + "Alasan. " * 300)
    teacher.locator("#mark button:not([name]):not([type=button])").click()
    fill_sign_in(teacher, INSTRUCTOR)
    send_what_was_kept(teacher)
    expect(teacher.locator(".note--done")).to_be_visible()
    [marking] = markings_of(ask_database, learner)
    assert marking.feedback.startswith("Umpan balik “yang panjang”.")
    assert marking.feedback.count("Alasan.") == 300


def hand_in_a_plan(page: Page, click="click") -> None:
    enrol(page, LAST)
    page.goto(ASSIGNMENT)
    page.fill("[name=text]", "Rencana saya.")
    getattr(page.locator("button[name=do][value=submit]"), click)()
    expect(page.locator("main .tag--wait").first).to_be_visible()


def open_paper(page: Page, username: str) -> None:
    page.goto("/teach/grading")
    page.get_by_role("link", name=name_of(username)).first.click()
    expect(page.locator("#mark")).to_be_visible()


def judge(page: Page, feedback: str) -> None:
    for levels in page.locator("fieldset.levels").all():
        levels.locator("input[value='0']").check()
    page.fill("[name=feedback]", feedback)


def markings_of(ask, username: str) -> list:
    return ask(
        "SELECT marking.* FROM marking JOIN submission ON submission.id = marking.submission_id"
        " JOIN person ON person.id = submission.person_id WHERE nip = :nip",
        nip=username,
    )


# From question to question by the replies to saved answers

NEXT = "button[name=go][value=next]:not(.hidden)"


def asked_during(page: Page, act) -> list[str]:
    """The requests for pages and answers that the browser sends meanwhile, and shortly after."""
    asked: list[str] = []

    def note(request) -> None:
        if "/static/" not in request.url:
            asked.append(f"{request.method} {request.url}")

    page.on("request", note)
    act()
    page.wait_for_timeout(500)
    page.remove_listener("request", note)
    return asked


def go_on_without_a_request(page: Page, number: int) -> None:
    """From question ``number``, which is saved."""
    assert asked_during(page, page.locator(NEXT).click) == []
    expect(page).to_have_url(re.compile(rf"/attempts/\d+/{number + 1}$"))


def test_the_next_question_comes_with_the_reply(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    titles, headings = [page.title()], [page.locator("h1").inner_text()]
    for number in (1, 2):
        answer_somehow(page)
        expect_saved(page)
        go_on_without_a_request(page, number)
        titles.append(page.title())
        headings.append(page.locator("h1").inner_text())
        assert page.evaluate("document.activeElement.tagName") == "H1"
        expect(page.locator(".saved")).to_be_empty()
        expect(page.locator("#answered")).to_have_text(str(number))
        expect(page.locator(".dots [aria-current]")).to_contain_text(str(number + 1))
    assert len(set(titles)) == len(set(headings)) == 3
    assert len(kept_answer(ask_database, first)) == 2
    third = page.locator("#stem").inner_text()
    page.reload()
    assert (page.title(), page.locator("h1").inner_text()) == (titles[2], headings[2])
    assert page.locator("#stem").inner_text() == third

    page.go_back()
    expect(page.locator("h1")).to_have_text(headings[1])
    expect(page.locator(".saved")).to_contain_text("Tersimpan")
    page.go_back()
    expect(page.locator("h1")).to_have_text(headings[0])
    expect(page).to_have_title(titles[0])
    page.go_forward()
    expect(page.locator("h1")).to_have_text(headings[1])
    page.go_forward()
    expect(page.locator("h1")).to_have_text(headings[2])
    answer_somehow(page)
    expect_saved(page)
    assert len(kept_answer(ask_database, first)) == 3


def test_next_saves_and_goes_on_with_one_request(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    open_written_question(page)
    number = int(page.url.rpartition("/")[2])

    def answer_and_go_on() -> None:
        page.fill(WRITTEN, "delapan")
        page.locator(NEXT).click()

    asked = asked_during(page, answer_and_go_on)
    expect(page).not_to_have_url(re.compile(rf"/{number}$"))
    if not page.locator("#hand-in").count():  # it was not the last question
        assert [one.partition(" ")[0] for one in asked] == ["POST"]
    assert "delapan" in kept_answer(ask_database, first)[0]


def test_next_pressed_while_the_answer_is_on_its_way_posts_nothing_again(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    posts, held_up = [], []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.route("**/attempts/**", lambda route: held_up.append(route))
    answer_somehow(page)
    page.wait_for_timeout(1000)
    page.locator(NEXT).click()
    page.wait_for_timeout(500)
    assert page.url == first
    for route in held_up:
        route.continue_()
    page.wait_for_url(re.compile(r"/attempts/\d+/2$"))
    assert len(posts) == 1
    assert len(kept_answer(ask_database, first)) == 1


def test_a_link_within_the_page_is_no_way_back(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    answer_somehow(page)
    expect_saved(page)
    go_on_without_a_request(page, 1)
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/2#main$"))
    answer_somehow(page)
    expect_saved(page)
    page.locator(NEXT).click()
    expect(page).to_have_url(re.compile(r"/3$"))
    page.go_back()
    expect(page.locator("h1")).to_contain_text("soal 2 dari")
    expect(page.locator(".saved")).to_contain_text("Tersimpan")
    assert len(kept_answer(ask_database, first)) == 2


def test_an_eager_thumb_skips_no_question(open_page, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    start_quiz(page)
    answer_somehow(page)
    expect_saved(page)
    page.locator(NEXT).scroll_into_view_if_needed()  # below the fold where a question has many choices
    box = page.locator(NEXT).bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # a locator may press again
    page.wait_for_timeout(500)
    expect(page).to_have_url(re.compile(r"/attempts/\d+/2$"))


def test_back_to_a_question_with_an_answer_on_its_way_saves_it_first(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    answer_somehow(page)
    expect_saved(page)
    go_on_without_a_request(page, 1)
    lose_replies(page, "**/attempts/*/2")
    answer_somehow(page)
    expect(page.locator(".saved")).to_contain_text("koneksi")
    page.go_back()
    page.unroute_all()
    expect(page.locator("h1")).to_contain_text("soal 1 dari", timeout=SERVER_BACK)
    expect(page).to_have_url(first)
    assert len(kept_answer(ask_database, first)) == 2


def test_after_a_lost_reply_the_next_question_comes_with_the_retry(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    lose_replies(page, "**/attempts/**")
    answer_somehow(page)
    expect(page.locator(".saved")).to_contain_text("koneksi")
    page.unroute_all()
    expect_saved(page)
    go_on_without_a_request(page, 1)
    assert len(kept_answer(ask_database, first)) == 1
    assert ask_database("SELECT count(*) AS n FROM event WHERE subject = :subject", subject=subject_of(first))[0].n == 1


def test_who_went_on_is_told_of_an_answer_given_on_another_device(open_page, ask_database, learner):
    page, other = open_page(learner), open_page(learner)
    enrol(page, *FIRST_PART)
    start_quiz(page)
    open_written_question(page)
    question = page.url
    number = int(question.rpartition("/")[2])
    page.fill(WRITTEN, "pertama")
    expect_saved(page)
    other.goto(question)
    other.fill(WRITTEN, "kedua")
    expect_saved(other)
    if number == int(re.search(r"soal \d+ dari (\d+)", page.locator("main").inner_text())[1]):
        return  # the button of the last question asks the server
    page.locator(NEXT).click()
    page.wait_for_url(lambda url: url != question)
    answer_somehow(page)
    expect(page.locator("main > .note")).to_contain_text(f"Soal {number}: jawaban lain yang berlaku")
    expect_saved(page)
    assert "kedua" in str(kept_answer(ask_database, question))


def test_the_time_goes_on_from_question_to_question(open_page, learner):
    page = open_page(learner)
    enrol(page, *LAST_PART)
    start_quiz(page, TIMED_QUIZ)
    clock = page.locator("[data-seconds] b")
    before = clock.inner_text()
    answer_somehow(page)
    expect_saved(page)
    page.wait_for_timeout(1500)
    now = clock.inner_text()
    go_on_without_a_request(page, 1)
    assert clock.inner_text() <= now < before
    expect(clock).not_to_have_text(now)


def test_the_timer_tells_days_then_hours_and_marks_the_end(open_page, ask_database, learner):
    """An extension or a shorter deadline reaches the open page; only the last day is counted down."""
    page = open_page(learner)
    enrol(page, *LAST_PART)
    attempt = int(start_quiz(page, TIMED_QUIZ).split("/attempts/")[1].split("/")[0])
    timer = page.locator("[data-seconds]")
    for left, words, urgency in (
        (timedelta(days=3, minutes=1), re.compile(r"sisa waktu 3 hari · sampai .* WIT"), None),
        (timedelta(hours=5, minutes=30, seconds=30), re.compile("sisa waktu 5 jam 30 menit · sampai"), None),
        (timedelta(minutes=20, seconds=30), re.compile(r"sisa waktu 20\.\d\d · sampai"), None),
        (timedelta(minutes=4), re.compile(r"sisa waktu [34]\.\d\d · sampai"), "five"),
        (timedelta(seconds=55), re.compile(r"sisa waktu 0\.\d\d · sampai"), "one"),
        (timedelta(minutes=9), re.compile(r"sisa waktu [89]\.\d\d · sampai"), None),
    ):
        end = datetime.now(UTC).replace(tzinfo=None) + left
        ask_database("UPDATE attempt SET deadline_at = :end WHERE id = :id", end=end, id=attempt)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
        expect(timer).to_have_text(words)
        if urgency:
            expect(timer).to_have_attribute("data-urgency", urgency)
        else:
            expect(timer).not_to_have_attribute("data-urgency", re.compile("."))


def test_an_answer_after_going_on_arrives_after_the_sign_in(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    answer_somehow(page)
    expect_saved(page)
    go_on_without_a_request(page, 1)
    sign_out_elsewhere(open_page, learner)
    answer_somehow(page)
    link = page.locator(".saved a")
    expect(link).to_have_attribute("href", re.compile(r"next=.*%2F2$"))
    with page.context.expect_page() as opened:
        link.click()
    fill_sign_in(opened.value, learner)
    expect(opened.value).to_have_url(re.compile(r"/attempts/\d+/2$"))
    expect_saved(page)
    assert len(kept_answer(ask_database, first)) == 2


# Tabs, thumbs and the button "back"


def test_of_two_tabs_with_the_same_question_the_later_answer_counts(open_page, ask_database, learner):
    one = open_page(learner)
    enrol(one, *FIRST_PART)
    start_quiz(one)
    open_written_question(one)
    two = one.context.new_page()
    two.goto(one.url)
    one.fill(WRITTEN, "pertama")
    expect_saved(one)
    two.fill(WRITTEN, "kedua")
    expect_saved(two)
    question = one.url
    onwards = one.locator("button[name=go][value=next]:not(.hidden), button[name=go][value=overview]").first
    onwards.click()
    expect(one.locator(".note")).to_contain_text("Jawaban lain yang berlaku")
    expect(one.locator(".note")).to_contain_text("tampil di bawah")
    expect(one.locator(WRITTEN)).to_have_value("kedua")
    onwards.click()
    one.wait_for_url(lambda url: url != question)
    [answer] = kept_answer(ask_database, question)
    assert "kedua" in answer
    assert (
        ask_database("SELECT count(*) AS n FROM event WHERE subject = :subject", subject=subject_of(question))[0].n == 2
    )


def subject_of(attempt_page: str) -> str:
    return f"attempt:{attempt_page.split('/attempts/')[1].split('/')[0]}"


def test_back_after_handing_in_shows_the_result_and_changes_nothing(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    answer_somehow(page)
    expect_saved(page)
    page.locator("aside button[name=go][value=overview]").click()
    page.locator("#hand-in button").click()
    page.wait_for_url(re.compile(r"/review$"))
    for _ in range(3):
        page.go_back()
        if "/attempts/" in page.url:
            assert page.url.endswith("/review")
            assert not page.locator("#answer, #hand-in").count()
    assert len(kept_answer(ask_database, first)) == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_does_everything_once(open_page, ask_database, learner, scripts):
    page = open_page(learner, scripts=scripts)
    hand_in_a_plan(page, click="dblclick")
    for slug in FIRST_PART:
        page.goto(f"{COURSE}/{slug}")
        page.locator("#read button").dblclick()
        expect(page).not_to_have_url(re.compile(f"{slug}$"))  # waiting for one visit would fail as the second ends it
    page.goto(QUIZ)
    page.locator("main form button").first.dblclick()
    expect(page).to_have_url(re.compile(r"/attempts/\d+/\d"))
    page.locator("aside button[name=go][value=overview]").click()
    page.locator("#hand-in button").dblclick()
    expect(page).to_have_url(re.compile(r"/review$"))

    enrolment = enrolment_of(ask_database, learner)
    counted = {table: rows_of(ask_database, table, enrolment) for table in ("attempt", "submission", "draft")}
    assert counted == {"attempt": 1, "submission": 1, "draft": 1}
    submits = "SELECT event.id FROM event JOIN person ON person.id = person_id WHERE kind = 'submit' AND nip = :nip"
    assert len(ask_database(submits, nip=learner)) == 2  # the quiz's and the assignment's


def test_a_double_click_marks_once_and_issues_one_certificate(open_page, ask_database):
    """The demo's second learner has done everything and waits for the instructor."""
    waiting = LEARNERS[1]
    teacher = open_page(INSTRUCTOR, width=1280)
    open_paper(teacher, waiting)
    judge(teacher, "Jelas.")
    teacher.locator("#mark button:not([name]):not([type=button])").dblclick()
    expect(teacher.locator(".note--done").first).to_be_visible()
    assert len(markings_of(ask_database, waiting)) == 1
    teacher.goto(f"/teach{COURSE}/completions")
    teacher.get_by_label(name_of(waiting)).check()
    teacher.locator("main form[data-count] button").first.click()
    teacher.locator("main form[method=post] button").dblclick()
    expect(teacher.locator("tr", has_text=name_of(waiting)).locator(".tag--done")).to_be_visible()
    assert rows_of(ask_database, "record", enrolment_of(ask_database, waiting)) == 1


def rows_of(ask, table: str, enrolment: int) -> int:
    return ask(f"SELECT count(*) AS n FROM {table} WHERE enrolment_id = :id", id=enrolment)[0].n


def enrolment_of(ask, username: str) -> int:
    """In the course of the journeys; the demo has people in others too."""
    [row] = ask(
        "SELECT enrolment.id FROM enrolment JOIN person ON person.id = person_id JOIN course ON course.id = course_id"
        " WHERE nip = :nip AND slug = :slug",
        nip=username,
        slug=COURSE.rpartition("/")[2],
    )
    return row.id


# Time


def test_a_quiz_whose_time_runs_out_while_its_page_is_closed_is_handed_in(open_page, server, ask_database, learner):
    page = open_page(learner)
    enrol(page, *LAST_PART)
    first = start_quiz(page, TIMED_QUIZ)
    open_written_question(page)
    give(page, shown_question(page, quiz_of(TIMED_QUIZ.rpartition("/")[2])))
    typed = page.locator(WRITTEN).input_value()
    expect_saved(page)
    page.close()
    attempt = int(first.split("/attempts/")[1].split("/")[0])
    long_ago, over = (f"{datetime.now(UTC) - timedelta(minutes=ago):%Y-%m-%d %H:%M:%S.%f}" for ago in (25, 5))
    ask_database("UPDATE event SET arrived_at = :moment WHERE subject = :it", moment=long_ago, it=subject_of(first))
    ask_database("UPDATE attempt SET deadline_at = :moment WHERE id = :id", moment=over, id=attempt)
    server.run("jobs", "run", "--once")
    [row] = ask_database("SELECT submitted_by, points FROM attempt WHERE id = :id", id=attempt)
    assert row.submitted_by == "deadline"
    assert row.points == 1

    page = open_page(learner)
    page.goto(TIMED_QUIZ)
    expect(page.locator("main")).to_contain_text("Percobaan ke-1")
    page.locator(f"a[href$='/attempts/{attempt}/review']").click()
    page.locator("main form button").first.click() if page.locator("main form button").count() else None
    expect(page.locator("main")).to_contain_text(typed)


# The scripts


def test_every_page_works_when_its_script_does_not_arrive(open_page, ask_database, learner):
    page = open_page(learner)
    page.route("**/*.js", lambda route: route.abort())
    enrol(page, *FIRST_PART, LAST)
    start_quiz(page)
    open_written_question(page)
    question = page.url
    page.fill(WRITTEN, "tanpa skrip")
    page.locator("aside button[name=go][value=overview]").click()
    page.wait_for_url(re.compile(r"/attempts/\d+$"))
    assert "tanpa skrip" in kept_answer(ask_database, question)[0]
    page.locator("#hand-in button").click()
    page.wait_for_url(re.compile(r"/review$"))
    page.goto(ASSIGNMENT)
    page.fill("[name=text]", LONG_TEXT)
    page.locator("button[name=do][value=save]:not(.hidden)").click()
    expect(page.locator(".note--done")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value(LONG_TEXT)
