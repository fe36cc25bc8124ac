"""The learner's pages of a quiz, as a browser sees them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import NOON, make_person
from quiz_factories import MINUTE, option, question_json, quiz_context

from lms.core import clock
from lms.core.db import db
from lms.journal import queries as journal
from lms.quizzes import queries, services
from lms.quizzes.models import Attempt

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def at(monkeypatch):
    """Set the clock: minutes after noon."""

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=minutes))

    set_clock(0)
    return set_clock


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


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def html_of(answer) -> str:
    return answer.get_data(as_text=True)


def test_the_front_page_says_what_awaits(learner):
    one = learner(attempts=3, time_limit=1200, pass_mark=80.0)
    page = text_of(one.client.get(one.home))
    for words in ("Kuis dasar", "20", "80", "3"):
        assert words in page


def test_who_is_not_enrolled_does_not_see_the_quiz(client, learner):
    one = learner()
    client.sign_in(make_person())
    assert client.post(one.home).status_code in {400, 404}
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
    assert said.json == {"saved_at": "12.00", "turn": "x.1", "is_answered": True}
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
    assert (said.status_code, said.json) == (200, {"saved_at": None, "turn": "x", "is_answered": False})


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
    assert answer.json == {"seconds": 600, "submit_in": 660}
    assert answer.headers["Cache-Control"] == "private, no-store"
    one.client.post_form(f"{path}/submit", page=path)
    assert one.client.get(f"{path}/time").json == {"seconds": 0, "submit_in": 0}


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
    assert one.client.get(path).status_code == 200
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
    assert kept.status_code in {400, 401}
    assert "jawaban panjang" in html_of(kept)


def test_the_script_learns_that_the_session_ended(app, learner):
    one = learner()
    path = one.start()
    token = re.search(r'csrf_token" value="([^"]+)', html_of(one.client.get(f"{path}/1")))[1]
    with one.client.session_transaction() as cookie:
        cookie.pop("_user_id")
    said = one.client.post(f"{path}/1", data={"csrf_token": token, "picked": "a"}, headers=FETCH)
    assert (said.status_code, said.json["error"]) == (401, "signed-out")


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
