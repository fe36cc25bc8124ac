"""Issuing and revoking records.

Records are numbered without gaps, one per enrolment, with every printed fact frozen. Revoked ones stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from lms.core import ledger, ledger_heads, site
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, ngettext, say_number, to_site_time
from lms.courses import queries as courses
from lms.courses.models import CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning import queries as learning
from lms.learning.completion import CompletionRow, CourseOutcome
from lms.learning.models import Completion
from lms.people import queries as persons
from lms.people import ranks
from lms.people.models import Person
from lms.records import codes, qualification, queries, snapshot
from lms.records.certificate import CertificateFacts, Subject, Unprintable, render_pdf, unit_and_agency
from lms.records.models import NumberSequence, Record
from lms.records.services.readiness import check_settings
from lms.records.services.settings import CertificateSettings, certificate_settings


class OwnRecord(Refusal):
    message = lazy("Nobody issues a certificate to themselves. Ask another instructor of the course or an admin.")


class NotCompleted(Refusal):
    message = lazy("The course has not been completed yet.")


class HasLeft(Refusal):
    message = lazy("This person has left the course.")


class NoCertificate(Refusal):
    message = lazy("This course is given without a certificate.")


class NoLongerComplete(Refusal):
    """``outcome`` has the present result of the rules."""

    message = lazy("The rules of the course are no longer met: %(lacks)s.")

    def __init__(self, outcome: CourseOutcome) -> None:
        super().__init__(lacks=what_lacks(outcome))
        self.outcome = outcome


class StillValid(Refusal):
    message = lazy("This certificate is valid. Only a revoked certificate can be replaced.")


class CannotBePrinted(Refusal):
    message = lazy(
        "The name, position, unit or course has a character that cannot be printed (such as an emoji). "
        "Correct it, then issue the certificate."
    )


class NumbersUncertain(Refusal):
    message = lazy(
        "This site was restored from a backup, and it is not known which numbers were printed since then. An admin"
        " enters the last one under Manage → Certificates; until then no certificate is issued. Nothing is lost."
    )


@dataclass(frozen=True)
class IssueResult:
    """The result for one of several enrolments: its record, or the reason why there is none."""

    enrolment: Enrolment
    record: Record | None
    refusal: Refusal | None = None


class CompletedCourse(NamedTuple):
    """What a certificate certifies: a completion, the revision that was completed, and the result as it is now."""

    completion: Completion | CompletionRow
    revision: CourseRevision
    outcome: CourseOutcome


def what_lacks(outcome: CourseOutcome) -> str:
    """The unmet rules in a few words."""
    lacking = []
    if outcome.items_left:
        lacking.append(
            ngettext("%(n)s item is not done", "%(n)s items are not done", outcome.items_left, n=outcome.items_left)
        )
    if outcome.lacks_score:
        score, mark = say_number(outcome.score), say_number(outcome.pass_mark)
        lacking.append(_("the final score is %(score)s of %(mark)s", score=score, mark=mark))
    return ", ".join(lacking)


def issue_records(enrolments: Iterable[Enrolment], *, actor_id: int | None, now: datetime) -> list[IssueResult]:
    """Issue records in the given order. A refusal is part of the result and does not stop the others."""
    return [_try(enrolment, actor_id, now) for enrolment in enrolments]


def _try(enrolment: Enrolment, actor_id: int | None, now: datetime) -> IssueResult:
    try:
        return IssueResult(enrolment, issue_record(enrolment, actor_id=actor_id, now=now))
    except Refusal as refusal:
        return IssueResult(enrolment, None, refusal)


def issue_record(enrolment: Enrolment, *, actor_id: int | None, now: datetime) -> Record:
    """Issue the record of an enrolment, or return the one it has: pressing twice makes one.

    The rules of the course are applied again to the present grades. Issuing within a year is serialised, so that no
    number is given twice or left out.

    :raises OwnRecord: The actor would issue to themselves.
    :raises NoLongerComplete: A grade was corrected since completion.
    :raises Refusal: ``NotCompleted``, ``HasLeft``, ``NoCertificate``, ``CannotBePrinted``, ``NumbersUncertain``,
        ``NoSignatory``, ``NoIssuer``.
    """
    sequence = locked_sequence(to_site_time(now).year)
    present = queries.record_of(enrolment.id)
    if present is not None:
        return present
    return _issue(sequence, enrolment, actor_id, now)


def replace_record(record: Record, *, actor_id: int, now: datetime) -> Record:
    """Issue a new record in place of a revoked one, with the person's and the course's present data.

    The revoked record stays revoked and shows the new number. Pressing twice makes one.

    :raises StillValid: The record was not revoked.
    :raises Refusal: As for ``issue_record``.
    """
    sequence = locked_sequence(to_site_time(now).year)
    if record.revoked_at is None:
        raise StillValid
    enrolment = db.session.get_one(Enrolment, record.enrolment_id)
    return queries.replacement_of(record) or _issue(sequence, enrolment, actor_id, now, replaces=record)


def _issue(
    sequence: NumberSequence, enrolment: Enrolment, actor_id: int | None, now: datetime, replaces: Record | None = None
) -> Record:
    if actor_id == enrolment.person_id:
        raise OwnRecord
    if sequence.uncertain_since is not None:
        raise NumbersUncertain
    settings = certificate_settings()
    check_settings(settings)
    completed = _completed_course(enrolment)
    last, number = _next_number(sequence.last, settings, completed.revision, now)
    facts = _facts_to_issue(enrolment, completed, number, settings, now)
    values = snapshot.to_json(facts)
    _check_printable(values, facts)
    record = Record(
        enrolment_id=enrolment.id,
        replaces_id=replaces.id if replaces else None,
        person_id=enrolment.person_id,
        course_id=enrolment.course_id,
        code=facts.code,
        number=facts.number,
        jp=facts.hours,
        completed_on=to_site_time(completed.completion.completed_at).date(),
        snapshot=values,
        issued_at=now,
        issued_by=actor_id,
    )
    sequence.last = last  # only now: a refusal above leaves no gap between the numbers
    db.session.add(record)
    db.session.flush()
    ledger.record(
        actor_id,
        "issue record",
        f"record:{record.id}",
        now=now,
        enrolment=enrolment.id,
        person=enrolment.person_id,
        number=facts.number,
        course=record.course_id,
        completed_on=record.completed_on.isoformat(),
        score=completed.outcome.score,
        sha256=snapshot.digest(values),
        **({"replaces": replaces.number} if replaces else {}),
    )
    db.session.flush()
    return record


def _facts_to_issue(
    enrolment: Enrolment, completed: CompletedCourse, number: str, settings: CertificateSettings, now: datetime
) -> CertificateFacts:
    """Everything that is printed, with a new code."""
    person = persons.person(enrolment.person_id)
    assert person is not None
    code = codes.new_code()
    return replace(
        facts_to_print(enrolment, person, completed, settings, now),
        number=number,
        verify_url=site.absolute_url(f"/verify/{code}"),
        code=code,
        ledger_head=ledger_heads.printed_head(),
        curriculum=curriculum(completed.revision),
    )


def locked_sequence(year: int) -> NumberSequence:
    """The year's counter, locked until the transaction ends. Always the first lock, so that there are no deadlocks."""
    insert_if_missing(NumberSequence, ("year",), year=year, last=0)
    return db.session.scalars(
        select(NumberSequence)
        .where(NumberSequence.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _completed_course(enrolment: Enrolment) -> CompletedCourse:
    completion = learning.completion_of(enrolment.id)
    if completion is None:
        raise NotCompleted
    if enrolment.withdrawn_at is not None:
        raise HasLeft
    revision = queries.revision_completed(completion)
    if not revision.has_certificate:
        raise NoCertificate
    outcome = queries.outcome_now(completion, revision, learning.item_progress([enrolment.id])[enrolment.id])
    if not outcome.is_complete:
        raise NoLongerComplete(outcome)
    return CompletedCourse(completion, revision, outcome)


def _next_number(last: int, settings: CertificateSettings, revision: CourseRevision, now: datetime) -> tuple[int, str]:
    """The next number that no record has: a pattern changed within the year could produce an old one again."""
    while True:
        last += 1
        number = settings.number(last, to_site_time(now).date(), revision.code or "")
        if db.session.scalar(select(Record.id).where(Record.number == number)) is None:
            return last, number


def facts_to_print(
    enrolment: Enrolment, person: Person, completed: CompletedCourse, settings: CertificateSettings, now: datetime
) -> CertificateFacts:
    """What would be printed now, without the curriculum and what only an issued certificate has: number and code."""
    unit, agency = unit_and_agency(persons.unit_path(person.unit))
    begins_on, ends_on = _days(enrolment, completed.completion)
    score = completed.outcome.score
    return CertificateFacts(
        title=settings.title,
        number="",
        government=settings.government,
        emblem=settings.emblem,
        issuer=settings.issuer,
        sentence=settings.sentence,
        name=person.full_name,
        nip=person.nip or "",
        rank=ranks.pangkat(person.rank),
        grade=person.rank,
        position=person.position,
        unit=unit,
        agency=agency,
        statement=settings.graded_statement if score is not None else "TELAH MENGIKUTI",
        qualification=qualification.word_for(score, qualification.read(settings.qualifications))
        if settings.shows_qualification
        else "",
        course=completed.revision.title,
        cohort=enrolment.cohort.name,
        organiser=settings.organiser,
        begins_on=begins_on,
        ends_on=ends_on,
        hours=completed.revision.jp,
        method=settings.method,
        place=settings.place,
        issued_on=to_site_time(now).date(),
        signatory=settings.signatory,
        verify_url="",
        code="",
    )


def _days(enrolment: Enrolment, completion: Completion | CompletionRow) -> tuple[date, date]:
    """The first and last day of a training: those of its cohort or, without them, of the person's own way."""
    cohort = enrolment.cohort
    begins_on = cohort.starts_on or to_site_time(enrolment.enrolled_at).date()
    ends_on = (cohort.starts_on and cohort.ends_on) or to_site_time(completion.completed_at).date()
    return min(begins_on, ends_on), ends_on


def curriculum(revision: CourseRevision) -> tuple[Subject, ...]:
    """The items with JP; only their titles if their JP do not add up to those of the course."""
    entries = courses.contents(revision.id).items
    carrying = [entry for entry in entries if entry.jp]
    if sum(entry.jp for entry in carrying) == revision.jp:
        return tuple(Subject(entry.title, entry.jp) for entry in carrying)
    return tuple(Subject(entry.title) for entry in carrying or entries)


def _check_printable(values: dict[str, Any], facts: CertificateFacts) -> None:
    if snapshot.has_unusual_characters(values):
        try:
            render_pdf(facts)
        except Unprintable as error:
            raise CannotBePrinted from error


class AlreadyRevoked(Refusal):
    message = lazy("This certificate was already revoked. The first reason stays.")


def revoke_record(record: Record, reason: str, *, actor_id: int, now: datetime) -> None:
    """Revoke a record: the check page says so from now on, and its JP no longer count.

    :raises AlreadyRevoked: Someone else was quicker.
    """
    db.session.scalars(
        select(Record).where(Record.id == record.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if record.revoked_at is not None:
        raise AlreadyRevoked
    record.revoked_at, record.revoked_by, record.revoke_reason = now, actor_id, reason
    ledger.record(actor_id, "revoke record", f"record:{record.id}", now=now, number=record.number, reason=reason)
    db.session.flush()
