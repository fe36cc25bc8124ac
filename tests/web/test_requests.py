"""The number of a request, the lines of the log, and what a page says when something below has failed."""

from __future__ import annotations

import errno
import io
import logging
import re
import sys

import pytest
from factories import make_course, make_person
from flask import g
from pages import csrf_token, parse
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from lms.core.db import db
from lms.core.storage import StorageUnavailable
from lms.web.requests import LETTERS, LogFormatter

NUMBER = re.compile(f"[{LETTERS}]{{8}}")
NIP = "197503122000031001"
FETCH = {"X-Requested-With": "fetch"}


class Gone(Exception):
    """What a driver says."""


FAULTS = [
    OperationalError("SELECT 1", {}, Gone("connection refused")),
    NoConnectionLeft("no connection left in the pool"),
    StorageUnavailable("GenericError of the storage"),
    OSError(errno.ENOSPC, "No space left on device"),
]


@pytest.fixture
def alive(site):
    """An error becomes a page, as in production."""
    site.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    yield site
    site.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=None)


@pytest.fixture
def fails(alive, app, monkeypatch):
    """Let every view of the catalogue fail in a way."""

    def arrange(error: Exception, endpoint: str = "courses.catalogue") -> None:
        def view(**_values):
            raise error

        view.access = "public"
        monkeypatch.setitem(app.view_functions, endpoint, view)

    return arrange


def test_each_answer_carries_a_number_of_its_own(client):
    numbers = {client.get(path).headers["X-Request-Id"] for path in ("/", "/courses", "/nowhere", "/healthz")}
    assert len(numbers) == 4
    assert all(NUMBER.fullmatch(number) for number in numbers)


def test_a_number_has_no_letters_that_look_or_sound_alike():
    assert not set(LETTERS) & set("0O1IL5S8B2Z")


def test_the_page_of_an_error_shows_the_number_of_its_answer(client):
    answer = client.get("/nowhere")
    assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)


def test_a_page_that_is_no_error_shows_none(client):
    answer = client.get("/")
    assert answer.headers["X-Request-Id"] not in answer.get_data(as_text=True)


def test_a_script_is_told_the_number_too(client):
    answer = client.get("/nowhere", headers=FETCH)
    assert answer.json["request"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_what_is_down_is_told_as_such_and_when_to_come_again(client, fails, error):
    make_course("umum")
    fails(error)
    answer = client.get("/courses?q=a")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["X-Request-Id"] in page
    assert 'href="/courses?q=a"' in page
    assert "SELECT" not in page
    assert client.get("/courses", headers=FETCH).json["error"] == "unavailable"


def test_a_fault_of_the_code_is_a_500_and_no_503(client, fails):
    for error in (ValueError("x"), OSError(errno.ENOENT, "x")):
        fails(error)
        assert client.get("/courses").status_code == 500


def test_what_a_form_held_is_sent_again_from_the_page_itself(client, fails, app):
    person = make_person()
    client.sign_in(person)
    token = csrf_token(client.get("/account").get_data(as_text=True))
    fails(FAULTS[0], "auth.language")
    sent = {"csrf_token": token, "language": "en", "text": '“ñ” <b> & "x"'}
    answer = client.post("/language?next=/", data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 503
    tree = parse(answer.get_data(as_text=True))
    form = tree.find(".//form")
    assert form.get("action") == "/language?next=/"
    assert {one.get("name"): one.get("value") for one in form.iter("input")} == sent


@pytest.mark.parametrize(
    ("fields", "source"),
    [({"password": "x"}, "same-origin"), ({"text": "x"}, "cross-site")],
    ids=["a secret", "from another site"],
)
def test_secrets_and_what_strangers_sent_are_not_carried(client, fails, fields, source):
    token = csrf_token(client.get("/login").get_data(as_text=True))
    fails(FAULTS[0], "auth.language")
    sent = {"csrf_token": token, **fields}
    answer = client.post("/language", data=sent, headers={"Sec-Fetch-Site": source})
    assert answer.status_code == 503
    assert "<form" not in answer.get_data(as_text=True)


def test_when_nobody_can_tell_who_is_signed_in_the_page_is_shown_all_the_same(client, alive, app, monkeypatch):
    client.sign_in(make_person())
    db.session.commit()

    def fail(_token):
        raise FAULTS[0]

    monkeypatch.setattr(app.login_manager, "_user_callback", fail)
    assert client.get("/").status_code == 503
    assert client.get("/records").status_code == 503


# the log


@pytest.fixture
def lines():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(LogFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: out.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_tells_what_was_asked_and_by_whom_without_saying_who(client, lines):
    person = make_person(nip=NIP, name="Nama Rahasia")
    client.sign_in(person)
    db.session.commit()
    number = client.get(f"/records?q={NIP}&cari=Nama+Rahasia").headers["X-Request-Id"]
    [line] = [line for line in lines() if "logger=lms.requests" in line]
    for part in (f"request={number}", "method=GET", "endpoint=records.mine", "status=200", f"person={person.id}"):
        assert part in line
    assert re.search(r" ms=\d+\.\d( |$)", line)
    assert NIP not in line
    assert "Rahasia" not in line


def test_a_visitor_has_no_number_of_a_person(client, lines):
    client.get("/courses")
    assert "person=-" in lines()[-1]


def test_what_is_asked_all_the_time_is_told_only_when_it_went_wrong(client, lines):
    client.get("/healthz")
    client.get("/static/none.css")
    assert [re.search(r"status=(\d+)", line)[1] for line in lines() if "lms.requests" in line] == ["404"]


def test_each_line_of_a_traceback_carries_the_number(client, fails, lines):
    fails(ValueError("x"))
    number = client.get("/courses").headers["X-Request-Id"]
    told = [line for line in lines() if "ValueError" in line or "Traceback" in line]
    assert told
    assert all(f"request={number}" in line for line in told)


def test_nothing_that_looks_like_a_nip_gets_into_the_log(app):
    for text in (NIP, "19750312 200003 1 001", f"Key (nip)=({NIP}) already exists"):
        record = logging.LogRecord("x", logging.ERROR, "", 1, "said: %s", (text,), None)
        assert "2000031001" not in LogFormatter().format(record)
        assert "200003 1 001" not in LogFormatter().format(record)


def test_values_that_the_database_refused_stay_out_of_the_log(app):
    said = Gone("duplicate key\nDETAIL:  Key (email)=(a@b.go.id) already exists.")
    try:
        raise IntegrityError("INSERT", {}, said)
    except IntegrityError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed", (), sys.exc_info())
    text = LogFormatter().format(record)
    assert "duplicate key" in text
    assert "a@b.go.id" not in text


def test_a_line_stays_one_line(app):
    record = logging.LogRecord("x", logging.INFO, "", 1, 'a\nb "c" d=e', (), None)
    assert LogFormatter().format(record).count("\n") == 0
    assert "message=\"a\\nb 'c' d=e\"" in LogFormatter().format(record)


def test_outside_of_a_request_there_is_no_number(app):
    record = logging.LogRecord("x", logging.INFO, "", 1, "hello", (), None)
    assert "request=-" in LogFormatter().format(record)
    assert not g.get("request_number")
