"""Two agencies with people at different points of two courses: what boards are tried on."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from factories import grant, make_admin, make_course, make_enrolment, make_person, make_unit

from lms.accounts.models import Person, Unit
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning.models import EnrolmentState


@dataclass
class Offices:
    city: Unit
    health: Unit
    clinic: Unit
    """Below health."""
    schools: Unit
    regency: Unit
    farms: Unit
    """Below the regency."""
    law: Course
    money: Course
    people: dict[str, Person]
    enrolments: dict[tuple[str, str], Enrolment]
    """By the first word of a name and the course's slug."""
    admin: Person
    agency_admin: Person
    """Of the city."""
    head: Person
    """Of health, and so of the clinic."""


def today():
    return to_site_time(clock.now()).date()


def make_offices() -> Offices:
    city, regency = make_unit("Kota Contoh", kind="instansi"), make_unit("Kabupaten Contoh", kind="instansi")
    health, schools = make_unit("Dinas Kesehatan", city), make_unit("Dinas Pendidikan", city)
    clinic, farms = make_unit("Puskesmas Contoh", health), make_unit("Dinas Pertanian", regency)
    law, money = make_course("hukum", title="Hukum dasar"), make_course("uang", title="Keuangan dasar")
    people = {
        name: make_person(name=f"{name} Contoh", unit_id=unit.id)
        for name, unit in [
            ("Ani", health),
            ("Budi", health),
            ("Citra", clinic),
            ("Dedi", clinic),
            ("Eka", schools),
            ("Fitri", schools),
            ("Gita", farms),
        ]
    }
    made = Offices(
        city,
        health,
        clinic,
        schools,
        regency,
        farms,
        law,
        money,
        people,
        {},
        admin=make_admin(name="Admin Situs"),
        agency_admin=make_person(name="Admin Kota"),
        head=make_person(name="Kepala Kesehatan"),
    )
    grant(made.agency_admin, "agency-admin", unit=city)
    grant(made.head, "head", unit=health)
    _take(made, "Ani", law, "finished", due=-3)
    _take(made, "Budi", law, "in-progress", due=-1)
    _take(made, "Citra", law, "waiting", due=2)
    _take(made, "Dedi", law, None, due=4)
    _take(made, "Eka", law, "in-progress", due=60)
    _take(made, "Gita", law, "finished", due=None)
    _take(made, "Ani", money, "failed", due=9)
    _take(made, "Budi", money, None, due=None, withdrawn_at=clock.now())
    _take(made, "Gita", money, None, due=None)
    make_person(name="Hilang Contoh", unit_id=health.id, is_active=False)
    return made


def _take(made: Offices, name: str, course: Course, state: str | None, *, due: int | None, **values: Any) -> None:
    due_on = None if due is None else today() + timedelta(days=due)
    enrolment = make_enrolment(made.people[name], course, due_on=due_on, enrolled_at=clock.now(), **values)
    if state:
        row = EnrolmentState(enrolment_id=enrolment.id, state=state, done=1, needed=2, touched_at=clock.now())
        db.session.add(row)
        db.session.flush()
    made.enrolments[name, course.slug] = enrolment


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
