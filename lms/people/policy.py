"""Who may do what with people and their data. ``scope`` is the admin scope of the viewer."""

from __future__ import annotations

from lms.people.account import Account
from lms.people.models import Person, Unit
from lms.people.rights import Rights
from lms.people.scopes import Scope, grants_beyond


def may_see_whole_nip(viewer: Account, person: Person, scope: Scope | None) -> bool:
    """Let only the owner and the person's admins see the number, which reveals the birth date and sex."""
    return viewer.id == person.id or (scope is not None and scope.covers(person.unit_id))


def may_change(viewer: Account | Person, person: Person, scope: Scope) -> bool:
    """Change a person's details, create a one-time code, deactivate the account; also by a list of people.

    With a code, the viewer could sign in as the person. So the person may have no roles but those that lie within
    the viewer's scope, not even from a later day on.
    """
    if viewer.is_admin:
        return True
    is_own = viewer.id == person.id
    return scope.covers(person.unit_id) and (is_own or not grants_beyond(person.grants, scope, viewer.today))


def may_change_unit(viewer: Rights, unit: Unit, scope: Scope) -> bool:
    """Rename, move, merge or remove a unit. Only site admins may change an agency itself."""
    return viewer.is_admin or (scope.covers(unit.id) and unit.parent_id is not None)
