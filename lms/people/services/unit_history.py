"""The history of the unit tree."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.people.models import Unit, UnitVersion

RECORDED = ("name", "kind", "parent_id")


def record_units(unit_ids: Collection[int], *, now: datetime) -> None:
    """Record changed units, valid from today. Must be called after every change of a unit.

    Several changes on a day leave one version, the last.
    """
    db.session.flush()
    today = to_site_time(now).date()
    current = {
        row.unit_id: row
        for row in db.session.scalars(
            select(UnitVersion).where(UnitVersion.unit_id.in_(unit_ids), UnitVersion.until.is_(None))
        )
    }
    for unit in db.session.scalars(select(Unit).where(Unit.id.in_(unit_ids)).order_by(Unit.id)):
        _record(unit, current.get(unit.id), today)
    db.session.flush()


def _record(unit: Unit, version: UnitVersion | None, today: date) -> None:
    values = {name: getattr(unit, name) for name in RECORDED}
    if version is not None and unit.ended_on is None:
        if all(getattr(version, name) == value for name, value in values.items()):
            return
        if version.since == today:
            for name, value in values.items():
                setattr(version, name, value)
            return
    if version is not None:
        version.until = today
        db.session.flush()  # the unique index allows one current version
    if unit.ended_on is None:
        db.session.add(UnitVersion(unit_id=unit.id, since=today, **values))
