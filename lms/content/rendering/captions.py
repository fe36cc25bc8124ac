"""Captions lie beside what they belong to: ``media/sapa.mp4`` has ``media/sapa.vtt`` or ``media/sapa.id.vtt``."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def captions_of(path: str, paths: Iterable[str]) -> list[tuple[str, str]]:
    """Language (empty where the name has none) and path of each file with captions, sorted."""
    stem = path.rpartition(".")[0]
    found = []
    for one in paths:
        if not (one.startswith(f"{stem}.") and one.lower().endswith(".vtt")):
            continue
        language = one[len(stem) + 1 : -3].rstrip(".").lower()
        if not language or _LANGUAGE.fullmatch(language):
            found.append((language, one))
    return sorted(found)
