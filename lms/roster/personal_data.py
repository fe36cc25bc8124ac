"""What this package stores about people: the lists that offices upload."""

from __future__ import annotations

from lms.core import settings
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, Words
from lms.roster.services.retention import RETENTION_DAYS


def _how_long() -> Words:
    return _(
        "File, rejected rows and names: deleted after %(days)s days. The counts of rows stay.",
        days=settings.value(RETENTION_DAYS),
    )


AREAS = (
    DataArea(
        name="lists",
        title=lazy("Lists of people"),
        what=lazy("Spreadsheets by which an office registers many people at once, and who uploaded them."),
        why=lazy("To register people and to find out later where a mistake came from."),
        who=lazy("The admins of the site. Agency admins see the results of their own lists."),
        how_long=_how_long,
        tables=("people_import",),
        not_copied={"people_import": "contains other people; the ledger says who uploaded which list"},
    ),
)
