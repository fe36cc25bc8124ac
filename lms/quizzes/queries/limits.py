"""Reads of other limits that persons and cohorts were given, and of requests for a further attempt."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import lazyload

from lms.core.db import db
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.lib.folding import search_words
from lms.people.models import Person
from lms.quizzes.models import AttemptRequest, QuizOverride


def overrides_in(targets: Sequence[str]) -> Sequence[QuizOverride]:
    """All that was given under these targets, the newest first."""
    found = select(QuizOverride).where(QuizOverride.target.in_(targets)).order_by(QuizOverride.id.desc())
    return db.session.scalars(found).all()


def people_with_overrides(item_id: int, course_id: int) -> Sequence[Row[Enrolment, Person]]:
    """Participants of the course who were ever given an override at this quiz or at all of them, by name."""
    given = select(QuizOverride.enrolment_id).where(
        QuizOverride.enrolment_id.is_not(None), or_(QuizOverride.item_id == item_id, QuizOverride.item_id.is_(None))
    )
    found = select(Enrolment, Person).join(Person, Person.id == Enrolment.person_id)
    found = found.where(Enrolment.id.in_(given), Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
    return db.session.execute(found.options(lazyload(Person.grants)).order_by(Person.name, Enrolment.id)).all()


def participants_named(course_id: int, words: str, most: int) -> Sequence[Row[Enrolment, Person]]:
    """Participants of a course whose names have all ``words``, by name."""
    found = enrolments.participants(course_id).where(*map(Person.has_word, search_words(words)))
    return db.session.execute(found.limit(most)).all()


def open_requests(item_id: int) -> Sequence[Row[AttemptRequest, Person]]:
    """Requests at a quiz that nobody has answered, the oldest first. Those of people who left are left out."""
    found = (
        select(AttemptRequest, Person)
        .join(Enrolment, Enrolment.id == AttemptRequest.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            AttemptRequest.item_id == item_id, AttemptRequest.answered_at.is_(None), Enrolment.withdrawn_at.is_(None)
        )
    )
    return db.session.execute(found.options(lazyload(Person.grants)).order_by(AttemptRequest.id)).all()


def newest_request(enrolment_id: int, item_id: int) -> AttemptRequest | None:
    own = AttemptRequest.enrolment_id == enrolment_id, AttemptRequest.item_id == item_id
    return db.session.scalars(select(AttemptRequest).where(*own).order_by(AttemptRequest.id.desc()).limit(1)).first()
