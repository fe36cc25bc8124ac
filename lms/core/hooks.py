"""What a lower package leaves open for a higher one to do; ``lms.create_app`` puts the deeds in their places."""

from __future__ import annotations

from typing import Any

from flask import current_app


def call_hook(name: str, *values: Any) -> Any:
    """Do what was put at ``name`` in the application's extensions, in the caller's transaction."""
    return current_app.extensions[name](*values)
