"""Reads about people, roles and units."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, lazyload, selectinload

from lms.core.db import db, in_batches
from lms.core.i18n import gettext as _
from lms.lib.folding import neighbours, search_words
from lms.people import nip
from lms.people.account import Account
from lms.people.models import Person, Placement, RoleGrant, Unit, UnitVersion
from lms.people.rights import Rights
from lms.people.same_person import SamePersonFinder
from lms.people.scopes import EVERYBODY, WITHOUT_UNIT, Scope
from lms.people.unit_tree import Node, UnitTree

# People

MAX_SEARCH_LENGTH = 160
MAX_CANDIDATES = 2_000
"""People whose words are compared with a slip."""


def filtered_people(words: str, unit_id: int | None, state: str, scope: Scope) -> Select[Person]:
    """The people of a scope that match the filters of the list. ``state`` is one of ``PeopleFilter``."""
    unit_ids = chosen_unit_ids(unit_id) if unit_id is not None else None
    is_active = {"active": True, "inactive": False, "demo": True}.get(state)
    found = people_found(words, scope=scope, unit_ids=unit_ids, is_active=is_active)
    return found.where(Person.is_demo) if state == "demo" else found


def person(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def person_in(scope: Scope | None, person_id: int) -> Person | None:
    """The person; None if there is no scope or the person is outside it."""
    found = person(person_id)
    return found if found and scope and scope.covers(found.unit_id) else None


def row_of(account: Account) -> Person:
    """The row of the signed-in person, to change it."""
    return db.session.get_one(Person, account.id)


def person_named(login: str) -> Person | None:
    """The person with this login name, as returned by ``names.login_name``; also if inactive."""
    column = Person.email if "@" in login else Person.nip
    return db.session.scalar(select(Person).where(column == login))


def people_named(logins: Collection[str]) -> dict[str, Person]:
    """The people with these login names, by login name; also inactive ones."""
    found: dict[str, Person] = {}
    for batch in in_batches(logins):
        named = or_(Person.nip.in_(batch), Person.email.in_(batch))
        for person in db.session.scalars(select(Person).where(named).options(lazyload(Person.grants))):
            found |= {login: person for login in (person.nip, person.email) if login is not None}
    return found


def people_found(
    words: str,
    *,
    scope: Scope = EVERYBODY,
    unit_ids: set[int] | None = None,
    is_active: bool | None = None,
    by_parts_of_numbers: bool = True,
) -> Select[Person]:
    """People of ``scope`` whose name, position, unit, NIP or e-mail address contains every word, by name.

    ``unit_ids`` and ``is_active`` are further filters unless they are None. ``by_parts_of_numbers`` must be False
    for a user who may not see whole numbers, because searches could reveal them; a complete NIP is always found.
    """
    found = select(Person).options(selectinload(Person.unit))
    found = found.where(*(_has(word, by_parts_of_numbers) for word in _search_words(words)))
    if unit_ids is not None:
        found = found.where(_belongs_to(unit_ids))
    if scope.unit_ids is not None:
        found = found.where(Person.unit_id.in_(scope.unit_ids))
    if is_active is not None:
        found = found.where(Person.is_active.is_(is_active))
    return found.order_by(func.lower(Person.name), Person.id)


def ids_found(words: str, *, by_parts_of_numbers: bool = True) -> Select[int]:
    """The ids of ``people_found``, in no order, to look for what belongs to these people."""
    found = people_found(words, by_parts_of_numbers=by_parts_of_numbers)
    return found.with_only_columns(Person.id).order_by(None)


def _has(word: str, by_parts_of_numbers: bool) -> ColumnElement[bool]:
    """A whole number is found by its index. The few units are looked through once, not once for each person."""
    if len(word) == nip.LENGTH and word.isdecimal():
        return Person.nip == word
    found = [Person.has_word(word), Person.unit_id.in_(select(Unit.id).where(Unit.has_word(word)))]
    if by_parts_of_numbers:
        column = Person.nip if word.isdecimal() else Person.email
        found.append(column.contains(word, autoescape=True))
    return or_(*found)


def _search_words(text: str) -> list[str]:
    """``folding.search_words``, or one number if the text has only digits, spaces and dots. Overlong texts are cut."""
    digits = nip.normalise(text[:MAX_SEARCH_LENGTH])
    return [digits] if digits.isdecimal() else search_words(text[:MAX_SEARCH_LENGTH])


def words_meant(words: str, people: Select[Person]) -> str:
    """The words with those of these people and of units instead of slips; empty if there are none that are near.

    ``people`` decides whose names may be told: those whom the viewer could find, and whom the filters leave.
    """
    wanted = _search_words(words)
    units_near = {word: select(Unit.id).where(Unit.has_nearly(word)) for word in wanted}
    near = [or_(Person.has_nearly(word), Person.unit_id.in_(units)) for word, units in units_near.items()]
    candidates = people.where(*near).with_only_columns(Person.search_text).order_by(None).limit(MAX_CANDIDATES)
    units = select(Unit.search_text).where(or_(*(Unit.has_nearly(word) for word in wanted)))
    texts = [*db.session.scalars(candidates), *db.session.scalars(units)] if wanted else []
    return " ".join(neighbours(wanted, " ".join(filter(None, texts)).split()) or ())


def duplicates_of(name: str, nip: str, scope: Scope) -> list[Person]:
    """People of the scope whom a new number may belong to, the likelier ones first (``same_person``)."""
    born = and_(Person.nip >= nip[:8], Person.nip < nip[:8] + ":")  # a prefix, by the index
    known = people_found("", scope=scope).where(or_(born, Person.nip.is_(None)))
    return SamePersonFinder(db.session.scalars(known.options(lazyload(Person.grants)))).find(name, nip)


def people_by_id(person_ids: Iterable[int]) -> dict[int, Person]:
    people = select(Person).where(Person.id.in_(set(person_ids))).options(lazyload(Person.grants))
    return {person.id: person for person in db.session.scalars(people)}


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Full names by id."""
    return {person_id: person.full_name for person_id, person in people_by_id(person_ids).items()}


def people_in(unit_ids: Iterable[int]) -> Select[Person]:
    """The people of exactly these units, including inactive ones, by name; see ``chosen_unit_ids``."""
    return select(Person).where(_belongs_to(set(unit_ids))).order_by(func.lower(Person.name), Person.id)


def _belongs_to(unit_ids: set[int]) -> ColumnElement[bool]:
    return Person.unit_id.is_(None) if unit_ids == {WITHOUT_UNIT} else Person.unit_id.in_(unit_ids)


def people_by_unit() -> dict[int, int]:
    """The number of active people directly in each unit."""
    counted = select(Person.unit_id, func.count()).where(Person.is_active, Person.unit_id.is_not(None))
    rows = db.session.execute(counted.group_by(Person.unit_id))
    return {unit_id: count for unit_id, count in rows if unit_id is not None}


def count_in(unit_ids: Iterable[int]) -> int:
    """The number of people in these units, including inactive ones."""
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
    """The terms of a role of a person for the site, a course, a unit or a cohort, including past ones."""
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


def grant(grant_id: int) -> RoleGrant | None:
    return db.session.get(RoleGrant, grant_id)


def has_another_admin(person: Person) -> bool:
    """Whether another active person is site admin."""
    others = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == "admin", Person.is_active, Person.id != person.id)
    )
    return db.session.scalar(others.limit(1)) is not None


def site_admins() -> Sequence[Person]:
    """The active admins of the site, by name."""
    found = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    found = found.where(RoleGrant.role == "admin", Person.is_active).order_by(func.lower(Person.name), Person.id)
    return db.session.scalars(found).all()


def heads_by_unit(today: date) -> dict[int, list[RoleGrant]]:
    """The heads of units on a day, deputies after heads. Units without a head are left out."""
    found: dict[int, list[RoleGrant]] = {}
    for one in db.session.scalars(_with_people().where(RoleGrant.role == "head")):
        if one.unit_id is not None and one.holds_on(today):
            found.setdefault(one.unit_id, []).append(one)
    return found


def grants_at(unit_id: int) -> Sequence[RoleGrant]:
    """All terms of roles for a unit, including past ones; deputies after heads."""
    return db.session.scalars(_with_people().where(RoleGrant.unit_id == unit_id)).all()


def grants_over(
    today: date,
    *,
    unit_ids: Collection[int] = (),
    course_ids: Collection[int] = (),
    cohort_ids: Collection[int] = (),
) -> list[RoleGrant]:
    """The roles of active people that hold on a day for one of these, and the roles of site admins."""
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
    """The scope of an admin: everybody, or the people of the admin's instansi. None if the person is no admin."""
    if person.has_role("admin"):
        return EVERYBODY
    if person.has_role("agency-admin"):
        return Scope(frozenset(unit_and_below(person.administered_unit_ids)))
    return None


def team_scope(person: Rights) -> Scope:
    """The scope of a head or deputy: the people of their units and of all units below."""
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
    """Names by id, including units that have ended. None: of all units."""
    found = select(Unit)
    if unit_ids is not None:
        found = found.where(Unit.id.in_(set(unit_ids)))
    return {unit.id: unit.own_name for unit in db.session.scalars(found)}


def ended_units() -> list[tuple[Unit, int]]:
    """Units that have ended, each with the id of the existing unit that took over, in the order in which they ended."""
    rows = db.session.scalars(select(Unit).where(Unit.ended_on.is_not(None)).order_by(Unit.ended_on, Unit.id)).all()
    successor_of = {unit.id: unit.merged_into_id for unit in rows}
    found = []
    for unit in rows:
        successor = unit.merged_into_id
        while successor in successor_of:
            successor = successor_of[successor]
        if successor is not None:
            found.append((unit, successor))
    return found


def merged_into(unit_id: int) -> Sequence[Unit]:
    """The units that were merged into a unit, the latest first."""
    ended = select(Unit).where(Unit.merged_into_id == unit_id)
    return db.session.scalars(ended.order_by(Unit.ended_on.desc(), Unit.id.desc())).all()


def agencies() -> Sequence[Unit]:
    """The units at the top of the tree, by name."""
    top = select(Unit).where(Unit.parent_id.is_(None), Unit.ended_on.is_(None))
    return db.session.scalars(top.order_by(func.lower(Unit.name))).all()


def unit_and_below(unit_ids: Iterable[int]) -> set[int]:
    """The ids of these units and of all units below them."""
    tree = select(Unit.id).where(Unit.id.in_(set(unit_ids))).cte("tree", recursive=True)
    tree = tree.union(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return set(db.session.scalars(select(tree.c.id)))


def chosen_unit_ids(unit_id: int) -> set[int]:
    """The unit chosen in a filter and all units below it, or ``{WITHOUT_UNIT}``."""
    return {WITHOUT_UNIT} if unit_id == WITHOUT_UNIT else unit_and_below({unit_id})


def unit_path(unit: Unit | None) -> list[str]:
    """The names from the top of the tree down to ``unit``."""
    names: list[str] = []
    while unit is not None:
        names.insert(0, unit.name)
        unit = unit.parent
    return names


def unit_paths(unit_ids: Collection[int]) -> dict[int, list[str]]:
    """``unit_path`` by the id of the unit, also of units that have ended."""
    units = db.session.scalars(select(Unit)).all() if unit_ids else []
    return {unit.id: unit_path(unit) for unit in units if unit.id in unit_ids}


# Unit history


def tree_on(day: date) -> UnitTree:
    """The units that existed at the end of a day, with the names and parents they had."""
    columns = (UnitVersion.unit_id, UnitVersion.parent_id, UnitVersion.name, UnitVersion.kind)
    return UnitTree(Node(*row) for row in db.session.execute(select(*columns).where(_holds(UnitVersion, day))))


def unit_path_on(person_id: int, day: date) -> list[str]:
    """The names from the top of the tree down to a person's unit at the end of a day."""
    held = select(Placement.unit_id).where(Placement.person_id == person_id, _holds(Placement, day))
    unit_id = db.session.scalar(held)
    return [node.name for node in tree_on(day).path(unit_id)] if unit_id else []


def versions_of(unit_id: int) -> Sequence[UnitVersion]:
    """The versions of a unit, the latest first."""
    found = select(UnitVersion).where(UnitVersion.unit_id == unit_id)
    return db.session.scalars(found.order_by(UnitVersion.since.desc(), UnitVersion.id.desc())).all()


def _holds(model: type[UnitVersion | Placement], day: date) -> ColumnElement[bool]:
    return (model.since <= day) & or_(model.until.is_(None), model.until > day)


INDENT = "\u2003"


def unit_choices(scope: Scope = EVERYBODY, *, without: Collection[int] = ()) -> list[tuple[int, str]]:
    """The units of a scope in tree order, indented by depth. ``without`` leaves some out."""
    branches = units_in_order(scope)
    return [(unit.id, INDENT * depth + unit.name) for unit, depth in branches if unit.id not in without]


def unit_filters(scope: Scope) -> list[tuple[int, str]]:
    """The same for filters. If the scope is everybody, there is also a choice for people without a unit."""
    nobody = [(WITHOUT_UNIT, _("without a unit"))] if scope.unit_ids is None else []
    return unit_choices(scope) + nobody


def agency_choices() -> list[tuple[int, str]]:
    return [(unit.id, unit.name) for unit in agencies()]
