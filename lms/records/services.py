"""Issuing and revoking completion records."""

from __future__ import annotations


def jp_target(status: str) -> tuple[int, str]:
    return (24, "ceiling") if status.startswith("pppk") else (20, "floor")
