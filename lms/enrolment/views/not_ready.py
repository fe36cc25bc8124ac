"""The notice about people who were left out for lack of a prerequisite."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash

from lms.core.i18n import ngettext
from lms.people.models import Person

MOST_NAMES = 5


def flash_not_ready(people: Sequence[Person]) -> None:
    """Flash a notice with up to ``MOST_NAMES`` names; nothing if ``people`` is empty."""
    if not people:
        return
    names = ", ".join(person.full_name for person in people[:MOST_NAMES]) + (", …" if people[MOST_NAMES:] else "")
    flash(
        ngettext(
            "%(num)s person was left out, because a course that comes first is not completed: %(names)s.",
            "%(num)s people were left out, because a course that comes first is not completed: %(names)s.",
            len(people),
            names=names,
        ),
        "fail",
    )
