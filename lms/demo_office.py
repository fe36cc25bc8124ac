"""The training office at work: a unit renamed, a list of people brought in, roles given."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms import demo_cast
from lms.accounts import policy
from lms.accounts import queries as accounts
from lms.accounts.models import Person, Unit
from lms.accounts.people_columns import COLUMNS
from lms.accounts.people_file import read_people
from lms.accounts.people_plan import plan
from lms.accounts.services import imports, roles, units
from lms.core.i18n import to_site_time
from lms.demo_cast import Cast
from lms.lib.tables import Sheet, write_csv

DEPUTY, COMMITTEE, AGENCY_ADMIN = "198001012010011001", "198001012010012002", "198001012010011003"
MIDWIFE, NURSE, TEACHER = "198001012010012004", "198001012023212005", "198001012010011006"
OPERATOR, CLERK = "198001012023211007", "198001012010012008"
CLINIC, SCHOOL = "Puskesmas Contoh", "SD Contoh"


@dataclass(frozen=True)
class Office:
    """Who came later: by the office's own hand, and by the list."""

    deputy: Person
    committee: Person
    agency_admin: Person
    midwife: Person
    nurse: Person
    teacher: Person
    operator: Person
    clerk: Person


def tell(cast: Cast, *, began: datetime, now: datetime) -> Office:
    """``began``: when the office took up its work, in March of last year."""
    _parts_of_units(cast, began, now)
    listed = _people_by_list(cast, now - timedelta(days=60))
    return Office(*_helpers(cast, began, now), **listed)


def _parts_of_units(cast: Cast, began: datetime, now: datetime) -> None:
    """A clinic has another name since the new year: last year's report shows the old one."""
    health, education = cast.offices[:2]
    clinic = units.create_unit("Puskesmas Pembantu Contoh", "upt", health, actor_id=cast.admin.id, now=began)
    units.create_unit(SCHOOL, "upt", education, actor_id=cast.admin.id, now=began)
    new_year = began.replace(year=began.year + 1, month=1, day=1)
    units.rename_unit(clinic, CLINIC, "upt", actor_id=cast.admin.id, now=min(new_year, now))


def _people_by_list(cast: Cast, now: datetime) -> dict[str, Person]:
    """A spreadsheet as one gets it: most rows are sound, one only changes a post, three come back."""
    out = io.BytesIO()
    write_csv(out, Sheet("Pegawai", list(COLUMNS.values()), _rows(cast)))
    row = imports.queue_import(out.getvalue(), "daftar-pegawai-contoh.csv", actor_id=cast.admin.id, now=now)
    file = read_people(out.getvalue())
    imports.show_plan(row, file, plan(file.rows, imports.world_of(row, file, policy.may_change, now=now)))
    imports.approve(row, row.digest, actor_id=cast.admin.id, now=now + timedelta(minutes=7))
    imports.write(row, file, policy.may_change, now=now + timedelta(minutes=8))
    names = {"midwife": MIDWIFE, "nurse": NURSE, "teacher": TEACHER, "operator": OPERATOR, "clerk": CLERK}
    return {name: _listed(nip) for name, nip in names.items()}


def _rows(cast: Cast) -> Iterator[tuple[str, ...]]:
    health, education, social, _training = (unit.name for unit in cast.offices)
    nine = cast.learner(9)
    yield _row(MIDWIFE, "Contoh Bidan", "PNS", "II/d", "Bidan Terampil", CLINIC)
    yield _row(NURSE, "Contoh Perawat", "PPPK", "VII", "Perawat Terampil", CLINIC)
    yield _row(TEACHER, "Contoh Guru", "PNS", "III/a", "Guru Ahli Pertama", SCHOOL)
    yield _row(OPERATOR, "Contoh Operator Sekolah", "PPPK Paruh Waktu", "V", "Operator Layanan Operasional", SCHOOL)
    yield _row(CLERK, "Contoh Petugas Loket", "PNS", "II/c", "Pengelola Layanan Operasional", social)
    yield _row(nine.nip or "", nine.name, "PNS", nine.rank, "Pengelola Data dan Informasi", health)
    yield _row("1,98001E+17", "Contoh Nomor Rusak", "PNS", "II/a", "Pelaksana", education)
    yield _row("198001012010011010", "Contoh Salah Unit", "PNS", "II/b", "Pelaksana", "Puskesmas Conto")
    yield _row("198001012010011011", "", "PNS", "II/b", "Pelaksana", social)


def _row(nip: str, name: str, status: str, rank: str, position: str, unit: str) -> tuple[str, ...]:
    cells = {"nip": nip, "name": name, "status": status, "rank": rank, "position": position, "unit": unit}
    return tuple(cells.get(field, "") for field in COLUMNS)


def _listed(nip: str) -> Person:
    """Who came by the list is an example like everybody else, and has not signed in yet."""
    person = accounts.person_named(nip)
    assert person is not None
    person.is_demo = True
    return person


def _helpers(cast: Cast, began: datetime, now: datetime) -> tuple[Person, Person, Person]:
    """The deputy of a head who is away for two weeks, somebody for committees, the agency's own admin."""
    health, training = cast.offices[0], cast.offices[3]
    deputy = _helper(DEPUTY, "Contoh Pelaksana Harian", health, began, "Sekretaris Dinas Kesehatan")
    committee = _helper(COMMITTEE, "Contoh Panitia", training, began, "Pengelola Diklat")
    agency_admin = _helper(AGENCY_ADMIN, "Contoh Admin Instansi", training, began, "Analis SDM Aparatur")
    today = to_site_time(now).date()
    roles.grant_role(
        deputy,
        "head",
        unit_id=health.id,
        is_deputy=True,
        starts_on=today - timedelta(days=3),
        ends_on=today + timedelta(days=11),
        actor_id=cast.admin.id,
        now=now - timedelta(days=4),
    )
    roles.grant_role(agency_admin, "agency-admin", unit_id=cast.top.id, actor_id=cast.admin.id, now=began)
    return deputy, committee, agency_admin


def _helper(nip: str, name: str, unit: Unit, now: datetime, position: str) -> Person:
    return demo_cast.person(nip, name, unit, now, rank="III/c", position=position)
