"""People at different points of two courses, in both agencies: what boards are tried on. And readers of boards."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

from factories import make_course, make_enrolment, make_person
from world import World, today

from lms.core import clock
from lms.core.db import db
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning.models import EnrolmentState
from lms.people.models import Person


class BoardWorld(World):
    def __init__(self) -> None:
        self.law, self.money = make_course("hukum", title="Hukum dasar"), make_course("uang", title="Keuangan dasar")
        units = {
            "Ani": self.health,
            "Budi": self.health,
            "Citra": self.clinic,
            "Dedi": self.clinic,
            "Eka": self.schools,
            "Fitri": self.schools,
            "Gita": self.farms,
        }
        self.people: dict[str, Person] = {
            name: make_person(name=f"{name} Contoh", unit_id=unit.id) for name, unit in units.items()
        }
        self.enrolments: dict[tuple[str, str], Enrolment] = {}
        """By the first word of a name and the course's slug."""

    def enrol(self, name: str, course: Course, state: str | None, *, due: int | None, **values: Any) -> None:
        """``due`` days from today."""
        due_on = None if due is None else today() + timedelta(days=due)
        enrolment = make_enrolment(self.people[name], course, due_on=due_on, enrolled_at=clock.now(), **values)
        if state:
            row = EnrolmentState(enrolment_id=enrolment.id, state=state, done=1, needed=2, touched_at=clock.now())
            db.session.add(row)
            db.session.flush()
        self.enrolments[name, course.slug] = enrolment


def make_board_world() -> BoardWorld:
    made = BoardWorld()
    assert made.admin and made.agency_admin and made.head
    made.enrol("Ani", made.law, "finished", due=-3)
    made.enrol("Budi", made.law, "in-progress", due=-1)
    made.enrol("Citra", made.law, "waiting", due=2)
    made.enrol("Dedi", made.law, None, due=4)
    made.enrol("Eka", made.law, "in-progress", due=60)
    made.enrol("Gita", made.law, "finished", due=None)
    made.enrol("Ani", made.money, "failed", due=9)
    made.enrol("Budi", made.money, None, due=None, withdrawn_at=clock.now())
    made.enrol("Gita", made.money, None, due=None)
    make_person(name="Hilang Contoh", unit_id=made.health.id, is_active=False)
    return made


def tiles(page: str) -> dict[str, int]:
    """The figures of a board's tiles by state."""
    found = re.findall(r'<li class="card tile[^>]*><a href="([^"#]*)#names"[^>]*><b>([\d.]+)</b>', page)
    return {state_in(link): int(number.replace(".", "")) for link, number in found}


def state_in(link: str) -> str:
    found = re.search(r"[?&]state=([a-z-]+)", html.unescape(link))
    return found[1] if found else ""


def names(page: str) -> list[str]:
    """The names of a board's list, with the first word of each."""
    if 'id="names"' not in page:
        return []
    part = page[page.index('id="names"') :]
    return [name.split()[0] for name in re.findall(r'name="one" value="\d+"><span>([^<]+)</span>', part)]


def links(page: str, inside: str) -> list[str]:
    """The addresses of links of a part of the page, as a browser follows them."""
    return [html.unescape(link).split("#")[0] for link in re.findall(rf'{inside}[^>]*><a href="([^"]+)"', page)]
