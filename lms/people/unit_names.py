"""Units found by the names that lists call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

BETWEEN = re.compile(r"\s*[>›»]\s*")
SHOWN_BETWEEN = " > "
NEAREST = 3
LONGEST = 160
_SCHOOLS_AND_CLINICS = re.compile(r"\b(uptd?|puskesmas|rsud|sd|sdn|smp|smpn|sma|sman|smk|smkn|tk|paud|skb)\b", re.I)


@dataclass(frozen=True)
class UnitRef:
    """A unit of the tree. A negative ``id``: it does not exist yet."""

    id: int
    parent_id: int | None
    name: str
    kind: str


def kind_below(name: str, parent_kind: str) -> str:
    """The likeliest kind of a unit that a list names below another one."""
    if parent_kind == "instansi":
        return "opd"
    return "upt" if _SCHOOLS_AND_CLINICS.search(name) else "bidang"


def same(name: str) -> str:
    """The same for names that people consider equal."""
    return " ".join(name.casefold().split())


def last_name(text: str) -> str:
    """The unit's own name of a path, as ``same`` has it."""
    return same(BETWEEN.split(text.strip())[-1])


class UnitNames:
    """Finds units by name or path. Each distinct text is resolved once."""

    def __init__(self, places: Iterable[UnitRef]) -> None:
        self.by_id: dict[int, UnitRef] = {}
        self.made: list[UnitRef] = []
        self._by_name: dict[str, list[UnitRef]] = {}
        self._nearest: dict[str, list[str]] = {}
        for place in places:
            self._add(place)

    def find(self, text: str) -> list[UnitRef]:
        """The units that ``text`` can mean: a name, or the last names of a path, each below the one before."""
        *above, name = [same(part) for part in BETWEEN.split(text.strip())]
        found = [place for place in self._by_name.get(name, []) if self._lies_below(place, above)]
        exactly = [place for place in found if place.name == " ".join(BETWEEN.split(text.strip())[-1].split())]
        return exactly if len(exactly) == 1 else found

    def nearest(self, text: str) -> list[str]:
        """Names similar to the one that was not found, the most similar first."""
        name = last_name(text)
        if name not in self._nearest:
            close = get_close_matches(name, self._by_name, NEAREST, 0.7)
            self._nearest[name] = [self._by_name[found][0].name for found in close]
        return self._nearest[name]

    def path(self, unit_id: int | None) -> list[str]:
        """The names from the top of the tree down."""
        names: list[str] = []
        while unit_id in self.by_id:
            place = self.by_id[unit_id]
            names.insert(0, place.name)
            unit_id = place.parent_id
        return names

    def make_below(self, top_id: int, text: str) -> UnitRef | None:
        """The unit of this name or path below ``top_id``. Missing parts will be created. None without a name."""
        place = self.by_id[top_id]
        names = [" ".join(part.split()) for part in BETWEEN.split(text.strip())]
        if same(names[0]) == same(place.name):
            names = names[1:]
        if not names or not all(names) or max(map(len, names)) > LONGEST:
            return None
        for name in names:
            there = [one for one in self._by_name.get(same(name), []) if one.parent_id == place.id]
            place = there[0] if there else self._make(name, place)
        return place

    def _make(self, name: str, parent: UnitRef) -> UnitRef:
        place = UnitRef(-1 - len(self.made), parent.id, name, kind_below(name, parent.kind))
        self.made.append(place)
        self._add(place)
        return place

    def _add(self, place: UnitRef) -> None:
        self.by_id[place.id] = place
        self._by_name.setdefault(same(place.name), []).append(place)

    def _lies_below(self, place: UnitRef, above: Sequence[str]) -> bool:
        """Whether the names ``above`` stand over the place in this order, perhaps with others between."""
        wanted = list(above)
        parent_id = place.parent_id
        while wanted and parent_id is not None:
            parent = self.by_id[parent_id]
            if same(parent.name) == wanted[-1]:
                wanted.pop()
            parent_id = parent.parent_id
        return not wanted
