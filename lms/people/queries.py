"""Reads about people, roles and units."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, lazyload, selectinload

from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.people.account import Account
from lms.people.models import Person, Placement, RoleGrant, Unit, UnitVersion
from lms.people.rights import Rights
from lms.people.scopes import EVERYBODY, WITHOUT_UNIT, Scope
from lms.people.unit_tree import Node, UnitTree

# People

LONGEST_SEARCH = 160


def people_listed(words: str, unit_id: int | None, state: str, scope: Scope) -> Select[Person]:
    """The people of a scope as the list of people is narrowed: ``state`` is ``active``, ``inactive`` or ``all``."""
    return people_found(
        words,
        scope=scope,
        unit_ids=units_meant(unit_id) if unit_id is not None else None,
        is_active={"active": True, "inactive": False}.get(state),
    )


def person(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def person_in(scope: Scope | None, person_id: int) -> Person | None:
    """A person whom the scope covers. None for others, and without a scope."""
    found = person(person_id)
    return found if found and scope and scope.covers(found.unit_id) else None


def row_of(account: Account) -> Person:
    """The signed-in person's row, for changes."""
    return db.session.get_one(Person, account.id)


def person_named(login: str) -> Person | None:
    """The person with this login name in normal form (``names.login_name``), deactivated or not."""
    column = Person.email if "@" in login else Person.nip
    return db.session.scalar(select(Person).where(column == login))


_FOUND_BY = (Person.name, Person.title_before, Person.title_after, Person.position, Unit.name)


def people_found(
    words: str,
    *,
    scope: Scope = EVERYBODY,
    unit_ids: set[int] | None = None,
    is_active: bool | None = None,
    by_parts_of_numbers: bool = True,
) -> Select[Person]:
    """People by name, post, unit, or part of a NIP or address, in the order of their full names.

    Only of ``scope``. Every word must be found; ``unit_ids`` and ``is_active`` narrow, None does not.
    ``by_parts_of_numbers`` must be False for people who may not see whole numbers: searches could reveal them.
    A whole NIP finds its owner even then.
    """
    found = select(Person).outerjoin(Person.unit).options(selectinload(Person.unit))
    columns = (*_FOUND_BY, Person.nip, Person.email) if by_parts_of_numbers else _FOUND_BY
    for word in _search_words(words):
        found = found.where(or_(Person.nip == word, *(column.icontains(word, autoescape=True) for column in columns)))
    if unit_ids is not None:
        found = found.where(_belongs_to(unit_ids))
    if scope.unit_ids is not None:
        found = found.where(Person.unit_id.in_(scope.unit_ids))
    if is_active is not None:
        found = found.where(Person.is_active.is_(is_active))
    return found.order_by(func.lower(Person.name), Person.id)


def _search_words(text: str) -> list[str]:
    """The words; what is all digits, spaces and dots is one number. Beyond any name's length nothing is looked for."""
    text = text[:LONGEST_SEARCH]
    digits = re.sub(r"[\s.]", "", text)
    return [digits] if digits.isdecimal() else text.replace(",", " ").split()[:8]


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Full names by id."""
    people = select(Person).where(Person.id.in_(set(person_ids))).options(lazyload(Person.grants))
    return {person.id: person.full_name for person in db.session.scalars(people)}


def people_in(unit_ids: Iterable[int]) -> Select[Person]:
    """People of exactly these units, active or not, by name; see ``units_meant``."""
    return select(Person).where(_belongs_to(set(unit_ids))).order_by(func.lower(Person.name), Person.id)


def _belongs_to(unit_ids: set[int]) -> ColumnElement[bool]:
    return Person.unit_id.is_(None) if unit_ids == {WITHOUT_UNIT} else Person.unit_id.in_(unit_ids)


def people_by_unit() -> dict[int, int]:
    """How many active people each unit has itself."""
    counted = select(Person.unit_id, func.count()).where(Person.is_active, Person.unit_id.is_not(None))
    rows = db.session.execute(counted.group_by(Person.unit_id))
    return {unit_id: count for unit_id, count in rows if unit_id is not None}


def count_in(unit_ids: Iterable[int]) -> int:
    """How many people belong to these units, active or not."""
    return db.session.scalar(select(func.count()).where(Person.unit_id.in_(set(unit_ids)))) or 0


# Roles


def terms(
    person: Person,
    role: str,
    *,
    course_id: int | None = None,
    unit_id: int | None = None,
    cohort_id: int | None = None,
) -> Sequence[RoleGrant]:
    """A role given to a person for the site, a course, a unit or a cohort. Past terms are included."""
    return db.session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == role,
            RoleGrant.course_id.is_not_distinct_from(course_id),
            RoleGrant.unit_id.is_not_distinct_from(unit_id),
            RoleGrant.cohort_id.is_not_distinct_from(cohort_id),
        )
        .order_by(RoleGrant.id)
    ).all()


def grant_numbered(grant_id: int) -> RoleGrant | None:
    return db.session.get(RoleGrant, grant_id)


def has_another_admin(person: Person) -> bool:
    """Whether somebody else who can sign in is an admin."""
    others = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == "admin", Person.is_active, Person.id != person.id)
    )
    return db.session.scalar(others.limit(1)) is not None


def heads_by_unit(today: date) -> dict[int, list[RoleGrant]]:
    """Who heads which unit on a day, deputies after heads; units without a head are left out."""
    found: dict[int, list[RoleGrant]] = {}
    for one in db.session.scalars(_with_people().where(RoleGrant.role == "head")):
        if one.unit_id is not None and one.holds_on(today):
            found.setdefault(one.unit_id, []).append(one)
    return found


def grants_at(unit_id: int) -> Sequence[RoleGrant]:
    """All roles given at a unit with their people, past ones included; deputies after heads."""
    return db.session.scalars(_with_people().where(RoleGrant.unit_id == unit_id)).all()


def grants_over(
    today: date,
    *,
    unit_ids: Collection[int] = (),
    course_ids: Collection[int] = (),
    cohort_ids: Collection[int] = (),
) -> list[RoleGrant]:
    """The roles that hold on a day at one of these places, and those of the site's admins; of active people."""
    found = _with_people().where(
        Person.is_active,
        or_(
            RoleGrant.role == "admin",
            RoleGrant.unit_id.in_(unit_ids),
            RoleGrant.course_id.in_(course_ids),
            RoleGrant.cohort_id.in_(cohort_ids),
        ),
    )
    return [one for one in db.session.scalars(found) if one.holds_on(today)]


def _with_people() -> Select[RoleGrant]:
    found = select(RoleGrant).join(RoleGrant.person).options(contains_eager(RoleGrant.person))
    return found.order_by(RoleGrant.is_deputy, func.lower(Person.name), RoleGrant.id)


def admin_scope(person: Rights) -> Scope | None:
    """Whom an admin looks after: everybody, or the people of the own instansi. None: no admin of either kind."""
    if person.has_role("admin"):
        return EVERYBODY
    if person.has_role("agency-admin"):
        return Scope(frozenset(unit_and_below(person.administered_unit_ids)))
    return None


def team_scope(person: Rights) -> Scope:
    """The people of a head: of the units named to the person, and of all units below them."""
    return Scope(frozenset(unit_and_below(person.headed_unit_ids)))


# Units


def unit(unit_id: int) -> Unit | None:
    return db.session.get(Unit, unit_id)


class Branch(NamedTuple):
    """A unit with its depth in the tree; 0 at the top."""

    unit: Unit
    depth: int


def units_in_order(scope: Scope = EVERYBODY) -> list[Branch]:
    """The units of a scope in tree order: each followed by the units below it, siblings by name.

    Units that have ended are left out.
    """
    units = {row.id: row for row in db.session.scalars(select(Unit).where(Unit.ended_on.is_(None)))}
    tree = UnitTree(Node(row.id, row.parent_id, row.name, row.kind) for row in units.values())
    return [Branch(units[node.id], depth) for node, depth in tree.in_order(scope)]


def tree_now() -> UnitTree:
    """The units that have not ended."""
    columns = (Unit.id, Unit.parent_id, Unit.name, Unit.kind)
    return UnitTree(Node(*row) for row in db.session.execute(select(*columns).where(Unit.ended_on.is_(None))))


def unit_names(unit_ids: Iterable[int] | None = None) -> dict[int, str]:
    """Names by id, also of units that have ended; of all where none are named."""
    found = select(Unit)
    if unit_ids is not None:
        found = found.where(Unit.id.in_(set(unit_ids)))
    return {unit.id: unit.own_name for unit in db.session.scalars(found)}


def heirs_by_name() -> list[tuple[str, int]]:
    """Names of former units with the unit that has their people now, in the order in which they ended."""
    rows = db.session.scalars(select(Unit).where(Unit.ended_on.is_not(None)).order_by(Unit.ended_on, Unit.id)).all()
    heir_of = {unit.id: unit.merged_into_id for unit in rows}
    found = []
    for unit in rows:
        heir = unit.merged_into_id
        while heir in heir_of:
            heir = heir_of[heir]
        if heir is not None:
            found.append((unit.own_name, heir))
    return found


def merged_into(unit_id: int) -> Sequence[Unit]:
    """The units that a unit has taken over, the newest first."""
    ended = select(Unit).where(Unit.merged_into_id == unit_id)
    return db.session.scalars(ended.order_by(Unit.ended_on.desc(), Unit.id.desc())).all()


def agencies() -> Sequence[Unit]:
    """What stands at the top of the tree, by name."""
    top = select(Unit).where(Unit.parent_id.is_(None), Unit.ended_on.is_(None))
    return db.session.scalars(top.order_by(func.lower(Unit.name))).all()


def unit_and_below(unit_ids: Iterable[int]) -> set[int]:
    """The units and all that lie below them, at any depth."""
    tree = select(Unit.id).where(Unit.id.in_(set(unit_ids))).cte("tree", recursive=True)
    tree = tree.union(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return set(db.session.scalars(select(tree.c.id)))


def units_meant(unit_id: int) -> set[int]:
    """The unit that was chosen and all below it; ``WITHOUT_UNIT`` is one of its own."""
    return {WITHOUT_UNIT} if unit_id == WITHOUT_UNIT else unit_and_below({unit_id})


def unit_path(unit: Unit | None) -> list[str]:
    """The names from the top of the tree down to ``unit``."""
    names: list[str] = []
    while unit is not None:
        names.insert(0, unit.name)
        unit = unit.parent
    return names


# Unit history


def tree_on(day: date) -> UnitTree:
    """The units that existed at the end of a day, with their names and parents of then."""
    columns = (UnitVersion.unit_id, UnitVersion.parent_id, UnitVersion.name, UnitVersion.kind)
    return UnitTree(Node(*row) for row in db.session.execute(select(*columns).where(_holds(UnitVersion, day))))


def unit_and_below_on(unit_ids: Collection[int], day: date) -> frozenset[int]:
    """The units and all that lay below them on a day; a unit that did not exist then is left out."""
    return tree_on(day).below(unit_ids)


def unit_of_people_on(day: date) -> Select[int, int | None]:
    """Who belonged to which unit at the end of a day: ``person_id`` and ``unit_id``, to be joined."""
    return select(Placement.person_id, Placement.unit_id).where(_holds(Placement, day))


def versions_of(unit_id: int) -> Sequence[UnitVersion]:
    """What a unit was called and where it stood, the newest first."""
    found = select(UnitVersion).where(UnitVersion.unit_id == unit_id)
    return db.session.scalars(found.order_by(UnitVersion.since.desc(), UnitVersion.id.desc())).all()


def _holds(model: type[UnitVersion | Placement], day: date) -> ColumnElement[bool]:
    return (model.since <= day) & or_(model.until.is_(None), model.until > day)


INDENT = "\u2003"


def unit_choices(scope: Scope = EVERYBODY, *, without: Collection[int] = ()) -> list[tuple[int, str]]:
    """The units of a scope in the order of the tree, the lower ones indented; ``without`` some."""
    branches = units_in_order(scope)
    return [(unit.id, INDENT * depth + unit.name) for unit, depth in branches if unit.id not in without]


def unit_filters(scope: Scope) -> list[tuple[int, str]]:
    """The same for filters. If the scope is everybody, people without a unit can be chosen too."""
    nobody = [(WITHOUT_UNIT, _("without a unit"))] if scope.unit_ids is None else []
    return unit_choices(scope) + nobody


def agency_choices() -> list[tuple[int, str]]:
    """What has admins of its own."""
    return [(unit.id, unit.name) for unit in agencies()]
