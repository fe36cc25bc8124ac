"""A whole quiz of ten questions: the CPU of the server, and what a browser must ask, with scripts and without.

The client does what the pages and ``quiz.js`` do, over the answers that the site gives: it takes the next question
from the reply to a saved answer if it is there, and presses the button if not.

It is measured twice: as a class takes it, with the load under which the bare view is measured that scales its aim, and
for one person after the other. There each request finds a processor that has waited for the client and the disk, and
takes up to half as much again (docs/decisions/0012); no bare view that is asked without a pause compares with that.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

import brotli

from bench import aims, asked, visits
from bench.busy import Busy, Meter
from bench.figures import Figure
from bench.load import Connection, Requests, get, load, post
from bench.pages import CLIENTS, WORKERS
from bench.servers import Server, Site
from config import Config
from lms.app import create_app

COURSE, QUESTIONS = "kuis-panjang", 10
GROUPS = 5
"""The figure is the median of the groups; in the first one, caches fill."""
PEOPLE, EACH = 16, 4
"""In a group: one after the other, and for each client of a class."""
SLOT = 250
"""People of one measurement, of the 500 of the smallest site."""
SECONDS = 1
"""Of load on the bare views, between two groups."""
AIMS = {True: 25.0, False: 45.0}
"""Milliseconds of CPU, with scripts and without."""
POSTS = {"start", "answer", "next", "submit"}
NOTES = (
    "A quiz is its page, start, ten answers, overview, handing in and result; the figure is the median over groups of "
    f"people. In a class {CLIENTS} people take it at a time without a pause in {WORKERS} web processes, in turns with "
    "the bare view, by which the aim is scaled, and with as many bare reads and durable inserts, its limit, under the "
    "same load. Until December 2026 the aim was compared with what stands below it now: one person after the other in "
    "one web process, each request with a pause before it, while the bare view was asked without a pause by 8 clients "
    "(decision 0012). Moodle takes 509 to 542 ms for the same in 7 requests.",
)


OPEN = """
    INSERT INTO cohort (course_id, name, is_open, needs_approval, created_at)
    SELECT id, '', 1, 0, created_at FROM course WHERE slug = ?
"""


@dataclass(frozen=True)
class Reply:
    status: int
    location: str
    text: str


Ask = Callable[[str, "dict[str, str] | None", bool], Reply]
"""A path, the fields of a post, and whether a script asks."""


@dataclass
class Sitting:
    """One person takes the quiz."""

    ask: Ask
    has_script: bool
    confirmed: str = ""
    steps: list[str] = field(default_factory=list)
    """Each request by its name."""

    @property
    def requests(self) -> int:
        return len(self.steps)

    def take(self) -> None:
        page = self._ask("page", f"/courses/{COURSE}/kuis")
        path, page = self._follow("start", f"/courses/{COURSE}/kuis", self._fields(page))
        while 'name="picked"' in page:
            path, page = self._answer(path, page)
        _path, result = self._follow("submit", f"{path}/submit", self._fields(page) | {"confirmed": self.confirmed})
        assert "reviewed" in result, result[-2000:]

    def _answer(self, path: str, page: str) -> tuple[str, str]:
        fields = self._fields(page) | {"picked": _first(r'name="picked" value="([^"]+)"', page)}
        if self.has_script:
            fields |= {"turn": fields["turn"] + "abc.1", "confirmed": self.confirmed}
            said = json.loads(self._ask("answer", path, fields | {"ask": "next"}, is_script=True))
            self.confirmed = said.get("confirmed", "")
            if said.get("next"):
                return said["next"]["url"], said["next"]["html"]
        return self._follow("next", path, fields | {"go": "next"})

    def _follow(self, step: str, path: str, fields: dict[str, str]) -> tuple[str, str]:
        reply = self.ask(path, fields, False)
        self.steps.append(step)
        assert reply.status in {302, 303}, reply
        return reply.location, self._ask(f"{step}, then the page", reply.location)

    def _ask(self, step: str, path: str, fields: dict[str, str] | None = None, *, is_script: bool = False) -> str:
        reply = self.ask(path, fields, is_script)
        self.steps.append(step)
        assert reply.status == 200, reply
        return reply.text

    @staticmethod
    def _fields(page: str) -> dict[str, str]:
        return {
            name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
        }


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text[:2000]
    return found[1]


def prepare(site: Site) -> None:
    """Publish a course that is this quiz."""
    folder = site.folder / COURSE
    folder.mkdir()
    (folder / "course.md").write_text("---\ntitle: Kursus dengan kuis\nsummary: Contoh.\njp: 1\n---\nContoh.\n")
    head = "---\ntitle: Kuis\nid: kuis\ntype: quiz\npass: 70\nshuffle: [questions, answers]\n---\nSepuluh.\n"
    options = "- [x] Yang benar menurut bacaan\n- [ ] Yang lain\n- [ ] Yang ketiga\n- [ ] Tidak satu pun\n"
    asked = (f"\n## Soal {n} dari bacaan {{#s-{n}}}\n\nPilih satu.\n\n{options}" for n in range(1, QUESTIONS + 1))
    (folder / "01-kuis.md").write_text(head + "".join(asked))
    done = site.run("course", "import", str(folder), "--publish")
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    with closing(sqlite3.connect(site.database)) as database, database:
        database.execute(OPEN, (COURSE,))


def visitors(site: Site, ask: Callable[[visits.Visitor], Ask], first: int, count: int) -> list[visits.Visitor]:
    """Signed-in people, enrolled in the course."""
    with closing(sqlite3.connect(site.database)) as database, database:
        found = database.execute("SELECT id FROM person ORDER BY id DESC LIMIT ? OFFSET ?", (count, first)).fetchall()
        people = [visits.signed_in(database, person_id, COURSE, "kuis") for (person_id,) in found]
    for person in people:
        assert ask(person)(f"/courses/{COURSE}/enrol", {"csrf_token": person.token}, False).status == 302
    return people


def measure(site: Site) -> list[Figure]:
    prepare(site)
    variants = list(enumerate((True, False)))
    return [
        *(_class_figure(site, number, has_script=has_script) for number, has_script in variants),
        *(_single_figure(site, number, has_script=has_script) for number, has_script in variants),
    ]


def _class_figure(site: Site, number: int, *, has_script: bool) -> Figure:
    """Under the load of the bare view that the aim is scaled by."""
    what = _name(has_script)
    print(f"{what}, a class ...", file=sys.stderr)
    statements = _statements(site, number, has_script)
    server = site.serve(WORKERS)
    try:
        people = visitors(site, _by_connection(site), SLOT * number, GROUPS * CLIENTS * EACH)
        limit = site.serve_limit(WORKERS, _quiz_page(site, people[0]))
        try:
            measured = _class_in_turns(site, server, limit, people, has_script)
        finally:
            limit.stop()
    finally:
        server.stop()
    cpu, bare = measured.cpu, measured.bare
    return Figure(
        f"{what}, {CLIENTS} people at a time",
        f"CPU {cpu:.1f} ms, {measured.requests} requests; queries: {statements}; {measured.busy}",
        f"CPU {bare:.1f} ms",
        bare / cpu,
        aims.words(AIMS[has_script], measured.bare_view),
        cpu <= aims.here(AIMS[has_script], measured.bare_view),
    )


@dataclass(frozen=True)
class Measured:
    """Milliseconds of CPU: for one quiz, for as many bare requests, and for one bare view without compression."""

    cpu: float
    bare: float
    bare_view: float
    requests: int
    busy: Busy


def _class_in_turns(
    site: Site, server: Server, limit: Server, people: Sequence[visits.Visitor], has_script: bool
) -> Measured:
    cpu, bare, bare_view, steps, host = [], [], [], list[str](), f"127.0.0.1:{limit.port}"
    meter = Meter(server, limit)
    for group in (people[number::GROUPS] for number in range(GROUPS)):
        before = server.cpu_seconds()
        steps = _take_at_once(site, [group[client::CLIENTS] for client in range(CLIENTS)], has_script)
        cpu.append(1000 * (server.cpu_seconds() - before) / len(group))
        writes = [post(host, "/plain/write", one.cookie, "picked=abcdefgh") for one in group[:CLIENTS]]
        reads = [get(host, "/compressed/quiz", one.cookie) for one in group[:CLIENTS]]
        mixed = [
            [write if step in POSTS else read for step in steps] for read, write in zip(reads, writes, strict=True)
        ]
        bare.append(len(steps) * _cpu_of_one(limit, mixed))
        bare_view.append(_cpu_of_one(limit, [[get(host, "/plain/quiz", one.cookie)] for one in group[:CLIENTS]]))
    return Measured(_median(cpu), _median(bare), _median(bare_view), len(steps), meter.stop())


def _take_at_once(site: Site, people: Sequence[Sequence[visits.Visitor]], has_script: bool) -> list[str]:
    """Each client takes the quiz as one person after the other; returns the steps of one quiz."""
    context = multiprocessing.get_context("fork")
    pipes = []
    for own in people:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_take_all, args=(site, own, has_script, there), daemon=True)
        process.start()
        there.close()
        pipes.append((process, here))
    for process, here in pipes:
        steps: list[str] = here.recv()
        process.join()
    return steps


def _take_all(site: Site, people: Sequence[visits.Visitor], has_script: bool, answer: Any) -> None:
    ask_as, steps = _by_connection(site), list[str]()
    for person in people:
        sitting = Sitting(ask_as(person), has_script)
        sitting.take()
        steps = sitting.steps
    answer.send(steps)
    os._exit(0)


def _cpu_of_one(limit: Server, lists: Sequence[Requests]) -> float:
    before = limit.cpu_seconds()
    run = load(limit.port, lists, SECONDS)
    assert not run.bad
    return 1000 * (limit.cpu_seconds() - before) / len(run.latencies)


def _single_figure(site: Site, number: int, *, has_script: bool) -> Figure:
    what = _name(has_script)
    print(f"{what}, one after the other ...", file=sys.stderr)
    server = site.serve(1)
    try:
        ask = _by_connection(site)
        people = visitors(site, ask, SLOT * number + GROUPS * CLIENTS * EACH, GROUPS * PEOPLE)
        limit = site.serve_limit(1, _quiz_page(site, people[0]))
        try:
            groups = [people[group::GROUPS] for group in range(GROUPS)]
            cpu, bare, requests = _single_in_turns(server, limit, groups, ask, has_script)
        finally:
            limit.stop()
    finally:
        server.stop()
    words = f"CPU {cpu:.1f} ms, {requests} requests"
    return Figure(f"{what}, one person after the other", words, f"CPU {bare:.1f} ms", bare / cpu)


def _name(has_script: bool) -> str:
    return f"quiz of {QUESTIONS} questions, {'with' if has_script else 'without'} scripts"


def _quiz_page(site: Site, person: visits.Visitor) -> dict[str, bytes]:
    page = _by_connection(site)(person)(f"/courses/{COURSE}/kuis", None, False)
    return {"quiz": page.text.encode()}


def _median(figures: Sequence[float]) -> float:
    return sorted(figures)[len(figures) // 2]


def _single_in_turns(
    server: Server,
    limit: Server,
    groups: list[list[visits.Visitor]],
    ask: Callable[[visits.Visitor], Ask],
    has_script: bool,
) -> tuple[float, float, int]:
    """Milliseconds of CPU for one person, of the quiz and of as many bare requests; how many requests these are."""
    cpu, bare = [], []
    connection, host = Connection(limit.port), f"127.0.0.1:{limit.port}"
    for people in groups:
        before = server.cpu_seconds()
        for person in people:
            sitting = Sitting(ask(person), has_script)
            sitting.take()
        cpu.append(1000 * (server.cpu_seconds() - before) / len(people))
        before = limit.cpu_seconds()
        for person in people:
            read = get(host, "/compressed/quiz", person.cookie)
            write = post(host, "/plain/write", person.cookie, "picked=abcdefgh")
            for step in sitting.steps:
                assert connection.ask(write if step in POSTS else read)[0] == 200
        bare.append(1000 * (limit.cpu_seconds() - before) / len(people))
    return _median(cpu), _median(bare), sitting.requests


def _by_connection(site: Site) -> Callable[[visits.Visitor], Ask]:
    connection, host = Connection(site.port), f"127.0.0.1:{site.port}"

    def ask_as(person: visits.Visitor) -> Ask:
        def ask(path: str, fields: dict[str, str] | None, is_script: bool) -> Reply:
            more = ["Accept-Encoding: br, gzip"] + ["X-Requested-With: fetch"] * is_script
            request = get(host, path, person.cookie)
            if fields is not None:
                request = post(host, path, person.cookie, urlencode(fields), *more)
            status, head, body = connection.ask(request)
            if re.search(rb"(?im)^content-encoding: br", head):
                body = brotli.decompress(body)
            location = re.search(rb"(?im)^location: (\S+)", head)
            return Reply(status, location[1].decode() if location else "", body.decode())

        return ask

    return ask_as


def _statements(site: Site, number: int, has_script: bool) -> str:
    """Each step with its queries, counted in this process for the second person: the first fills the caches."""
    app = create_app(Config.from_env(site.environ))
    client, counts = app.test_client(use_cookies=False), list[int]()
    with asked.counted(app) as sent:

        def ask_as(person: visits.Visitor) -> Ask:
            def ask(path: str, fields: dict[str, str] | None, is_script: bool) -> Reply:
                sent.clear()
                headers = {"Cookie": person.cookie, "Sec-Fetch-Site": "same-origin"}
                headers |= {"X-Requested-With": "fetch"} if is_script else {}
                answer = client.open(path, method="GET" if fields is None else "POST", data=fields, headers=headers)
                counts.append(len(sent))
                return Reply(answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True))

            return ask

        for person in visitors(site, ask_as, SLOT * number + SLOT - 2, 2):
            counts.clear()
            sitting = Sitting(ask_as(person), has_script)
            sitting.take()
    by_step = dict[str, int]()
    for step, count in zip(sitting.steps, counts, strict=True):
        by_step[step] = max(by_step.get(step, 0), count)
    return ", ".join(f"{step} {count}" for step, count in by_step.items())
