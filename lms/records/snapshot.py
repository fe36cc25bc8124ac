"""A certificate's facts as the JSON that a record stores, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from lms.records.certificate import CertificateFacts, Signatory, Subject

ADDED_LATER = ("government", "emblem")
"""Left out while empty: such a snapshot is the same as before, and releases without the fact can read it."""
DATES = ("begins_on", "ends_on", "issued_on")
_PRINTABLE_BEYOND_LATIN = frozenset("‘’“”–—…•")


def to_json(facts: CertificateFacts) -> dict[str, Any]:
    values = {name: value for name, value in asdict(facts).items() if value or name not in ADDED_LATER}
    return values | {name: values[name].isoformat() for name in DATES} | {"curriculum": list(values["curriculum"])}


def from_json(values: dict[str, Any]) -> CertificateFacts:
    signatory = values["signatory"]
    return CertificateFacts(
        **values
        | {name: date.fromisoformat(values[name]) for name in DATES}
        | {
            "signatory": Signatory(**signatory) if signatory else None,
            "curriculum": tuple(Subject(**subject) for subject in values["curriculum"]),
        }
    )


def digest(values: dict[str, Any]) -> str:
    """SHA-256 of a snapshot, independent of the order of its keys."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def has_unusual_characters(values: dict[str, Any]) -> bool:
    """True if a text has characters that the certificate's font may lack."""
    return any(char > "\u017f" and char not in _PRINTABLE_BEYOND_LATIN for text in _texts(values) for char in text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
