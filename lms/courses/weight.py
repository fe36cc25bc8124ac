"""Whether a module's text alone would break a page's budget on the wire."""

from __future__ import annotations

import brotli

FIRST_BUDGET = 14_336
"""Bytes of a first visit: page, styles, scripts and icon. Ten packets of 1,460 bytes less what TLS and headers take:
what a server may send before it must wait for an answer (RFC 6928)."""

FOLLOWING_BUDGET = 6_000
"""Bytes of every page after the first: styles, scripts and icon are kept by the browser."""

FRAME = 2_000
"""What a module's page takes around its text; a test keeps it true."""

ASSETS = 6800
"""What styles, scripts and icon take; a test keeps it true."""

TEXT_BUDGET = min(FOLLOWING_BUDGET, FIRST_BUDGET - ASSETS) - FRAME


def packed_size(html: str) -> int:
    """Bytes of ``html`` as the server sends it."""
    return len(brotli.compress(html.encode(), quality=5))
