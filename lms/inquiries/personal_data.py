"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, left_to_the_agency, rows
from lms.enrolment.models import Enrolment
from lms.inquiries.models import Inquiry


def _inquiries(person_id: int) -> dict[str, Any]:
    asked = (
        select(
            Inquiry.enrolment_id.label("enrolment"),
            Inquiry.item_id.label("item"),
            Inquiry.text,
            Inquiry.asked_at,
            Inquiry.answered_at,
            Inquiry.answer,
            Inquiry.is_shared,
        )
        .join(Enrolment, Enrolment.id == Inquiry.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Inquiry.id)
    )
    answered = select(Inquiry.answered_at, Inquiry.answer, Inquiry.is_shared)
    answered = answered.where(Inquiry.answered_by == person_id).order_by(Inquiry.id)
    return {"inquiries": rows(asked), "answered_inquiries": rows(answered)}


AREAS = (
    DataArea(
        name="inquiries",
        title=lazy("Questions to instructors"),
        what=lazy("What a person asked the instructors of a course, and the answers."),
        why=lazy("So that participants who learn far from each other get help, and find answers given before."),
        who=lazy(
            "The person, the instructors of the course and the admins; questions with answers that an instructor shares"
            " are read by all participants of the course, without the name of who asked."
        ),
        how_long=left_to_the_agency,
        tables=("inquiry",),
        copied=_inquiries,
        not_copied={
            "inquiry.number": "keeps what is sent twice from being asked twice",
            "inquiry.version": "counts the changes of the answer; the copy has the newest",
        },
    ),
)
