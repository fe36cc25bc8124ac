"""The columns of units in a list: together they are a path from the highest unit to the lowest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.people.unit_kinds import kind_of
from lms.people.unit_names import SEPARATOR, agency_name, comparable, names_of

_LEVELS = {"instansi": 0, "opd": 1, "bidang": 2, "upt": 2, "puskesmas": 2, "sekolah": 2, "seksi": 3}
_LOWEST = 4


@dataclass(frozen=True)
class UnitCell:
    """``kind`` is the kind of unit that the heading names; empty under a heading such as ``Unit kerja``."""

    kind: str
    text: str


def level_of(kind: str) -> int:
    """The level of a column by the kind that its heading names, 0 for the highest."""
    return _LEVELS.get(kind, _LOWEST)


def path_of(cells: Iterable[UnitCell]) -> str:
    """The path that the filled cells of a row make. A cell that repeats what another one says adds nothing."""
    path: list[str] = []
    for cell in sorted(cells, key=_level):
        path = _continued(path, names_of(cell.text))
    return SEPARATOR.join(path)


def kinds_of(cells: Iterable[UnitCell]) -> dict[str, str]:
    """The kinds that headings name, by the ``comparable`` names of the units."""
    return {comparable(names_of(cell.text)[-1]): cell.kind for cell in cells if cell.kind}


def _level(cell: UnitCell) -> tuple[int, bool]:
    """A column of units of any kind is the lowest, unless the name in it tells a higher level."""
    return level_of(cell.kind or kind_of(cell.text) or ""), not cell.kind


def _continued(path: list[str], names: list[str]) -> list[str]:
    """The path with the names below it, without those that both have."""
    above, below = [agency_name(name) for name in path], [agency_name(name) for name in names]
    if _is_within(above, below):
        return names
    if _is_within(below, above):
        return path
    if above[-1] in below and _is_within(below[: below.index(above[-1])], above):
        return path + names[below.index(above[-1]) + 1 :]
    return path + names


def _is_within(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the others contain these in the same order."""
    rest = iter(others)
    return all(one in rest for one in some)
