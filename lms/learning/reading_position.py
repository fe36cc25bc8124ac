"""Where a learner stopped reading a module, told by several devices.

A device says how long ago it was there, not when: its clock may be wrong. It also names the newest position that it
had heard of, so that what it read since then is newer even if its clock was put right meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lms.content.rendering.text_parts import Part, TextParts
from lms.lib.digits import whole_number

MAX_AGE = timedelta(days=400)
MAX_SECONDS = 9_999_999_999
"""The largest number of seconds that is read; as a Unix time, the year 2286."""
MIN_INTERVAL = timedelta(seconds=3)
"""Between two positions of a learner in a module. The page's script waits longer; this bounds other programs."""


@dataclass(frozen=True)
class ReadingPosition:
    """``part`` is the id of a heading, ``at`` the moment by the server's clock, in whole seconds."""

    part: str
    at: datetime


@dataclass(frozen=True)
class SentPosition(ReadingPosition):
    """``after`` is the moment of the newest position that the device had heard of."""

    after: datetime | None = None

    def is_newer(self, stored: ReadingPosition | None) -> bool:
        return stored is None or self.at >= stored.at or self.after == stored.at

    def comes_too_fast(self, stored: ReadingPosition) -> bool:
        return timedelta() <= self.at - stored.at < MIN_INTERVAL


def sent_position(part: str, age: str, known: str, now: datetime) -> SentPosition:
    """``age`` in seconds and ``known`` as a Unix time, as a form has them; anything but a number counts as 0."""
    ago = min(timedelta(seconds=_whole(age)), MAX_AGE)
    after = datetime.fromtimestamp(_whole(known), UTC) if known else None
    return SentPosition(part, (now - ago).replace(microsecond=0), after)


def _whole(text: str) -> int:
    return whole_number(text, most=MAX_SECONDS) or 0


@dataclass(frozen=True)
class PositionInText:
    """A position in the present text. ``number`` counts from 1; ``minutes_left`` from the beginning of the part."""

    number: int
    count: int
    part: Part
    minutes_left: int
    at: datetime


def position_in_text(parts: TextParts, part: str | None, at: datetime | None) -> PositionInText | None:
    """Find a position in a text; None if there is none, or if the text no longer has the part."""
    number = parts.number(part)
    if number is None or at is None:
        return None
    return PositionInText(number, len(parts.parts), parts.parts[number - 1], parts.minutes_from(number), at)
