"""Rows as lines of JSON that are the same for SQLite and PostgreSQL."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

Kind = str
"""``plain`` (text, number, truth), ``moment``, ``date``, ``decimal``, ``bytes``, or ``json`` (its text as it is)."""


@dataclass(frozen=True)
class TableShape:
    """A table's columns with their kinds, in the order of the values in a line."""

    name: str
    columns: dict[str, Kind]


_TO_JSON: dict[Kind, Callable[[Any], Any]] = {
    "plain": lambda value: value,
    "json": lambda value: value,
    "moment": lambda value: value.astimezone(UTC).isoformat(),
    "date": lambda value: value.isoformat(),
    "decimal": str,
    "bytes": lambda value: b64encode(value).decode(),
}
_FROM_JSON: dict[Kind, Callable[[Any], Any]] = {
    "plain": lambda value: value,
    "json": lambda value: value,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "bytes": b64decode,
}
KINDS = frozenset(_TO_JSON)


def lines(shape: TableShape, rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    to_json = [_TO_JSON[kind] for kind in shape.columns.values()]
    for row in rows:
        values = [None if value is None else convert(value) for convert, value in zip(to_json, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row(shape: TableShape, line: bytes) -> dict[str, Any]:
    """A line as a dictionary by column names.

    :raises ValueError: it does not have the columns of ``shape``.
    """
    values = json.loads(line)
    pairs = zip(shape.columns.items(), values, strict=True)
    return {name: None if value is None else _FROM_JSON[kind](value) for (name, kind), value in pairs}
