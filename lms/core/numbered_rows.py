"""Rows that are added and never edited: each change is a row with the next number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from lms.core.db import Base, db, insert_if_missing
from lms.core.errors import Refusal


def add_next(
    model: type[Base],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    seen: int,
    compared: Collection[str],
    changed: type[Refusal],
) -> bool:
    """Add the row that follows the one with the number ``seen``, 0 if there was none, under the same ``key``.

    A unique constraint over ``key`` and number decides between two who saw the same. False if the newest row equals it
    in ``compared``: a double click. Otherwise somebody else was faster, and ``changed`` is raised.
    """
    row = {**key, **values, "number": seen + 1}
    newest = _newest(model, key)
    if (newest.number if newest else 0) == seen and insert_if_missing(model, (*key, "number"), **row):
        return True
    newest = _newest(model, key)
    if newest is not None and all(getattr(newest, name) == row[name] for name in ("number", *compared)):
        return False
    raise changed


def is_newest(model: Any, *key: str) -> ColumnElement[bool]:
    """The condition that no row of ``model`` with the same ``key`` has a larger number."""
    later = aliased(model)
    return ~exists().where(*(getattr(later, name) == getattr(model, name) for name in key), later.number > model.number)


def _newest(model: Any, key: Mapping[str, Any]) -> Any:
    return db.session.scalars(select(model).filter_by(**key).order_by(model.number.desc()).limit(1)).first()
