"""``kill -9`` at any moment loses nothing that was acknowledged."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from conftest import PostgresDatabase
from postgres import server_url
from sqlalchemy import create_engine, text

from lms.core.db import psycopg_url
from lms.demo import LEARNERS, PASSWORD

pytestmark = pytest.mark.browser

KILLS = 20
SAVES_BETWEEN = 10
QUIZ = "/courses/pelayanan-publik/kuis-dasar"


@dataclass
class Learner:
    """A browser's behaviour in a quiz, by plain HTTP: a cookie, a token, saves one after the other."""

    port: int
    username: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    options: dict[str, list[str]] = field(default_factory=dict)
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    """Page of the question, and the id of the event that the server said it keeps."""

    def ask(self, path: str, fields=None, **headers: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers |= {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        }
        try:
            connection.request("POST" if fields else "GET", path, urlencode(fields or {}, True) or None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.update([value.split(";")[0].split("=", 1)])
        if found := re.search(r'csrf_token" value="([^"]+)', body):
            self.token = found[1]
        return answer.status, answer.getheader("Location") or "", body

    def begin(self) -> None:
        self.ask("/login")
        status, _location, _body = self.ask(
            "/login", {"username": self.username, "password": PASSWORD, "csrf_token": self.token}
        )
        assert status == 302
        self.ask("/courses/pelayanan-publik")
        self.ask("/courses/pelayanan-publik/enrol", {"csrf_token": self.token})
        self.ask("/courses/pelayanan-publik/mengapa-melayani")
        self.ask("/courses/pelayanan-publik/mengapa-melayani", {"csrf_token": self.token})
        self.ask(QUIZ)
        _status, first, _body = self.ask(QUIZ, {"csrf_token": self.token})
        attempt = re.match(r"/attempts/\d+/", first)[0]
        for number in range(1, 7):
            _status, _location, body = self.ask(f"{attempt}{number}")
            self.options[f"{attempt}{number}"] = re.findall(r'name="picked" value="([^"]+)"', body)

    def save_until(self, stop: threading.Event, chance: random.Random) -> None:
        while not stop.is_set():
            page = chance.choice(list(self.options))
            fields = {"csrf_token": self.token, "text": f"jawaban {chance.random()}"}
            if self.options[page]:
                fields = {"csrf_token": self.token, "picked": chance.choice(self.options[page])}
            try:
                status, _location, body = self.ask(page, fields, **{"X-Requested-With": "fetch"})
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if status == 200:
                self.acknowledged.append((page, json.loads(body)["seen"]))


@pytest.fixture
def doomed(request, tmp_path, make_server):
    url = None
    if request.config.getoption("--database") == "postgresql":
        url = PostgresDatabase(server_url(), "lms_killed").url
    server = make_server(tmp_path, url, workers=1)
    server.run("demo")
    server.start()
    yield server
    server.stop()


def test_twenty_kills_under_load_lose_nothing_that_was_acknowledged(doomed):
    chance = random.Random(20)
    learners = [Learner(doomed.port, username) for username in LEARNERS[:4]]
    for learner in learners:
        learner.begin()
    stop = threading.Event()
    threads = [
        threading.Thread(target=learner.save_until, args=(stop, random.Random(number)))
        for number, learner in enumerate(learners)
    ]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        before = sum(len(learner.acknowledged) for learner in learners)
        while sum(len(learner.acknowledged) for learner in learners) < before + SAVES_BETWEEN:
            time.sleep(0.02)
        time.sleep(chance.random() * 0.2)
        doomed.kill()
        doomed.start()
    stop.set()
    for thread in threads:
        thread.join()
    acknowledged = [one for learner in learners for one in learner.acknowledged]
    engine = create_engine(psycopg_url(doomed.database_url))
    with engine.connect() as connection:
        kept = {row.id for row in connection.execute(text("SELECT id FROM event"))}
        shown = {
            (row.attempt_id, row.event_id)
            for row in connection.execute(text("SELECT attempt_id, event_id FROM answer"))
        }
    engine.dispose()
    assert not [event for _page, event in acknowledged if event not in kept]
    newest = {page: event for learner in learners for page, event in learner.acknowledged}
    for page, event in newest.items():
        attempt = int(page.split("/")[2])
        assert any(number == attempt and shown_event >= event for number, shown_event in shown), page
