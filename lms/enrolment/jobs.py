"""Later work of cohorts. ``admit_registered`` runs every minute; a second run at once is harmless."""

from __future__ import annotations

from lms.core import clock
from lms.enrolment import services


def admit_registered() -> int:
    """Bring in who was put on a list before there was an account; gives their number. The worker commits."""
    return services.admit_registered(now=clock.now())
