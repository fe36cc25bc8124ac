"""Refusals: what a person asked for is not possible now, with a message for them."""

from __future__ import annotations

from typing import Any

from lms.core.i18n import LazyPlural, LazyString, lazy


class Refusal(Exception):
    """The present state does not allow it. Nothing was changed.

    A view shows the message at its field; unhandled, it becomes an error page with
    ``status``. The message has ``%(named)s`` placeholders for ``values``.
    """

    message: LazyString | LazyPlural | str = lazy("That is not possible now.")
    status = 409

    def __init__(self, **values: Any) -> None:
        super().__init__(type(self).__name__)
        self.values = values

    @property
    def text(self) -> str:
        """The message in the current language."""
        return str(self.message % self.values) if self.values else str(self.message)
