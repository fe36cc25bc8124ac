"""A learner without a browser, who works fast and remembers what the server has http_learner."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlencode

from lms.demo.cast import PASSWORD
from lms.journal import events

COURSE = "/courses/pelayanan-publik"
QUIZ = f"{COURSE}/kuis-dasar"
ASSIGNMENT = f"{COURSE}/rencana-perbaikan-loket"
FIRST_PART, OPENS_THE_ASSIGNMENT = ("mengapa-melayani", "sepuluh-bentuk"), "survei-ke-perbaikan"
OTHERS = ("menyusun-standar", "melayani-semua-orang", "menangani-pengaduan")
FETCH = {"X-Requested-With": "fetch"}


@dataclass
class Learner:
    """Behaves like a browser: keeps cookies and the CSRF token, and does one thing after another."""

    port: int
    username: str
    rng: random.Random
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    options: dict[str, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=lambda: [OPENS_THE_ASSIGNMENT, *OTHERS])
    turn: int = 0
    number: int = 1
    """Of the next submission."""
    answers: list[tuple[str, int]] = field(default_factory=list)
    """Page of the question, and the id of the event that the server acknowledged."""
    read: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    handed_in: list[str] = field(default_factory=list)

    @property
    def deeds(self) -> tuple[list, ...]:
        """What the server has http_learner."""
        return self.answers, self.read, self.drafts, self.handed_in

    @property
    def heard(self) -> int:
        return sum(map(len, self.deeds))

    def ask(self, path: str, fields=None, headers=None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            **(headers or {}),
        }
        body = urlencode({"csrf_token": self.token} | fields, doseq=True) if fields is not None else None
        try:
            connection.request("GET" if fields is None else "POST", path, body, sent)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.update([value.split(";")[0].split("=", 1)])
        if found := re.search(r'csrf_token" value="([^"]+)', page):
            self.token = found[1]
        return answer.status, answer.getheader("Location") or "", page

    def begin(self) -> None:
        self.ask("/login")
        assert self.ask("/login", {"username": self.username, "password": PASSWORD})[0] == 302
        self.ask(COURSE)
        self.ask(f"{COURSE}/enrol", {})
        for slug in FIRST_PART:
            self._read(slug)
        _status, first, _page = self.ask(QUIZ, {})
        attempt = re.match(r"/attempts/\d+/", first)[0]
        for number in range(1, 7):
            _status, _location, page = self.ask(f"{attempt}{number}")
            self.options[f"{attempt}{number}"] = re.findall(r'name="picked" value="([^"]+)"', page)

    def work_until(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self._one_deed()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    def _one_deed(self) -> None:
        self.turn += 1
        if self.unread and self.turn % 3 == 0:
            self._read(self.unread[0])
        elif OPENS_THE_ASSIGNMENT in self.read and self.turn % 3 == 1:
            self._draft() if len(self.drafts) < 3 or self.handed_in else self._hand_in()
        else:
            self._answer()

    def _answer(self) -> None:
        page = self.rng.choice(list(self.options))
        fields = {"text": f"jawaban {self.rng.random()}", "turn": f"{self.username}.{self.turn}"}
        if self.options[page]:
            fields["picked"] = self.rng.choice(self.options[page])
        status, _location, said = self.ask(page, fields, FETCH)
        if status == 200:
            self.answers.append((page, json.loads(said)["turn"]))

    def _read(self, slug: str) -> None:
        if self.ask(f"{COURSE}/{slug}", {}, FETCH)[0] == 200:
            self.read.append(slug)
            self.unread = [other for other in self.unread if other != slug]

    def _draft(self) -> None:
        words = f"{self.username} menulis {self.rng.random()}"
        if self.ask(ASSIGNMENT, self._work("save", words), FETCH)[0] == 200:
            self.drafts.append(words)

    def _hand_in(self) -> None:
        words = f"{self.username} selesai {self.rng.random()}"
        status, _location, _said = self.ask(ASSIGNMENT, self._work("submit", words), FETCH)
        self.number += 1  # refused: one was handed in that the killed server could not tell of
        if status == 200:
            self.handed_in.append(words)

    def _work(self, verb: str, words: str) -> dict[str, str]:
        return {"do": verb, "text": words, "number": str(self.number)}


# Is what the server acknowledged in the database? ``ask`` runs SQL, past all code of the site.


def check(learners, ask) -> None:
    """Nothing acknowledged is missing, and the journal is complete."""
    check_answers(learners, ask)
    check_modules(learners, ask)
    check_drafts(learners, ask)
    check_journal(ask)


def check_answers(learners, ask) -> None:
    """Each acknowledged answer is an event. The current answer is the last acknowledged one, or a later one."""
    event_of = events_by_turn(ask("SELECT id, bytes FROM event"))
    assert not [turn for learner in learners for _page, turn in learner.answers if turn not in event_of]
    shown = {row.event_id: row.attempt_id for row in ask("SELECT attempt_id, event_id FROM answer")}
    for page, turn in {page: turn for learner in learners for page, turn in learner.answers}.items():
        attempt = int(page.split("/")[2])
        assert any(number == attempt and one >= event_of[turn] for one, number in shown.items()), page


def events_by_turn(events) -> dict[str, int]:
    """The ids of the events by the page and change that they came from."""
    bodies = [(row.id, json.loads(bytes(row.bytes))["body"]) for row in events]
    return {body["turn"]: event_id for event_id, body in bodies if "turn" in body}


def check_modules(learners, ask) -> None:
    done = {
        (row.nip, row.slug)
        for row in ask(
            "SELECT person.nip, item_revision.slug FROM progress"
            " JOIN enrolment ON enrolment.id = progress.enrolment_id"
            " JOIN person ON person.id = enrolment.person_id"
            " JOIN item_revision ON item_revision.id = progress.item_revision_id"
            " WHERE progress.state = 'done'"
        )
    }
    assert {(learner.username, slug) for learner in learners for slug in learner.read} <= done


def check_drafts(learners, ask) -> None:
    """Each acknowledged text is in the journal, submissions are there, and the newest text is the draft."""
    written = {events.read(bytes(row.bytes), arrived=0).body["text"] for row in _of_kind(ask, "draft")}
    submitted = {
        row.text: row.nip
        for row in ask(
            "SELECT submission.text, person.nip FROM submission JOIN person ON person.id = submission.person_id"
        )
    }
    drafts = {
        row.nip: row.text
        for row in ask(
            "SELECT draft.text, person.nip FROM draft JOIN enrolment ON enrolment.id = draft.enrolment_id"
            " JOIN person ON person.id = enrolment.person_id"
        )
    }
    newest = _newest_texts(ask)
    for learner in learners:
        assert {*learner.drafts, *learner.handed_in} <= written
        assert all(submitted[words] == learner.username for words in learner.handed_in)
        if drafts[learner.username]:
            assert drafts[learner.username] == newest[learner.username]


def _newest_texts(ask) -> dict[str, str]:
    """The last text in the journal, by person."""
    rows = ask(
        "SELECT person.nip, event.bytes FROM event JOIN person ON person.id = event.person_id"
        " WHERE event.kind = 'draft' ORDER BY event.id"
    )
    return {row.nip: events.read(bytes(row.bytes), arrived=0).body["text"] for row in rows}


def _of_kind(ask, kind: str) -> list:
    return ask(f"SELECT bytes FROM event WHERE kind = '{kind}'")


def check_journal(ask) -> None:
    """Every chain is unbroken, and every event's hash is that of its bytes."""
    rows = ask("SELECT device, subject, n, prev, hash, bytes FROM event ORDER BY device, subject, n")
    assert [row.hash for row in rows] == [events.digest(bytes(row.bytes)) for row in rows]
    for chain, links in groupby(rows, key=lambda row: (row.device, row.subject)):
        assert events.first_broken(events.read(bytes(row.bytes), arrived=0) for row in links) is None, chain
