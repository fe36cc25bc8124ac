"""What is said about people who were enrolled or left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lms.core.i18n import ngettext
from lms.enrolment.queries import CourseHistory
from lms.enrolment.services.histories import history_text
from lms.enrolment.services.places import EnrolmentOutcome
from lms.people.models import Person

MAX_NAMES = 5


def outcome_messages(outcome: EnrolmentOutcome) -> Iterator[tuple[str, str]]:
    """Texts, each with its category for ``flash``."""
    if outcome.enrolled or not (outcome.waiting or outcome.already or outcome.staying or outcome.not_ready):
        yield ngettext("%(num)s person was enrolled.", "%(num)s people were enrolled.", outcome.enrolled), "done"
    if outcome.waiting:
        yield (
            ngettext(
                "All places are taken: %(num)s person was put on the waiting list.",
                "All places are taken: %(num)s people were put on the waiting list.",
                outcome.waiting,
            ),
            "message",
        )
    if outcome.already:
        yield (
            ngettext(
                "%(num)s person was already in this cohort.",
                "%(num)s people were already in this cohort.",
                outcome.already,
            ),
            "message",
        )
    if outcome.staying:
        yield _staying_message(outcome.staying), "fail"
    if outcome.not_ready:
        yield not_ready_message(outcome.not_ready), "fail"


def _staying_message(staying: Sequence[tuple[Person, CourseHistory]]) -> str:
    """About people who were not enrolled, because they would have started over."""
    return ngettext(
        "%(num)s person was not enrolled, because they would start over: %(people)s. Nothing of theirs was changed.",
        "%(num)s people were not enrolled, because they would start over: %(people)s. Nothing of theirs was changed.",
        len(staying),
        people=_names([f"{person.full_name} ({history_text(history)})" for person, history in staying]),
    )


def not_ready_message(people: Sequence[Person]) -> str:
    """About people who were left out for lack of a prerequisite."""
    return ngettext(
        "%(num)s person was left out, because a course that comes first is not completed: %(names)s.",
        "%(num)s people were left out, because a course that comes first is not completed: %(names)s.",
        len(people),
        names=_names([person.full_name for person in people]),
    )


def _names(names: Sequence[str]) -> str:
    return "; ".join(names[:MAX_NAMES]) + ("; …" if names[MAX_NAMES:] else "")
