"""The order of moments, as far as the files tell."""

from __future__ import annotations

from datetime import datetime, time

from lms.content.markdown.fields import Fields
from lms.content.markdown.problems import say
from lms.content.when import When


def refuse_disorder(earlier: When | None, later: When | None, fields: Fields, key: str) -> None:
    """Report ``key``, where ``later`` stands, if it lies before ``earlier``.

    Moments that count from different days are left alone: nothing is known of
    how far these are apart.
    """
    if not earlier or not later or earlier.base != later.base:
        return
    if _position(later, closes=True) < _position(earlier, closes=False):
        fields.fault(
            key,
            say("“%(key)s” lies before the moment that it should follow", key=key),
            say("correct one of the two moments"),
        )


def _position(when: When, *, closes: bool) -> tuple[int, datetime | time]:
    end = time(23, 59, 59) if closes else time()
    if when.moment:
        return 0, datetime.combine(when.moment, when.at or end)
    return when.days, when.at or end
