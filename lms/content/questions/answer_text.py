"""Typed texts as they are compared with accepted ones."""

from __future__ import annotations

import re

from lms.lib.folding import fold_text, visible

_TIMES = str.maketrans(dict.fromkeys("×✕✖⨯", "x"))
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s*x\s*(?=\d)")


def comparable(text: str) -> str:
    """The form in which answers are equal: as ``lms.lib.folding.fold_text``, with ``3 × 4`` like ``3x4``.

    A text of which nothing would be left, such as an accent alone, is compared as it is.
    """
    return _BETWEEN_DIGITS.sub("x", fold_text(text).translate(_TIMES)) or visible(text).strip()
