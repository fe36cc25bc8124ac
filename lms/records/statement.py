"""The code of a printed list of somebody's training: whose it is and of which moment, with a MAC by the site's
secret.

Nothing is stored. The check page lists the records that there were at that moment, so a paper that says otherwise is
found out. A new secret makes older statements unknown; the certificates that they list keep their own codes.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, TypeVar

from lms.records.codes import ALPHABET
from lms.records.repeats import Rules, counted_before

LENGTH = 24
"""Four characters more than a certificate's code: that tells them apart."""

_BYTES, _MAC = 15, 7


@dataclass(frozen=True)
class Statement:
    person_id: int
    at: datetime
    """To the second, in UTC."""

    def code(self, secret: str) -> str:
        facts = self.person_id.to_bytes(4) + int(self.at.timestamp()).to_bytes(4)
        number = int.from_bytes(facts + _mac(facts, secret))
        return "".join(ALPHABET[number >> 5 * position & 31] for position in reversed(range(LENGTH)))


def read(code: str, secret: str) -> Statement | None:
    """Read a code; None if it is not one that this site gave."""
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    number = 0
    for character in code:
        number = number << 5 | ALPHABET.index(character)
    data = number.to_bytes(_BYTES)
    facts, mac = data[:-_MAC], data[-_MAC:]
    if not hmac.compare_digest(mac, _mac(facts, secret)):
        return None
    return Statement(int.from_bytes(facts[:4]), datetime.fromtimestamp(int.from_bytes(facts[4:]), UTC))


class ListableRecord(Protocol):
    course_id: int
    enrolment_id: int
    jp: int
    completed_on: date
    revoked_at: datetime | None


ListedRecord = TypeVar("ListedRecord", bound=ListableRecord)


def by_year(
    records: Sequence[ListedRecord], at: datetime, rules: Rules
) -> dict[int, tuple[int, list[tuple[ListedRecord, date | None]]]]:
    """The JP that counted then, and all records, by year; each with the day on which its course was completed before,
    if its JP therefore did not count."""
    valid = [record for record in records if record.revoked_at is None or record.revoked_at > at]
    before = counted_before(valid, rules)
    years: dict[int, tuple[int, list[tuple[ListedRecord, date | None]]]] = {}
    for record in records:
        jp, listed = years.get(record.completed_on.year, (0, []))
        counted_on = before.get(record.enrolment_id) if record in valid else None
        is_counted = record in valid and counted_on is None
        years[record.completed_on.year] = (jp + record.jp * is_counted, [*listed, (record, counted_on)])
    return years


def moment(midnight: datetime, changes: Iterable[datetime]) -> datetime:
    """The moment of a list made today: its last change, or the beginning of the day.

    So a page shows the same code all day, and its copies in browsers stay good.
    """
    latest = max([midnight, *changes])
    return latest.replace(microsecond=0) + (timedelta(seconds=1) if latest.microsecond else timedelta())


def _mac(facts: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"statement of training" + facts, "sha256")[:_MAC]
