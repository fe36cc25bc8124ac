"""The course that is shown first to people who have done nothing on the site yet."""

from __future__ import annotations

from lms.core.i18n import lazy
from lms.core.settings import Setting
from lms.courses import queries as courses


def _problem(slug: str) -> str | None:
    if not slug or courses.published(slug):
        return None
    return str(lazy("No published course has the address “%(slug)s”.", slug=slug))


NEWCOMER_COURSE = Setting(
    "newcomer_course",
    "",
    group=lazy("Courses"),
    label=lazy("Course for newcomers"),
    hint=lazy(
        "The last part of its address, such as cara-belajar. The home page shows it first to people who have done "
        "nothing yet, as long as they can enrol. Empty: none."
    ),
    check=_problem,
)
