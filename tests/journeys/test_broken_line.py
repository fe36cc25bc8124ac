"""Forms on a line that breaks: nobody lands on the browser's error page, nothing is lost, nothing counts twice."""

from __future__ import annotations

import io
import re

import pytest
from journey_steps import (
    ASSIGNMENT,
    COURSE,
    FIRST,
    FIRST_PART,
    LAST,
    QUESTION,
    QUIZ,
    answer_somehow,
    draft_of,
    enrol,
    fill_sign_in,
    lose_replies,
    send_what_was_kept,
    sign_out_elsewhere,
    start_quiz,
)
from layout import is_too_wide
from PIL import Image
from playwright.sync_api import Page, expect
from shots import Shots

from lms.demo.cast import INSTRUCTOR

pytestmark = [pytest.mark.browser, pytest.mark.once]

MODULE = f"{COURSE}/{FIRST}"
ORIENTATION = 0x0112
shot = Shots("broken-line")
SAYS_KEPT, SAYS_ONLY_HERE = re.compile("Tersimpan di perangkat ini"), re.compile("Tidak tersimpan di perangkat ini")
ENTRIES = """() => new Promise(done => {
    const asked = indexedDB.open("held", 1);
    asked.onsuccess = () => {
        const all = asked.result.transaction("forms").objectStore("forms").getAll();
        all.onsuccess = () => done(all.result.map(one => one.action));
    };
})"""


def open_item(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_function("!!window.heldForms")


def kept(page: Page) -> list[str]:
    """Where the forms go that are on the device, of whatever account."""
    found: list[str] = page.evaluate(ENTRIES)
    return found


def breaks(page: Page, how: str) -> None:
    if how == "the phone knows":
        page.context.set_offline(True)
    else:
        page.route("**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def is_back(page: Page) -> None:
    page.unroute_all()
    page.context.unroute_all()
    page.context.set_offline(False)


def closed_without_a_line(page: Page) -> Page:
    """Another page of the same device, once this one is gone; the line is still down.

    It is emptied first: the line comes back for a page that is being closed, and on a busy machine its script would
    still send what waits.
    """
    page.context.route("**", lambda route: route.abort())
    again = page.context.new_page()
    again.set_default_timeout(20_000)
    page.goto("about:blank")
    page.close()
    return again


def answers_of(ask, username: str) -> list:
    return ask(
        "SELECT answer.response FROM answer JOIN attempt ON attempt.id = answer.attempt_id"
        " JOIN person ON person.id = attempt.person_id WHERE person.nip = :nip",
        nip=username,
    )


def read_items(ask, username: str) -> int:
    rows = ask(
        "SELECT progress.id FROM progress JOIN enrolment ON enrolment.id = progress.enrolment_id"
        " JOIN person ON person.id = enrolment.person_id WHERE nip = :nip AND progress.state = 'done'",
        nip=username,
    )
    return len(rows)


def submissions_of(ask, username: str) -> list:
    return ask(
        "SELECT submission.text FROM submission JOIN person ON person.id = submission.person_id WHERE nip = :nip",
        nip=username,
    )


def attempts_of(ask, username: str) -> list:
    return ask(
        "SELECT attempt.submitted_at FROM attempt JOIN person ON person.id = attempt.person_id WHERE nip = :nip",
        nip=username,
    )


# A module that was read


@pytest.mark.parametrize("how", ["the phone knows", "the phone does not know"])
def test_finished_is_pressed_while_the_line_is_down_and_goes_on_when_it_is_back(open_page, ask_database, learner, how):
    page = open_page(learner)
    enrol(page)
    open_item(page, MODULE)
    breaks(page, how)
    page.locator("#read button").click()
    expect(page.locator("#read .held")).to_contain_text(SAYS_KEPT)
    page.locator("#read .held").scroll_into_view_if_needed()
    shot(page, "module")
    assert page.url.endswith(MODULE)
    assert kept(page) == [MODULE]
    assert read_items(ask_database, learner) == 0
    is_back(page)
    page.wait_for_url(lambda url: not url.endswith(MODULE))
    assert read_items(ask_database, learner) == 1
    assert not kept(page)


def test_what_a_closed_page_kept_is_sent_by_the_next_page_that_is_opened(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page)
    open_item(page, MODULE)
    page.context.set_offline(True)
    page.locator("#read button").click()
    expect(page.locator("#read .held")).to_contain_text(SAYS_KEPT)
    again = closed_without_a_line(page)
    is_back(again)
    again.goto("/courses")
    expect(again.locator("main .held a")).to_have_text(re.compile("Terkirim: "))
    shot(again, "sent")
    assert read_items(ask_database, learner) == 1
    assert not kept(again)
    again.locator("main .held a").click()
    again.wait_for_url(lambda url: COURSE in url)
    expect(again.locator(".held")).to_have_count(0)


# A quiz


@pytest.mark.parametrize("how", ["the phone knows", "the phone does not know"])
def test_an_answer_given_while_the_line_is_down_outlives_its_page(open_page, ask_database, learner, how):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    question = start_quiz(page)
    page.wait_for_function("!!window.heldForms")
    breaks(page, how)
    answer_somehow(page)
    expect(page.locator(".saved")).to_contain_text("Tersimpan di perangkat ini: koneksi terputus")
    shot(page, "answer-kept")
    again = closed_without_a_line(page)
    is_back(again)
    again.goto("/courses")
    expect(again.locator("main .held a")).to_have_text(re.compile("Terkirim: "))
    expect(again.locator("main .held a")).to_contain_text("· soal 1 dari")
    assert len(answers_of(ask_database, learner)) == 1
    assert not kept(again)
    again.goto(question)
    expect(again.locator(".saved")).to_contain_text("Tersimpan pukul")


def test_a_question_that_is_opened_again_shows_the_answer_that_was_kept(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    question = start_quiz(page)
    page.wait_for_function("!!window.heldForms")
    breaks(page, "the phone knows")
    answer_somehow(page)
    expect(page.locator(".saved")).to_contain_text("Tersimpan di perangkat ini")
    again = closed_without_a_line(page)
    is_back(again)
    again.goto(question)
    expect(again.locator(".saved")).to_contain_text("Tersimpan pukul")
    assert len(answers_of(ask_database, learner)) == 1


def test_an_answer_that_arrives_after_all_is_not_sent_again(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    start_quiz(page)
    page.wait_for_function("!!window.heldForms")
    breaks(page, "the phone does not know")
    answer_somehow(page)
    expect(page.locator(".saved")).to_contain_text("Tersimpan di perangkat ini")
    assert len(kept(page)) == 1
    is_back(page)
    expect(page.locator(".saved")).to_contain_text("Tersimpan pukul", timeout=30_000)
    page.wait_for_function(f"({ENTRIES})().then(found => !found.length)")
    assert len(answers_of(ask_database, learner)) == 1


def test_after_the_last_answer_a_quiz_is_looked_over_and_handed_in_without_a_line(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    count = page.locator("aside .dots li").count()
    page.goto(first.rpartition("/")[0] + f"/{count}")
    page.wait_for_function("!!window.heldForms")
    answer_somehow(page)
    expect(page.locator(".saved")).to_contain_text("Tersimpan pukul")
    last = page.url
    page.context.set_offline(True)
    page.get_by_role("button", name="Kumpulkan …").click()
    expect(page.locator("h1")).to_have_text("Siap mengumpulkan?")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("main")).to_contain_text("Belum dijawab: soal 1")
    expect(page.locator(".items .mark--done")).to_have_count(1)
    assert (page.url, page.title().partition(" · ")[2]) == (last.rpartition("/")[0], "Kumpulkan · Belajar ASN")
    assert not is_too_wide(page)
    shot(page, "overview")
    page.get_by_role("button", name="Kumpulkan", exact=True).click()
    expect(page.locator("#hand-in .held")).to_contain_text("setelah sampai di server")
    shot(page, "overview-held")
    is_back(page)
    page.wait_for_url("**/review")
    [attempt] = attempts_of(ask_database, learner)
    assert attempt.submitted_at is not None


def test_back_from_the_overview_that_the_script_shows_leads_to_the_question(open_page, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    first = start_quiz(page)
    count = page.locator("aside .dots li").count()
    page.goto(first.rpartition("/")[0] + f"/{count}")
    answer_somehow(page)
    expect(page.locator(".saved")).to_contain_text("Tersimpan pukul")
    last = page.url
    page.get_by_role("button", name="Kumpulkan …").click()
    expect(page.locator("h1")).to_have_text("Siap mengumpulkan?")
    page.go_back()
    page.wait_for_url(last)
    expect(page.locator("#answer")).to_be_visible()
    page.go_forward()
    expect(page.locator("#hand-in")).to_be_visible()


# An assignment


def test_a_text_typed_while_the_line_is_down_outlives_its_page(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.context.set_offline(True)
    page.fill("[name=text]", "Ditulis di perahu.")
    expect(page.locator("#draft-state")).to_contain_text("Tersimpan di perangkat ini")
    again = closed_without_a_line(page)
    is_back(again)
    again.goto("/")
    expect(again.locator("main .held a")).to_be_visible()
    assert draft_of(ask_database, learner) == "Ditulis di perahu."
    again.goto(ASSIGNMENT)
    expect(again.locator("[name=text]")).to_have_value("Ditulis di perahu.")
    assert not submissions_of(ask_database, learner)


def test_handing_in_while_the_line_is_down_says_when_it_counts_and_happens_once(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.fill("[name=text]", "Rencana saya.")
    page.context.set_offline(True)
    page.locator("button[name=do][value=submit]").click()
    note = page.locator("#work .held")
    expect(note).to_contain_text(SAYS_KEPT)
    expect(note).to_contain_text("setelah sampai di server")
    note.scroll_into_view_if_needed()
    shot(page, "hand-in")
    assert not submissions_of(ask_database, learner)
    is_back(page)
    expect(page.locator("main .tag--wait").first).to_be_visible()
    assert [row.text for row in submissions_of(ask_database, learner)] == ["Rencana saya."]
    assert not kept(page)


def test_a_lost_reply_to_handing_in_hands_in_once(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.fill("[name=text]", "Rencana saya.")
    lose_replies(page, f"**{ASSIGNMENT}")
    page.locator("button[name=do][value=submit]").click()
    expect(page.locator("#work .held")).to_contain_text(SAYS_KEPT)
    assert len(submissions_of(ask_database, learner)) == 1
    page.unroute_all()
    expect(page.locator("main .tag--wait").first).to_be_visible(timeout=20_000)
    assert len(submissions_of(ask_database, learner)) == 1
    assert not kept(page)


def test_a_text_changed_after_handing_in_was_pressed_is_not_handed_in_half_written(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.fill("[name=text]", "Rencana saya.")
    page.context.set_offline(True)
    page.locator("button[name=do][value=submit]").click()
    expect(page.locator("#work .held")).to_contain_text(SAYS_KEPT)
    page.locator("[name=text]").press_sequentially(" Tunggu,")
    expect(page.locator("#draft-state")).to_contain_text(re.compile("Belum dikumpulkan|Tersimpan di perangkat"))
    expect(page.locator("#work .held")).to_be_empty()
    is_back(page)
    expect(page.locator("#draft-state")).to_contain_text(re.compile(r"Tersimpan pukul \d\d\.\d\d"), timeout=20_000)
    assert draft_of(ask_database, learner) == "Rencana saya. Tunggu,"
    assert not submissions_of(ask_database, learner)
    assert not kept(page)


def test_what_is_refused_when_it_arrives_waits_on_the_device_for_a_decision(open_page, ask_database, learner):
    """Meanwhile another device has handed in."""
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.context.set_offline(True)
    page.fill("[name=text]", "Dari ponsel.")
    page.locator("button[name=do][value=submit]").click()
    expect(page.locator("#work .held")).to_contain_text(SAYS_KEPT)
    again = closed_without_a_line(page)
    other = open_page(learner)
    other.goto(ASSIGNMENT)
    other.fill("[name=text]", "Dari komputer.")
    other.locator("button[name=do][value=submit]").click()
    expect(other.locator("main .tag--wait").first).to_be_visible()
    is_back(again)
    for path in ("/", "/courses"):
        again.goto(path)
        expect(again.locator("main > .held")).to_contain_text("Belum terkirim")
        assert kept(again) == [ASSIGNMENT]
    again.get_by_role("button", name="Kirim sekarang").click()
    expect(again.locator("#errors")).to_be_visible()
    expect(again.locator("[name=text]")).to_have_value("Dari ponsel.")
    assert [row.text for row in submissions_of(ask_database, learner)] == ["Dari komputer."]
    assert not kept(again)


def test_a_device_that_was_too_busy_to_open_its_storage_is_asked_again(open_page, learner):
    page = open_page(learner)
    enrol(page, LAST)
    page.add_init_script(
        "let asked = 0; const open = IDBFactory.prototype.open;"
        "IDBFactory.prototype.open = function (...all) { return asked++ ? open.apply(this, all) : {}; };"
    )
    open_item(page, ASSIGNMENT)
    page.wait_for_timeout(3500)
    page.context.set_offline(True)
    page.fill("[name=text]", "Dari ponsel lama.")
    page.locator("button[name=do][value=submit]").click()
    expect(page.locator("#work .held")).to_contain_text(SAYS_KEPT)
    assert kept(page) == [ASSIGNMENT]


def test_a_draft_that_is_on_its_way_does_not_replace_what_was_handed_in_meanwhile(open_page, ask_database, learner):
    """A request on a dead line fails late: 20 seconds later it put the draft in the place of the work."""
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    drafts = []

    def lose(route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif route.request.headers["x-requested-with"] == "fetch":
            drafts.append(route)
        else:
            route.abort()

    page.route("**", lose)
    with page.expect_request(lambda request: request.method == "POST"):
        page.fill("[name=text]", "Sudah selesai.")
    page.locator("button[name=do][value=submit]").click()
    expect(page.locator("#work .held")).to_contain_text(SAYS_KEPT)
    drafts[0].abort()
    page.wait_for_timeout(500)
    expect(page.locator("#work .held")).to_contain_text(SAYS_KEPT)
    assert kept(page) == [ASSIGNMENT]
    is_back(page)
    expect(page.locator("main .tag--wait").first).to_be_visible()
    assert [row.text for row in submissions_of(ask_database, learner)] == ["Sudah selesai."]
    assert not kept(page)


# Whose it is


def test_what_is_kept_is_sent_as_nobody_else_and_waits_for_its_owner(open_page, ask_database, make_learner, learner):
    stranger = make_learner()
    enrol(open_page(stranger), LAST)
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.context.set_offline(True)
    page.fill("[name=text]", "Hanya milik saya.")
    expect(page.locator("#draft-state")).to_contain_text("Tersimpan di perangkat ini")
    again = closed_without_a_line(page)
    sign_out_elsewhere(open_page, learner)
    is_back(again)
    again.goto("/login")
    fill_sign_in(again, stranger)
    again.wait_for_url(lambda url: "/login" not in url)
    open_item(again, ASSIGNMENT)
    again.wait_for_timeout(1000)
    expect(again.locator(".held")).to_have_count(0)
    assert "Hanya milik saya." not in again.content()
    assert len(kept(again)) == 1
    again.goto("/logout")
    again.locator("main form button").first.click()
    again.wait_for_url("**/login")
    fill_sign_in(again, learner)
    expect(again.locator("main .held a")).to_be_visible()
    assert draft_of(ask_database, learner) == "Hanya milik saya."
    assert draft_of(ask_database, stranger) == ""
    assert not kept(again)


def test_a_form_pressed_after_the_session_has_ended_goes_through_the_sign_in(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page)
    open_item(page, MODULE)
    sign_out_elsewhere(open_page, learner)
    page.locator("#read button").click()
    fill_sign_in(page, learner)
    send_what_was_kept(page)
    page.wait_for_url(lambda url: "/courses/" in url and not url.endswith(MODULE))
    assert read_items(ask_database, learner) == 1
    assert not kept(page)


def test_who_signs_out_sees_what_is_unsent_and_may_delete_it(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page)
    open_item(page, MODULE)
    breaks(page, "the phone does not know")
    page.locator("#read button").click()
    expect(page.locator("#read .held")).to_contain_text(SAYS_KEPT)
    page.goto("/logout")
    note = page.locator("main > .held")
    expect(note).to_contain_text("Belum terkirim")
    shot(page, "sign-out")
    note.get_by_role("button", name="Hapus dari perangkat ini").click()
    expect(note).to_have_count(0)
    is_back(page)
    open_item(page, "/courses")
    page.wait_for_timeout(1000)
    assert not kept(page)
    assert read_items(ask_database, learner) == 0


# Where nothing can be kept, or nothing may be sent later


def test_without_storage_the_page_says_so_and_sends_by_itself_while_it_is_open(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    open_item(page, MODULE)
    page.context.set_offline(True)
    page.locator("#read button").click()
    expect(page.locator("#read .held")).to_contain_text(SAYS_ONLY_HERE)
    is_back(page)
    page.wait_for_url(lambda url: not url.endswith(MODULE))
    assert read_items(ask_database, learner) == 1


def test_a_quiz_never_starts_by_itself(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    open_item(page, QUIZ)
    page.context.set_offline(True)
    start = page.locator("main .neighbours form button")
    start.click()
    expect(page.locator("main .held")).to_contain_text(SAYS_ONLY_HERE)
    shot(page, "quiz")
    is_back(page)
    page.wait_for_timeout(6000)
    assert not attempts_of(ask_database, learner)
    assert not kept(page)
    start.click()
    page.wait_for_url(QUESTION)
    assert len(attempts_of(ask_database, learner)) == 1


def test_a_quiz_is_handed_in_when_the_line_is_back(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, *FIRST_PART)
    overview = start_quiz(page).rpartition("/")[0]
    open_item(page, overview)
    page.context.set_offline(True)
    page.locator("#hand-in button").click()
    expect(page.locator("#hand-in .held")).to_contain_text("setelah sampai di server")
    is_back(page)
    page.wait_for_url("**/review")
    [attempt] = attempts_of(ask_database, learner)
    assert attempt.submitted_at is not None


def test_joining_waits_for_a_press(open_page, learner):
    page = open_page(learner)
    open_item(page, COURSE)
    page.context.set_offline(True)
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.locator("main .held")).to_contain_text(SAYS_ONLY_HERE)
    assert page.url.endswith(COURSE)
    is_back(page)
    page.wait_for_timeout(3000)
    expect(page.locator(".note--done")).to_have_count(0)
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.locator(".note--done")).to_be_visible()


def test_any_other_form_stays_on_its_page_while_the_phone_knows_that_it_is_offline(open_page, learner):
    page = open_page(learner)
    open_item(page, "/language")
    page.context.set_offline(True)
    page.locator("main form button").first.click()
    expect(page.locator("main .held")).to_contain_text(SAYS_ONLY_HERE)
    assert page.url.endswith("/language")


def test_a_link_followed_without_a_line_leaves_one_on_the_page_that_can_be_read(open_page, learner):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, MODULE)
    text = page.locator(".reader__text").inner_text()
    page.context.set_offline(True)
    page.evaluate("scrollTo(0, 900)")
    page.locator(".nav a").nth(1).click()
    note = page.locator("main > .held")
    expect(note).to_contain_text("Koneksi terputus. Halaman ini tetap terbuka")
    expect(note).to_be_in_viewport()
    shot(page, "link-without-a-line")
    assert page.locator(".reader__text").inner_text() == text
    page.locator(".placebar a").click()
    assert "#" in page.url, "within the page one goes on"
    is_back(page)
    note.get_by_role("link").click()
    page.wait_for_url("**/courses")


# Photos


def photo(size: tuple[int, int], orientation: int = 1) -> bytes:
    """Noise weighs as much as a photo. The top left quarter is red, as the pixels lie."""
    image = Image.effect_noise(size, 120).convert("RGB")
    image.paste((220, 20, 20), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    file = io.BytesIO()
    image.save(file, "JPEG", quality=97, exif=exif)
    return file.getvalue()


def choose_photo(page: Page, data: bytes) -> None:
    page.set_input_files("[type=file]", {"name": "loket.jpg", "mimeType": "image/jpeg", "buffer": data})


def uploaded(page: Page) -> Image.Image:
    link = page.locator("#files .files a")
    expect(link).to_have_text("loket.jpg", timeout=20_000)
    answer = page.request.get(link.get_attribute("href"))
    assert answer.ok
    return Image.open(io.BytesIO(answer.body()))


def is_red(image: Image.Image, x: float, y: float) -> bool:
    red, green, _blue = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))
    return red > 150 and green < 90


@pytest.mark.parametrize(("orientation", "x", "y"), [(1, 0.25, 0.25), (6, 0.75, 0.25)])
def test_a_photo_over_the_limit_is_sent_in_its_small_version_the_right_way_up(
    open_page, ask_database, learner, orientation, x, y
):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.wait_for_function("!!window.choosePhoto")
    data = photo((3600, 2700), orientation)
    assert len(data) > int(page.locator("[type=file]").get_attribute("data-most"))
    choose_photo(page, data)
    box = page.locator("#photo")
    expect(box).to_contain_text("paling besar", timeout=20_000)
    expect(box.get_by_role("button", name=re.compile("yang asli"))).to_have_count(0)
    shot(page, "photo-over")
    box.get_by_role("button", name=re.compile("Kirim versi kecil")).click()
    image = uploaded(page)
    assert (image.height > image.width) == (orientation > 4)
    assert ORIENTATION not in image.getexif()
    corners = [(a, b) for a in (0.25, 0.75) for b in (0.25, 0.75) if is_red(image, a, b)]
    assert corners == [(x, y)]


@pytest.mark.parametrize("version", ["versi kecil", "yang asli"])
def test_a_large_photo_is_sent_in_the_version_that_one_chooses(open_page, learner, version):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.wait_for_function("!!window.choosePhoto")
    choose_photo(page, photo((2600, 1950)))
    page.locator("#photo").get_by_role("button", name=re.compile(version)).click()
    image = uploaded(page)
    assert (image.width < 2600) == (version == "versi kecil")


def test_a_photo_that_waits_for_a_choice_is_not_forgotten_when_handing_in(open_page, ask_database, learner):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.wait_for_function("!!window.choosePhoto")
    page.fill("[name=text]", "Dengan foto.")
    choose_photo(page, photo((2800, 2100)))
    expect(page.locator("#photo button").first).to_be_visible()
    page.locator("button[name=do][value=submit]").click()
    expect(page.locator("#draft-state")).to_contain_text("versi foto")
    assert not submissions_of(ask_database, learner)
    page.locator("#photo").get_by_role("button", name="Jangan kirim foto ini").click()
    expect(page.locator("#photo")).to_be_hidden()
    page.locator("button[name=do][value=submit]").click()
    expect(page.locator("main .tag--wait").first).to_be_visible()
    assert len(submissions_of(ask_database, learner)) == 1


def test_a_photo_chosen_while_the_line_is_down_is_kept_and_arrives(open_page, learner):
    page = open_page(learner)
    enrol(page, LAST)
    open_item(page, ASSIGNMENT)
    page.wait_for_function("!!window.choosePhoto")
    page.context.set_offline(True)
    choose_photo(page, photo((300, 200)))
    expect(page.locator("#draft-state")).to_contain_text("Tersimpan di perangkat ini")
    again = closed_without_a_line(page)
    is_back(again)
    again.goto("/")
    expect(again.locator("main .held a")).to_be_visible()
    again.goto(ASSIGNMENT)
    assert uploaded(again).size == (300, 200)


def test_without_scripts_a_file_that_is_too_large_is_refused_with_what_to_do(open_page, learner):
    page = open_page(learner, scripts=False)
    enrol(page, LAST)
    page.goto(ASSIGNMENT)
    page.fill("[name=text]", "Tulisan.")
    choose_photo(page, photo((3600, 2700)))
    page.locator("#upload").click()
    expect(page.locator("#errors")).to_contain_text("resolusi")
    expect(page.locator("[name=text]")).to_have_value("Tulisan.")


# Errors and tables


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_error_below_a_long_task_has_the_focus_and_leads_to_its_field(open_page, learner, scripts):
    page = open_page(learner, scripts=scripts)
    enrol(page, LAST)
    page.goto(ASSIGNMENT)
    page.locator("[name=text]").evaluate("field => field.removeAttribute('maxlength')")
    page.fill("[name=text]", "kata " * 2000)
    page.locator("button[name=do][value=submit]").click()
    errors = page.locator("#errors")
    expect(errors).to_be_focused()
    expect(errors).to_be_in_viewport()
    shot(page, "errors")
    errors.get_by_role("link").first.click()
    expect(page.locator("[name=text]")).to_be_in_viewport()


@pytest.mark.parametrize("place", ["a list", "a module"])
def test_a_wide_table_says_that_it_goes_on_and_only_while_it_does(open_page, learner, place):
    if place == "a list":
        page = open_page(INSTRUCTOR)
        page.goto(f"/teach/courses/{COURSE.rpartition('/')[2]}/completions")
    else:
        page = open_page(learner)
        enrol(page)
        page.goto(MODULE)
    said = set()
    for width in (720 if place == "a list" else 320, 2400):  # on a phone the list is cards
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_timeout(200)
        shot(page, f"table-{width}")
        for box in page.locator(".scroll").all():
            goes_on = box.evaluate("box => box.scrollWidth > box.clientWidth + 1")
            assert box.evaluate("box => !box.previousElementSibling.hidden") == goes_on
            assert box.get_attribute("tabindex") == "0"
            assert box.get_attribute("aria-label")
            said.add(goes_on)
    assert said == {False, True}
