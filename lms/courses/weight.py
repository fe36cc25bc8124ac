"""Whether a module's text alone would break a page's budget on the wire."""

from __future__ import annotations

import brotli

PAGE_BUDGET = 14_336
"""Ten packets of 1,460 bytes less what TCP and TLS take: what a server may send before it must wait."""

FRAME = 8_000
"""What the page around a text, its styles, scripts and icon take on a first visit; a test keeps it true."""

TEXT_BUDGET = PAGE_BUDGET - FRAME


def packed_size(html: str) -> int:
    """Bytes of ``html`` as the server sends it."""
    return len(brotli.compress(html.encode(), quality=5))
