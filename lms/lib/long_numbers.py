"""Numbers that may be a NIP or another number of a person, for texts that must not hold them."""

from __future__ import annotations

import re

LONG_NUMBER = re.compile(r"\d(?:[ .]?\d){14,}")
"""At least 15 digits, also with single spaces or points between them."""
