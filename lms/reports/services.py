"""The settings that boards depend on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.core import settings as site_settings
from lms.learning.services import NEAR_DAYS
from lms.records.services import settings
from lms.records.years import JpTarget


def board_settings(statuses: Iterable[str], year: int) -> tuple[int, Mapping[str, JpTarget]]:
    """The number of days that count as near a deadline, and the JP targets of a year by status."""
    values = site_settings.values([NEAR_DAYS, *settings.TARGET_SETTINGS], year)
    return values[NEAR_DAYS.name], settings.jp_targets(values, statuses)
