"""Keyed hashes: useless without the key."""

from __future__ import annotations

import hmac
from hashlib import sha256


def hmac_hex(text: str, key: str) -> str:
    """HMAC-SHA256 of ``text`` in hex."""
    return hmac.new(key.encode(), text.encode(), sha256).hexdigest()
