"""The size budget of a module's page."""

from __future__ import annotations

import brotli

FIRST_BUDGET = 14_336
"""Bytes of a first visit: page, styles, scripts and icon. A server may send ten packets of 1,460 bytes, TLS and headers
included, before it must wait for an acknowledgement (RFC 6928)."""

FOLLOWING_BUDGET = 6_000
"""Bytes of every page after the first; styles, scripts and icon are then cached by the browser."""

FRAME = 2_000
"""Bytes of a module's page without its text; a test checks the figure."""

ASSETS = 6800
"""Bytes of styles, scripts and icon; a test checks the figure."""

TEXT_BUDGET = min(FOLLOWING_BUDGET, FIRST_BUDGET - ASSETS) - FRAME


def packed_size(html: str) -> int:
    """Bytes of ``html`` compressed as the server sends it."""
    return len(brotli.compress(html.encode(), quality=5))
