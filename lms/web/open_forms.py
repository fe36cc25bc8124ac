"""Forms of offices that two people may have open at once. The second is told what the first saved, and loses nothing.

The last one who saves would undo it silently otherwise, with values that the page had shown and nobody chose.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import Field, HiddenField

from lms.core.i18n import gettext as _
from lms.core.i18n import say_date
from lms.lib.shown_values import as_shown, marks_of
from lms.web.fields import Form


class OpenForm(Form):
    """Its page shows ``seen``. Its fields have the names of the stored values."""

    seen = HiddenField()
    """``marks_of`` what the page showed. Without it, as in forms of older pages, nothing is held against it."""

    def show(self, stored: Mapping[str, Any]) -> None:
        """Keep what is stored now as what this page shows, unless somebody sends the form."""
        if self.seen.data is None:
            self.seen.data = marks_of(stored)

    def is_outdated(self, stored: Mapping[str, Any], entered: Mapping[str, Any], *, only_edited: bool = False) -> bool:
        """Whether others have saved other values since the page was shown; then the form says which.

        Call it with the stored values locked, before saving ``entered``. Fields that were left as they had been shown
        take the stored values, the others keep what was entered, and the form can be saved again. ``only_edited``:
        only the fields that were edited here and there, for those who save nothing else.
        """
        shown = self.seen.data or ""
        if not shown:
            return False
        left = as_shown(entered, shown)
        by_others = set(stored) - as_shown(stored, shown)
        names = [name for name in stored if name in by_others and stored[name] != entered[name] and name in self]
        names = [name for name in names if name not in left] if only_edited else names
        if not names:
            return False
        self.seen.data = marks_of(stored)
        for name in (name for name in names if name in left):
            self[name].data, self[name].raw_data = stored[name], None
        changes = "; ".join(f"{self[name].label.text}: {_in_words(self[name], stored[name])}" for name in names)
        self.form_errors.append(saved_by_others(changes))
        return True


def saved_by_others(changes: str) -> str:
    return str(
        _(
            "Somebody else has saved this form while you had it open. Now there is: %(changes)s. What you entered is"
            " still here. Check it, then save again.",
            changes=changes,
        )
    )


def _in_words(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if value is None or value == "":
        return str(_("empty"))
    if isinstance(value, date):
        return say_date(value)
    labels = {one.value: one.label for one in field.choices} if getattr(field, "choices", None) else {}
    return str(labels.get(value, value))
