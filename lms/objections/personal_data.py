"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, left_to_the_agency, rows
from lms.enrolment.models import Enrolment
from lms.objections.models import Objection


def _objections(person_id: int) -> dict[str, Any]:
    own = (
        select(
            Objection.enrolment_id.label("enrolment"),
            Objection.item_id.label("item"),
            Objection.source,
            Objection.question,
            Objection.score,
            Objection.reason,
            Objection.raised_at,
            Objection.answered_at,
            Objection.outcome,
            Objection.answer,
        )
        .join(Enrolment, Enrolment.id == Objection.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Objection.id)
    )
    return {"objections": rows(own)}


AREAS = (
    DataArea(
        name="objections",
        title=lazy("Reports of questions and objections to marks"),
        what=lazy("What a person reported as faulty or contested, the reason, and the answer."),
        why=lazy("To put questions and marks right, and to show afterwards how that was decided."),
        who=lazy("The person and the instructors of the course."),
        how_long=left_to_the_agency,
        tables=("objection",),
        copied=_objections,
        not_copied={"objection.number": "the order of the rows, which are copied in it"},
    ),
)
