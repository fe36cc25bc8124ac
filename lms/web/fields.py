"""Form fields and checks that more than one package needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import DateField, ValidationError

from lms.core.i18n import gettext as _


class Day(DateField):  # type: ignore[misc]
    """A day; what is none is told in words."""

    def process_formdata(self, values: list[str]) -> None:
        try:
            super().process_formdata(values)
        except ValueError:
            raise ValueError(_("This is no day; choose it in the calendar or write it as 2026-12-31.")) from None


def not_before(name: str) -> Callable[[Any, Any], None]:
    """A check: the day of this field is not before that of the field ``name``, where both are given."""

    def check(form: Any, field: Any) -> None:
        first = form[name].data
        if field.data and first and field.data < first:
            raise ValidationError(_("The last day is before the first one."))

    return check
