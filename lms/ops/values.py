"""Rows as lines of JSON that no engine has a hand in: what SQLite kept, PostgreSQL can take, and the other way."""

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
class Shape:
    """A table's name and its columns with their kinds, in the order in which a line has them."""

    name: str
    columns: dict[str, Kind]


_TOLD: dict[Kind, Callable[[Any], Any]] = {
    "plain": lambda value: value,
    "json": lambda value: value,
    "moment": lambda value: value.astimezone(UTC).isoformat(),
    "date": lambda value: value.isoformat(),
    "decimal": str,
    "bytes": lambda value: b64encode(value).decode(),
}
_MEANT: dict[Kind, Callable[[Any], Any]] = {
    "plain": lambda value: value,
    "json": lambda value: value,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "bytes": b64decode,
}
KINDS = frozenset(_TOLD)


def lines(shape: Shape, rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    told = [_TOLD[kind] for kind in shape.columns.values()]
    for row in rows:
        values = [None if value is None else tell(value) for tell, value in zip(told, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row(shape: Shape, line: bytes) -> dict[str, Any]:
    """The row of one line, by the names of its columns.

    :raises ValueError: it has other columns than ``shape``.
    """
    values = json.loads(line)
    pairs = zip(shape.columns.items(), values, strict=True)
    return {name: None if value is None else _MEANT[kind](value) for (name, kind), value in pairs}
