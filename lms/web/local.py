"""Addresses of this site."""

from __future__ import annotations


def is_local(target: str | None) -> bool:
    """Whether ``target`` is a path of this site: nothing else is ever redirected or sent to."""
    return bool(
        target
        and target.startswith("/")
        and not target.startswith("//")
        and "\\" not in target
        and target.isprintable()  # browsers drop tabs and line ends: "/<tab>/elsewhere" leads elsewhere
    )
