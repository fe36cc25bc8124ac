"""People and progress for trying out, all marked as examples; harmless to make again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, select

from lms import demo_progress
from lms.accounts.details import PersonDetails
from lms.accounts.models import Person, Unit
from lms.accounts.services import people, roles, units
from lms.accounts.services.passwords import set_password
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.courses import services as courses
from lms.courses.cli import read_source
from lms.courses.models import Course
from lms.enrolment import services as enrolment

PASSWORD = "belajar-asn-sorong"  # noqa: S105  (public on purpose; a production start warns while it is in use)
CONTENT = Path(__file__).resolve().parents[1] / "content"
ADMIN, INSTRUCTOR, HEAD = "197503122000031001", "198207152008012002", "197011051995031003"
PPPK = "199305202023211005"
LEARNERS = [f"199001012015031{number:03}" for number in range(1, 25)]
STORY = "pelayanan-publik"
"""The course in which some of the people have come some way."""
UNITS = (
    "Dinas Kesehatan",
    "Dinas Pendidikan",
    "Dinas Sosial",
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
)


def is_present() -> bool:
    """Whether an active demo account exists."""
    return bool(db.session.scalar(select(exists().where(Person.is_demo, Person.is_active))))


def create(*, zone: str) -> list[str]:
    """Make what is missing; gives the lines to print: who may sign in, and how. ``zone`` is the site's."""
    now = clock.now()
    offices = _units(now)
    admin = _person(ADMIN, "Contoh Admin", offices[3], now, position="Analis SDM Aparatur")
    roles.grant_role(admin, "admin", actor_id=None, now=now)
    instructor = _person(
        INSTRUCTOR, "Contoh Widyaiswara", offices[3], now, position="Widyaiswara Ahli Muda", title_after="M.Si."
    )
    head = _person(HEAD, "Contoh Kepala Dinas", offices[0], now, position="Kepala Dinas Kesehatan")
    roles.grant_role(head, "head", unit_id=offices[0].id, actor_id=None, now=now)
    learners = [
        _person(nip, f"Peserta Contoh {number:02}", offices[(number - 1) % 4], now)
        for number, nip in enumerate(LEARNERS, start=1)
    ]
    _person(PPPK, "Peserta Contoh PPPK", offices[0], now, status="pppk", rank="IX")
    for folder in sorted(path for path in CONTENT.iterdir() if (path / "course.md").is_file()):
        course = _course(folder, now)
        roles.grant_role(instructor, "instructor", course_id=course.id, actor_id=None, now=now)
        if course.slug == STORY:
            demo_progress.tell(learners, course, instructor, admin, zone=zone, now=now)
    db.session.commit()
    return [
        f"{ADMIN}  " + _("admin"),
        f"{INSTRUCTOR}  " + _("instructor of all courses"),
        f"{HEAD}  " + _("head of %(unit)s", unit=UNITS[0]),
        f"{LEARNERS[0]} … {LEARNERS[-1][-2:]}  " + _("learners"),
        f"{PPPK}  " + _("a learner with PPPK status"),
        _("Password of all: %(password)s", password=PASSWORD),
    ]


def _units(now: datetime) -> list[Unit]:
    top = db.session.scalar(select(Unit).where(Unit.parent_id.is_(None), Unit.name == "Pemerintah Kota Sorong"))
    top = top or units.create_unit("Pemerintah Kota Sorong", "instansi", None, actor_id=None, now=now)
    found = {unit.name: unit for unit in db.session.scalars(select(Unit).where(Unit.parent_id == top.id))}
    return [found.get(name) or units.create_unit(name, "opd", top, actor_id=None, now=now) for name in UNITS]


def _person(nip: str, name: str, unit: Unit, now: datetime, **values: str) -> Person:
    person = db.session.scalar(select(Person).where(Person.nip == nip))
    if person is None:
        details = {"status": "pns", "rank": "III/b", "position": "Pelaksana"} | values
        person = people.create_person(
            PersonDetails(nip=nip, name=name, unit_id=unit.id, **details), actor_id=None, now=now
        )
        person.is_demo = True
        set_password(person, PASSWORD, now)
    return person


def _course(folder: Path, now: datetime) -> Course:
    slug, files = read_source(folder)
    revision = courses.import_course(slug, files, actor_id=None, now=now).revision
    courses.publish(revision, actor_id=None, now=now)
    enrolment.set_open(revision.course, True, actor_id=None, now=now)
    return revision.course
