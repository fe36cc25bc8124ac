"""Units, people and roles that came after the first day: a unit renamed, a spreadsheet imported, roles granted."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from lms.core.i18n import to_site_time
from lms.demo import cast
from lms.demo.cast import CastMember
from lms.lib.tables import Sheet, write_csv
from lms.people import policy
from lms.people.services import roles, units
from lms.roster.columns import COLUMNS
from lms.roster.list_file import read_people
from lms.roster.plan import plan
from lms.roster.services import imports


def fill_directory(*, began: datetime, now: datetime) -> None:
    """``began`` is when the site was set up, in March of last year."""
    _create_subunits(began, now)
    _import_people(now - timedelta(days=60))
    for member in cast.ASSISTANTS:
        cast.create_member(member, began)
    _grant_roles(began, now)


def _create_subunits(began: datetime, now: datetime) -> None:
    """The clinic was renamed on New Year's Day, so last year's report shows the old name."""
    admin_id, health, education = cast.person(cast.ADMIN).id, cast.unit(cast.HEALTH), cast.unit(cast.EDUCATION)
    clinic = units.create_unit(cast.CLINIC_UNTIL_NEW_YEAR, "upt", health, actor_id=admin_id, now=began)
    units.create_unit(cast.SCHOOL, "upt", education, actor_id=admin_id, now=began)
    new_year = began.replace(year=began.year + 1, month=1, day=1)
    units.rename_unit(clinic, cast.CLINIC, "upt", actor_id=admin_id, now=min(new_year, now))


def _import_people(now: datetime) -> None:
    """A spreadsheet as they are in practice: five new people, one new post, and three rows that are refused."""
    admin_id, changed = cast.person(cast.ADMIN).id, cast.learner(9)
    members = (
        *cast.IMPORTED,
        CastMember(changed.nip or "", changed.name, cast.HEALTH, "Pengelola Data dan Informasi", changed.rank, "PNS"),
        CastMember("1,98001E+17", "Contoh Nomor Rusak", cast.EDUCATION, rank="II/a", status="PNS"),
        CastMember("198001012010011010", "Contoh Salah Unit", "Puskesmas Conto", rank="II/b", status="PNS"),
        CastMember("198001012010011011", "", cast.SOCIAL, rank="II/b", status="PNS"),
    )
    rows = [tuple(member._asdict().get(field, "") for field in COLUMNS) for member in members]
    out = io.BytesIO()
    write_csv(out, Sheet("Pegawai", list(COLUMNS.values()), rows))
    row = imports.queue_import(out.getvalue(), "daftar-pegawai-contoh.csv", actor_id=admin_id, now=now)
    file = read_people(out.getvalue())
    found = plan(file.rows, imports.existing_data(row, file, policy.may_change, now=now))
    imports.show_plan(row, file, found, refused_key=imports.store_refused(file, found))
    imports.approve(row, row.digest, actor_id=admin_id, now=now + timedelta(minutes=7))
    imports.write(row, file, policy.may_change, now=now + timedelta(minutes=8))
    for member in cast.IMPORTED:
        cast.person(member.nip).is_demo = True


def _grant_roles(began: datetime, now: datetime) -> None:
    """The head is away for two weeks and has a deputy; the agency has an admin of its own."""
    admin_id, today = cast.person(cast.ADMIN).id, to_site_time(now).date()
    roles.grant_role(
        cast.person(cast.DEPUTY),
        "head",
        unit_id=cast.unit(cast.HEALTH).id,
        is_deputy=True,
        starts_on=today - timedelta(days=3),
        ends_on=today + timedelta(days=11),
        actor_id=admin_id,
        now=now - timedelta(days=4),
    )
    agency_id = cast.unit(cast.AGENCY).id
    roles.grant_role(cast.person(cast.AGENCY_ADMIN), "agency-admin", unit_id=agency_id, actor_id=admin_id, now=began)
