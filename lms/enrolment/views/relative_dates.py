"""An author's relative dates (``+14d``) in words."""

from __future__ import annotations

from lms.content.when import When
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext


def in_words(when: When | None, *, is_dated: bool) -> str | None:
    """``14 days after the first day``, or after enrolling in a cohort without dates.

    None for a fixed date and for no date.
    """
    if when is None or when.base == "fixed":
        return None
    days = _from_the_end(when.days) if when.base == "end" else _from_the_start(when.days, is_dated)
    if not when.at:
        return days
    return str(_("%(days)s, %(hour)s:%(minute)s", days=days, hour=f"{when.at:%H}", minute=f"{when.at:%M}"))


def _from_the_start(days: int, is_dated: bool) -> str:
    if not is_dated:
        return str(
            ngettext("%(num)s day after enrolling", "%(num)s days after enrolling", days)
            if days
            else _("on the day of enrolling")
        )
    if days < 0:
        return str(ngettext("%(num)s day before the first day", "%(num)s days before the first day", -days))
    return str(
        ngettext("%(num)s day after the first day", "%(num)s days after the first day", days)
        if days
        else _("on the first day")
    )


def _from_the_end(days: int) -> str:
    if days < 0:
        return str(ngettext("%(num)s day before the last day", "%(num)s days before the last day", -days))
    return str(
        ngettext("%(num)s day after the last day", "%(num)s days after the last day", days)
        if days
        else _("on the last day")
    )
