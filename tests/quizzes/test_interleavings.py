"""Choices, lost requests, lost replies, retries and second tabs in any order.

A page never says "saved" of an answer that does not count, and nobody goes on from a
page that shows another answer than the one that counts without being told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from factories import NOON
from quiz_factories import running

from lms.quizzes import queries, services
from lms.quizzes.responses import Response

CHOICES = "abcd"


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


@pytest.mark.parametrize("seed", range(60))
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


@pytest.mark.parametrize("seed", range(60))
def test_of_several_pages_each_says_what_counts(session, seed):
    random, site = Random(seed), Site(running())
    tabs = [Tab(site, name, has_script=name != "z") for name in "xyz"]
    play(random, tabs, site)
    while site.delayed:
        site.receive(site.delayed.pop())
    for tab in tabs:
        tab.save("arrives")
        tab.go_on("arrives")
