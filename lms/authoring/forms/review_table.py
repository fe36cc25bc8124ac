"""What a quiz shows and when (``review``) as a choice of presets and a table to tick, between form and file.

A cell of the table is named ``after:key``: at the moment ``after`` the ``key`` is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.authoring.front_matter import Value
from lms.content.items.review import ALL, DEFAULT, MOMENTS, PRESETS, THINGS, ReviewTable
from lms.core.i18n import LazyString, lazy

OWN = "own"
"""The choice of a preset that means: as ticked in the table."""
MOMENT_NAMES: Mapping[str, LazyString] = {
    "during": lazy("Once checked"),
    "after": lazy("Handed in"),
    "later": lazy("Passed or no attempt left"),
    "closed": lazy("Closed"),
}
THING_NAMES: Mapping[str, LazyString] = {
    "answers": lazy("Questions and own answers"),
    "correct": lazy("Right or wrong"),
    "points": lazy("Points of each question"),
    "max-points": lazy("How many a question can earn"),
    "feedback": lazy("Feedback on the answer"),
    "explanation": lazy("Explanations"),
    "key": lazy("The right answers"),
    "overall": lazy("What to read again"),
}
CELLS = tuple(f"{moment}:{thing}" for thing in THINGS for moment in MOMENTS)


def _cells(table: ReviewTable) -> tuple[str, ...]:
    return tuple(cell for cell in CELLS if cell.partition(":")[2] in getattr(table, cell.partition(":")[0]))


def shown_cells(written: object) -> tuple[str, ...] | None:
    """The ticked cells; None for what a form cannot show."""
    if isinstance(written, str):
        return _cells(PRESETS[written or DEFAULT]) if written in ("", *PRESETS) else None
    if not isinstance(written, Mapping) or not set(written) <= set(MOMENTS):
        return None
    lists = {moment: THINGS if value == "all" else value for moment, value in written.items()}
    cells = {f"{moment}:{thing}" for moment, things in lists.items() if not isinstance(things, str) for thing in things}
    if any(isinstance(things, str) for things in lists.values()) or not cells <= set(CELLS):
        return None
    return tuple(cell for cell in CELLS if cell in cells)


def shown_choice(written: object) -> str | None:
    if isinstance(written, str):
        return "" if written == DEFAULT else written if written in ("", *PRESETS) else None
    return OWN if shown_cells(written) is not None else None


def is_contradiction(before: tuple[str, Iterable[str]], sent: tuple[str, Iterable[str]]) -> bool:
    """True if another preset was chosen and the table was changed as well. Each argument is a preset and its cells."""
    if sent[0] in (OWN, before[0]):
        return False
    return set(sent[1]) not in (set(before[1]), set(_cells(PRESETS[sent[0] or DEFAULT])))


def written_value(before: tuple[str, Iterable[str]], sent: tuple[str, Iterable[str]]) -> Value | None:
    """What the file says: None for the default, the name of a preset, or a list for each moment that shows anything."""
    if set(sent[1]) == set(before[1]) and sent[0] != OWN:
        return sent[0] or None
    preset = next((name for name, table in PRESETS.items() if set(_cells(table)) == set(sent[1])), None)
    if preset:
        return None if preset == DEFAULT else preset
    lists = {moment: [thing for thing in THINGS if f"{moment}:{thing}" in set(sent[1])] for moment in MOMENTS}
    return {moment: "all" if set(things) == ALL else tuple(things) for moment, things in lists.items() if things}
