"""Learners of the synthetic site and the pages they visit; signed in by inserting rows and signing cookies."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1, sha256
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from bench.load import COUNTER, Connection, get, post
from bench.servers import SECRET, Site
from lms.demo.cast import PASSWORD

VISITORS = """
    SELECT enrolment.person_id, course.slug, item_revision.slug
    FROM progress
    JOIN enrolment ON enrolment.id = progress.enrolment_id AND enrolment.withdrawn_at IS NULL
    JOIN course ON course.id = enrolment.course_id
    JOIN item_revision ON item_revision.id = progress.item_revision_id AND item_revision.type = ?
    LEFT JOIN cohort ON cohort.id = enrolment.cohort_id
    WHERE progress.state = 'done' AND cohort.starts_on IS NULL
      AND (SELECT count(*) FROM attempt WHERE attempt.enrolment_id = enrolment.id
           AND attempt.item_id = progress.item_id) <= 1
    GROUP BY enrolment.person_id ORDER BY enrolment.person_id LIMIT ?
"""


@dataclass(frozen=True)
class Visitor:
    """A signed-in learner, and an item of their course that they have completed."""

    person_id: int
    course: str
    item: str
    cookie: str
    token: str
    """For the forms."""

    @property
    def page(self) -> str:
        return f"/courses/{self.course}/{self.item}"


def visitors(site: Site, count: int, kind: str = "module") -> list[Visitor]:
    with closing(sqlite3.connect(site.database)) as database, database:
        found = database.execute(VISITORS, (kind, count)).fetchall()
        return [signed_in(database, *row) for row in found]


def admin(site: Site) -> Visitor:
    with closing(sqlite3.connect(site.database)) as database, database:
        [person_id] = database.execute("SELECT person_id FROM role_grant WHERE role = 'admin'").fetchone()
        return signed_in(database, person_id, "", "")


def signed_in(database: sqlite3.Connection, person_id: int, course: str, item: str) -> Visitor:
    token, now = f"bench-{person_id}-{datetime.now(UTC).timestamp()}", datetime.now(UTC)
    moment = now.strftime("%Y-%m-%d %H:%M:%S.%f")
    database.execute(
        "INSERT INTO sign_in (token_hash, person_id, created_at, last_seen_at, device) VALUES (?, ?, ?, ?, 'Bench')",
        (sha256(token.encode()).hexdigest(), person_id, moment, moment),
    )
    secret, form_token = form_secret(str(person_id))
    said = {"_user_id": token, "_fresh": True, "csrf_token": secret, "hash": sha256(token.encode()).hexdigest()}
    return Visitor(person_id, course, item, cookie(said), form_token)


def form_secret(words: str) -> tuple[str, str]:
    """The session's secret for forms, and a token."""
    secret = sha1(words.encode()).hexdigest()  # noqa: S324
    return secret, str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(secret))


def cookie(values: dict[str, object]) -> str:
    app = Flask(__name__)
    app.secret_key = SECRET
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return f"session={serializer.dumps(values)}"


def answers(site: Site, visitor: Visitor) -> list[bytes]:
    """Start a quiz, and return two different answers to its first question: sent in turns, each must be saved."""
    connection, host = Connection(site.port), f"127.0.0.1:{site.port}"
    start = urlencode({"csrf_token": visitor.token})
    _status, head, _body = connection.ask(post(host, visitor.page, visitor.cookie, start))
    path = re.search(rb"(?im)^location: (\S+)", head)
    assert path, head
    where = path[1].decode()
    page = connection.ask(get(host, where, visitor.cookie).replace(b"br, gzip", b"identity"))[2].decode()
    options = re.findall(r'name="picked" value="([^"]+)"', page)[:2]
    fixed = [urlencode({"csrf_token": visitor.token, "picked": one}) for one in options]
    bodies = [f"{values}&turn=bench.{COUNTER.decode()}" for values in fixed]
    return [post(host, where, visitor.cookie, body, "X-Requested-With: fetch") for body in bodies]


def sign_ins(site: Site, count: int) -> list[bytes]:
    """Sign-in requests of ``count`` people."""
    with closing(sqlite3.connect(site.database)) as database:
        nips = [nip for (nip,) in database.execute("SELECT nip FROM person ORDER BY id DESC LIMIT ?", (count,))]
    secret, token = form_secret("nobody")
    fresh = cookie({"csrf_token": secret})
    bodies = [urlencode({"csrf_token": token, "username": nip, "password": PASSWORD}) for nip in nips]
    return [post(f"127.0.0.1:{site.port}", "/login", fresh, body) for body in bodies]
