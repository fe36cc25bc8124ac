"""Values of settings as text for form fields. Numbers have a decimal comma."""

from __future__ import annotations

import re

THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")


class NotANumber(ValueError):
    """The text is not a number; ``is_whole`` if a whole number was expected."""

    def __init__(self, *, is_whole: bool) -> None:
        super().__init__("not a number")
        self.is_whole = is_whole


def shown(value: str | int | float) -> str:
    """``70,01``, ``20``, or the text itself; for a bool ``1`` or nothing."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, float):
        whole = int(value)
        return str(whole) if value == whole else repr(value).replace(".", ",")
    return str(value)


def read(text: str, kind: type) -> str | int | float:
    """The value of ``text`` for a setting of ``kind``.

    ``70,5`` and ``70.5`` are the same number; ``1.000`` is a thousand only for whole numbers.

    :raises NotANumber: ``kind`` is a number and the text is not.
    """
    text = text.replace("\r\n", "\n").strip()
    if kind is bool:
        return text == "1"
    if kind is str:
        return text
    digits = re.sub(r"\s", "", text)
    try:
        if kind is int:
            return int(digits.replace(".", "") if THOUSANDS.fullmatch(digits) else digits)
        number = float(digits.replace(",", "."))
    except ValueError:
        raise NotANumber(is_whole=kind is int) from None
    if number - number != 0:  # "nan" and "inf" are floats too
        raise NotANumber(is_whole=False)
    return number
