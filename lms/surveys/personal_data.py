"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, left_to_the_agency, rows
from lms.courses.models import Course, CourseItem
from lms.enrolment.models import Enrolment
from lms.surveys.models import SurveyParticipant, SurveyReply


def _surveys(person_id: int) -> dict[str, Any]:
    own = Enrolment.person_id == person_id
    answered = (
        select(Course.slug.label("course"), CourseItem.key.label("survey"))
        .select_from(SurveyParticipant)
        .join(Enrolment, Enrolment.id == SurveyParticipant.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseItem, CourseItem.id == SurveyParticipant.item_id)
        .where(own)
        .order_by(SurveyParticipant.id)
    )
    with_name = (
        select(
            Course.slug.label("course"),
            CourseItem.key.label("survey"),
            SurveyReply.answers,
            SurveyReply.replied_at,
        )
        .join(Enrolment, Enrolment.id == SurveyReply.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseItem, CourseItem.id == SurveyReply.item_id)
        .where(own)
        .order_by(SurveyReply.replied_at)
    )
    return {"answered": rows(answered), "answers_with_name": rows(with_name)}


AREAS = (
    DataArea(
        name="surveys",
        title=lazy("Surveys"),
        what=lazy(
            "Which surveys the person has answered. The answers with their name, where the survey asks with names. "
            "Answers to a survey without names are stored without anything that leads to the person: so they are in no "
            "copy."
        ),
        why=lazy("To improve courses, and so that nobody answers twice."),
        who=lazy(
            "Answers with a name: the person, the instructors of the course and the admins. Answers without names: the"
            " instructors and the admins, in groups only."
        ),
        how_long=left_to_the_agency,
        tables=("survey_participant", "survey_reply"),
        copied=_surveys,
        not_copied={
            "survey_reply.version": "counts the changes; the copy has the newest answers",
            "survey_reply.is_told": "whether answers without a name are shown; those with a name always are",
        },
    ),
)
