"""Background jobs of cohorts. Safe to run twice at the same time."""

from __future__ import annotations

from lms.core import clock
from lms.enrolment import services


def admit_registered() -> int:
    """Admit people who were put on a list before they had an account; returns how many. The worker commits."""
    return services.admit_registered(now=clock.now())
