"""What the site as a whole stores about people: the ledger, settings, backups and the server's log."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import or_, select

from lms.core import settings
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.ledger import LedgerEntry
from lms.core.personal_data import OTHERS, DataArea, Words, rows
from lms.ops.services.settings import DAYS, WEEKS


def _ledger(person_id: int) -> dict[str, Any]:
    """What the person did, and what was done to the account. Of what the person did to others, only the verb."""
    own = f"person:{person_id}"
    found = rows(
        select(LedgerEntry.at, LedgerEntry.actor_id, LedgerEntry.verb, LedgerEntry.target, LedgerEntry.facts)
        .where(or_(LedgerEntry.actor_id == person_id, LedgerEntry.target == own))
        .order_by(LedgerEntry.id)
    )
    return {"entries": [_entry(row, person_id, own) for row in found]}


def _entry(row: dict[str, Any], person_id: int, own: str) -> dict[str, Any]:
    is_about_me = row["target"] == own
    return {
        "at": row["at"],
        "by": "myself" if row["actor_id"] == person_id else "office",
        "verb": row["verb"],
        "about": "my account" if is_about_me else row["target"].partition(":")[0],
        "facts": json.loads(row["facts"]) if is_about_me else {},
    }


def _how_long_backups() -> Words:
    kept = settings.values((DAYS, WEEKS))
    return _(
        "The daily backup of the last %(days)s days and one a week of the last %(weeks)s weeks; older ones are deleted"
        " automatically. How long the server's log and other copies are kept is set on the server.",
        days=kept[DAYS.name],
        weeks=kept[WEEKS.name],
    )


AREAS = (
    DataArea(
        name="activity-log",
        title=lazy("Activity log"),
        what=lazy("Who changed what and when: accounts, roles, settings, enrolments, marks and certificates."),
        why=lazy("So that every mark and certificate can be explained, and no change goes unnoticed."),
        who=lazy("The admins of the site. Your copy of your data has your own entries."),
        how_long=lambda: lazy("Not deleted: the entries are chained, so that a missing one is noticed."),
        tables=("ledger_entry", "rule_value", "rule_value_from"),
        copied=_ledger,
        not_copied={
            "rule_value": "the ledger says who changed which setting",
            "rule_value_from": "the ledger says who changed which setting",
            "ledger_entry.seal": "a checksum",
            "ledger_entry.actor_id": OTHERS,
        },
    ),
    DataArea(
        name="backups",
        title=lazy("Backups and the server's log"),
        what=lazy(
            "Backups contain all of the above. The log contains the time, the page, the number of the account and"
            " errors, but no names, NIPs or answers; the web server may log the network (IP) address."
        ),
        why=lazy("To lose nothing when a disk fails, and to find faults."),
        who=lazy("Those who run the server."),
        how_long=_how_long_backups,
        tables=("backup",),
        not_copied={"backup": "says when a backup was made, nothing about people"},
    ),
)
