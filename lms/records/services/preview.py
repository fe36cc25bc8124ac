"""What certificates would say if they were issued now, and whether that has changed since somebody looked at it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from lms.core.db import db
from lms.core.i18n import LazyString, to_site_time
from lms.people import queries as persons
from lms.records import queries, services
from lms.records.certificate import CertificateFacts
from lms.records.models import NumberSequence
from lms.records.queries import Candidate
from lms.records.services import readiness, waiting
from lms.records.services.settings import CertificateSettings, certificate_settings

MARK_LENGTH = 16


@dataclass(frozen=True)
class Preview:
    """A person's certificate before it is issued, without what it gets then: number, code and curriculum."""

    candidate: Candidate
    facts: CertificateFacts
    missing: list[LazyString]


def previews(rows: Sequence[Any], settings: CertificateSettings, *, now: datetime) -> list[Preview]:
    """What would be printed for the rows of ``waiting.to_look_at``."""
    return [
        _preview(candidate, row, settings, now) for candidate, row in zip(queries.candidates(rows), rows, strict=True)
    ]


def _preview(one: Candidate, row: Any, settings: CertificateSettings, now: datetime) -> Preview:
    completed = services.CompletedCourse(one.completion, row[3], one.outcome)
    facts = services.facts_to_print(one.enrolment, one.person, completed, settings, now)
    return Preview(one, facts, readiness.missing_data(one.person))


def next_number(settings: CertificateSettings, course_code: str, *, now: datetime) -> str:
    """The number that the next certificate of the course gets, if nobody issues another one before."""
    day = to_site_time(now).date()
    sequence = db.session.get(NumberSequence, day.year)
    return settings.number((sequence.last if sequence else 0) + 1, day, course_code)


def marks_of(enrolment_ids: Sequence[int]) -> dict[int, str]:
    """A hash of what would be printed, for each enrolment that has completed its course."""
    if not enrolment_ids:
        return {}
    rows = waiting.printed_of(enrolment_ids)
    paths = persons.unit_paths({row.unit_id for row in rows if row.unit_id})
    of_site = json.dumps(asdict(certificate_settings()), sort_keys=True)
    return {row[0]: _mark(of_site, paths.get(row.unit_id), *map(str, row)) for row in rows}


def mark_of_all(marks: Mapping[int, str], day: date) -> str:
    """One hash for many people and the day of issue."""
    return _mark(day.isoformat(), *(f"{key}:{marks[key]}" for key in sorted(marks)))


def _mark(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:MARK_LENGTH]
