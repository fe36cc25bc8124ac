"""The learner's pages of a quiz, as a browser sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from factories import NOON, make_person
from pages import csrf_token, html_of, text_of
from quiz_factories import MINUTE, option, question_json, quiz_context
from sqlalchemy import select

from lms.auth.models import SignIn
from lms.auth.services.passwords import set_password
from lms.core import clock
from lms.core.db import db
from lms.journal import queries as journal
from lms.quizzes import queries, services
from lms.quizzes.models import Answer, Attempt

FETCH = {"X-Requested-With": "fetch"}


class Learner:
    """Somebody at a quiz."""

    def __init__(self, client, **values):
        self.context = quiz_context(**values)
        self.home = f"/courses/{self.context.course_slug}/kuis"
        self.client = client
        self.person = db.session.get(type(make_person()), self.context.person_id)
        client.sign_in(self.person)

    def start(self) -> str:
        """The address of the attempt."""
        answer = self.client.post_form(self.home)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return re.match(r"/attempts/\d+", answer.location)[0]

    def answer(self, path: str, **values):
        return self.client.post_form(path, **{"go": "next"} | values)

    @property
    def attempts(self) -> list[Attempt]:
        db.session.rollback()
        return list(queries.attempts_of(self.context.enrolment_id, self.context.item_revision.item_id))

    def kept(self, question: str):
        db.session.rollback()
        return queries.answers(self.attempts[-1].id)[question].response


@pytest.fixture
def learner(client, at):
    return lambda **values: Learner(client, **values)


def test_the_front_page_says_what_awaits(learner):
    one = learner(attempts=3, time_limit=1200, pass_mark=80.0)
    page = text_of(one.client.get(one.home))
    for words in ("Kuis dasar", "20", "80", "3"):
        assert words in page


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, None),
        ({"time_limit": 1200}, "dikumpulkan otomatis"),
        ({"time_limit": 1200, "on_expiry": "discard"}, "terus berjalan"),
    ],
)
def test_a_clock_that_does_not_stop_is_told_before_it_starts(learner, values, says):
    one = learner(attempts=1, **values)
    page = one.client.text(one.home)
    assert ('id="clock"' in page) == bool(says)
    assert ("dikumpulkan otomatis" in page) == (says == "dikumpulkan otomatis")
    attempt = one.start()
    one.client.post_form(f"{attempt}/submit", page=attempt)
    assert 'id="clock"' not in one.client.text(one.home), "nothing is left to start"


def test_who_is_not_enrolled_does_not_see_the_quiz(client, learner):
    one = learner()
    client.sign_in(make_person())
    assert client.post_form(one.home, "/account").status_code == 404
    assert client.get(one.home).status_code == 302


def test_starting_leads_to_the_first_question(learner):
    one = learner()
    answer = one.client.post_form(one.home)
    assert answer.location == f"/attempts/{one.attempts[0].id}/1"
    assert "Bunyi soal asas?" in text_of(one.client.get(answer.location))


def test_a_double_click_starts_one_attempt(learner):
    one = learner()
    assert one.start() == one.start()
    assert len(one.attempts) == 1


def test_continuing_leads_to_the_first_unanswered_question(learner):
    one = learner()
    path = one.start()
    one.answer(f"{path}/1", picked="a")
    assert one.client.post_form(one.home).location == f"{path}/2"


def test_without_attempts_left_the_page_says_so_and_starts_nothing(learner):
    one = learner(attempts=1)
    path = one.start()
    one.client.post_form(f"{path}/submit", page=path)
    shown = one.client.get(one.home)
    assert services.NoAttemptsLeft(allowed=1).text in text_of(shown)
    one.client.get(path)
    refused = one.client.post_form(one.home, page="/account/password")
    assert refused.status_code == 409
    assert len(one.attempts) == 1


def test_each_button_saves_the_answer_and_goes_its_way(learner):
    one = learner()
    path = one.start()
    for go, target in [
        ("next", "/3"),
        ("previous", "/1"),
        ("3", "/3"),
        ("1", "/1"),
        ("99", "/3"),
        ("overview", ""),
        ("", "/3"),
    ]:
        letter = "ab"[len(go) % 2]
        assert one.answer(f"{path}/2", picked=letter, go=go).location == path + target, go
        assert one.kept("prinsip") == {"picked": [letter]}


def test_the_last_question_leads_to_the_overview(learner):
    one = learner()
    path = one.start()
    assert one.answer(f"{path}/3", text="satu").location == path


def test_a_saved_answer_is_on_the_page_again(learner):
    one = learner()
    path = one.start()
    one.answer(f"{path}/1", picked="b")
    one.answer(f"{path}/3", text='sa"tu')
    assert re.search(r'value="b"[^>]* checked', html_of(one.client.get(f"{path}/1")))
    assert 'value="sa&#34;tu"' in html_of(one.client.get(f"{path}/3"))


def test_a_flag_is_set_with_the_answer(learner):
    one = learner()
    path = one.start()
    assert one.answer(f"{path}/1", picked="a", go="flag").location == f"{path}/1"
    page = html_of(one.client.get(f"{path}/1"))
    assert 'data-state="flag"' in page
    assert 'aria-pressed="true"' in page
    assert one.kept("asas") == {"picked": ["a"]}


def test_the_script_gets_an_acknowledgement(learner):
    one = learner()
    path = one.start()
    answer = one.client.post_form(f"{path}/1", page=f"{path}/1", picked="a")
    assert answer.status_code == 302
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/2")))[1]
    sent = {"csrf_token": token, "picked": ["a", "b"], "turn": "x.1"}
    said = one.client.post(f"{path}/2", data=sent, headers=FETCH)
    event = queries.answers(one.attempts[-1].id)["prinsip"].event_id
    assert said.json == {"saved_at": "12.00", "turn": "x.1", "is_answered": True, "confirmed": f"2.{event}"}
    assert one.kept("prinsip") == {"picked": ["a", "b"]}
    again = one.client.post(f"{path}/2", data=sent | {"picked": ["a"], "turn": "x.2"}, headers=FETCH)
    assert again.json["turn"] == "x.2"
    assert one.kept("prinsip") == {"picked": ["a"]}
    other = one.client.post(f"{path}/2", data=sent, headers=FETCH)
    assert (other.status_code, other.json["error"]) == (409, "replaced")


def test_a_page_on_which_nothing_was_answered_has_nothing_to_save(learner):
    one = learner()
    path = one.start()
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/2")))[1]
    said = one.client.post(f"{path}/2", data={"csrf_token": token, "turn": "x"}, headers=FETCH)
    assert (said.status_code, said.json) == (
        200,
        {"saved_at": None, "turn": "x", "is_answered": False, "confirmed": "2.0"},
    )


def fetched(one, path: str, **values):
    """What the script is told when it saves."""
    token = csrf_token(html_of(one.client.get(path)))
    return one.client.post(path, data={"csrf_token": token, "ask": "next"} | values, headers=FETCH)


def without_tokens(html: str) -> str:
    html = re.sub(r'(name="(csrf_token|turn)" value=)"[^"]+"', r"\1", html)
    return re.sub(r"\s*\n\s*", "\n", html).strip()


def test_the_reply_to_a_saved_answer_holds_the_next_question(learner):
    one = learner()
    path = one.start()
    said = fetched(one, f"{path}/1", picked="a", turn="x.1").json
    page = html_of(one.client.get(f"{path}/2"))
    assert said["next"]["url"] == f"{path}/2"
    assert f"<title>{said['next']['title']}</title>" in page
    whole = re.search(r'<div class="split">.*</div>(?=\s*</main>)', page, re.DOTALL)[0]
    assert without_tokens(said["next"]["html"]) == without_tokens(whole)
    assert '<span id="answered">1</span>' in said["next"]["html"]


def test_a_question_from_a_reply_is_answered_like_a_page(learner):
    one = learner()
    path = one.start()
    held = fetched(one, f"{path}/1", picked="a", turn="x.1").json["next"]["html"]
    name = re.search(r'name="turn" value="([^"]+)"', held)[1]
    sent = {"csrf_token": csrf_token(held), "picked": ["a", "b"], "seen": ""}
    assert one.client.post(f"{path}/2", data=sent | {"turn": f"{name}1.1"}, headers=FETCH).status_code == 200
    assert one.kept("prinsip") == {"picked": ["a", "b"]}
    late = one.client.post(f"{path}/2", data=sent | {"turn": "other", "picked": []}, headers=FETCH)
    assert late.json["error"] == "replaced"
    assert one.kept("prinsip") == {"picked": ["a", "b"]}


def test_a_lost_reply_is_given_again_with_the_next_question(learner):
    one = learner()
    path = one.start()
    first = fetched(one, f"{path}/1", picked="a", turn="x.1").json
    again = fetched(one, f"{path}/1", picked="a", turn="x.1").json
    assert again["confirmed"] == first["confirmed"]
    assert again["next"]["url"] == first["next"]["url"]
    assert len(journal.events(services.subject(one.attempts[-1]))) == 1


@pytest.mark.parametrize(
    ("values", "position"),
    [({"navigation": "sequential"}, 1), ({"navigation": "sequential"}, 3), ({"feedback": "immediate"}, 1)],
)
def test_nothing_comes_where_only_a_button_leads_on(learner, values, position):
    one = learner(**values)
    path = one.start()
    if "feedback" in values:
        one.answer(f"{path}/2", picked="a", go="check")
    for before in range(1, position):
        one.answer(f"{path}/{before}", picked="a")
    answer = {"text": "satu"} if position == 3 else {"picked": "a"}
    said = fetched(one, f"{path}/{position}", turn="x.1", **answer).json
    assert (said["is_answered"], said["next"]) == (True, None)


def test_the_reply_to_the_last_answer_holds_the_overview(learner):
    one = learner()
    path = one.start()
    said = fetched(one, f"{path}/3", text="satu", turn="x.1").json["next"]
    page = html_of(one.client.get(path))
    assert said["url"] == path
    assert f"<title>{said['title']}</title>" in page
    whole = re.search(r'<div class="reading">.*</div>(?=\s*</main>)', page, re.DOTALL)[0]
    assert without_tokens(said["html"]) == without_tokens(whole)


def test_who_hands_in_is_told_that_another_answer_counts_for_the_question_just_left(learner):
    one = learner()
    path = one.start()
    left = fetched(one, f"{path}/3", text="satu", turn="x.1").json["confirmed"]
    fetched(one, f"{path}/3", text="dua", turn="z.1", seen=left.partition(".")[2])
    held = one.client.post(
        f"{path}/submit",
        data={"csrf_token": csrf_token(html_of(one.client.get(path))), "confirmed": left},
        headers=HELD,
    )
    assert held.status_code == 409
    assert one.client.post_form(f"{path}/submit", page=path, confirmed=left).location == path
    assert one.attempts[-1].submitted_at is None
    assert "Soal 3: jawaban lain" in text_of(one.client.get(path))
    assert one.client.post_form(f"{path}/submit", page=path).location == f"{path}/review"


@pytest.mark.parametrize("confirmed", ["", "x", "3", "9.1", "0.0", "3.9999999999999999", "-1.-1", "2.0"])
def test_whatever_a_script_says_it_left_an_unchanged_answer_stops_nobody(learner, confirmed):
    one = learner()
    path = one.start()
    one.answer(f"{path}/3", text="satu")
    answer = one.client.post_form(f"{path}/submit", page=path, confirmed=confirmed)
    assert answer.location == (path if confirmed in {"3", "3.9999999999999999"} else f"{path}/review")


HELD = FETCH | {"X-Requested-With": "held"}


def arriving(one, path: str, turn: str, picked: str, seen: str = ""):
    """What a page that was closed without a line had kept on the device."""
    token = csrf_token(html_of(one.client.get("/account")))
    return one.client.post(path, data={"csrf_token": token, "picked": picked, "turn": turn, "seen": seen}, headers=HELD)


def test_an_answer_kept_on_the_device_counts_when_it_arrives(learner):
    one = learner()
    path = one.start()
    for _ in range(2):
        answer = arriving(one, f"{path}/1", "x.1", "b")
        assert (answer.status_code, answer.headers["X-Redirect"]) == (200, f"{path}/2")
    assert one.kept("asas") == {"picked": ["b"]}
    assert len(journal.events(services.subject(one.attempts[-1]))) == 1


def test_it_counts_over_what_its_own_page_gave_before(learner):
    one = learner()
    path = one.start()
    fetched(one, f"{path}/1", picked="a", turn="x.1")
    assert arriving(one, f"{path}/1", "x.2", "b").status_code == 200
    assert one.kept("asas") == {"picked": ["b"]}


@pytest.mark.parametrize(("picked", "status"), [("b", 409), ("a", 200)])
def test_it_waits_on_the_device_if_another_page_has_answered_since(learner, picked, status):
    one = learner()
    path = one.start()
    fetched(one, f"{path}/1", picked="a", turn="other.1")
    answer = arriving(one, f"{path}/1", "x.1", picked)
    assert (answer.status_code, "X-Redirect" in answer.headers) == (status, status == 200)
    assert one.kept("asas") == {"picked": ["a"]}


def test_it_is_kept_and_does_not_count_after_the_quiz_was_handed_in(learner):
    one = learner()
    path = one.start()
    one.client.post_form(f"{path}/submit", page=path)
    answer = arriving(one, f"{path}/1", "x.1", "b")
    assert answer.headers["X-Redirect"] == f"{path}/review"
    assert "tidak dihitung" in text_of(one.client.get(f"{path}/review"))


def test_whoever_left_a_question_is_told_that_another_answer_counts(learner):
    one = learner()
    path = one.start()
    left = fetched(one, f"{path}/1", picked="a", turn="x.1").json["confirmed"]
    assert "notice" not in fetched(one, f"{path}/2", picked="a", turn="z.1", confirmed=left).json
    fetched(one, f"{path}/1", picked="b", turn="y.1")
    said = fetched(one, f"{path}/2", picked="b", turn="z.2", confirmed=left).json
    assert "Soal 1" in said["notice"]
    assert said["saved_at"]
    page = one.client.post_form(f"{path}/3", page=f"{path}/3", text="satu", confirmed=left, go="overview")
    assert said["notice"] in text_of(one.client.get(page.location))


@pytest.mark.parametrize(
    "confirmed", ["", "x", "1", "1.", ".1", "0.1", "-1.2", "9" * 40 + ".1", "1." + "9" * 40, "4.1"]
)
def test_what_a_page_says_of_the_question_before_may_be_anything(learner, confirmed):
    one = learner()
    path = one.start()
    assert "notice" not in fetched(one, f"{path}/2", picked="a", turn="z.1", confirmed=confirmed).json


def test_who_goes_on_with_an_older_answer_is_shown_the_one_that_counts(learner):
    one = learner()
    path = one.start()
    one.answer(f"{path}/1", picked="a", turn="x")
    one.answer(f"{path}/1", picked="b", turn="y")
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/2")))[1]
    stale = one.client.post(f"{path}/1", data={"csrf_token": token, "picked": "a", "turn": "x", "go": "next"})
    assert stale.location == f"{path}/1"
    page = html_of(one.client.get(f"{path}/1"))
    assert "Jawaban lain yang berlaku" in page
    assert re.search(r'value="b"[^>]* checked', page)


def test_every_page_of_a_question_has_a_name_of_its_own(learner):
    one = learner()
    path = one.start()
    names = {re.search(r'name="turn" value="([^"]+)"', html_of(one.client.get(f"{path}/1")))[1] for _ in range(3)}
    assert len(names) == 3


def test_the_script_asks_how_much_time_is_left(learner):
    one = learner(time_limit=600, on_expiry="grace")
    path = one.start()
    answer = one.client.get(f"{path}/time")
    assert answer.json == {
        "seconds": 600,
        "submit_in": 660,
        "left_text": "10.00",
        "end_text": " sampai 12.10",
    }
    assert answer.headers["Cache-Control"] == "private, no-store"
    one.client.post_form(f"{path}/submit", page=path)
    assert one.client.get(f"{path}/time").json == {
        "seconds": 0,
        "submit_in": 0,
        "left_text": "0.00",
        "end_text": "",
    }


@pytest.mark.parametrize("where", ["", "/1"])
def test_a_timer_that_runs_ahead_hands_nothing_in(learner, monkeypatch, where):
    one = learner(time_limit=600)
    path = one.start()
    target = f"{path}{where}" if where else f"{path}/submit"
    early = one.client.post_form(target, page=f"{path}{where}", go="submit", **({"picked": "a"} if where else {}))
    assert early.location == f"{path}{where}"
    assert one.attempts[0].submitted_at is None
    assert "Waktu masih ada" in html_of(one.client.get(early.location))
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * MINUTE)
    due = one.client.post_form(target, page=f"{path}{where}", go="submit", **({"picked": "a"} if where else {}))
    assert due.location == f"{path}/review"


@pytest.mark.parametrize(
    ("position", "values"),
    [(1, {"picked": "z"}), (1, {"picked": ["a", "b"]}), (2, {"picked": ["a", "<b>"]}), (3, {"text": "x" * 501})],
)
def test_what_cannot_be_an_answer_is_sent_back(learner, position, values):
    one = learner()
    path = one.start()
    assert one.answer(f"{path}/{position}", **values).status_code == 422
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(path)))[1]
    said = one.client.post(f"{path}/{position}", data={"csrf_token": token, **values}, headers=FETCH)
    assert (said.status_code, said.json["error"]) == (422, "invalid")
    assert said.json["message"]


def test_a_text_of_five_hundred_characters_is_taken(learner):
    one = learner()
    path = one.start()
    one.answer(f"{path}/3", text="é" * 500)
    assert one.kept("skm") == {"text": "é" * 500}


@pytest.mark.parametrize(("characters", "status"), [(1_000_000, 422), (2_200_000, 413)])
def test_a_megabyte_of_text_is_refused_and_the_answer_before_it_stays(learner, characters, status):
    one = learner()
    path = one.start()
    one.answer(f"{path}/3", text="satu")
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(path)))[1]
    answer = one.client.post(f"{path}/3", data={"csrf_token": token, "text": "x" * characters})
    assert answer.status_code == status
    assert "<h1" in html_of(answer)
    assert one.kept("skm") == {"text": "satu"}


@pytest.mark.parametrize("path", ["", "/1", "/review"])
def test_someone_elses_attempt_does_not_exist_for_me(client, learner, path):
    theirs = learner().start()
    client.sign_in(make_person())
    assert client.get(theirs + path).status_code == 404


@pytest.mark.parametrize("path", ["/1", "/submit", "/review"])
def test_nobody_acts_in_someone_elses_attempt(client, learner, path):
    theirs = learner().start()
    mine = Learner(client).start()
    answer = client.post_form(theirs + path, page=mine, picked="a")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["", "/1", "/review"])
def test_visitors_sign_in_first(app, learner, path):
    attempt = learner().start()
    assert "/login" in app.test_client().get(attempt + path).location


@pytest.mark.parametrize("position", ["0", "4", "99"])
def test_a_position_that_was_not_selected_does_not_exist(learner, position):
    one = learner()
    path = one.start()
    assert one.client.get(f"{path}/{position}").status_code == 404
    assert one.client.post_form(f"{path}/{position}", page=path, picked="a").status_code == 404


def test_no_page_of_a_running_attempt_holds_a_key(learner):
    secret = [
        question_json("x", options=[option("a", True, feedback_html="RAHASIA"), option("b", feedback_html="RAHASIA")]),
        question_json("y", "short", accepted=[["RAHASIA", 1.0]]),
    ]
    for one in secret:
        one["explanation_html"] = "RAHASIA"
    one = learner(questions=secret, time_limit=600)
    path = one.start()
    one.answer(f"{path}/1", picked="a")
    for page in (one.home, path, f"{path}/1", f"{path}/2"):
        html = html_of(one.client.get(page))
        assert "RAHASIA" not in html
        assert "is_correct" not in html


def test_the_overview_names_what_is_open(learner):
    one = learner()
    path = one.start()
    one.answer(f"{path}/2", picked="a")
    page = text_of(one.client.get(path))
    assert "1, 3" in page
    title = re.search("<title>(.*?)</title>", one.client.get(path).text)[1]
    assert not title.startswith("Kumpulkan"), "a form that was kept is named by the beginning of its page's title"


def test_handing_in_shows_the_result(learner):
    one = learner()
    path = one.start()
    one.answer(f"{path}/1", picked="a")
    answer = one.client.post_form(f"{path}/submit", page=path)
    assert answer.location == f"{path}/review"
    page = text_of(one.client.get(answer.location))
    assert "33,33" in page
    assert one.attempts[0].reviewed_at == NOON


def test_handing_in_from_two_tabs_lands_on_the_same_result(learner):
    one = learner()
    path = one.start()
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(path)))[1]
    for _ in range(2):
        answer = one.client.post(f"{path}/submit", data={"csrf_token": token})
        assert answer.location == f"{path}/review"
    assert [attempt.submitted_by for attempt in one.attempts] == ["learner"]


@pytest.mark.parametrize("page", ["", "/1"])
def test_a_handed_in_attempt_shows_its_result_only(learner, page):
    one = learner()
    path = one.start()
    one.client.post_form(f"{path}/submit", page=path)
    assert one.client.get(path + page).location == f"{path}/review"


def test_the_result_of_a_running_attempt_is_not_there_yet(learner):
    one = learner()
    path = one.start()
    assert one.client.get(f"{path}/review").location == path


def test_an_answer_after_handing_in_is_told_and_kept(learner):
    one = learner()
    path = one.start()
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/1")))[1]
    one.client.post_form(f"{path}/submit", page=path)
    answer = one.client.post(f"{path}/1", data={"csrf_token": token, "picked": "a", "go": "next"})
    assert answer.location == f"{path}/review"
    assert 'role="status"' in html_of(one.client.get(answer.location))
    db.session.rollback()
    assert [event.kind for event in journal.events(f"attempt:{one.attempts[0].id}")] == ["submit", "answer"]
    said = one.client.post(f"{path}/1", data={"csrf_token": token, "picked": "b"}, headers=FETCH)
    assert (said.status_code, said.json["error"]) == (409, "submitted")


def test_an_answer_that_comes_too_late_is_told_and_kept(learner, at):
    one = learner(time_limit=600)
    path = one.start()
    one.answer(f"{path}/1", picked="a")
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/2")))[1]
    at(20)
    answer = one.client.post(f"{path}/2", data={"csrf_token": token, "picked": ["a", "b"], "go": "next"})
    assert answer.location == f"{path}/review"
    assert "33,33" in text_of(one.client.get(answer.location))
    assert one.attempts[0].submitted_by == "deadline"


@pytest.mark.parametrize("page", ["", "/1", "/review"])
def test_when_time_is_over_every_page_says_so_and_changes_nothing(learner, at, page):
    one = learner(time_limit=600)
    path = one.start()
    at(20)
    shown = one.client.get(path + page)
    assert (shown.status_code, f'action="{path}/review"' in html_of(shown)) == (200, True)
    assert one.attempts[0].submitted_at is None
    assert one.client.post_form(f"{path}/review", page=path).location == f"{path}/review"
    assert one.client.get(f"{path}/review").status_code == 200
    assert one.attempts[0].submitted_by == "deadline"


def test_the_front_page_leads_from_an_overdue_attempt_to_its_result(learner, at):
    one = learner(time_limit=600)
    path = one.start()
    at(20)
    assert one.client.get(one.home).status_code == 200
    assert one.client.post_form(one.home).location == f"{path}/review"


def test_the_page_hands_in_by_itself_when_time_is_over(learner, at):
    one = learner(time_limit=600)
    path = one.start()
    at(10.5)
    page = html_of(one.client.get(f"{path}/1"))
    assert 'data-seconds="0"' in page
    assert one.answer(f"{path}/1", picked="a", go="submit").location == f"{path}/review"
    assert one.attempts[0].points == 1


def test_time_left_is_said_in_words_without_a_script(learner, at):
    one = learner(time_limit=1200)
    path = one.start()
    at(7 + 1 / 3)
    page = text_of(one.client.get(f"{path}/1"))
    assert "12.40" in page
    assert "12.20" in page  # the hour of the end


TIMES = [
    (3 * 86_400, "sisa waktu <b>3 hari</b> ·</span> sampai 26 November 2026 pukul 12.00 WIT", False),
    (86_400, "sisa waktu <b>1 hari</b> ·</span> sampai 24 November 2026 pukul 12.00 WIT", False),
    (86_340, "sisa waktu <b>23 jam 59 menit</b> ·</span> sampai 24 November 2026 pukul 11.59 WIT", True),
    (3_600, "sisa waktu <b>1 jam 0 menit</b> ·</span> sampai 13.00", True),
    (3_540, "sisa waktu <b>59.00</b> ·</span> sampai 12.59", True),
]


@pytest.mark.parametrize(("limit", "words", "is_counted"), TIMES)
def test_a_time_of_days_is_told_in_days_with_the_date(learner, limit, words, is_counted):
    """Only what the script counts down stays hidden without it."""
    one = learner(time_limit=limit)
    page = html_of(one.client.get(f"{one.start()}/1"))
    assert words in page
    assert ("<span hidden>sisa waktu" in page) is is_counted


@pytest.mark.parametrize(("limit", "last"), [(360, None), (300, "five"), (61, "five"), (60, "one")])
def test_the_last_five_minutes_and_the_last_one_are_marked(learner, limit, last):
    one = learner(time_limit=limit)
    found = re.search(r'data-urgency="(\w+)"', html_of(one.client.get(f"{one.start()}/1")))
    assert (found[1] if found else None) == last


@pytest.mark.parametrize(("limit", "words"), [(1200, "20 menit"), (5400, "1 jam 30 menit"), (2 * 86_400, "2 hari")])
def test_the_page_of_a_quiz_tells_its_limit_in_the_units_of_people(learner, limit, words):
    one = learner(time_limit=limit)
    assert f"Batas waktu {words} " in text_of(one.client.get(one.home))


@pytest.mark.parametrize(("attempts", "is_said"), [(3, True), (None, True), (1, False)])
def test_the_pause_between_attempts_is_said_before_the_first(learner, attempts, is_said):
    one = learner(attempts=attempts, wait=3600)
    assert ("jeda 1 jam antarpercobaan" in text_of(one.client.get(one.home))) is is_said


def test_a_one_way_quiz_forbids_going_back_and_ahead(learner):
    one = learner(navigation="sequential")
    path = one.start()
    assert one.client.get(f"{path}/2").location == f"{path}/1"
    one.answer(f"{path}/1", picked="b")
    assert one.client.get(f"{path}/1").location == f"{path}/2"
    late = one.client.post_form(f"{path}/1", page=f"{path}/2", picked="a", go="next")
    assert late.status_code == 302
    assert one.kept("asas") == {"picked": ["b"], "is_final": True}
    assert one.client.post_form(f"{path}/3", page=f"{path}/2", text="satu").location == path
    assert set(queries.answers(one.attempts[0].id)) == {"asas"}


def test_a_one_way_quiz_stays_at_its_question_until_next_is_pressed(learner):
    one = learner(navigation="sequential")
    path = one.start()
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/1")))[1]
    one.client.post(f"{path}/1", data={"csrf_token": token, "picked": "a"}, headers=FETCH)
    assert one.client.get(f"{path}/1").status_code == 200
    assert "go" not in re.findall(r'form="answer" name="(\w+)" value="\d', html_of(one.client.get(f"{path}/1")))


def test_an_unanswered_question_can_be_passed_by_in_a_one_way_quiz(learner):
    one = learner(navigation="sequential")
    path = one.start()
    for position in (1, 2, 3):
        one.answer(f"{path}/{position}")
    overview = html_of(one.client.get(path))
    assert "Belum dijawab: soal 1, 2, 3.</p>" in overview, "there is no going back"
    assert one.client.get(f"{path}/3").location == path


def test_checking_tells_and_locks(learner):
    one = learner(feedback="immediate", review="latihan")
    path = one.start()
    assert one.answer(f"{path}/1", picked="b", go="check").location == f"{path}/1"
    page = text_of(one.client.get(f"{path}/1"))
    assert "Pembahasan asas." in page
    one.client.post_form(f"{path}/1", page=f"{path}/2", picked="a", go="next")
    assert one.kept("asas") == {"picked": ["b"], "is_final": True}


def test_checking_nothing_locks_nothing(learner):
    one = learner(feedback="tries")
    path = one.start()
    assert one.answer(f"{path}/1", go="check").location == f"{path}/1"
    assert 'type="radio"' in html_of(one.client.get(f"{path}/1"))


def test_checking_in_a_quiz_that_is_not_for_practice_keeps_the_keys(learner):
    one = learner(feedback="immediate", review="kuis")
    path = one.start()
    one.answer(f"{path}/1", picked="b", go="check")
    assert "Pembahasan asas." not in text_of(one.client.get(f"{path}/1"))


def test_check_means_nothing_where_feedback_is_deferred(learner):
    one = learner()
    path = one.start()
    one.answer(f"{path}/1", picked="b", go="check")
    assert one.kept("asas") == {"picked": ["b"]}


def result(one, **picked) -> str:
    path = one.start()
    for position, letter in picked.items():
        one.answer(f"{path}/{position[1:]}", **letter)
    one.client.post_form(f"{path}/submit", page=path)
    return text_of(one.client.get(f"{path}/review"))


RIGHT = {"q1": {"picked": "a"}, "q2": {"picked": ["a", "b"]}, "q3": {"text": "satu"}}


def test_a_failed_quiz_tells_what_was_wrong_but_not_what_is_right(learner):
    page = result(learner(), q1={"picked": "b"})
    assert "Pembahasan" not in page
    assert "Bunyi soal asas?" in page


def test_a_passed_quiz_tells_all(learner):
    page = result(learner(), **RIGHT)
    assert "Pembahasan asas." in page
    assert "100" in page


def test_after_the_last_attempt_all_is_told(learner):
    assert "Pembahasan asas." in result(learner(attempts=1), q1={"picked": "b"})


def test_a_result_says_of_each_answer_what_it_earned_then(learner, session):
    """Answers may be compared otherwise by a later release: what was stored does not change, nor what is said of it."""
    one = learner(review="latihan")
    assert result(one, q3={"text": "salah"}).count("Salah") == 1
    stored = {row.question: row for row in session.scalars(select(Answer))}
    stored["skm"].points = Decimal("1.00")
    session.commit()
    path = f"/attempts/{one.attempts[0].id}/review"
    assert "Salah" not in text_of(one.client.get(path))
    stored["skm"].points = Decimal("0.50")
    session.commit()
    assert "0,50 dari 1" in text_of(one.client.get(path))


def test_practice_tells_all_at_once(learner):
    assert "Pembahasan asas." in result(learner(review="latihan"))


def test_an_exam_tells_the_mark_only(learner):
    page = result(learner(review="ujian"), **RIGHT)
    assert "Bunyi soal" not in page
    assert "100" in page


def test_keys_stay_away_while_another_attempt_runs(learner):
    one = learner()
    result(one, **RIGHT)
    first = one.attempts[0].id
    one.start()
    assert "Pembahasan" not in text_of(one.client.get(f"/attempts/{first}/review"))


def test_the_review_leads_on(learner):
    one = learner()
    result(one, **RIGHT)
    page = html_of(one.client.get(f"/attempts/{one.attempts[0].id}/review"))
    assert f'href="/courses/{one.context.course_slug}/penutup"' in page


def test_the_front_page_lists_what_was_tried(learner):
    one = learner(attempts=3)
    result(one, q1={"picked": "a"})
    page = one.client.get(one.home)
    assert f"/attempts/{one.attempts[0].id}/review" in html_of(page)
    assert "33,33" in text_of(page)


def test_signing_out_in_the_middle_loses_nothing(app, learner):
    one = learner()
    path = one.start()
    with one.client.session_transaction() as cookie:
        cookie.pop("_user_id")
    headers = {"Sec-Fetch-Site": "same-origin"}
    kept = one.client.post(f"{path}/3", data={"text": "jawaban panjang", "go": "next"}, headers=headers)
    assert kept.status_code == 401
    assert "jawaban panjang" in html_of(kept)


def test_the_script_learns_that_the_session_ended(app, learner):
    one = learner()
    path = one.start()
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/1")))[1]
    with one.client.session_transaction() as cookie:
        cookie.pop("_user_id")
    said = one.client.post(f"{path}/1", data={"csrf_token": token, "picked": "a"}, headers=FETCH)
    assert (said.status_code, said.json["error"]) == (401, "signed-out")


def test_an_answer_kept_on_the_page_goes_through_after_a_session_that_ran_out(learner):
    one = learner()
    set_password(one.person, "kopi pahit di pagi hari", NOON)
    one.client.sign_in(one.person)
    number, path = one.person.nip, one.start()
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/1")))[1]
    sent = {"csrf_token": token, "picked": "a", "turn": "x.1"}
    latest = select(SignIn).order_by(SignIn.id.desc()).limit(1)
    db.session.scalar(latest).last_seen_at -= timedelta(days=61)
    said = one.client.post(f"{path}/1", data=sent, headers=FETCH)
    assert (said.status_code, said.json["error"]) == (401, "signed-out")
    one.client.post_form("/login", username=number, password="kopi pahit di pagi hari")
    late = one.client.post(f"{path}/1", data=sent, headers=FETCH)
    assert (late.status_code, late.json["error"]) == (400, "token")
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/1")))[1]
    said = one.client.post(f"{path}/1", data=sent | {"csrf_token": token}, headers=FETCH)
    assert (said.status_code, said.json["turn"]) == (200, "x.1")
    [kept] = queries.answers(one.attempts[-1].id).values()
    assert kept.response == {"picked": ["a"]}


def test_a_second_device_sees_what_the_first_answered(app, learner):
    one = learner()
    path = one.start()
    one.answer(f"{path}/1", picked="c")
    person = db.session.merge(one.person)
    other = app.test_client().sign_in(person)
    assert re.search(r'value="c"[^>]* checked', html_of(other.get(f"{path}/1")))


def test_running_pages_are_never_taken_from_the_browsers_store(learner):
    one = learner()
    path = one.start()
    for page in (path, f"{path}/1"):
        assert "no-store" in one.client.get(page).headers["Cache-Control"]


def test_the_time_of_an_attempt_does_not_move_when_the_quiz_is_opened_again(learner, at):
    one = learner(time_limit=600)
    one.start()
    at(5)
    one.start()
    assert one.attempts[0].deadline_at == NOON + 10 * MINUTE


@pytest.mark.parametrize("number", ["0", "2147483648", "9" * 30])
def test_a_number_no_attempt_has_does_not_exist(learner, number):
    one = learner()
    assert one.client.get(f"/attempts/{number}").status_code == 404


def test_each_saved_answer_tells_the_open_page_when_the_attempt_ends_now(learner):
    one = learner(time_limit=600)
    path = one.start()
    attempt = db.session.get(Attempt, int(path.split("/")[2]))
    attempt.deadline_at += timedelta(minutes=5)
    db.session.commit()
    said = fetched(one, path + "/1", picked="a", turn="x.1")
    assert said.json["time"] == {
        "seconds": 900,
        "submit_in": 900,
        "left_text": "15.00",
        "end_text": " sampai 12.15",
    }


def test_what_one_goes_on_with_comes_before_the_way_back(learner):
    """On a phone the buttons stand below each other, in the order in which they are read and reached."""
    one = learner(pass_mark=10.0)
    path = one.start()

    def buttons(page: str, row: str = '<div class="row') -> list[bool]:
        """Whether each button of the last row is the main one."""
        found = re.findall(r'<button[^>]*>|<a class="button[^>]*>', html_of(one.client.get(page)).rpartition(row)[2])
        return ["button--quiet" not in button for button in found]

    assert buttons(path)[:2] == [True, False], "back to what is not answered yet, before handing in"
    for number, values in enumerate(({"picked": "a"}, {"picked": "a"}, {"text": "satu"}), start=1):
        one.answer(f"{path}/{number}", **values)
    assert "Belum dijawab" not in html_of(one.client.get(path))
    assert buttons(path)[:2] == [True, False], "handing in, before going back"
    one.client.post_form(f"{path}/submit", page=path)
    assert "Lulus" in html_of(one.client.get(one.home))
    assert buttons(one.home, 'class="row neighbours"')[:2] == [True, False], "to the course, before another attempt"
