"""The people and units of the demo: who is there from its first day on, all marked as examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select

from lms.accounts import passwords
from lms.accounts import queries as accounts
from lms.accounts.details import PersonDetails
from lms.accounts.models import Person, Unit
from lms.accounts.services import people, units
from lms.core.db import db

PASSWORD = "belajar-asn-sorong"  # noqa: S105  (public on purpose; a production start warns while it is in use)
ADMIN, INSTRUCTOR, HEAD = "197503122000031001", "198207152008012002", "197011051995031003"
PPPK = "199305202023211005"
LEARNERS = [f"199001012015031{number:03}" for number in range(1, 25)]
TOP = "Pemerintah Kota Sorong"
UNITS = (
    "Dinas Kesehatan",
    "Dinas Pendidikan",
    "Dinas Sosial",
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
)


@dataclass(frozen=True)
class Cast:
    """Who is there. ``offices`` in the order of ``UNITS``, all below ``top``."""

    admin: Person
    instructor: Person
    head: Person
    pppk: Person
    learners: list[Person]
    top: Unit
    offices: list[Unit]

    def learner(self, number: int) -> Person:
        """Counted from 1, as in their names."""
        return self.learners[number - 1]


def gather(now: datetime) -> Cast:
    """Everybody, made where missing; learners sit in the four units by turns."""
    top, offices = _units(now)
    admin = person(ADMIN, "Contoh Admin", offices[3], now, position="Analis SDM Aparatur")
    instructor = person(
        INSTRUCTOR, "Contoh Widyaiswara", offices[3], now, position="Widyaiswara Ahli Muda", title_after="M.Si."
    )
    head = person(HEAD, "Contoh Kepala Dinas", offices[0], now, position="Kepala Dinas Kesehatan")
    learners = [
        person(nip, f"Peserta Contoh {number:02}", offices[(number - 1) % 4], now)
        for number, nip in enumerate(LEARNERS, start=1)
    ]
    pppk = person(PPPK, "Peserta Contoh PPPK", offices[0], now, status="pppk", rank="IX")
    return Cast(admin, instructor, head, pppk, learners, top, offices)


def person(nip: str, name: str, unit: Unit, now: datetime, **values: str) -> Person:
    """Somebody who signs in with the password that everybody knows."""
    found = accounts.person_named(nip)
    if found is None:
        details = {"status": "pns", "rank": "III/b", "position": "Pelaksana"} | values
        found = people.create_person(
            PersonDetails(nip=nip, name=name, unit_id=unit.id, **details), actor_id=None, now=now
        )
        found.is_demo, found.password_hash = True, _password_hash()
    return found


@cache
def _password_hash() -> str:
    """One for all: hashing is slow on purpose, and this password keeps nothing secret."""
    return passwords.hashed(PASSWORD)


def _units(now: datetime) -> tuple[Unit, list[Unit]]:
    top = db.session.scalar(select(Unit).where(Unit.parent_id.is_(None), Unit.name == TOP))
    top = top or units.create_unit(TOP, "instansi", None, actor_id=None, now=now)
    found = {unit.name: unit for unit in db.session.scalars(select(Unit).where(Unit.parent_id == top.id))}
    return top, [found.get(name) or units.create_unit(name, "opd", top, actor_id=None, now=now) for name in UNITS]
