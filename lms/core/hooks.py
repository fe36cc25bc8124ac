"""Questions and events of a lower package that a higher one answers; ``lms.app.create_app`` connects them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V")

_all: list[Hook[Any, Any] | KeyedHook[Any]] = []


class Hook(Generic[P, R]):
    """A function that another package supplies. Called like one, in the caller's transaction."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._function: Callable[P, R] | None = None
        _all.append(self)

    def connect(self, function: Callable[P, R]) -> None:
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._function is None:
            raise RuntimeError(f"nothing is connected to the hook {self._name!r}")
        return self._function(*args, **kwargs)

    def missing(self) -> list[str]:
        return [self._name] if self._function is None else []


class KeyedHook(Generic[V]):
    """What several packages supply, each under its own key, such as the item type that it stores work of.

    Registering a key again replaces its value, so that several applications in one process do not add up.
    """

    def __init__(self, name: str, required_keys: Callable[[], Iterable[str]] = tuple) -> None:
        self._name = name
        self._required_keys = required_keys
        self._values: dict[str, V] = {}
        _all.append(self)

    def register(self, key: str, value: V) -> None:
        self._values[key] = value

    def unregister(self, key: str) -> V:
        return self._values.pop(key)

    def get(self, key: str) -> V | None:
        return self._values.get(key)

    def __getitem__(self, key: str) -> V:
        return self._values[key]

    def __iter__(self) -> Iterator[V]:
        """The values, in the order in which their keys were first registered."""
        return iter(self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def missing(self) -> list[str]:
        """A hook without any value is missing as a whole."""
        keys = [f"{self._name}[{key}]" for key in self._required_keys() if key not in self._values]
        return keys or ([] if self._values else [self._name])


def check_all_are_connected() -> None:
    """:raises RuntimeError: a hook was forgotten, which would only show when it is called."""
    missing = [name for hook in _all for name in hook.missing()]
    if missing:
        raise RuntimeError(f"nothing is connected to these hooks: {', '.join(missing)}")
