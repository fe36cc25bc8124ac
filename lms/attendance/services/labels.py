"""Words for modes of sessions and marks of attendance, the same on every page."""

from __future__ import annotations

from lms.core.i18n import LazyString, lazy

MODES: dict[str, LazyString] = {
    "seminar": lazy("Seminar"),
    "workshop": lazy("Workshop"),
    "webinar": lazy("Webinar"),
}
STATUSES: dict[str, LazyString] = {
    "present": lazy("present"),
    "excused": lazy("excused"),
    "absent": lazy("absent"),
    "claimed": lazy("code came late"),
}
