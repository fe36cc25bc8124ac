"""The page of a person's rights: what the person may do and why, and who may see the person's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask_login import current_user

from lms.admin import queries as admin_queries
from lms.admin.queries import ScopeKey, ScopeKind
from lms.admin.views.rights_words import NOT, SEES, TITLES, WHAT
from lms.admin.views.shared import bp, person_in_scope
from lms.core.i18n import gettext as _
from lms.core.i18n import say_number, today
from lms.people import queries
from lms.people.models import Person, RoleGrant, Unit
from lms.people.terms import TermState, term_state
from lms.people.unit_tree import UnitTree
from lms.web.access import role, signed_in

MOST_NAMES = 8
"""Of units below are named; of more only the number is said."""


@dataclass(frozen=True)
class Right:
    """A role as the page tells it."""

    grant: RoleGrant
    term_state: TermState
    title: str
    what: str
    but: str
    over: list[str]
    by: str


@dataclass(frozen=True)
class Onlooker:
    """A person who may see this person's data."""

    name: str
    title: str
    sees: str


@bp.get("/account/rights")
@signed_in
def own_rights() -> str:
    return _page(queries.row_of(current_user))


@bp.get("/admin/people/<int:person_id>/rights")
@role("admin", "agency-admin")
def rights(person_id: int) -> str:
    return _page(person_in_scope(person_id))


def _page(person: Person) -> str:
    return render_template(
        "admin/rights.html",
        person=person,
        is_own=person.id == current_user.id,
        rights=_rights(person),
        onlookers=_onlookers(person),
    )


def _rights(person: Person) -> list[Right]:
    grants = sorted(person.grants, key=lambda grant: (grant.role, grant.id))
    names = _names(grants)
    givers = queries.names_of(grant.granted_by for grant in grants if grant.granted_by)
    tree, counts = queries.tree_now(), queries.people_by_unit()
    return [
        Right(
            grant=grant,
            term_state=term_state(grant, today()),
            title=_title(grant, names),
            what=str(WHAT[grant.role]),
            but=str(NOT.get(grant.role, "")),
            over=_over(grant, tree, counts),
            by=givers.get(grant.granted_by or 0, ""),
        )
        for grant in grants
    ]


def _names(grants: Sequence[RoleGrant]) -> dict[ScopeKey, str]:
    """Of all places the grants are about, by the kind of place and its id."""
    units = queries.unit_names(grant.unit_id for grant in grants if grant.unit_id)
    courses = {grant.course_id for grant in grants if grant.course_id}
    cohorts = {grant.cohort_id for grant in grants if grant.cohort_id}
    found = admin_queries.scope_names(courses, cohorts)
    found.update({("unit", unit_id): name for unit_id, name in units.items()})
    return found


def _title(grant: RoleGrant, names: dict[ScopeKey, str]) -> str:
    keys: tuple[tuple[ScopeKind, int | None], ...]
    keys = ("unit", grant.unit_id), ("course", grant.course_id), ("cohort", grant.cohort_id)
    name = next((names.get((kind, key), "–") for kind, key in keys if key), "")
    return str(TITLES["deputy" if grant.is_deputy and grant.role == "head" else grant.role]) % {"name": name}


def _over(grant: RoleGrant, tree: UnitTree, counts: dict[int, int]) -> list[str]:
    """The units a role reaches, the first with how many people and units lie below it."""
    if grant.unit_id is None:
        return []
    below = tree.below([grant.unit_id])
    people = sum(counts.get(unit_id, 0) for unit_id in below)
    told = [_("%(n)s people", n=say_number(people))]
    names = sorted(tree.by_id[unit_id].name for unit_id in below - {grant.unit_id})
    if len(names) > MOST_NAMES:
        return [*told, _("with all %(n)s units below", n=say_number(len(names)))]
    return told + ([_("with all units below: %(names)s", names=", ".join(names))] if names else [])


def _onlookers(person: Person) -> list[Onlooker]:
    courses, cohorts = admin_queries.courses_and_cohorts_of(person.id)
    found = queries.grants_over(today(), unit_ids=_above(person.unit), course_ids=courses, cohort_ids=cohorts)
    found = [grant for grant in found if grant.person_id != person.id]
    order = {name: place for place, name in enumerate(SEES)}
    names = _names(found)
    return [
        Onlooker(grant.person.full_name, _title(grant, names), str(SEES[grant.role]))
        for grant in sorted(found, key=lambda grant: order[grant.role])
    ]


def _above(unit: Unit | None) -> set[int]:
    ids = set()
    while unit is not None:
        ids.add(unit.id)
        unit = unit.parent
    return ids
