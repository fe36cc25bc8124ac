"""Reads of surveys."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple, cast

from sqlalchemy import func, select

from lms.content.items.survey import Survey
from lms.core.db import db
from lms.courses import queries as courses
from lms.enrolment.models import Enrolment
from lms.people.models import Person
from lms.surveys.models import SurveyParticipant, SurveyReply


def _in(column: Any, cohort_id: int | None, query: Any) -> Any:
    return query if cohort_id is None else query.where(column == cohort_id)


def survey_of(item_revision_id: int) -> Survey:
    return cast(Survey, courses.item_content(item_revision_id))


def has_answered(enrolment_id: int, item_id: int) -> bool:
    own = SurveyParticipant.enrolment_id == enrolment_id, SurveyParticipant.item_id == item_id
    return db.session.scalar(select(SurveyParticipant.id).where(*own)) is not None


def own_reply(enrolment_id: int, item_id: int) -> SurveyReply | None:
    """With the person's name; of others nobody can say whose they are."""
    own = SurveyReply.enrolment_id == enrolment_id, SurveyReply.item_id == item_id
    return db.session.scalar(select(SurveyReply).where(*own).execution_options(populate_existing=True))


class NamedReply(NamedTuple):
    reply: SurveyReply
    person: Person


class Replies(NamedTuple):
    """What instructors may know of a survey. ``without_names`` are told; ``held`` wait until there are enough."""

    without_names: list[SurveyReply]
    named: list[NamedReply]
    answered: int
    asked: int
    """Those who take the course."""

    @property
    def told(self) -> list[SurveyReply]:
        return [*self.without_names, *(one.reply for one in self.named)]

    @property
    def held(self) -> int:
        return max(0, self.answered - len(self.told))


def replies(item_id: int, course_id: int, cohort_id: int | None, least: int) -> Replies:
    """Of one cohort, or of all. Replies without names of a cohort that has told fewer than ``least`` are left out, of
    the sum of all cohorts too: it would show them, less the others."""
    told = select(SurveyReply).where(
        SurveyReply.item_id == item_id, SurveyReply.enrolment_id.is_(None), SurveyReply.is_told
    )
    found = db.session.scalars(_in(SurveyReply.cohort_id, cohort_id, told).order_by(SurveyReply.id)).all()
    in_cohorts = Counter(one.cohort_id for one in found)
    named = (
        select(SurveyReply, Person)
        .join(Enrolment, Enrolment.id == SurveyReply.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(SurveyReply.item_id == item_id)
    )
    answered = (
        select(func.count())
        .select_from(SurveyParticipant)
        .join(Enrolment, Enrolment.id == SurveyParticipant.enrolment_id)
        .where(SurveyParticipant.item_id == item_id)
    )
    asked = select(func.count(Enrolment.id)).where(Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
    return Replies(
        [one for one in found if in_cohorts[one.cohort_id] >= least],
        sorted(
            (NamedReply(*row) for row in db.session.execute(_in(SurveyReply.cohort_id, cohort_id, named))),
            key=lambda one: (one.person.full_name.casefold(), one.reply.id),
        ),
        db.session.scalar(_in(Enrolment.cohort_id, cohort_id, answered)) or 0,
        db.session.scalar(_in(Enrolment.cohort_id, cohort_id, asked)) or 0,
    )
