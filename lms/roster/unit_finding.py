"""Which unit of the tree, existing or to be created, a row of a list means. What the row does not decide is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lms.people.scopes import Scope
from lms.people.unit_kinds import PARTS, kind_of
from lms.people.unit_names import SEPARATOR, UnitNames, UnitRef, comparable, names_of
from lms.roster.parsed_row import ParsedRow, RowFault

_UNIQUE = frozenset({"opd", "upt", "puskesmas", "sekolah"})
"""Kinds of units of which there is hardly a second one with the same name."""


class _Unclear(Exception):
    """Why the unit of a row is not clear, with a hint for its message."""

    def __init__(self, fault: RowFault, hint: str) -> None:
        super().__init__(fault, hint)
        self.fault, self.hint = fault, hint


class UnitFinder:
    """Finds units, and creates missing ones below ``units_under``.

    :param successors: ids of units that have ended, each with the id of the unit that took over.
    """

    def __init__(
        self,
        units: Sequence[UnitRef],
        scope: Scope,
        units_under: int | None,
        ended: Sequence[UnitRef],
        successors: Mapping[int, int],
    ) -> None:
        self.names = UnitNames(units)
        self._scope, self._units_under, self._successors = scope, units_under, successors
        self._with_ended = UnitNames([*units, *ended])

    def unit_of(self, parsed: ParsedRow) -> int | None:
        """The id of the row's unit. None if the row names none, or if it is not clear and a problem was added."""
        if not parsed.unit:
            return None
        try:
            parent, missing = self._found(names_of(parsed.unit))
            return self._created(parsed, parent, missing) if missing else parent.id
        except _Unclear as unclear:
            parsed.add_problem("unit", parsed.unit, unclear.fault.value, unclear.hint)
            return None

    def _found(self, names: Sequence[str]) -> tuple[UnitRef, list[str]]:
        """The lowest unit of the path that exists, and the names that are missing below it."""
        for count in range(len(names), 0, -1):
            text = SEPARATOR.join(names[:count])
            found = self._in_scope(self.names.find(text))
            if len(found) > 1:
                raise _Unclear(RowFault.UNIT_AMBIGUOUS, self._paths(found))
            if found:
                return found[0], list(names[count:])
            self._refuse_merged(text)
        if kind_of(names[0]) == "instansi":
            raise _Unclear(RowFault.AGENCY_UNKNOWN, names[0])
        if self._units_under is None:
            raise _Unclear(RowFault.UNIT_UNKNOWN, self._similar(names[-1]))
        return self.names.by_id[self._units_under], list(names)

    def _created(self, parsed: ParsedRow, parent: UnitRef, missing: Sequence[str]) -> int:
        """Create what is missing below the parent, unless it may belong elsewhere."""
        below = parent.id if len(missing) < len(names_of(parsed.unit)) else None
        self._refuse_known_elsewhere(missing)
        similar = self._similar(missing[0], below)
        if self._units_under is None:
            raise _Unclear(RowFault.UNIT_UNKNOWN, similar)
        self._refuse_misplaced(parent, missing, parsed.unit_kinds)
        created = self.names.create_below(parent.id, SEPARATOR.join(missing), parsed.unit_kinds)
        if created is None:
            raise _Unclear(RowFault.UNIT_UNKNOWN, similar)
        if similar:
            parsed.add_problem("unit", parsed.unit, RowFault.UNIT_NEARLY.value, similar, is_doubt=True)
        return created.id

    def _refuse_misplaced(self, parent: UnitRef, missing: Sequence[str], kinds: Mapping[str, str]) -> None:
        above = SEPARATOR.join(self.names.path(parent.id))
        if self._units_under is None or not self.names.is_below(parent.id, self._units_under):
            raise _Unclear(RowFault.UNIT_BEYOND, above)
        kind_above: str | None = parent.kind
        for name in missing:
            kind = kind_of(name) or kinds.get(comparable(name))
            if kind == "instansi" or (kind == "opd" and kind_above != "instansi"):
                raise _Unclear(RowFault.UNIT_CONTRADICTS, above)
            if kind in PARTS and kind_above == "instansi":
                raise _Unclear(RowFault.UNIT_WITHOUT_OFFICE, above)
            kind_above, above = kind, f"{above}{SEPARATOR}{name}"

    def _refuse_known_elsewhere(self, names: Iterable[str]) -> None:
        """A list must not create a second ``Puskesmas Remu``, but each office may have its ``Sekretariat``."""
        named = ((name, unit) for name in names for unit in self.names.find(name) if unit.id > 0)
        known = [unit for name, unit in named if (kind_of(name) or unit.kind) in _UNIQUE]
        if known:
            raise _Unclear(RowFault.UNIT_ELSEWHERE, self._paths(known))

    def _refuse_merged(self, text: str) -> None:
        """Ask for the unit that took over, if units of this name or path have ended."""
        ids = {self._successors[unit.id] for unit in self._with_ended.find(text) if unit.id in self._successors}
        successors = [self.names.by_id[unit_id] for unit_id in sorted(ids) if unit_id in self.names.by_id]
        if successors:
            is_one = len(successors) == 1
            raise _Unclear(RowFault.UNIT_MERGED if is_one else RowFault.UNIT_AMBIGUOUS, self._paths(successors))

    def _in_scope(self, units: list[UnitRef]) -> list[UnitRef]:
        """Narrow several units down to those that the importer manages, if there are any."""
        if len(units) < 2:
            return units
        return [unit for unit in units if self._scope.covers(unit.id)] or units

    def _similar(self, name: str, below: int | None = None) -> str:
        return "; ".join(self.names.nearest(name, below))

    def _paths(self, units: Iterable[UnitRef]) -> str:
        return "; ".join(SEPARATOR.join(self.names.path(unit.id)) for unit in list(units)[:3])
