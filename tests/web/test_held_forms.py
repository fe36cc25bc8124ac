"""What the server answers to a form that ``held.js`` sends, and to the same form sent twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import NOON, make_course, make_person
from pages import csrf_token, parse
from repository_course import begin_quiz, enrol_and_sign_in

import lms
from lms.assignments.models import Submission
from lms.enrolment import services as enrolment
from lms.enrolment.models import Application, Enrolment
from lms.learning.models import Progress
from lms.quizzes.models import Attempt
from lms.web.form_recovery import owner_mark

HELD = {"X-Requested-With": "held", "Sec-Fetch-Site": "same-origin"}
COURSE = "/courses/pelayanan-publik"
FORM = "/account/notices"


def fields_of(client, page: str, form_id: str = "") -> dict[str, str]:
    """The hidden fields of a form, as the script keeps them."""
    tree = parse(client.text(page))
    found = [form for form in tree.iter("form") if form.get("method") == "post" and form_id in {"", form.get("id")}]
    hidden = [field for field in found[0].iter("input") if field.get("type") == "hidden"]
    return {field.get("name", ""): field.get("value") or "" for field in hidden}


def send(client, path: str, data: dict[str, str]):
    return client.post(path, data=data, headers=HELD)


def test_a_form_that_is_accepted_says_where_to_go_on_and_what_happened_there(client, session):
    client.sign_in(make_person())
    answer = send(client, FORM, fields_of(client, FORM) | {"phone": "0812 3456 7890"})
    assert (answer.status_code, answer.headers["X-Redirect"]) == (200, FORM)
    assert "Location" not in answer.headers
    assert answer.json == {}
    assert "note--done" in client.text(FORM)


def test_a_form_that_is_refused_is_not_said_to_be_accepted(client, session):
    client.sign_in(make_person())
    answer = send(client, FORM, fields_of(client, FORM) | {"phone": "nomor"})
    assert answer.status_code == 422
    assert "X-Redirect" not in answer.headers


def test_a_token_of_an_earlier_session_is_replaced_for_its_owner_alone(app, session):
    owner, stranger = make_person(), make_person()
    earlier = app.test_client().sign_in(owner)
    kept = fields_of(earlier, FORM) | {"phone": "0812 3456 7890"}
    again, other = app.test_client().sign_in(owner), app.test_client().sign_in(stranger)
    again.text(FORM)
    refused = send(again, FORM, kept)
    assert refused.status_code == 400
    assert send(again, FORM, kept | {"csrf_token": refused.headers["X-CSRF-Token"]}).headers["X-Redirect"] == FORM
    session.refresh(owner)
    assert owner.phone
    foreign = again.post(FORM, data=kept, headers=HELD | {"Sec-Fetch-Site": "cross-site"})
    assert "X-CSRF-Token" not in foreign.headers
    other.text(FORM)
    answer = send(other, FORM, kept)
    assert answer.status_code == 400
    assert not {"X-Redirect", "X-CSRF-Token"} & set(answer.headers.keys())
    session.refresh(stranger)
    assert not stranger.phone


def test_who_is_signed_out_or_must_set_a_password_keeps_the_form(app, session):
    person = make_person()
    client = app.test_client().sign_in(person)
    kept = fields_of(client, FORM)
    visitor = app.test_client()
    token = csrf_token(visitor.get("/language").text)
    for data in (kept, kept | {"csrf_token": token}):
        answer = send(visitor, FORM, data)
        assert answer.status_code == 401
        assert not {"X-Redirect", "X-CSRF-Token"} & set(answer.headers.keys())
    person.must_change_password = True
    answer = send(client, FORM, kept)
    assert answer.status_code == 401
    assert "X-Redirect" not in answer.headers


def test_a_page_names_its_account_and_a_visitors_page_none(client, session):
    assert "data-owner" not in client.text("/courses")
    person = make_person()
    client.sign_in(person)
    assert f'data-owner="{owner_mark(person.id)}"' in client.text("/courses")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_script_speaks_the_language_of_its_page(client, session, language):
    client.post_form("/language", language=language)
    client.sign_in(make_person(language=language))
    [later] = re.findall(r'data-later="([^" ]+)', client.text("/courses"))
    script = client.get(later).text
    assert ("Mengirim …" in script) == (language == "id")
    assert ("Sending …" in script) == (language == "en")
    assert "WORDS" not in script


# Twice


def test_a_module_marked_twice_is_marked_once(client, session):
    enrol_and_sign_in(client)
    path = f"{COURSE}/mengapa-melayani"
    kept = fields_of(client, path, "read")
    answers = {send(client, path, kept).headers["X-Redirect"] for _time in range(2)}
    assert len(answers) == 1
    assert session.query(Progress).count() == 1


def read_the_first_part(client) -> None:
    for slug in ("mengapa-melayani", "sepuluh-bentuk"):
        client.post_form(f"{COURSE}/{slug}")


def test_a_quiz_started_twice_and_handed_in_twice_is_one_attempt(client, session):
    enrol_and_sign_in(client)
    read_the_first_part(client)
    path = f"{COURSE}/kuis-dasar"
    kept = fields_of(client, path)
    first, second = (send(client, path, kept).headers["X-Redirect"] for _time in range(2))
    assert first == second
    overview = first.rpartition("/")[0]
    kept = fields_of(client, overview, "hand-in")
    results = {send(client, f"{overview}/submit", kept).headers["X-Redirect"] for _time in range(2)}
    assert results == {f"{overview}/review"}
    [attempt] = session.query(Attempt)
    assert attempt.submitted_by == "learner"


def test_an_assignment_handed_in_twice_is_handed_in_once(client, session):
    enrol_and_sign_in(client)
    for slug in ("mengapa-melayani", "menyusun-standar", "melayani-semua-orang", "menangani-pengaduan"):
        client.post_form(f"{COURSE}/{slug}")
    client.post_form(f"{COURSE}/survei-ke-perbaikan")
    path = f"{COURSE}/rencana-perbaikan-loket"
    kept = fields_of(client, path, "work") | {"text": "Rencana saya.", "do": "submit"}
    for _time in range(2):
        assert send(client, path, kept).headers["X-Redirect"] == path
    assert session.query(Submission).count() == 1
    late = send(client, path, kept | {"text": "Versi lama dari ponsel lain.", "turn": "lain.1"})
    assert late.status_code == 422
    assert session.query(Submission).count() == 1


def test_joining_and_leaving_twice_is_joining_and_leaving_once(client, session):
    course = make_course("sekali")
    enrolment.set_open(course, True, actor_id=None, now=NOON)
    client.sign_in(make_person())
    kept = fields_of(client, "/courses/sekali")
    for _time in range(2):
        assert send(client, "/courses/sekali/enrol", kept).headers["X-Redirect"] == "/courses/sekali"
    kept = fields_of(client, "/courses/sekali/withdraw")
    for _time in range(2):
        assert send(client, "/courses/sekali/withdraw", kept).headers["X-Redirect"] == "/courses/sekali"
    assert [one.withdrawn_at is None for one in session.query(Enrolment)] == [False]


def test_who_was_never_in_a_course_has_nothing_to_leave(client, session):
    enrolment.set_open(make_course("sekali"), True, actor_id=None, now=NOON)
    client.sign_in(make_person())
    kept = fields_of(client, "/courses/sekali")
    assert send(client, "/courses/sekali/withdraw", kept).status_code == 404
    assert send(client, "/courses/sekali/application/withdraw", kept).status_code == 404
    assert not session.query(Application).count()


# Everywhere

NEVER_STORED = {"/language", "/logout"}
"""Forms whose loss costs one press: the browser's own page is avoided while the device knows that it is offline."""


def test_every_form_of_a_learners_pages_is_held(client, session):
    enrol_and_sign_in(client)
    read_the_first_part(client)
    question = begin_quiz(client, f"{COURSE}/kuis-dasar")
    attempt = question.rpartition("/")[0]
    paths = [COURSE, question, attempt, "/", "/notices", FORM, f"{COURSE}/menyusun-standar", f"{COURSE}/withdraw"]
    paths += [f"{COURSE}/kuis-dasar"]
    seen = 0
    for path in paths:
        for form in parse(client.text(path)).iter("form"):
            if form.get("method") == "post" and form.get("action") not in NEVER_STORED:
                assert form.get("data-held") in {"keep", "now"}, (path, form.attrib)
                seen += 1
    assert seen >= 6


def test_only_what_may_be_sent_twice_and_later_is_kept():
    """Starting a quiz would let its time run while nobody looks; joining and leaving may be out of date."""
    found = set()
    for path in Path(lms.__file__).parent.rglob("templates/**/*.html"):
        if re.search(r'data-held="keep"|held="keep"', path.read_text()):
            found.add(path.name)
    assert found == {
        *("module.html", "_overview.html", "assignment.html", "survey.html", "session.html", "ask.html"),
        "form_recovery.html",
    }


def test_a_form_with_a_secret_is_never_kept(client, full_world):
    client.sign_in(full_world.people["admin"])
    for path in ("/account/password", "/account"):
        for form in parse(client.get(path).text).iter("form"):
            secrets = [one for one in form.iter("input") if one.get("type") == "password"]
            assert not secrets or form.get("data-held") is None
