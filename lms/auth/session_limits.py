"""How long somebody stays signed in on a device."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from lms.lib.moments import is_future

LEARNER_IDLE_DAYS, LEARNER_DAYS = "session_idle_days", "session_days"
OFFICE_IDLE_HOURS, OFFICE_DAYS = "office_session_idle_hours", "office_session_days"
DEFAULTS = {
    LEARNER_IDLE_DAYS: 60,
    LEARNER_DAYS: 180,  # longer than a course, and a lost phone ends some day
    OFFICE_IDLE_HOURS: 12,
    OFFICE_DAYS: 7,  # a session kept alive by a stolen cookie serves for a working week at most
}
"""The settings by name, with their defaults."""
MIN_NOTE_INTERVAL, MAX_NOTE_INTERVAL = timedelta(minutes=1), timedelta(hours=1)


class SessionLimits(NamedTuple):
    idle: timedelta
    """Without a request."""
    absolute: timedelta
    """Since the sign-in, whatever happens."""

    def have_passed(self, began_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
        return now - last_seen_at > self.idle or now - began_at > self.absolute

    def needs_note(self, began_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
        """Whether it must be recorded that the device is in use.

        Not at every request, which would be a write each: the idle limit may come early by a hundredth of it. Stamps
        from a clock that was ahead are replaced at once; until then, the session would last for too long.
        """
        interval = min(MAX_NOTE_INTERVAL, max(MIN_NOTE_INTERVAL, self.idle / 100))
        return now - last_seen_at >= interval or is_future(last_seen_at, now) or is_future(began_at, now)


def session_limits(changed: Mapping[str, int | None], *, has_office_rights: bool) -> SessionLimits:
    """``changed`` are the values of the settings by name; a setting without a value has its default."""
    values = {name: changed.get(name) or default for name, default in DEFAULTS.items()}
    if has_office_rights:
        return SessionLimits(timedelta(hours=values[OFFICE_IDLE_HOURS]), timedelta(days=values[OFFICE_DAYS]))
    return SessionLimits(timedelta(days=values[LEARNER_IDLE_DAYS]), timedelta(days=values[LEARNER_DAYS]))
