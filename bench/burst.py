"""A class at once: everybody starts the same quiz within a minute and answers a question every ten seconds.

Each learner has a connection of their own, and ``IDLE`` others are open beside them. One process with an event loop
plays all of them. A learner waits for a response before asking on, but the moments of their next steps are fixed
beforehand: time that the server keeps one waiting is not taken off the load.
"""

from __future__ import annotations

import asyncio
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from bench import visits
from bench.busy import Busy, Meter
from bench.figures import Figure
from bench.load import get, post
from bench.servers import Site

PEOPLE, IDLE = 500, 2000
STARTING, BETWEEN_ANSWERS, LONG = 60.0, 10.0, 120.0
"""Seconds: within which all start, between a learner's answers, and of the whole."""
P99 = 500
WORKERS = 2
MOVED = re.compile(rb"(?im)^location: (\S+)")
LENGTH = re.compile(rb"(?im)^content-length: (\d+)")
PICKED = re.compile(r'name="picked" value="([^"]+)"')
FIND_QUIZ = """
    SELECT enrolment.id, progress.item_id, course.slug, item_revision.slug, enrolment.course_id, enrolment.cohort_id
    FROM progress
    JOIN enrolment ON enrolment.id = progress.enrolment_id AND enrolment.withdrawn_at IS NULL
    JOIN course ON course.id = enrolment.course_id
    JOIN item_revision ON item_revision.id = progress.item_revision_id AND item_revision.type = 'quiz'
    LEFT JOIN cohort ON cohort.id = enrolment.cohort_id
    WHERE cohort.starts_on IS NULL ORDER BY enrolment.course_id LIMIT 1
"""
ENROL = """
    INSERT INTO enrolment (cohort_id, course_id, person_id, cycle, enrolled_at)
    SELECT :cohort, :course, person.id, 1, :now FROM person
    WHERE NOT EXISTS (SELECT 1 FROM enrolment AS other WHERE other.person_id = person.id AND other.course_id = :course)
      AND NOT EXISTS (SELECT 1 FROM role_grant WHERE role_grant.person_id = person.id)
    ORDER BY person.id LIMIT :count RETURNING id, person_id
"""
PROGRESS = """
    INSERT INTO progress (enrolment_id, item_id, item_revision_id, state, score, started_at, touched_at, done_at)
    SELECT :enrolment, item_id, item_revision_id, state, score, started_at, touched_at, done_at
    FROM progress WHERE enrolment_id = :model AND item_id != :quiz
"""


@dataclass
class Asked:
    """What the learners met, in seconds by kind of request."""

    starts: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    busy: int = 0

    @property
    def all(self) -> list[float]:
        return self.starts + self.pages + self.answers


class Line:
    """A connection that is kept alive; opened again if the server has closed it while idle."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof():
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        return self._streams

    async def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        reader, writer = await self.open()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        found = LENGTH.search(head)
        assert found, head
        return int(head[9:12]), head, await reader.readexactly(int(found[1]))

    def close(self) -> None:
        if self._streams:
            self._streams[1].transport.abort()


def enrol(site: Site, count: int) -> list[visits.Visitor]:
    """People who have done all of a course but its quiz."""
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(site.database)) as database, database:
        model, quiz, course, item, course_id, cohort = database.execute(FIND_QUIZ).fetchone()
        values = {"cohort": cohort, "course": course_id, "now": moment, "count": count}
        made = database.execute(ENROL, values).fetchall()
        assert len(made) == count, f"only {len(made)} people are free for this"
        database.executemany(PROGRESS, [{"enrolment": id, "model": model, "quiz": quiz} for id, _person in made])
        return [visits.signed_in(database, person, course, item) for _id, person in made]


class Learner:
    def __init__(self, port: int, visitor: visits.Visitor, asked: Asked) -> None:
        self.line, self.visitor, self.asked = Line(port), visitor, asked
        self.host = f"127.0.0.1:{port}"

    async def work(self, begins: float, ends: float) -> None:
        """``begins`` and ``ends`` are moments of the loop's clock."""
        try:
            await _until(begins)
            where = await self._start()
            due, number = begins + BETWEEN_ANSWERS, 0
            options = await self._look(where)
            while due < ends:
                await _until(due)
                await self._answer(where, options[number % len(options)], number)
                where = f"{where.rpartition('/')[0]}/{1 + (number + 1) % 3}"
                options = await self._look(where)
                due, number = due + BETWEEN_ANSWERS, number + 1
        except (OSError, EOFError, AssertionError, IndexError) as error:
            self.asked.faults.append(repr(error)[:300])
        finally:
            self.line.close()

    async def _start(self) -> str:
        body = urlencode({"csrf_token": self.visitor.token})
        request = post(self.host, self.visitor.page, self.visitor.cookie, body)
        head = await self._timed(request, self.asked.starts, 302)
        found = MOVED.search(head[0])
        assert found, head
        return found[1].decode()

    async def _look(self, where: str) -> list[str]:
        request = get(self.host, where, self.visitor.cookie).replace(b"br, gzip", b"identity")
        _head, body = await self._timed(request, self.asked.pages, 200)
        return PICKED.findall(body.decode()) or [""]

    async def _answer(self, where: str, picked: str, number: int) -> None:
        turn = f"burst.{time.monotonic_ns() // 1000:016d}"
        body = urlencode({"csrf_token": self.visitor.token, "picked": picked, "turn": turn})
        await self._timed(
            post(self.host, where, self.visitor.cookie, body, "X-Requested-With: fetch"), self.asked.answers, 200
        )

    async def _timed(self, request: bytes, times: list[float], expected: int) -> tuple[bytes, bytes]:
        """The time counts as asked for once, however often a busy server said "later"."""
        before = time.perf_counter()
        status, head, body = await self.line.ask(request)
        times.append(time.perf_counter() - before)
        self.asked.busy += status == 503
        assert status == expected, (status, request[:60], body[:200])
        return head, body


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))


async def _play(port: int, people: Sequence[visits.Visitor], idle: int, starting: float, long: float) -> Asked:
    asked, quiet = Asked(), [Line(port) for _ in range(idle)]
    for line in quiet:
        await line.open()
    now = asyncio.get_running_loop().time() + 0.5
    step = starting / max(len(people), 1)
    learners = [Learner(port, one, asked) for one in people]
    await asyncio.gather(*(learner.work(now + number * step, now + long) for number, learner in enumerate(learners)))
    asked.faults += [f"{late} idle connections got no answer" for late in [await _unanswered(quiet, port)] if late]
    for line in quiet:
        line.close()
    return asked


async def _unanswered(lines: Sequence[Line], port: int) -> int:
    """How many of the idle connections get no answer when they ask."""
    late = 0
    for line in lines:
        try:
            status, _head, _body = await asyncio.wait_for(line.ask(get(f"127.0.0.1:{port}", "/healthz", "")), 10)
            late += status != 200
        except (OSError, EOFError, TimeoutError):
            late += 1
    return late


def play(
    port: int, people: Sequence[visits.Visitor], idle: int, starting: float = STARTING, long: float = LONG
) -> Asked:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2 * (idle + len(people)))), hard))
    return asyncio.run(_play(port, people, idle, starting, long))


def measure(site: Site, *, quick: bool = False) -> list[Figure]:
    count, idle = (50, 200) if quick else (PEOPLE, IDLE)
    starting, long = (6.0, 30.0) if quick else (STARTING, LONG)
    people = enrol(site, count)
    server = site.serve(WORKERS)
    print(f"{count} people start a quiz within {starting:.0f} s ...", file=sys.stderr)
    try:
        meter = Meter(server)
        asked = play(server.port, people, idle, starting, long)
        busy, memory = meter.stop(), sum(size for _name, size in server.memory().values())
        return [_figure(asked, busy, memory, count, idle)]
    finally:
        server.stop()


def quantile(times: Sequence[float], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(times) or [0.0]
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _figure(asked: Asked, busy: Busy, memory: float, count: int, idle: int) -> Figure:
    parts = ", ".join(
        f"{name} p50 {quantile(times, 0.5):.0f} p99 {quantile(times, 0.99):.0f} ms"
        for name, times in (("start", asked.starts), ("answer", asked.answers), ("page", asked.pages))
    )
    p99 = quantile(asked.all, 0.99)
    wrong = f"{len(asked.faults)} errors" + (f" (first: {asked.faults[0]})" if asked.faults else "")
    words = f"p99 {p99:.0f} ms, {wrong}; {len(asked.all)} requests: {parts}; {memory:.0f} MiB; {busy}"
    what = f"{count} people start a quiz within a minute, {idle} idle connections"
    return Figure(what, words, aim=f"p99 {P99} ms, 0 errors", is_met=p99 <= P99 and not asked.faults)
