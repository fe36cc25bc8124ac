"""A person's language."""

from __future__ import annotations

from lms.core.db import db
from lms.people.models import Person


def choose_language(person: Person, language: str) -> None:
    """Set the language on all devices."""
    person.language = language
    db.session.flush()
