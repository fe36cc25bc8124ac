"""Settings that an admin edits: values that law or the agency decides, each with a default.

Packages declare their settings as module constants; ``/admin/settings`` lists all of
them. Only changed settings have a row.
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
    """An editable value of the type of its default: str, int, float or bool.

    ``check`` returns an error message for a new value, or None. ``group`` is the heading
    on the settings page. ``choices`` are the possible values with their labels.
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


def value(setting: Setting) -> Any:
    row = _CHANGED.row(name=setting.name)
    return setting.default if row is None else row.value


def values(wanted: Iterable[Setting]) -> dict[str, Any]:
    """The values of several settings by name, with one query."""
    changed = dict(_ALL_CHANGED.rows())
    return {setting.name: changed.get(setting.name, setting.default) for setting in wanted}


def change(setting: Setting, new: Any, *, actor_id: int | None, now: datetime) -> None:
    """Change a setting. Values that were copied earlier, as into issued records, stay as they are."""
    if value(setting) == new:
        return
    blank = {"value": setting.default, "changed_at": now, "changed_by": actor_id}
    insert_unless_there(SettingValue, ("name",), name=setting.name, **blank)
    row = db.session.get_one(SettingValue, setting.name, with_for_update=True, populate_existing=True)
    before = row.value
    if before == new:  # another request was faster
        return
    row.value, row.changed_at, row.changed_by = new, now, actor_id
    ledger.record(
        actor_id, "change rule", f"rule:{setting.name}", now=now, before=_for_ledger(before), after=_for_ledger(new)
    )
    db.session.flush()


def _for_ledger(value: Any) -> Any:
    """For the ledger: of a long number, which may be a NIP, only the last digits."""
    return LONG_NUMBER.sub(lambda found: f"…{found[0][-3:]}", value) if isinstance(value, str) else value
