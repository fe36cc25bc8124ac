"""Finds units by the names and paths that lists use for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

PATH_SEPARATORS = re.compile(r"\s*[>›»]\s*")
SEPARATOR = " > "
MAX_SUGGESTIONS = 3
MAX_LENGTH = 160
_SCHOOLS_AND_CLINICS = re.compile(r"\b(uptd?|puskesmas|rsud|sd|sdn|smp|smpn|sma|sman|smk|smkn|tk|paud|skb)\b", re.I)


@dataclass(frozen=True)
class UnitRef:
    """A unit of the tree. The ``id`` is negative if the unit does not exist yet."""

    id: int
    parent_id: int | None
    name: str
    kind: str


def kind_below(name: str, parent_kind: str) -> str:
    """The most likely kind of a new unit below a unit of ``parent_kind``."""
    if parent_kind == "instansi":
        return "opd"
    return "upt" if _SCHOOLS_AND_CLINICS.search(name) else "bidang"


def comparable(name: str) -> str:
    """A form in which names that people consider equal are equal."""
    return " ".join(name.casefold().split())


def last_name(text: str) -> str:
    """The last name of a path, in ``comparable`` form."""
    return comparable(PATH_SEPARATORS.split(text.strip())[-1])


class UnitNames:
    """An index of units by name and path."""

    def __init__(self, units: Iterable[UnitRef]) -> None:
        self.by_id: dict[int, UnitRef] = {}
        self.created: list[UnitRef] = []
        self._by_name: dict[str, list[UnitRef]] = {}
        self._nearest: dict[str, list[str]] = {}
        for unit in units:
            self._add(unit)

    def find(self, text: str) -> list[UnitRef]:
        """The units that a name or the last part of a path can mean."""
        *above, name = [comparable(part) for part in PATH_SEPARATORS.split(text.strip())]
        found = [unit for unit in self._by_name.get(name, []) if self._lies_below(unit, above)]
        exactly = [unit for unit in found if unit.name == " ".join(PATH_SEPARATORS.split(text.strip())[-1].split())]
        return exactly if len(exactly) == 1 else found

    def nearest(self, text: str) -> list[str]:
        """Similar names, the most similar first, to suggest for a name that was not found."""
        name = last_name(text)
        if name not in self._nearest:
            close = get_close_matches(name, self._by_name, MAX_SUGGESTIONS, 0.7)
            self._nearest[name] = [self._by_name[found][0].name for found in close]
        return self._nearest[name]

    def path(self, unit_id: int | None) -> list[str]:
        """The names from the top of the tree down to the unit."""
        names: list[str] = []
        while unit_id in self.by_id:
            unit = self.by_id[unit_id]
            names.insert(0, unit.name)
            unit_id = unit.parent_id
        return names

    def create_below(self, top_id: int, text: str) -> UnitRef | None:
        """The unit of this name or path below ``top_id``. Missing units are added to ``created``.

        None if a name is empty or too long.
        """
        unit = self.by_id[top_id]
        names = [" ".join(part.split()) for part in PATH_SEPARATORS.split(text.strip())]
        if comparable(names[0]) == comparable(unit.name):
            names = names[1:]
        if not names or not all(names) or max(map(len, names)) > MAX_LENGTH:
            return None
        for name in names:
            there = [one for one in self._by_name.get(comparable(name), []) if one.parent_id == unit.id]
            unit = there[0] if there else self._create(name, unit)
        return unit

    def _create(self, name: str, parent: UnitRef) -> UnitRef:
        unit = UnitRef(-1 - len(self.created), parent.id, name, kind_below(name, parent.kind))
        self.created.append(unit)
        self._add(unit)
        return unit

    def _add(self, unit: UnitRef) -> None:
        self.by_id[unit.id] = unit
        self._by_name.setdefault(comparable(unit.name), []).append(unit)

    def _lies_below(self, unit: UnitRef, above: Sequence[str]) -> bool:
        """Whether the unit has ancestors with these names in this order, possibly with others in between."""
        wanted = list(above)
        parent_id = unit.parent_id
        while wanted and parent_id is not None:
            parent = self.by_id[parent_id]
            if comparable(parent.name) == wanted[-1]:
                wanted.pop()
            parent_id = parent.parent_id
        return not wanted
