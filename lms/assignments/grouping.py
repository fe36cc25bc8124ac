"""Dividing people into groups."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import SystemRandom
from typing import TypeVar

Person = TypeVar("Person")


def split_into_groups(people: Sequence[Person], size: int) -> list[list[Person]]:
    """Groups of at most ``size``, as few as possible and as even as possible. The groups are random,
    and nobody can predict them, whatever the order of ``people``."""
    if not people:
        return []
    shuffled = list(people)
    SystemRandom().shuffle(shuffled)
    count = -(-len(shuffled) // size)
    return [shuffled[at::count] for at in range(count)]


def free_names(word: str, taken: Sequence[str], count: int) -> list[str]:
    """``word`` with the next numbers that no group has."""
    used, found, number = {name.casefold() for name in taken}, list[str](), 1
    while len(found) < count:
        name = f"{word} {number}"
        if name.casefold() not in used:
            found.append(name)
        number += 1
    return found
