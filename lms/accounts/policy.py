"""Who may do what with people and their data."""

from __future__ import annotations

from lms.accounts.models import Person


def may_see_whole_nip(viewer: Person, person: Person) -> bool:
    """Its owner and admins; to others the number would tell birth date and sex."""
    return viewer.id == person.id or viewer.is_admin
