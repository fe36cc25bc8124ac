"""Jinja's environment."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import templating


class Environment(templating.Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict: it is copied for each template and compared for each import, and Jinja's chain of two dicts
        answers key by key in Python. A template that is loaded does not see globals that are set later."""
        return {**self.globals, **(d or {})}
