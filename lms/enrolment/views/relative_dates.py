"""An author's relative dates in words: ``+14d`` tells nothing to whoever did not write the course."""

from __future__ import annotations

from lms.content.when import When
from lms.core.i18n import gettext as _


def in_words(when: When | None, *, is_dated: bool) -> str | None:
    """``14 days after the first day``; where a cohort has no dates, after enrolling.

    None for a fixed moment, which says itself, and for none at all.
    """
    if when is None or when.base == "fixed":
        return None
    days = _from_the_end(when.days) if when.base == "end" else _from_the_start(when.days, is_dated)
    if not when.at:
        return days
    return str(_("%(days)s, %(hour)s:%(minute)s", days=days, hour=f"{when.at:%H}", minute=f"{when.at:%M}"))


def _from_the_start(days: int, is_dated: bool) -> str:
    if not is_dated:
        return str(_("%(n)s days after enrolling", n=days) if days else _("on the day of enrolling"))
    if days < 0:
        return str(_("%(n)s days before the first day", n=-days))
    return str(_("%(n)s days after the first day", n=days) if days else _("on the first day"))


def _from_the_end(days: int) -> str:
    if days < 0:
        return str(_("%(n)s days before the last day", n=-days))
    return str(_("%(n)s days after the last day", n=days) if days else _("on the last day"))
