"""The cast of the demo: its units and its people, each written down once. All are marked as examples."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import select

from lms.auth import passwords
from lms.core.db import db
from lms.people import queries as persons
from lms.people.details import PersonDetails
from lms.people.models import Person, Unit
from lms.people.services import people, units

PASSWORD = "belajar-asn-sorong"  # noqa: S105  (public on purpose; a production start warns while it is in use)

AGENCY = "Pemerintah Kota Sorong"
HEALTH, EDUCATION, SOCIAL = "Dinas Kesehatan", "Dinas Pendidikan", "Dinas Sosial"
PERSONNEL = "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia"
UNITS = (HEALTH, EDUCATION, SOCIAL, PERSONNEL)
CLINIC, CLINIC_UNTIL_NEW_YEAR, SCHOOL = "Puskesmas Contoh", "Puskesmas Pembantu Contoh", "SD Contoh"

ADMIN, INSTRUCTOR, HEAD = "197503122000031001", "198207152008012002", "197011051995031003"
LEARNERS = [f"199001012015031{number:03}" for number in range(1, 25)]
PPPK = "199305202023211005"
DEPUTY, COMMITTEE, AGENCY_ADMIN = "198001012010011001", "198001012010012002", "198001012010011003"
MIDWIFE, NURSE, TEACHER = "198001012010012004", "198001012023212005", "198001012010011006"
OPERATOR, CLERK = "198001012023211007", "198001012010012008"
WITHOUT_ACCOUNT = "198001012010011009"
"""On the list of a cohort, but not registered yet."""


class CastMember(NamedTuple):
    nip: str
    name: str
    unit: str
    position: str = "Pelaksana"
    rank: str = "III/b"
    status: str = "pns"
    title_after: str = ""


FIRST = (
    CastMember(ADMIN, "Contoh Admin", PERSONNEL, "Analis SDM Aparatur"),
    CastMember(INSTRUCTOR, "Contoh Widyaiswara", PERSONNEL, "Widyaiswara Ahli Muda", title_after="M.Si."),
    CastMember(HEAD, "Contoh Kepala Dinas", HEALTH, "Kepala Dinas Kesehatan"),
    *(CastMember(nip, f"Peserta Contoh {nip[-2:]}", UNITS[n % 4]) for n, nip in enumerate(LEARNERS)),
    CastMember(PPPK, "Peserta Contoh PPPK", HEALTH, rank="IX", status="pppk"),
)
"""Present from the first day on. Learners are spread over the four units in turn."""
ASSISTANTS = (
    CastMember(DEPUTY, "Contoh Pelaksana Harian", HEALTH, "Sekretaris Dinas Kesehatan", "III/c"),
    CastMember(COMMITTEE, "Contoh Panitia", PERSONNEL, "Pengelola Diklat", "III/c"),
    CastMember(AGENCY_ADMIN, "Contoh Admin Instansi", PERSONNEL, "Analis SDM Aparatur", "III/c"),
)
IMPORTED = (
    CastMember(MIDWIFE, "Contoh Bidan", CLINIC, "Bidan Terampil", "II/d", "PNS"),
    CastMember(NURSE, "Contoh Perawat", CLINIC, "Perawat Terampil", "VII", "PPPK"),
    CastMember(TEACHER, "Contoh Guru", SCHOOL, "Guru Ahli Pertama", "III/a", "PNS"),
    CastMember(OPERATOR, "Contoh Operator Sekolah", SCHOOL, "Operator Layanan Operasional", "V", "PPPK Paruh Waktu"),
    CastMember(CLERK, "Contoh Petugas Loket", SOCIAL, "Pengelola Layanan Operasional", "II/c", "PNS"),
)
"""Brought in by a spreadsheet, with statuses as people write them there."""


def create_cast(now: datetime) -> None:
    """Create the units and the first people, as far as they are missing."""
    agency = db.session.scalar(select(Unit).where(Unit.parent_id.is_(None), Unit.name == AGENCY))
    agency = agency or units.create_unit(AGENCY, "instansi", None, actor_id=None, now=now)
    present = set(db.session.scalars(select(Unit.name).where(Unit.parent_id == agency.id)))
    for name in UNITS:
        if name not in present:
            units.create_unit(name, "opd", agency, actor_id=None, now=now)
    for member in FIRST:
        create_member(member, now)


def create_member(member: CastMember, now: datetime) -> None:
    """Create a person who signs in with the public password, unless the NIP is taken."""
    if persons.person_named(member.nip) is None:
        details = member._asdict() | {"unit_id": unit(member.unit).id}
        del details["unit"]
        person = people.create_person(PersonDetails(**details), actor_id=None, now=now)
        person.is_demo, person.password_hash = True, password_hash()


@cache
def password_hash() -> str:
    """One for all: hashing is slow on purpose, and this password keeps nothing secret."""
    return passwords.hash_password(PASSWORD)


def person(nip: str) -> Person:
    found = persons.person_named(nip)
    assert found is not None
    return found


def learner(number: int) -> Person:
    """Counted from 1, as in their names."""
    return person(LEARNERS[number - 1])


def unit(name: str) -> Unit:
    """The agency, or one of ``UNITS`` below it."""
    parent_id = None if name == AGENCY else unit(AGENCY).id
    return db.session.scalars(select(Unit).where(Unit.name == name, Unit.parent_id == parent_id)).one()
