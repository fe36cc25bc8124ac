"""Questions and events of a lower package that a higher one answers; ``lms.app.create_app`` connects them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_all: list[Hook[Any, Any]] = []


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

    @property
    def is_connected(self) -> bool:
        return self._function is not None


def check_all_are_connected() -> None:
    """:raises RuntimeError: a hook was forgotten, which would only show when it is called."""
    missing = [hook._name for hook in _all if not hook.is_connected]
    if missing:
        raise RuntimeError(f"nothing is connected to these hooks: {', '.join(missing)}")
