"""Who may do what with people and their data. ``scope`` is the admin scope of the viewer."""

from __future__ import annotations

from lms.people.account import Account
from lms.people.models import Person, Unit
from lms.people.rights import Rights
from lms.people.scopes import Scope, reaches_beyond


def may_see_whole_nip(viewer: Account, person: Person, scope: Scope | None) -> bool:
    """Only the owner and the admins of the person, because the number reveals the birth date and sex."""
    return viewer.id == person.id or (scope is not None and scope.covers(person.unit_id))


def may_change(viewer: Rights, person: Person, scope: Scope) -> bool:
    """Change a person's details, create a one-time code, deactivate the account.

    Not if the person has roles outside the scope: with a code, the viewer could sign in and use them.
    """
    if viewer.is_admin:
        return True
    return scope.covers(person.unit_id) and not reaches_beyond(person.grants, scope, viewer.today)


def may_change_unit(viewer: Rights, unit: Unit, scope: Scope) -> bool:
    """Rename, move, merge or remove a unit. Only site admins may change an agency itself."""
    return viewer.is_admin or (scope.covers(unit.id) and unit.parent_id is not None)
