"""Notices in the current language."""

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
class TranslatedNotice:
    title: str
    body: str


def translate(kind: str, facts: Mapping[str, Any]) -> TranslatedNotice:
    text = texts.text_of(kind, facts)
    return TranslatedNotice(translated(text.title), translated(text.body))


def translated(message: Message) -> str:
    """The message in the current language, with dates and numbers in its format."""
    return str(gettext(message.template, **{name: _shown(name, value) for name, value in message.values}))


def _shown(name: str, value: Any) -> str:
    if name.endswith("_on"):
        return say_date(date.fromisoformat(value))
    if name.endswith("_at"):
        return say_moment(datetime.fromisoformat(value))
    return say_number(Decimal(value)) if name.endswith("score") else str(value)
