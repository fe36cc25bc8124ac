"""Choices, lost requests, lost replies, retries and second tabs in any order.

A page never says "saved" of an answer that does not count, and nobody goes on from a
page that shows another answer than the one that counts without being told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from factories import NOON
from quiz_factories import question_json, running

from lms.quizzes import queries, services
from lms.quizzes.responses import Response

CHOICES = "abcd"
ON_BOTH_ENGINES = 15
"""Seeds of each test that run on the second engine too."""


def seeds(count: int) -> list[Any]:
    return [pytest.param(one, marks=[pytest.mark.once] if one >= ON_BOTH_ENGINES else []) for one in range(count)]


@dataclass(frozen=True)
class Request:
    turn: str
    choice: str
    seen: int | None


@dataclass
class Site:
    attempt: object
    delayed: list[Request] = field(default_factory=list)
    """Requests that the browser has given up and that may still arrive."""

    def receive(self, request: Request):
        return services.save_answer(
            self.attempt,
            services.quiz_of(self.attempt).question("asas"),
            Response(frozenset(request.choice) or None),
            base_event_id=request.seen,
            client_seq=request.turn,
            now=NOON,
        )

    @property
    def counts(self) -> str:
        row = queries.answers(self.attempt.id).get("asas")
        return "".join(row.response.get("picked", [])) if row else ""

    @property
    def event_id(self) -> int | None:
        row = queries.answers(self.attempt.id).get("asas")
        return row.event_id if row else None


class Tab:
    """A page of the question, with its script or without one."""

    def __init__(self, site: Site, name: str, *, has_script: bool) -> None:
        self.site, self.name, self.has_script = site, name, has_script
        self.loads = 0
        self.load()

    def load(self) -> None:
        self.loads += 1
        self.changes = 0
        self.shows, self.seen = self.site.counts, self.site.event_id
        self.is_unsaved = False

    def choose(self, choice: str) -> None:
        self.shows = choice
        self.changes += 1
        self.is_unsaved = True

    @property
    def request(self) -> Request:
        counter = f".{self.changes}" if self.has_script and self.changes else ""
        return Request(f"{self.name}{self.loads}{counter}", self.shows, self.seen)

    def save(self, fate: str) -> None:
        """What the script does until its change is confirmed. Without one, only a button sends anything."""
        if not self.has_script or not self.is_unsaved:
            return
        if fate == "reply lost":
            self.site.receive(self.request)
        elif fate == "delayed":
            self.site.delayed.append(self.request)
        elif fate == "arrives":
            state = self.site.receive(self.request).state
            self.is_unsaved = False
            if state == "saved":
                assert self.site.counts == self.shows, "said to be saved, and does not count"
            else:
                assert state == "replaced"
                self.load()

    def go_on(self, fate: str) -> None:
        if self.has_script and self.is_unsaved:
            return self.save(fate)
        if fate == "reply lost":
            self.site.receive(self.request)
        elif fate == "arrives":
            state = self.site.receive(self.request).state
            if state == "saved":
                assert self.site.counts == self.shows, "went on, and another answer counts"
            self.load()
        return None


FATES = ["arrives", "arrives", "request lost", "reply lost", "delayed"]


def play(random: Random, tabs: list[Tab], site: Site) -> None:
    for _step in range(random.randint(3, 25)):
        tab = random.choice(tabs)
        deed = random.choice(["choose", "choose", "save", "save", "go on", "load", "late"])
        if deed == "choose":
            tab.choose(random.choice(CHOICES))
        elif deed == "save":
            tab.save(random.choice(FATES))
        elif deed == "go on":
            tab.go_on(random.choice(FATES))
        elif deed == "load" and not tab.is_unsaved:
            tab.load()
        elif deed == "late" and site.delayed:
            site.receive(site.delayed.pop(random.randrange(len(site.delayed))))


@pytest.mark.parametrize("seed", seeds(60))
@pytest.mark.parametrize("has_script", [True, False], ids=["with a script", "without"])
def test_of_one_page_the_last_choice_counts(session, seed, has_script):
    random, site = Random(seed), Site(running())
    tab = Tab(site, "x", has_script=has_script)
    play(random, [tab], site)
    tab.choose(random.choice(CHOICES))
    last = tab.shows
    tab.save("arrives")
    while site.delayed:
        site.receive(site.delayed.pop())
    assert not has_script or site.counts == last
    tab.go_on("arrives")
    assert site.counts == last


@pytest.mark.parametrize("seed", seeds(60))
def test_of_several_pages_each_says_what_counts(session, seed):
    random, site = Random(seed), Site(running())
    tabs = [Tab(site, name, has_script=name != "z") for name in "xyz"]
    play(random, tabs, site)
    while site.delayed:
        site.receive(site.delayed.pop())
    for tab in tabs:
        tab.save("arrives")
        tab.go_on("arrives")


QUESTIONS = ["asas", "prinsip", "skm"]


@dataclass
class Attempt:
    """The server for pages that walk through the whole attempt."""

    attempt: object
    delayed: list[tuple[int, Request]] = field(default_factory=list)

    def receive(self, position: int, request: Request):
        return services.save_answer(
            self.attempt,
            services.quiz_of(self.attempt).question(QUESTIONS[position - 1]),
            Response(frozenset(request.choice) or None),
            base_event_id=request.seen,
            client_seq=request.turn,
            now=NOON,
        )

    def shown(self, position: int) -> tuple[str, int | None]:
        """The answer that counts and its event, as a page shows them that is opened now."""
        row = queries.answers(self.attempt.id).get(QUESTIONS[position - 1])
        return ("".join(row.response.get("picked", [])), row.event_id) if row else ("", None)

    def is_told(self, position: int, event_id: int) -> bool:
        """True if the page says that another answer counts than the event gave."""
        return services.is_replaced(self.attempt, queries.answers(self.attempt.id), position, event_id)


class Walker:
    """A page whose script goes on to the question that came with the reply to a saved answer, without a request."""

    pages = 0

    def __init__(self, site: Attempt) -> None:
        self.site, self.position = site, 1
        self.left: tuple[int, str] | None = None
        """The question left without a request, with the answer that it showed; until a reply has come."""
        self.load()

    def load(self) -> None:
        self.begin(*self.site.shown(self.position))
        self.left, self.confirmed, self.overview = None, (0, 0), None

    def begin(self, shows: str, seen: int | None) -> None:
        Walker.pages += 1
        self.name, self.changes, self.shows, self.seen = f"w{Walker.pages}", 0, shows, seen
        self.is_unsaved, self.held = False, None

    def choose(self, choice: str) -> None:
        self.shows, self.is_unsaved = choice, True
        self.changes += 1

    def save(self, fate: str) -> bool:
        """True if the server has confirmed the answer that the page shows."""
        counter = f".{self.changes}" if self.changes else ""
        request = Request(f"{self.name}{counter}", self.shows, self.seen)
        if fate == "delayed":
            self.site.delayed.append((self.position, request))
        if fate == "reply lost":
            self.site.receive(self.position, request)
        if fate != "arrives":
            return False
        saved = self.site.receive(self.position, request)
        if saved.state == "replaced":
            self.load()
            return False
        assert self.site.shown(self.position)[0] == self.shows, "said to be saved, and does not count"
        if self.left:
            position, answer = self.left
            assert self.site.is_told(*self.confirmed) == (self.site.shown(position)[0] != answer), (
                "left another answer than the one that counts"
            )
        self.left, self.confirmed, self.is_unsaved = None, (0, 0), False
        shown = self.site.shown(self.position + 1) if self.position < len(QUESTIONS) else None
        self.held = shown, (self.position, saved.event_id or 0)
        return True

    def go_on(self, fate: str) -> None:
        """The button "next"."""
        if self.is_unsaved or not self.held:
            if self.save(fate) and self.position < len(QUESTIONS):
                self.position += 1
                self.load()
            return
        left = self.position, self.shows
        shown, confirmed = self.held
        if shown is None:
            self.overview = left, confirmed
            return
        self.position += 1
        self.begin(*shown)
        self.left, self.confirmed = left, confirmed

    def hand_in(self) -> None:
        """From the overview that came with a reply. The attempt stays open, for those who go on."""
        if not self.overview:
            return
        (position, answer), confirmed = self.overview
        assert self.site.is_told(*confirmed) == (self.site.shown(position)[0] != answer), "handed in another answer"
        self.load()

    def go_back(self) -> None:
        if not self.is_unsaved and self.position > 1:
            self.position -= 1
            self.load()


def walk(random: Random, walkers: list[Walker], site: Attempt) -> None:
    for _step in range(random.randint(5, 40)):
        walker = random.choice(walkers)
        deed = random.choice(["choose", "choose", "save", "save", "go on", "go on", "back", "hand in", "late"])
        if walker.overview and deed not in {"hand in", "late"}:
            walker.load()
        if deed == "choose":
            walker.choose(random.choice(CHOICES))
        elif deed == "save" and walker.is_unsaved:
            walker.save(random.choice(FATES))
        elif deed == "go on":
            walker.go_on(random.choice(FATES))
        elif deed == "back":
            walker.go_back()
        elif deed == "hand in":
            walker.hand_in()
        elif deed == "late" and site.delayed:
            site.receive(*site.delayed.pop(random.randrange(len(site.delayed))))
    random.shuffle(site.delayed)
    while site.delayed:
        site.receive(*site.delayed.pop())


def single_choices() -> Attempt:
    return Attempt(running(questions=[question_json(id) for id in QUESTIONS]))


@pytest.mark.parametrize("seed", seeds(60))
def test_of_one_page_that_goes_on_by_its_replies_every_last_choice_counts(session, seed):
    random, site = Random(seed), single_choices()
    walker = Walker(site)
    for position in range(1, len(QUESTIONS) + 1):
        last = random.choice(CHOICES)
        for choice in (random.choice(CHOICES), last):
            walker.choose(choice)
            walker.save(random.choice(FATES))
        assert walker.save("arrives")
        walker.go_on("arrives")
        while site.delayed and random.random() < 0.7:
            site.receive(*site.delayed.pop())
        assert site.shown(position)[0] == last


@pytest.mark.parametrize("seed", seeds(90))
def test_pages_that_go_on_by_their_replies_say_what_counts(session, seed):
    random, site = Random(seed), single_choices()
    walkers = [Walker(site) for _number in range(3)]
    walk(random, walkers, site)
    for walker in walkers:
        if not walker.save("arrives"):
            assert walker.save("arrives"), "the page shows what counts, and may go on"
