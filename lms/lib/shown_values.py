"""What a form has shown, kept in it as a mark for each value: who saves it takes back nothing that they only saw."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def marks_of(values: Mapping[str, Any]) -> str:
    """What a form has shown, as a mark for each value: see ``as_shown``."""
    return " ".join(_mark(name, value) for name, value in values.items())


def as_shown(values: Mapping[str, Any], shown: str) -> frozenset[str]:
    """The names of the ``values`` that are those that a form had shown, by its ``marks_of``."""
    seen = set(shown.split())
    return frozenset(name for name, value in values.items() if _mark(name, value) in seen)


def _mark(name: str, value: Any) -> str:
    return f"{name}:{sha256(repr(value).encode()).hexdigest()[:12]}"
