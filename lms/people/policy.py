"""Who may do what with people and their data. ``office`` is whom the viewer looks after as an admin."""

from __future__ import annotations

from lms.people.account import Account
from lms.people.models import Person, Unit
from lms.people.rights import Rights
from lms.people.scopes import Scope, reaches_beyond


def may_see_whole_nip(viewer: Account, person: Person, office: Scope | None) -> bool:
    """Its owner and the admins who look after the person; to others the number would tell birth date and sex."""
    return viewer.id == person.id or (office is not None and office.covers(person.unit_id))


def may_change(viewer: Rights, person: Person, office: Scope) -> bool:
    """Write a person's details, let the person in by a code, switch the account off.

    Not where the person has rights that the viewer lacks: a code would lend them to whoever makes it.
    """
    if viewer.is_admin:
        return True
    return office.covers(person.unit_id) and not reaches_beyond(person.grants, office, viewer.today)


def may_change_unit(viewer: Rights, unit: Unit, office: Scope) -> bool:
    """Name, place and end of a unit; an agency itself is the business of the site's admins."""
    return viewer.is_admin or (office.covers(unit.id) and unit.parent_id is not None)
