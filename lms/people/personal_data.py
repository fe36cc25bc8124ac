"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import REPEATED, SECRET, DataArea, left_to_the_agency, rows
from lms.people.models import Person, Placement, Unit


def _account(person_id: int) -> dict[str, Any]:
    account = (
        select(
            Person.nip,
            Person.email,
            Person.phone,
            Person.name,
            Person.title_before,
            Person.title_after,
            Person.status,
            Person.rank,
            Person.position,
            Unit.name.label("unit"),
            Person.language,
            Person.wants_mail,
            Person.unread_notices,
            Person.must_change_password,
            Person.is_active,
            Person.created_at,
        )
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(Person.id == person_id)
    )
    placements = (
        select(
            Placement.since,
            Placement.until,
            Unit.name.label("unit"),
            Placement.status,
            Placement.rank,
            Placement.position,
            Placement.source,
        )
        .outerjoin(Unit, Unit.id == Placement.unit_id)
        .where(Placement.person_id == person_id)
        .order_by(Placement.since)
    )
    return {"account": rows(account), "placements": rows(placements)}


AREAS = (
    DataArea(
        name="account",
        title=lazy("Account and placement"),
        what=lazy(
            "Name and titles, NIP or NI PPPK (which contains the date of birth and the sex), employment status, rank,"
            " position and unit with earlier ones; e-mail address, telephone number and language, where given."
        ),
        why=lazy("To know who learns, to report to the right unit and to print certificates."),
        who=lazy(
            "The person, the admins of the agency and of the site. Heads, instructors and committees see the name and"
            " the unit, and of the NIP only its end; heads see the telephone number."
        ),
        how_long=left_to_the_agency,
        tables=("person", "placement"),
        copied=_account,
        not_copied={
            "person.password_hash": SECRET,
            "person.search_text": REPEATED,
            "person.is_demo": "tells demo data from people",
        },
    ),
)
