"""When backups are made and how long they are kept: settings that an admin edits."""

from __future__ import annotations

from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting

GROUP = lazy("Backups")


def _rule(name: str, default: int, label: LazyString, most: int, hint: LazyString | None = None) -> Setting:
    complaint = lazy("A whole number from 0 to %(most)s.", most=most)
    return Setting(
        name,
        default,
        group=GROUP,
        label=label,
        hint=hint,
        check=lambda value: None if 0 <= value <= most else str(complaint),
    )


HOUR = _rule("backup_hour", 2, lazy("Hour of the daily backup"), 23, lazy("In the site's time zone: 2 is 02.00."))
DAYS = _rule("backup_days", 14, lazy("Days for which the daily backup is kept"), 366)
WEEKS = _rule("backup_weeks", 8, lazy("Weeks for which one backup is kept"), 520)
