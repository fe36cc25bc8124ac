"""The history of people's units, statuses, ranks and positions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import case, insert, or_, select, update

from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.people.models import Person, Placement

BATCH_SIZE = 1_000
"""People per statement."""


def record_placements(person_ids: Collection[int], *, source: str, now: datetime) -> int:
    """Record changed placements of these people, valid from today. Returns the number of changes.

    Must be called after every change of a unit, status, rank or position, and after a deactivation or reactivation.
    Several changes on a day leave one placement, the last. A deactivated person has no current placement.
    """
    db.session.flush()
    today = to_site_time(now).date()
    ids, changed = sorted(set(person_ids)), 0
    for start in range(0, len(ids), BATCH_SIZE):
        found = _changed(ids[start : start + BATCH_SIZE])
        same_day = [row for row in found if row.is_active and row.since == today]
        others = [row for row in found if not row.is_active or row.since != today]
        ended = [row for row in others if row.placement_id is not None]
        begun = [row for row in others if row.is_active]
        if same_day:
            db.session.execute(update(Placement), [{"id": row.placement_id, **_values(row)} for row in same_day])
        if ended:
            db.session.execute(update(Placement), [{"id": row.placement_id, "until": today} for row in ended])
        if begun:
            new = {"since": today, "until": None, "source": source}
            table: Any = Placement.__table__  # without the mapper, an eighth faster
            db.session.execute(insert(table), [{"person_id": row.id, **_values(row), **new} for row in begun])
        changed += len(found)
    return changed


def _changed(person_ids: Collection[int]) -> list[Any]:
    """People whose current placement is missing or out of date, and deactivated people who still have one."""
    columns = ("unit_id", "status", "rank", "position")
    differs = [getattr(Person, name).is_distinct_from(getattr(Placement, name)) for name in columns]
    has_none = Placement.id.is_(None)
    is_present = (Placement.person_id == Person.id) & Placement.until.is_(None)
    found = (
        select(
            Person.id,
            Person.is_active,
            Person.unit_id,
            Person.status,
            Person.rank,
            Person.position,
            Placement.id.label("placement_id"),
            Placement.since,
        )
        .outerjoin(Placement, is_present)
        .where(Person.id.in_(person_ids), case((Person.is_active, or_(has_none, *differs)), else_=~has_none))
    )
    return list(db.session.execute(found).all())


def _values(row: Any) -> dict[str, Any]:
    return {"unit_id": row.unit_id, "status": row.status, "rank": row.rank, "position": row.position}
