"""Compares a list of people with the existing data and plans the changes. Does not touch the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from lms.people.details import PersonDetails, find_warnings, likely_status
from lms.people.same_person import SamePersonFinder, share_a_word
from lms.people.scopes import Scope
from lms.people.unit_names import SEPARATOR, UnitNames, UnitRef
from lms.roster.list_file import FileRow
from lms.roster.parsed_row import ParsedRow, RowFault, RowProblem, parse_row
from lms.roster.unit_finding import UnitFinder

Kind = Literal["create", "update", "move", "activate", "unchanged"]


@dataclass(frozen=True)
class ExistingPerson(PersonDetails):
    id: int = 0
    is_active: bool = True
    is_protected: bool = False
    """Has rights that the importer lacks, so the list may not change this person."""
    is_admin: bool = False
    """Site admin."""


@dataclass(frozen=True)
class ExistingData:
    """What a list is compared with. The importer and site admins are never deactivated."""

    people: Sequence[ExistingPerson]
    units: Sequence[UnitRef]
    scope: Scope
    importer_id: int | None = None
    units_under: int | None = None
    """Missing units are created below this one."""
    leaving: frozenset[int] = frozenset()
    """People of these units who are not in the list are deactivated."""
    ended: Sequence[UnitRef] = ()
    """Units that have ended, with the names and parents that they had."""
    successors: Mapping[int, int] = field(default_factory=dict)
    """The ids of ended units, each with the id of the unit that took over."""
    identities: Mapping[int, int] = field(default_factory=dict)
    """The answers given to ``Plan.duplicates``: by row the id of the person, or 0 for somebody new."""


@dataclass(frozen=True)
class Change:
    """A row that can be written. ``person_id`` is None for a new person; a negative ``unit_id`` is a new unit."""

    row: int
    kind: Kind
    person_id: int | None
    details: PersonDetails
    changed: tuple[str, ...] = ()
    replaced: tuple[Any, ...] = ()
    """The values that the changed fields have now."""


@dataclass(frozen=True)
class Cause:
    """``problem`` is that of the first of ``rows``; all have the same value, fault and hint."""

    problem: RowProblem
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Duplicate:
    """A row with a new number that may belong to somebody registered with another number, or with none."""

    row: int
    name: str
    nip: str
    person_id: int


@dataclass
class Plan:
    """``duplicates``, possible ones, are refused until an admin has said who they are. ``leaving`` are the ids to
    deactivate. ``has_blocked_leaving``: nobody is, because rows were refused."""

    changes: list[Change] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    duplicates: list[Duplicate] = field(default_factory=list)
    leaving: list[int] = field(default_factory=list)
    has_blocked_leaving: bool = False
    new_units: list[UnitRef] = field(default_factory=list)
    unit_paths: dict[int, str] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Numbers of rows by kind, and of rejected rows and rows with warnings, people to deactivate and new units."""
        kinds: dict[str, int] = dict.fromkeys(("create", "update", "move", "activate", "unchanged"), 0)
        for change in self.changes:
            kinds[change.kind] += 1
        doubtful = {problem.row for problem in self.problems if problem.is_doubt} - self.refused
        return kinds | {
            "deactivate": len(self.leaving),
            "refused": len(self.refused),
            "doubtful": len(doubtful),
            "units": len(self.new_units),
        }

    def causes(self) -> list[Cause]:
        """The problems, one for each cause: those that refuse rows first, each in the order of its first row."""
        found: dict[RowProblem, list[RowProblem]] = {}
        for problem in self.problems:
            found.setdefault(replace(problem, row=0), []).append(problem)
        causes = [Cause(some[0], tuple(one.row for one in some)) for some in found.values()]
        return sorted(causes, key=lambda cause: (cause.problem.is_doubt, cause.problem.row))

    def digest(self) -> str:
        """Equal for two plans that write the same in place of the same values, and refuse the same."""
        content = [
            [[one.kind, one.person_id, vars(one.details), one.changed, one.replaced] for one in self.changes],
            sorted(self.leaving),
            sorted(self.refused),
            [vars(unit) for unit in self.new_units],
            [vars(one) for one in self.duplicates],
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def plan(
    rows: Iterable[FileRow], existing: ExistingData, report_progress: Callable[[int], None] = lambda _done: None
) -> Plan:
    """``report_progress`` is called from time to time with the number of rows done."""
    parsed = [parse_row(row) for row in rows]
    planner = _Planner(existing, {one.nip for one in parsed if one.nip})
    for done, row in enumerate(parsed, start=1):
        planner.take(row)
        if done % 500 == 0:
            report_progress(done)
    return planner.finish()


class _Planner:
    def __init__(self, existing: ExistingData, listed: Set[str]) -> None:
        """``listed`` are all numbers of the list: whose own number is there is nobody else."""
        self.existing = existing
        self.units = UnitFinder(
            existing.units, existing.scope, existing.units_under, existing.ended, existing.successors
        )
        self.names = self.units.names
        self.by_id = {person.id: person for person in existing.people}
        self.by_nip = {person.nip: person for person in existing.people if person.nip}
        self.by_email = {person.email: person for person in existing.people if person.email}
        self.duplicates = SamePersonFinder(person for person in existing.people if person.nip not in listed)
        self.row_of: dict[str, int] = {}
        self.plan = Plan()
        self.present: set[int] = set()

    def take(self, parsed: ParsedRow) -> None:
        person = self._find(parsed)
        unit_id = self.units.unit_of(parsed)
        self._refuse_outside(parsed, person, unit_id)
        details = self._details(parsed, person, unit_id)
        if details is not None:
            self._add_warnings(parsed, person, details)
        self.plan.problems += parsed.problems
        if parsed.is_refused or details is None:
            self.plan.refused.add(parsed.row)
        else:
            self.plan.changes.append(_change(parsed.row, person, details))

    def finish(self) -> Plan:
        used = {change.details.unit_id for change in self.plan.changes}
        needed = _with_parents(self.names, used)
        self.plan.new_units = [unit for unit in self.names.created if unit.id in needed]
        self.plan.unit_paths = {unit.id: SEPARATOR.join(self.names.path(unit.id)) for unit in self.plan.new_units}
        gone = [person.id for person in self.existing.people if self._leaves(person)]
        self.plan.has_blocked_leaving = bool(gone and self.plan.refused)
        self.plan.leaving = [] if self.plan.refused else gone
        return self.plan

    def _leaves(self, person: ExistingPerson) -> bool:
        is_spared = (
            person.is_admin
            or person.is_protected
            or person.id == self.existing.importer_id
            or person.id in self.present
        )
        is_named = person.unit_id in self.existing.leaving and self.existing.scope.covers(person.unit_id)
        return person.is_active and is_named and not is_spared

    def _find(self, parsed: ParsedRow) -> ExistingPerson | None:
        """Find the person by number, else by e-mail address, else by what an admin has said. Each may be in the list
        only once."""
        person = self.by_nip.get(parsed.nip) if parsed.nip else None
        owner = self.by_email.get(parsed.email) if parsed.email else None
        if parsed.nip is None and not any(problem.field == "nip" for problem in parsed.problems):
            person = owner
        elif person is None and parsed.nip:
            person = self._find_duplicate(parsed, parsed.nip, owner)
        if owner is not None and owner is not person and parsed.email:
            parsed.add_problem("email", parsed.email, RowFault.EMAIL_TAKEN.value)
        for column, text, fault in (("nip", parsed.nip, RowFault.TWICE), ("email", parsed.email, RowFault.EMAIL_TWICE)):
            if text and self.row_of.setdefault(text, parsed.row) != parsed.row:
                parsed.add_problem("nip" if column == "nip" else "email", text, fault.value, str(self.row_of[text]))
        if person is not None:
            self.present.add(person.id)
        return person

    def _find_duplicate(self, parsed: ParsedRow, nip: str, owner: ExistingPerson | None) -> ExistingPerson | None:
        """Somebody without this number whose number it may be. The row is refused until an admin has said so."""
        said = self.existing.identities.get(parsed.row)
        if said and said not in self.present:
            return self.by_id.get(said)
        name = parsed.values.get("name", owner.name if owner else "")
        if owner is not None and owner.nip is None and share_a_word(name, owner.name):
            parsed.add_problem("nip", nip, RowFault.FIRST_NUMBER.value, owner.name, is_doubt=True)
            return owner
        found: list[ExistingPerson] = [one for one in self.duplicates.find(name, nip) if one.id not in self.present]
        if owner in found:
            found = [owner]
        if not found or said is not None:
            return None
        likeliest = found[0]
        if not self.existing.scope.covers(likeliest.unit_id):
            parsed.add_problem("nip", nip, RowFault.DUPLICATE_OUTSIDE.value, is_doubt=True)
            return None
        self.plan.duplicates.append(Duplicate(parsed.row, name, nip, likeliest.id))
        parsed.add_problem("nip", nip, RowFault.DUPLICATE.value, likeliest.name)
        return likeliest

    def _refuse_outside(self, parsed: ParsedRow, person: ExistingPerson | None, unit_id: int | None) -> None:
        """An agency admin may add people only to the own agency, and change only its people."""
        scope = self.existing.scope
        if scope.unit_ids is None:
            return
        if person is not None and not scope.covers(person.unit_id):
            parsed.add_problem("nip", parsed.nip or parsed.email or "", RowFault.OUTSIDE.value)
        elif unit_id is not None and unit_id > 0 and not scope.covers(unit_id):
            parsed.add_problem("unit", parsed.unit, RowFault.UNIT_OUTSIDE.value)
        elif person is None and unit_id is None and not parsed.unit:
            parsed.add_problem("unit", "", RowFault.UNIT_MISSING.value)

    def _details(self, parsed: ParsedRow, person: ExistingPerson | None, unit_id: int | None) -> PersonDetails | None:
        """The resulting details; an empty cell leaves a value unchanged."""
        if person is None:
            if "name" not in parsed.values and not any(problem.field == "name" for problem in parsed.problems):
                parsed.add_problem("name", "", RowFault.NO_NAME.value)
            if parsed.is_refused:
                return None
            values = {"status": likely_status(parsed.nip)} | parsed.values
            return PersonDetails(nip=parsed.nip, email=parsed.email, unit_id=unit_id, **values)
        if parsed.is_refused:
            return None
        before = {name: getattr(person, name) for name in PersonDetails.__dataclass_fields__}
        given = {"nip": parsed.nip, "email": parsed.email, "unit_id": unit_id}
        details = PersonDetails(**before | parsed.values | {name: value for name, value in given.items() if value})
        if person.is_protected and _change(parsed.row, person, details).kind != "unchanged":
            parsed.add_problem("nip", parsed.nip or parsed.email or "", RowFault.REACHES_BEYOND.value)
            return None
        return details

    def _add_warnings(self, parsed: ParsedRow, person: ExistingPerson | None, details: PersonDetails) -> None:
        for warning in find_warnings(details):
            column: Literal["rank", "nip"] = "rank" if warning.value.startswith("rank") else "nip"
            value = details.rank if column == "rank" else details.nip or ""
            parsed.add_problem(column, value, warning.value, is_doubt=True)
        if person is None and details.unit_id is None and details.status != "non-asn":
            parsed.add_problem("unit", "", RowFault.WITHOUT_UNIT.value, is_doubt=True)
        if person is not None and not share_a_word(person.name, details.name):
            parsed.add_problem("name", details.name, RowFault.NAME_DIFFERS.value, person.name, is_doubt=True)


def _change(row: int, person: ExistingPerson | None, details: PersonDetails) -> Change:
    if person is None:
        return Change(row, "create", None, details)
    changed = tuple(name for name, value in asdict(details).items() if getattr(person, name) != value)
    kind: Kind = "update" if changed else "unchanged"
    if "unit_id" in changed:
        kind = "move"
    if not person.is_active:
        kind = "activate"
    return Change(row, kind, person.id, details, changed, tuple(getattr(person, name) for name in changed))


def _with_parents(names: UnitNames, unit_ids: Iterable[int | None]) -> set[int]:
    """The ids of units and of all units above them."""
    found: set[int] = set()
    for unit_id in unit_ids:
        while unit_id is not None and unit_id not in found:
            found.add(unit_id)
            unit_id = names.by_id[unit_id].parent_id
    return found
