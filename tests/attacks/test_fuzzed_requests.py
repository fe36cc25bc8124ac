"""Requests that no browser sends, on every endpoint as several roles: none is answered by an error of the server.

Seeded, so that a failure can be repeated: it names the seed, the request and the role. ``--fuzz 20000`` sends more.
"""

from __future__ import annotations

import io
import json
import random
from typing import Any
from urllib.parse import quote

import pytest
from attacks.payloads import texts
from flask.testing import FlaskClient
from full_world import FullWorld
from pages import check_page, csrf_token
from test_access import ROLES, addresses
from werkzeug.test import TestResponse

from lms.core.db import db

pytestmark = [
    pytest.mark.slow,
    # Werkzeug leaves the stored part of a broken upload to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

METHODS = ("GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "X")
KINDS = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json", "text/plain", "text/xml")
KINDS += ("multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-7", "a/b;c", "\xff", "")
FIELDS = (
    "do", "go", "q", "page", "unit", "unit_id", "parent_id", "person", "person_id", "enrolment", "pick", "name",
    "nip", "username", "password", "code", "text", "link", "number", "seen", "turn", "base", "picked", "reason",
    "feedback", "points", "level_0", "starts_on", "ends_on", "due_on", "from", "until", "quota", "kind", "status",
    "rank", "course", "item", "cohort", "show", "sort", "year", "next", "language", "logins", "login", "people",
    "note", "rule_pass_mark", "csrf_token", "kept-path", "kept-owner", "kept-files", "kept-field-a", "for", "file",
    "digest", "into", "target", "notice", "open", "all", "one", "who", "then", "category", "email", "phone",
)  # fmt: skip
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "Cookie", "Host", "Referer", "Origin", "User-Agent",
    "If-None-Match", "If-Modified-Since", "Range", "Content-Length", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "X-Requested-With", "Authorization", "Sec-Fetch-Site", "X-HTTP-Method-Override",
    "Transfer-Encoding", "Expect", "Content-Encoding",
)  # fmt: skip
ODD = (
    "", " ", "0", "-1", "1", "2", "²", "٣", "1e999", "NaN", "Infinity", "-0", "0x10", str(2**31), str(2**63), "9" * 400,
    "\x00", "\x01\x7f", "\r\nX-Jahat: ya", "%00", "%ff%fe", "%zz", "\ud7ff", "\u202e\u2028", "\U0001f600" * 40,
    "a" * 5_000, "../../etc/passwd", "..%2f..%2f", "//jahat.example", "javascript:sentinel()", "' OR 1=1 --", '"', "%",
    "_", "{{7*7}}", "${7*7}", "true", "null", "[]", "{}", "on", "2026-02-30", "0000-00-00", "9999-12-31", "2026-11-29",
    "24:61", "00:00", "1,5", "1.5", "١٩٩٠", "199001012015031001", "save", "submit", "remove-1", "remove-x", "upload",
    "approve", "withdraw", "=cmd|' /C calc'!A0", "*", "bytes=0-", "bytes=9-1", "gzip;q=x", "id-ID,*;q=0.1", "\xff;q=x",
)  # fmt: skip
BODIES = (
    b"", b"\x00" * 50, b"\xff\xfe\xed\xa0\x80", b"{", b"[" * 2_000, b'{"a": 1e9999}', b"a=1&" * 3_000, b"&&&==&%&%zz=%",
    b"--b\r\n", b"--b\r\nContent-Disposition: form-data\r\n\r\n", b"--b\r\n\r\n--b--", b"PK\x03\x04" + b"\x00" * 40,
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", b"%PDF-1.4 x",
)  # fmt: skip
REDIRECTS = (301, 302, 303, 304, 307, 308)
INSIDE = (b"Traceback (most recent call last)", b"sqlalchemy.", b"psycopg", b"sqlite3.", b"werkzeug", b"jinja2.")


@pytest.fixture
def fuzzed(app, monkeypatch):
    """The application answers an error as it does for real people, and does not raise it."""
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return app


class Fuzzer:
    """Makes requests; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.payloads = texts()

    def value(self) -> str:
        kind = self.random.random()
        if kind < 0.6:
            return self.random.choice(ODD)
        if kind < 0.75:
            return self.random.choice(self.payloads)
        length = self.random.choice((1, 3, 20, 300))
        return "".join(chr(self.random.choice((self.random.randrange(0xD7FF), self.random.randrange(0x7F))))
                       for _ in range(length))  # fmt: skip

    def fields(self) -> list[tuple[str, str]]:
        names = self.random.sample(FIELDS, self.random.randrange(9))
        return [(name, self.value()) for name in names for _ in range(self.random.choice((1, 1, 1, 2)))]

    def path(self, path: str) -> str:
        """The address, often with one of its parts replaced."""
        parts = path.split("/")
        if self.random.random() < 0.4 and len(parts) > 1:
            parts[self.random.randrange(1, len(parts))] = quote(self.value()[:300], safe="%")
        return "/".join(parts)

    def request(self, path: str, token: str) -> dict[str, Any]:
        method = self.random.choice(METHODS)
        made: dict[str, Any] = {"path": self.path(path), "method": method, "headers": self.headers()}
        if self.random.random() < 0.5:
            made["query_string"] = [*self.fields()]
        if method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return made
        if self.random.random() < 0.7:
            # a right token most of the time: what is refused at the door shows little
            made["data"] = _as_form([*self.fields(), ("csrf_token", token)])
            if self.random.random() < 0.2:
                made["data"]["file"] = (io.BytesIO(self.random.choice(BODIES)), self.value()[:60].replace("\x00", ""))
        elif self.random.random() < 0.3:
            made |= {"data": json.dumps(dict(self.fields())), "content_type": KINDS[2]}
        else:
            made |= {"data": self.random.choice(BODIES), "content_type": self.random.choice(KINDS)}
        return made

    def headers(self) -> list[tuple[str, str]]:
        found = [("Sec-Fetch-Site", "same-origin")] if self.random.random() < 0.8 else []
        for name in self.random.sample(HEADERS, self.random.choice((0, 0, 1, 3))):
            value = self.value()[:2_000].encode("latin-1", "replace").decode("latin-1")
            found.append((name, value.replace("\r", "").replace("\n", "").replace("\x00", "")))
        return [one for one in found if one[0] not in ("Content-Length", "Host") or one[1].isprintable()]


def _as_form(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return found


@pytest.fixture
def theirs(fuzzed, full_world) -> FullWorld:
    return full_world


def send(client, values: dict[str, Any]) -> TestResponse:
    """Like ``client.open``, which takes every answer for a page, also one without a body."""
    db.session.commit()
    db.session.expire_all()
    with client.application.app_context():
        answer = FlaskClient.open(client, **values)
    if values["method"] in ("GET", "POST") and answer.mimetype == "text/html" and answer.status_code not in REDIRECTS:
        check_page(answer.get_data(as_text=True))
    return answer


@pytest.mark.parametrize("seed", range(4))
def test_no_request_is_answered_by_an_error_of_the_server(fuzzed, theirs, seed, pytestconfig):
    fuzzer, made = Fuzzer(seed), list(addresses(fuzzed, theirs))
    people = [theirs.people[role] for role in ROLES]
    for number in range(pytestconfig.getoption("--fuzz") // 4):
        who = fuzzer.random.randrange(len(people))
        _key, path = made[(number * 7 + seed) % len(made)]
        client = fuzzed.test_client()
        if people[who] is not None:
            client.sign_in(people[who])
        token = csrf_token(client.get("/language").text)
        values = fuzzer.request(path, token)
        answer = send(client, values)
        said = answer.get_data()
        shown = f"seed {seed}, request {number}, {ROLES[who]}: {values}"
        assert answer.status_code < 500, shown
        assert not [word for word in INSIDE if word in said], shown
        assert "\n" not in answer.headers.get("Location", ""), shown


@pytest.mark.once
def test_trace_and_unknown_methods_are_refused(fuzzed, theirs):
    client = fuzzed.test_client()
    for path in {path for _key, path in addresses(fuzzed, theirs)}:
        for method in ("TRACE", "PROPFIND", "X", "DELETE", "PUT", "PATCH"):
            answer = client.open(path, method=method)
            assert answer.status_code in (400, 405), (method, path)


def test_the_same_seed_sends_the_same():
    def sent(seed: int) -> list[str]:
        fuzzer = Fuzzer(seed)
        return [str({**fuzzer.request("/courses/x", "t"), "data": ""}) for _ in range(20)]

    assert sent(1) == sent(1) != sent(2)
