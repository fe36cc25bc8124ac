"""The language a person reads the site in."""

from __future__ import annotations

from lms.accounts.models import Person
from lms.core.db import db


def choose_language(person: Person, language: str) -> None:
    """From now on, on all devices."""
    person.language = language
    db.session.flush()
