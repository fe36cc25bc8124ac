"""Registries of question kinds and item types by name.

Nothing else asks which kind or type something is: code that differs by kind or type
is a method of its class. The built-in ones are listed here and imported at the first
look-up, so that no caller has to import them for their side effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Generic, TypeVar

C = TypeVar("C", bound=type)

BUILT_IN = (
    "lms.content.questions.choice",
    "lms.content.questions.short_answer",
    "lms.content.questions.true_false",
    "lms.content.questions.number",
    "lms.content.questions.order",
    "lms.content.questions.match",
    "lms.content.questions.gaps",
    "lms.content.questions.essay",
    "lms.content.questions.description",
    "lms.content.items.module",
    "lms.content.items.quiz",
    "lms.content.items.assignment",
    "lms.content.items.survey",
)


class Registry(Generic[C]):
    """Classes by the value of their attribute ``attribute``, in order of registration."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute
        self._classes: dict[str, C] = {}

    def register(self, cls: C) -> C:
        """A class decorator.

        :raises ValueError: another class has the name already.
        """
        name = getattr(cls, self.attribute)
        if self._classes.setdefault(name, cls) is not cls:
            raise ValueError(f"{name!r} is registered twice: by {self._classes[name]} and {cls}")
        return cls

    def unregister(self, cls: C) -> None:
        """Remove a class. Tests use it to clean up."""
        del self._classes[getattr(cls, self.attribute)]

    def get(self, name: str) -> C | None:
        _import_built_in()
        return self._classes.get(name)

    def __getitem__(self, name: str) -> C:
        _import_built_in()
        return self._classes[name]

    def __iter__(self) -> Iterator[C]:
        _import_built_in()
        return iter(tuple(self._classes.values()))


@cache
def _import_built_in() -> None:
    for name in BUILT_IN:
        import_module(name)
