"""What this package stores about people: who edited and scheduled drafts of courses, and who copied questions."""

from __future__ import annotations

from sqlalchemy import select

from lms.authoring.models import QuestionOrigin
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.personal_data import REPEATED, DataArea, Words, rows


def _until_published() -> Words:
    return _("Until the draft is published or discarded.")


def _as_long_as_the_course() -> Words:
    return _("As long as the course is on this site.")


def _as_long_as_the_copy() -> Words:
    return _("As long as the course that has the copy.")


AREAS = (
    DataArea(
        name="course-drafts",
        title=lazy("Drafts of courses"),
        what=lazy(
            "Who began the draft of a course, who last saved each of its files and when, who asked for a review, "
            "and who returned it with which note."
        ),
        why=lazy("So that two people who edit the same file know of each other."),
        who=lazy("The instructors of the course and the admins of the site."),
        how_long=_until_published,
        tables=("course_draft", "course_draft_file"),
        not_copied={
            "course_draft": "the ledger says who published or discarded it; the content is no personal data",
            "course_draft_file": "the content is no personal data, and the next save replaces who made the last one",
        },
    ),
    DataArea(
        name="scheduled-publications",
        title=lazy("Publications at a set time"),
        what=lazy("Who scheduled the publication of a draft and when, and who cancelled it."),
        why=lazy("So that it is published in the name of whoever may, and so that they are told how it ended."),
        who=lazy("The instructors of the course and the admins of the site."),
        how_long=_as_long_as_the_course,
        tables=("scheduled_publication",),
        not_copied={"scheduled_publication": "the ledger says who scheduled, cancelled and published it"},
    ),
    DataArea(
        name="copied-questions",
        title=lazy("Copied questions"),
        what=lazy("Who copied a question from one course into another, and when."),
        why=lazy("So that the origin of a question can be told, and its author asked."),
        who=lazy("The instructors of the course that has the copy, and the admins of the site."),
        how_long=_as_long_as_the_copy,
        tables=("question_origin",),
        copied=lambda person_id: {
            "copied_questions": rows(
                select(
                    QuestionOrigin.question_id,
                    QuestionOrigin.from_title,
                    QuestionOrigin.from_question_id,
                    QuestionOrigin.from_revision,
                    QuestionOrigin.copied_at,
                )
                .where(QuestionOrigin.copied_by == person_id)
                .order_by(QuestionOrigin.id)
            )
        },
        not_copied={"question_origin.copied_by": REPEATED},
    ),
)
