"""Rules that law or an agency sets: values an admin edits, each with a sound default.

A package declares its rules as module constants; ``/admin/settings`` lists them
all. A rule nobody changed has no row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import ledger
from lms.core.db import Model, db, insert_unless_there
from lms.core.direct_query import DirectQuery
from lms.core.i18n import LazyString

LONG_NUMBER = re.compile(r"\d(?:[ .]?\d){14,}")


class SettingValue(Model):
    __tablename__ = "rule_value"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


_ALL_CHANGED = DirectQuery(select(SettingValue.name, SettingValue.value))
_CHANGED = DirectQuery(select(SettingValue.value).where(SettingValue.name == bindparam("name")))


@dataclass(frozen=True)
class Setting:
    """One editable value. ``kind`` is the type of its default: str, int, float or bool.

    ``check`` gives the complaint about a new value, or None; ``group`` is the
    heading under which the settings page shows it. Where there are ``choices``
    (values and their words), only these are offered.
    """

    name: str
    default: Any
    group: LazyString
    label: LazyString
    hint: LazyString | None = None
    check: Callable[[Any], str | None] = lambda _value: None
    is_long: bool = False
    choices: tuple[tuple[str, LazyString], ...] = ()

    @property
    def kind(self) -> type:
        return type(self.default)

    def __post_init__(self) -> None:
        registered[self.name] = self


registered: dict[str, Setting] = {}


def value(rule: Setting) -> Any:
    """The admin's value where there is one, else the default."""
    row = _CHANGED.row(name=rule.name)
    return rule.default if row is None else row.value


def values(wanted: Iterable[Setting]) -> dict[str, Any]:
    """Of several rules at once, by name: one question for all of them."""
    changed = dict(_ALL_CHANGED.rows())
    return {rule.name: changed.get(rule.name, rule.default) for rule in wanted}


def change(rule: Setting, new: Any, *, actor_id: int | None, now: datetime) -> None:
    """Set a rule from now on; what was frozen earlier (issued records) stays as it is."""
    if value(rule) == new:
        return
    blank = {"value": rule.default, "changed_at": now, "changed_by": actor_id}
    insert_unless_there(SettingValue, ("name",), name=rule.name, **blank)
    row = db.session.get_one(SettingValue, rule.name, with_for_update=True, populate_existing=True)
    before = row.value
    if before == new:  # another request was quicker
        return
    row.value, row.changed_at, row.changed_by = new, now, actor_id
    ledger.record(actor_id, "change rule", f"rule:{rule.name}", now=now, before=_told(before), after=_told(new))
    db.session.flush()


def _told(value: Any) -> Any:
    """As the ledger may keep it: of a long number, which may be a person's, only the end."""
    return LONG_NUMBER.sub(lambda found: f"…{found[0][-3:]}", value) if isinstance(value, str) else value
