"""Finds units by the names and paths that lists use for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from lms.lib.folding import fold_text
from lms.people.unit_kinds import kind_below

PATH_SEPARATORS = re.compile(r"\s*[>›»]\s*")
SEPARATOR = " > "
MAX_SUGGESTIONS = 3
MAX_LENGTH = 160
_GOVERNMENT = re.compile(r"^(?:pemerintah(?: daerah)? |pemda |pem(?=(?:kot|kab|prov) ))")
_SHORT = {"kot": "kota", "kab": "kabupaten", "kab.": "kabupaten", "prov": "provinsi", "prov.": "provinsi"}


@dataclass(frozen=True)
class UnitRef:
    """A unit of the tree. The ``id`` is negative if the unit does not exist yet."""

    id: int
    parent_id: int | None
    name: str
    kind: str


def comparable(name: str) -> str:
    """A form in which names that people consider equal are equal."""
    return fold_text(name)


def agency_name(name: str) -> str:
    """Like ``comparable``, but ``Pemerintah Kota Sorong``, ``Pemkot Sorong`` and ``Kota Sorong`` are equal, too."""
    first, *rest = _GOVERNMENT.sub("", comparable(name)).split() or [""]
    return " ".join([_SHORT.get(first, first), *rest])


def names_of(text: str) -> list[str]:
    """The names of a path, from the highest unit to the lowest."""
    return [" ".join(name.split()) for name in PATH_SEPARATORS.split(text.strip())]


class UnitNames:
    """An index of units by name and path."""

    def __init__(self, units: Iterable[UnitRef]) -> None:
        self.by_id: dict[int, UnitRef] = {}
        self.created: list[UnitRef] = []
        self._by_name: dict[str, list[UnitRef]] = {}
        self._agencies: dict[str, list[UnitRef]] = {}
        self._nearest: dict[tuple[str, int | None], list[str]] = {}
        for unit in units:
            self._add(unit)

    def find(self, text: str) -> list[UnitRef]:
        """The units that a name or the last part of a path can mean.

        Of several, one that is spelled exactly so is meant, or one directly below the units that the path names.
        """
        names = names_of(text)
        return self._find(names) or self._find(self._with_agencies(names))

    def nearest(self, name: str, below: int | None = None) -> list[str]:
        """Similar names, the most similar first, to suggest for a name that was not found below a unit."""
        key = comparable(name), below
        if key not in self._nearest:
            known = [one for one, units in self._by_name.items() if below is None or self._any_below(units, below)]
            close = get_close_matches(key[0], known, MAX_SUGGESTIONS, 0.7)
            self._nearest[key] = [self._by_name[found][0].name for found in close]
        return self._nearest[key]

    def path(self, unit_id: int | None) -> list[str]:
        """The names from the top of the tree down to the unit."""
        return [unit.name for unit in reversed(self._upwards(unit_id))]

    def is_below(self, unit_id: int, top_id: int) -> bool:
        """Whether a unit is the other one or lies below it."""
        return any(unit.id == top_id for unit in self._upwards(unit_id))

    def create_below(self, top_id: int, text: str, kinds: Mapping[str, str] | None = None) -> UnitRef | None:
        """The unit of this name or path below ``top_id``. Missing units are added to ``created``.

        None if a name is empty or too long.

        :param kinds: kinds of units by their ``comparable`` names, as far as the headings of a list name them.
        """
        unit = self.by_id[top_id]
        names = names_of(text)
        if comparable(names[0]) == comparable(unit.name):
            names = names[1:]
        if not names or not all(names) or max(map(len, names)) > MAX_LENGTH:
            return None
        for name in names:
            there = [one for one in self._by_name.get(comparable(name), []) if one.parent_id == unit.id]
            unit = there[0] if there else self._create(name, unit, (kinds or {}).get(comparable(name)))
        return unit

    def _create(self, name: str, parent: UnitRef, heading_kind: str | None) -> UnitRef:
        kind = kind_below(name, parent.kind, heading_kind)
        unit = UnitRef(-1 - len(self.created), parent.id, name, kind)
        self.created.append(unit)
        self._add(unit)
        return unit

    def _add(self, unit: UnitRef) -> None:
        self.by_id[unit.id] = unit
        self._by_name.setdefault(comparable(unit.name), []).append(unit)
        if unit.kind == "instansi":
            self._agencies.setdefault(agency_name(unit.name), []).append(unit)

    def _find(self, names: Sequence[str]) -> list[UnitRef]:
        """Find the units of this name below the named ones; only one, if one alone is written or placed exactly so."""
        if not names:
            return []
        found = [unit for unit in self._named(names[-1]) if self._lies_below(unit, names[:-1])]
        narrower: tuple[Callable[[UnitRef], bool], ...] = (
            lambda unit: unit.name == names[-1],
            lambda unit: self._is_directly(unit, names, agency_name),
            lambda unit: self._is_directly(unit, names, str),
        )
        for fits in narrower:
            fitting = [unit for unit in found if fits(unit)]
            if len(fitting) == 1:
                return fitting
        return found

    def _named(self, name: str) -> list[UnitRef]:
        return self._by_name.get(comparable(name)) or self._agencies.get(agency_name(name), [])

    def _with_agencies(self, names: Sequence[str]) -> list[str]:
        """``Dinas Sosial Kota Sorong`` as the ``Dinas Sosial`` below ``Kota Sorong``. Empty if no name ends so."""
        split: list[str] = []
        for name in names:
            endings = (one for one in self._agencies if comparable(name).endswith(f" {one}"))
            agency = max(endings, key=len, default=None)
            split += [name] if agency is None else [agency, name[: -len(agency)].strip()]
        return split if len(split) > len(names) else []

    def _is_directly(self, unit: UnitRef, names: Sequence[str], spelling: Callable[[str], str]) -> bool:
        """Whether the unit and those directly above it are the named ones, without others in between."""
        chain = [spelling(one.name) for one in self._upwards(unit.id)[: len(names)]]
        return chain[::-1] == [spelling(name) for name in names]

    def _lies_below(self, unit: UnitRef, above: Sequence[str]) -> bool:
        """Whether the unit has ancestors with these names in this order, possibly with others in between."""
        wanted = list(above)
        for parent in self._upwards(unit.parent_id):
            if wanted and self._is_named(parent, wanted[-1]):
                wanted.pop()
        return not wanted

    def _any_below(self, units: Iterable[UnitRef], top_id: int) -> bool:
        return any(unit.id != top_id and self.is_below(unit.id, top_id) for unit in units)

    def _upwards(self, unit_id: int | None) -> list[UnitRef]:
        """The unit and those above it, from the bottom up."""
        found: list[UnitRef] = []
        while unit_id is not None and unit_id in self.by_id:
            found.append(self.by_id[unit_id])
            unit_id = found[-1].parent_id
        return found

    @staticmethod
    def _is_named(unit: UnitRef, name: str) -> bool:
        if unit.kind == "instansi" and agency_name(unit.name) == agency_name(name):
            return True
        return comparable(unit.name) == comparable(name)
