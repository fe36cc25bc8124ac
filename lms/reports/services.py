"""What an agency decides about its boards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.core import rules
from lms.core.i18n import lazy
from lms.core.rules import Rule
from lms.records.services import settings
from lms.records.years import Target

NEAR_DAYS = Rule(
    "near_deadline_days",
    7,
    group=lazy("Board"),
    label=lazy("Near the deadline: days before it"),
    hint=lazy("So many days before the last day somebody who is not done counts as near the deadline."),
    check=lambda value: None if 0 <= value <= 60 else str(lazy("Between 0 and 60.")),
)


def decided(statuses: Iterable[str]) -> tuple[int, Mapping[str, Target]]:
    """How many days are near a deadline, and the targets of the year by status."""
    values = rules.values([NEAR_DAYS, *settings.TARGET_RULES])
    return values[NEAR_DAYS.name], settings.targets(values, statuses)
