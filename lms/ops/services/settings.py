"""Settings that an admin edits: when backups are made, how long they are kept, who gets the head of the ledger."""

from __future__ import annotations

import re

from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting, whole_number

GROUP = lazy("Backups")
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
_NO_ADDRESS = lazy("Enter one e-mail address, or leave it empty.")


def _rule(name: str, default: int, label: LazyString, most: int, hint: LazyString | None = None) -> Setting:
    return whole_number(name, default, (0, most), group=GROUP, label=label, hint=hint)


HOUR = _rule("backup_hour", 2, lazy("Hour of the daily backup"), 23, lazy("In the site's time zone: 2 is 02.00."))
DAYS = _rule("backup_days", 14, lazy("Days for which the daily backup is kept"), 366)
HEAD_ADDRESS = Setting(
    "ledger_head_address",
    "",
    group=lazy("Evidence"),
    label=lazy("E-mail address for the daily head of the activity log"),
    hint=lazy("Outside this site, such as the inspectorate's. Empty: no mail is sent."),
    check=lambda value: None if not value or _ADDRESS.fullmatch(value) else str(_NO_ADDRESS),
)
WEEKS = _rule("backup_weeks", 8, lazy("Weeks for which one backup is kept"), 520)
