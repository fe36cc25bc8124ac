"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, left_to_the_agency, rows
from lms.notices.models import Notice
from lms.notices.services.wording import translate


def _notices(person_id: int) -> dict[str, Any]:
    found = rows(
        select(
            Notice.created_at,
            Notice.channel,
            Notice.kind,
            Notice.facts,
            Notice.link,
            Notice.due_at,
            Notice.state,
            Notice.tries,
            Notice.error,
            Notice.read_at,
        )
        .where(Notice.person_id == person_id)
        .order_by(Notice.id)
    )
    for row in found:
        text = translate(row["kind"], row["facts"])
        row.update(title=text.title, body=text.body)
    return {"notices": found}


AREAS = (
    DataArea(
        name="notices",
        title=lazy("Notices"),
        what=lazy("Messages of the site and by e-mail, whether one on the site was opened, and mail errors."),
        why=lazy("To tell of deadlines, marks and certificates, once each."),
        who=lazy("The person. Admins of the site see the mails that could not be delivered."),
        how_long=left_to_the_agency,
        tables=("notice",),
        copied=_notices,
        not_copied={"notice.occasion": "names the message within the site, so that nobody gets it twice"},
    ),
)
