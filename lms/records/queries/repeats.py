"""Which records count where a course was completed again: the rules of ``records.repeats`` as a setting and in SQL."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, extract, not_, or_, true
from sqlalchemy.orm import aliased

from lms.core import settings
from lms.core.i18n import lazy
from lms.core.settings import Setting
from lms.records.models import Record
from lms.records.repeats import DEFAULT, Rule, Rules

HOURS = lazy("Lesson hours (JP)")
_WORDS = (
    ("each", lazy("its JP count each time")),
    ("yearly", lazy("its JP count once a year")),
    ("once", lazy("its JP count once only")),
)


def _check(value: str) -> str | None:
    return None if value in dict(_WORDS) else str(lazy("Choose one of the list."))


JP_OF_REPEATS = Setting(
    "jp_of_repeats",
    DEFAULT,
    HOURS,
    lazy("A course completed again"),
    lazy(
        "No rule about it is known; until the agency sets one, every certificate counts. It decides on the courses that"
        " were completed from that year on. Of several certificates of a course the one completed first counts."
    ),
    _check,
    choices=_WORDS,
    is_yearly=True,
)


def rules() -> Rules:
    rows = settings.values_by_year(JP_OF_REPEATS)
    changes = tuple((row.year, row.value) for row in rows)
    return Rules(changes, max((row.changed_at for row in rows), default=None))


def counts(rules: Rules, of: Any = Record) -> ColumnElement[bool]:
    """Condition on records that were not revoked: their JP count."""
    since = [date(max(year, 1), 1, 1) for year, _rule in rules.changes]
    spans = zip(since, [*since[1:], date.max], rules.changes, strict=False)
    repeated = [
        and_(of.completed_on >= begin, of.completed_on < end, _is_repeated(rule, of))
        for begin, end, (_year, rule) in spans
        if rule != "each"
    ]
    return not_(or_(*repeated)) if repeated else true()


def counts_by(rule: Rule) -> list[ColumnElement[bool]]:
    """The same for records of a year with this rule. Nothing to ask where each counts."""
    return [] if rule == "each" else [~_is_repeated(rule, Record)]


def _is_repeated(rule: Rule, of: Any) -> ColumnElement[bool]:
    first = aliased(Record)
    is_earlier = or_(
        first.completed_on < of.completed_on,
        and_(first.completed_on == of.completed_on, first.enrolment_id < of.enrolment_id),
    )
    found = exists().where(first.person_id == of.person_id, first.course_id == of.course_id, is_earlier)
    if rule == "yearly":
        found = found.where(extract("year", first.completed_on) == extract("year", of.completed_on))
    return found.where(first.revoked_at.is_(None))
