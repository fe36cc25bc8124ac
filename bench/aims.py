"""Aims in milliseconds of CPU, as they are on the machine that measures.

They were set on a machine whose bare view (``bench/limit.py``) takes 0.22 ms without compression. Where it takes twice
as long, so may a page.
"""

from __future__ import annotations

BARE_VIEW = 0.22


def here(aim: float, bare_view: float) -> float:
    """Milliseconds; ``bare_view`` is what it takes here."""
    return aim * bare_view / BARE_VIEW


def words(aim: float, bare_view: float) -> str:
    return f"CPU {aim:g} ms where the bare view takes {BARE_VIEW} ms; here {here(aim, bare_view):.1f} ms"
