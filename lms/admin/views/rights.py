"""The rights of a person, and who can see the person's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask_login import current_user

from lms.admin import queries as admin_queries
from lms.admin.queries import ScopeKey, ScopeKind
from lms.admin.views.rights_texts import NOT, SEES, TITLES, WHAT
from lms.admin.views.shared import bp, person_in_scope
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, today
from lms.people import queries
from lms.people.models import Person, RoleGrant, Unit
from lms.people.terms import TermState, term_state
from lms.people.unit_tree import UnitTree
from lms.web.access import role, signed_in

MAX_NAMES = 8
"""If more units lie below, only their number is shown."""


@dataclass(frozen=True)
class Right:
    """A role as shown on the page."""

    grant: RoleGrant
    term_state: TermState
    title: str
    what: str
    excluded: str
    scope: list[str]
    by: str


@dataclass(frozen=True)
class Viewer:
    """Somebody who can see the person's data."""

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
        viewers=_viewers(person),
    )


def _rights(person: Person) -> list[Right]:
    grants = sorted(person.grants, key=lambda grant: (grant.role, grant.id))
    names = _names(grants)
    granters = queries.names_of(grant.granted_by for grant in grants if grant.granted_by)
    tree, counts = queries.tree_now(), queries.people_by_unit()
    return [
        Right(
            grant=grant,
            term_state=term_state(grant, today()),
            title=_title(grant, names),
            what=str(WHAT[grant.role]),
            excluded=str(NOT.get(grant.role, "")),
            scope=_scope(grant, tree, counts),
            by=granters.get(grant.granted_by or 0, ""),
        )
        for grant in grants
    ]


def _names(grants: Sequence[RoleGrant]) -> dict[ScopeKey, str]:
    """Names of the units, courses and cohorts that these roles were granted for."""
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


def _scope(grant: RoleGrant, tree: UnitTree, counts: dict[int, int]) -> list[str]:
    """Texts for the scope of a role: the number of people, and the units below."""
    if grant.unit_id is None:
        return []
    below = tree.below([grant.unit_id])
    people = sum(counts.get(unit_id, 0) for unit_id in below)
    texts = [ngettext("%(num)s person", "%(num)s people", people)]
    names = sorted(tree.by_id[unit_id].name for unit_id in below - {grant.unit_id})
    if len(names) > MAX_NAMES:
        return [*texts, ngettext("including %(num)s unit below", "including all %(num)s units below", len(names))]
    return texts + ([_("including all units below: %(names)s", names=", ".join(names))] if names else [])


def _viewers(person: Person) -> list[Viewer]:
    courses, cohorts = admin_queries.courses_and_cohorts_of(person.id)
    found = queries.grants_over(today(), unit_ids=_above(person.unit), course_ids=courses, cohort_ids=cohorts)
    found = [grant for grant in found if grant.person_id != person.id]
    order = {name: index for index, name in enumerate(SEES)}
    names = _names(found)
    return [
        Viewer(grant.person.full_name, _title(grant, names), str(SEES[grant.role]))
        for grant in sorted(found, key=lambda grant: order[grant.role])
    ]


def _above(unit: Unit | None) -> set[int]:
    ids = set()
    while unit is not None:
        ids.add(unit.id)
        unit = unit.parent
    return ids
