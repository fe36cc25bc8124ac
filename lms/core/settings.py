"""Settings that an admin edits: values that law or the agency decides, each with a default.

Packages declare their settings as module constants; ``/admin/settings`` lists all of
them. Only changed settings have a row. A *yearly* setting has a row for each year from
which a value holds, so that last year's report answers by last year's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, bindparam, literal, select, union_all
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import ledger
from lms.core.db import Model, db, insert_if_missing
from lms.core.direct_query import DirectQuery
from lms.core.hooks import Hook
from lms.core.i18n import LazyString, lazy
from lms.lib.long_numbers import LONG_NUMBER


class SettingValue(Model):
    __tablename__ = "rule_value"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


class YearlyValue(Model):
    """The value of a yearly setting from a year on, until the year of the next row."""

    __tablename__ = "rule_value_from"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0: it holds for all years before the next row."""
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


_ALL_CHANGED = DirectQuery(
    union_all(
        select(SettingValue.name, literal(-1).label("year"), SettingValue.value),
        select(YearlyValue.name, YearlyValue.year, YearlyValue.value).where(YearlyValue.year <= bindparam("year")),
    ).order_by("year")
)
_BY_YEAR = DirectQuery(
    select(YearlyValue.year, YearlyValue.value, YearlyValue.changed_at)
    .where(YearlyValue.name == bindparam("name"))
    .order_by(YearlyValue.year)
)
_CHANGED = DirectQuery(select(SettingValue.value).where(SettingValue.name == bindparam("name")))


@dataclass(frozen=True)
class Setting:
    """An editable value of the type of its default: str, int, float or bool.

    ``check`` returns an error message for a new value, or None. ``group`` is the heading
    on the settings page. ``choices`` are the possible values with their labels. A value of a setting that
    ``is_yearly`` holds from a year on.
    """

    name: str
    default: Any
    group: LazyString
    label: LazyString
    hint: LazyString | None = None
    check: Callable[[Any], str | None] = lambda _value: None
    is_long: bool = False
    choices: tuple[tuple[str, LazyString], ...] = ()
    is_yearly: bool = False
    has_own_page: bool = False
    """It is changed on a page of its own, not in the form with all the others."""

    @property
    def kind(self) -> type:
        return type(self.default)

    def __post_init__(self) -> None:
        registered[self.name] = self


registered: dict[str, Setting] = {}
setting_changed: Hook[[Setting, datetime], None] = Hook("setting_changed")
"""Called when a setting has another value, in the same transaction."""


def whole_number(
    name: str, default: int, bounds: tuple[int, int], *, group: LazyString, label: LazyString, hint: LazyString | None
) -> Setting:
    """A setting with a lowest and a highest value."""
    least, most = bounds
    complaint = lazy("A whole number from %(least)s to %(most)s.", least=least, most=most)
    return Setting(
        name,
        default,
        group=group,
        label=label,
        hint=hint,
        check=lambda value: None if least <= value <= most else str(complaint),
    )


def value(setting: Setting, year: int | None = None) -> Any:
    """The value, of a yearly setting that of ``year``."""
    if setting.is_yearly:
        return values([setting], year)[setting.name]
    row = _CHANGED.row(name=setting.name)
    return setting.default if row is None else row.value


def values(wanted: Iterable[Setting], year: int | None = None) -> dict[str, Any]:
    """The values of several settings by name, of yearly ones those of ``year``, with one query.

    :raises ValueError: A setting is yearly and there is no year.
    """
    settings = list(wanted)
    if year is None and any(setting.is_yearly for setting in settings):
        raise ValueError("a yearly setting has no value without a year")
    changed = {row.name: row.value for row in _ALL_CHANGED.rows(year=year or 0)}  # later years come later and win
    return {setting.name: changed.get(setting.name, setting.default) for setting in settings}


def values_by_year(setting: Setting) -> list[Any]:
    """The values that a yearly setting was given (``year``, ``value``, ``changed_at``), each from its year on.

    Before the first, the default holds.
    """
    return _BY_YEAR.rows(name=setting.name)


def change(setting: Setting, new: Any, *, actor_id: int | None, now: datetime, year: int | None = None) -> None:
    """Change a setting. Values that were copied earlier, as into issued records, stay as they are.

    A yearly setting has the new value from ``year`` on, until the next year that has a value of its own.
    """
    present = value(setting, year)
    if present == new:
        return
    row = _locked_row(setting, year, value=present, changed_at=now, changed_by=actor_id)
    before = row.value
    if before == new:  # another request was faster
        return
    row.value, row.changed_at, row.changed_by = new, now, actor_id
    ledger.record(
        actor_id,
        "change rule",
        f"rule:{setting.name}",
        now=now,
        before=_for_ledger(before),
        after=_for_ledger(new),
        **({"from_year": year} if setting.is_yearly else {}),
    )
    db.session.flush()
    setting_changed(setting, now)


def _locked_row(setting: Setting, year: int | None, **unless_there: Any) -> SettingValue | YearlyValue:
    """The row to change, made with the values ``unless_there``."""
    table: type[SettingValue] | type[YearlyValue] = YearlyValue if setting.is_yearly else SettingValue
    key = {"name": setting.name, "year": year} if setting.is_yearly else {"name": setting.name}
    insert_if_missing(table, tuple(key), **key, **unless_there)
    row = db.session.get_one(table, key, with_for_update=True, populate_existing=True)
    assert isinstance(row, SettingValue | YearlyValue)
    return row


def _for_ledger(value: Any) -> Any:
    """A value as the ledger stores it: only the last digits of a long number, which may be a NIP."""
    return LONG_NUMBER.sub(lambda found: f"…{found[0][-3:]}", value) if isinstance(value, str) else value
