"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import REPEATED, DataArea, left_to_the_agency, rows
from lms.core.site import absolute_url
from lms.courses.models import Course
from lms.records.models import Record


def _certificates(person_id: int) -> dict[str, Any]:
    found = rows(
        select(
            Record.enrolment_id.label("enrolment"),
            Course.slug.label("course"),
            Record.number,
            Record.code,
            Record.jp,
            Record.completed_on,
            Record.snapshot.label("printed"),
            Record.issued_at,
            Record.revoked_at,
            Record.revoke_reason,
        )
        .join(Course, Course.id == Record.course_id)
        .where(Record.person_id == person_id)
        .order_by(Record.id)
    )
    return {
        "certificates": [
            row
            | {
                "check_address": absolute_url(f"/verify/{row['code']}"),
                "pdf_address": None if row["revoked_at"] else absolute_url(f"/records/{row['code']}.pdf"),
            }
            for row in found
        ]
    }


AREAS = (
    DataArea(
        name="certificates",
        title=lazy("Certificates"),
        what=lazy(
            "Number, course, JP and dates, and all that is printed: name, NIP, rank, position and unit on the day of"
            " issue. Revoked ones with the reason."
        ),
        why=lazy("To prove a training, and to let anybody check that a certificate is genuine."),
        who=lazy(
            "The person, the instructors of the course and the admins. Whoever has the code of a certificate sees the"
            " name, the end of the NIP, the course, JP, dates and whether it is valid."
        ),
        how_long=left_to_the_agency,
        tables=("record", "record_batch", "record_batch_entry", "counted_record", "counted_hours"),
        copied=_certificates,
        not_copied={
            "record_batch": "who issued to many at once: in the ledger",
            "record_batch_entry": REPEATED,
            "counted_record": REPEATED,
            "counted_hours": REPEATED,
        },
    ),
)
