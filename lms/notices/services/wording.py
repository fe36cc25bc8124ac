"""Notices in words, in the language that is spoken just now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lms.content.markdown.problems import Message
from lms.core.i18n import gettext, say_date, say_moment, say_number
from lms.notices import texts


@dataclass(frozen=True)
class Words:
    """A notice as it is read: ``title`` is a line, ``body`` a sentence or two."""

    title: str
    body: str


def words(kind: str, facts: Mapping[str, Any]) -> Words:
    told = texts.telling(kind, facts)
    return Words(said(told.title), said(told.body))


def said(message: Message) -> str:
    """A message translated, its days, moments and marks as people here write them."""
    return str(gettext(message.template, **{name: _shown(name, value) for name, value in message.values}))


def _shown(name: str, value: Any) -> str:
    if name.endswith("_on"):
        return say_date(date.fromisoformat(value))
    if name.endswith("_at"):
        return say_moment(datetime.fromisoformat(value))
    return say_number(Decimal(value)) if name == "score" else str(value)
