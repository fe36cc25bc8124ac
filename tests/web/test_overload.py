"""Work is bounded: who waits in the queue, who is refused, and what those are told."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from factories import make_person
from pages import parse
from query_counting import counted

from lms.web import overload
from lms.web.overload import REFUSED, BoundedWork, RequestQueue

FETCH = {"X-Requested-With": "fetch"}
PATIENCE = 10
"""Seconds; no test waits for them to pass."""


class Work:
    """A WSGI application whose requests take until they are let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.refused: list[str] = []
        self.bodies: dict[str, bytes] = {}
        self.changed = threading.Condition()
        self.may_end = threading.Event()

    def __call__(self, environ, _start_response):
        path = environ["PATH_INFO"]
        with self.changed:
            (self.refused if REFUSED in environ else self.begun).append(path)
            self.bodies[path] = environ["wsgi.input"].read()
            self.changed.notify_all()
        if REFUSED not in environ and path not in overload.UNBOUNDED:
            assert self.may_end.wait(PATIENCE)
        return [b""]

    def wait_for(self, *paths: str) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: set(paths) <= {*self.begun, *self.refused}, PATIENCE)


def request(path: str, method: str = "GET", body: bytes = b"", **more: str) -> dict:
    length = {"CONTENT_LENGTH": str(len(body))} if body else {}
    return {"PATH_INFO": path, "REQUEST_METHOD": method, "wsgi.input": io.BytesIO(body), **length, **more}


class Clients:
    def __init__(self, bounded: BoundedWork) -> None:
        self.bounded, self.threads = bounded, []

    def ask(self, environ: dict) -> None:
        thread = threading.Thread(target=self.bounded, args=(environ, None))
        thread.start()
        self.threads.append(thread)

    def ask_and_wait_in_line(self, environ: dict) -> None:
        queue = self.bounded._queue
        before = waiting(queue)
        self.ask(environ)
        for _ in range(1000):
            if waiting(queue) > before:
                return
            threading.Event().wait(0.01)
        raise AssertionError("does not wait")


def waiting(queue: RequestQueue) -> int:
    return len(queue._readers) + len(queue._writers)


@contextmanager
def busy(*, waiting: int, **limits: float) -> Iterator[tuple[Work, Clients]]:
    """A process with one thread to work, which is taken by ``/first``."""
    work = Work()
    clients = Clients(BoundedWork(work, working=1, waiting=waiting, **{"timeout": PATIENCE, **limits}))
    clients.ask(request("/first"))
    work.wait_for("/first")
    try:
        yield work, clients
    finally:
        work.may_end.set()
        for thread in clients.threads:
            thread.join(PATIENCE)


def test_answers_go_before_pages_and_each_in_the_order_of_their_coming():
    with busy(waiting=4) as (work, clients):
        for path, method in (("/page-1", "GET"), ("/answer-1", "POST"), ("/page-2", "GET"), ("/answer-2", "POST")):
            clients.ask_and_wait_in_line(request(path, method))
    assert work.begun == ["/first", "/answer-1", "/answer-2", "/page-1", "/page-2"]
    assert not work.refused


def test_whoever_comes_when_too_many_wait_is_refused_and_the_log_tells_once(caplog):
    with busy(waiting=1) as (work, clients):
        clients.ask_and_wait_in_line(request("/waits"))
        for path in ("/too-many", "/too-many-again"):
            clients.ask(request(path))
            work.wait_for(path)
        assert sorted(work.refused) == ["/too-many", "/too-many-again"]
    assert work.begun == ["/first", "/waits"]
    assert [line.levelno for line in caplog.records if "overload" in line.getMessage()] == [logging.WARNING]


def test_a_page_makes_room_for_an_answer():
    with busy(waiting=1) as (work, clients):
        clients.ask_and_wait_in_line(request("/page"))
        clients.ask(request("/answer", "POST"))
        work.wait_for("/page")
        assert work.refused == ["/page"]
    assert work.begun == ["/first", "/answer"]


def test_an_answer_is_refused_where_only_answers_wait():
    with busy(waiting=1) as (work, clients):
        clients.ask_and_wait_in_line(request("/answer-1", "POST"))
        clients.ask(request("/answer-2", "POST"))
        work.wait_for("/answer-2")
        assert work.refused == ["/answer-2"]


def test_whoever_has_waited_too_long_is_refused_and_the_queue_go_on():
    with busy(waiting=4, timeout=0.05) as (work, clients):
        clients.ask(request("/waits"))
        work.wait_for("/waits")
        assert work.refused == ["/waits"]
        work.may_end.set()
        clients.threads[0].join(PATIENCE)
        clients.ask(request("/next"))
        work.wait_for("/next")
    assert work.begun == ["/first", "/next"]


def test_what_watches_the_server_is_answered_while_it_is_busy():
    with busy(waiting=0) as (work, clients):
        clients.ask(request("/healthz"))
        work.wait_for("/healthz")
    assert work.begun == ["/first", "/healthz"]


class SlowLine(io.RawIOBase):
    """The body of a request of which half has come."""

    def __init__(self) -> None:
        self.asked, self.may_end, self.pieces = threading.Event(), threading.Event(), [b"half ", b"of it"]

    def read(self, size: int = -1) -> bytes:
        if len(self.pieces) == 1:
            self.asked.set()
            assert self.may_end.wait(PATIENCE)
        return self.pieces.pop(0) if self.pieces else b""


def test_a_slow_line_takes_no_place_in_the_queue_and_its_body_arrives_whole():
    work, line = Work(), SlowLine()
    clients = Clients(BoundedWork(work, working=1, waiting=0))
    clients.ask(request("/slow", "POST") | {"wsgi.input": line, "CONTENT_LENGTH": "10"})
    assert line.asked.wait(PATIENCE)
    work.may_end.set()
    clients.ask(request("/quick"))
    work.wait_for("/quick")
    line.may_end.set()
    work.wait_for("/slow")
    for thread in clients.threads:
        thread.join(PATIENCE)
    assert work.begun == ["/quick", "/slow"]
    assert work.bodies["/slow"] == b"half of it"


def test_slow_lines_beyond_the_bound_are_refused_unread():
    work, line = Work(), SlowLine()
    work.may_end.set()
    clients = Clients(BoundedWork(work, working=1, receiving=1))
    clients.ask(request("/slow", "POST") | {"wsgi.input": line, "CONTENT_LENGTH": "10"})
    assert line.asked.wait(PATIENCE)
    clients.ask(request("/second", "POST", b"text"))
    work.wait_for("/second")
    line.may_end.set()
    for thread in clients.threads:
        thread.join(PATIENCE)
    assert work.refused == ["/second"]
    assert work.bodies["/second"] == b""


@pytest.mark.parametrize("size", [0, 1, overload.IN_MEMORY, overload.IN_MEMORY + 1])
@pytest.mark.parametrize("chunked", [{}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_a_body_is_received_as_it_was_sent(size, chunked):
    sent = b"x" * size
    with overload.read_body(request("/", "POST", sent, **chunked)) as body:
        assert body.read() == sent


def test_a_body_that_is_too_long_is_not_received():
    stream = io.BytesIO(b"x")
    environ = request("/", "POST") | {"wsgi.input": stream, "CONTENT_LENGTH": str(overload.MAX_BODY + 1)}
    assert overload.read_body(environ).read() == b""
    assert stream.tell() == 0


def test_those_who_are_refused_are_told_what_to_do_without_a_question_to_the_database(client, session):
    client.sign_in(make_person())
    session.commit()
    with counted() as statements:
        answer = client.get("/courses", environ_overrides={REFUSED: True})
    page = parse(answer.get_data(as_text=True))
    assert (answer.status_code, answer.headers["Retry-After"], statements) == (503, "10", [])
    assert "Terlalu banyak orang" in page.find(".//h1").text
    assert page.find(".//main//a").get("href") == "/courses"


def test_a_refused_form_can_be_sent_again_as_it_was(client, session):
    client.sign_in(make_person())
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post("/profile", data={"text": "panjang"}, headers=headers, environ_overrides={REFUSED: True})
    page = parse(answer.get_data(as_text=True))
    assert answer.status_code == 503
    assert page.find(".//form/input[@name='text']").get("value") == "panjang"


def test_a_script_is_told_to_try_again(client, session):
    answer = client.post("/login", headers=FETCH, environ_overrides={REFUSED: True})
    assert (answer.status_code, answer.json["error"], answer.headers["Retry-After"]) == (503, "unavailable", "10")
