"""A session's cookie is checked once, and is worth nothing more by that."""

from __future__ import annotations

import itsdangerous
import pytest
from flask import flash, get_flashed_messages, session

NAME = "session"


@pytest.fixture
def ask(app):
    """What the session holds for a cookie, and the application's answers."""

    def ask(cookie: str) -> dict[str, object]:
        with app.test_request_context(headers={"Cookie": f"{NAME}={cookie}"}):
            return dict(session)

    return ask


@pytest.fixture
def cookie(app):
    return app.session_interface.get_signing_serializer(app).dumps({"language": "en", "seen": ["a"]})


def test_a_cookie_says_the_same_each_time(ask, cookie):
    assert [ask(cookie) for _ in range(3)] == [{"language": "en", "seen": ["a"]}] * 3


def test_a_changed_cookie_is_nobody_s_after_the_right_one_was_accepted(ask, cookie):
    ask(cookie)
    values, moment, signature = cookie.split(".")
    for changed in (f"{values}A.{moment}.{signature}", f"{values}.{moment}.{signature[:-2]}", f"{values}.{moment}"):
        assert ask(changed) == {}
        assert ask(changed) == {}


def test_what_a_request_does_to_its_session_no_other_request_sees(app, ask, cookie):
    with app.test_request_context(headers={"Cookie": f"{NAME}={cookie}"}):
        session["seen"].append("b")
        flash("Said once.")
        assert get_flashed_messages()
    assert ask(cookie) == {"language": "en", "seen": ["a"]}


@pytest.mark.parametrize(("later", "is_accepted"), [(399, True), (401, False), (-1, False)])
def test_a_cookie_ends_with_its_age_although_it_was_checked(app, ask, cookie, monkeypatch, later, is_accepted):
    ask(cookie)
    then = itsdangerous.timed.time.time() + later * 86_400
    monkeypatch.setattr("time.time", lambda: then)
    assert bool(ask(cookie)) is is_accepted
