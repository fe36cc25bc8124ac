"""The learner's name in a saved comment."""

from __future__ import annotations

import re

PLACE = "{nama}"
_PLACES = re.compile(r"\{\s*(?:nama|name)\s*\}", re.IGNORECASE)


def filled(text: str, name: str) -> str:
    """``text`` for a learner, with ``name`` in the place of ``{nama}``."""
    return _PLACES.sub(lambda _place: name, text)


def without_name(text: str, name: str) -> str:
    """``text`` for all learners, with ``{nama}`` in the place of ``name``."""
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _name: PLACE, text) if name else text
