"""Completion records of synthetic people, numbered in the order in which they are issued."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select

from lms.core import site
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort
from lms.people import ranks
from lms.records import codes, snapshot
from lms.records.certificate import CertificateFacts, Subject
from lms.records.models import NumberSequence
from lms.records.services import curriculum
from lms.records.services.settings import CertificateSettings, certificate_settings
from lms.synth.rows import Row, RowBuffer


@dataclass(frozen=True)
class PendingRecord:
    issued_at: datetime
    person: Row
    revision: CourseRevision
    cohort: Cohort
    enrolment_id: int
    enrolled_at: datetime
    completed_at: datetime


def issue_all(pending: list[PendingRecord], rows: RowBuffer, rng: Random, *, issuer_id: int) -> None:
    """Number them without a gap, after the records that each year has already."""
    last = Counter({row.year: row.last for row in db.session.scalars(select(NumberSequence))})
    settings = certificate_settings()
    curricula = {revision: curriculum(revision) for revision in {one.revision for one in pending}}
    for one in sorted(pending, key=lambda one: (one.issued_at, one.enrolment_id)):
        issued_on = to_site_time(one.issued_at).date()
        last[issued_on.year] += 1
        number = settings.number(last[issued_on.year], issued_on, one.revision.code or "")
        code = "".join(rng.choices(codes.ALPHABET, k=codes.LENGTH))
        facts = snapshot.to_json(_facts(one, settings, curricula[one.revision], number, code))
        record_id = rows.add(
            "record",
            enrolment_id=one.enrolment_id,
            person_id=one.person["id"],
            course_id=one.revision.course_id,
            code=code,
            number=number,
            jp=one.revision.jp,
            completed_on=to_site_time(one.completed_at).date(),
            snapshot=facts,
            issued_at=one.issued_at,
            issued_by=issuer_id,
        )
        rows.note(
            one.issued_at,
            issuer_id,
            "issue record",
            f"record:{record_id}",
            enrolment=one.enrolment_id,
            person=one.person["id"],
            number=number,
            sha256=snapshot.digest(facts),
        )
    for year, count in last.items():
        db.session.merge(NumberSequence(year=year, last=count))
    db.session.flush()


def _facts(
    one: PendingRecord, settings: CertificateSettings, subjects: tuple[Subject, ...], number: str, code: str
) -> CertificateFacts:
    return CertificateFacts(
        title=settings.title,
        number=number,
        government=settings.government,
        emblem=settings.emblem,
        issuer=settings.issuer,
        sentence=settings.sentence,
        name=one.person["name"],
        nip=one.person["nip"],
        rank=ranks.pangkat(one.person["rank"]),
        grade=one.person["rank"],
        position=one.person["position"],
        unit=one.person["unit"],
        statement=settings.graded_statement,
        course=one.revision.title,
        cohort=one.cohort.name,
        organiser=settings.organiser,
        begins_on=one.cohort.starts_on or to_site_time(one.enrolled_at).date(),
        ends_on=one.cohort.ends_on or to_site_time(one.completed_at).date(),
        hours=one.revision.jp,
        method=settings.method,
        place=settings.place,
        issued_on=to_site_time(one.issued_at).date(),
        signatory=settings.signatory,
        verify_url=site.absolute_url(f"/verify/{code}"),
        code=code,
        curriculum=subjects,
    )
