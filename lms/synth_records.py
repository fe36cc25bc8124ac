"""Completion records of synthetic people, numbered in the order of their days, every printed fact frozen as always."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select

from lms.accounts import ranks
from lms.core import settings as site_settings
from lms.core import site
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort
from lms.records import codes, numbering, snapshot
from lms.records.certificate import CertificateFacts, Subject
from lms.records.models import NumberSequence
from lms.records.services import settings
from lms.synth_rows import Row, Rows


@dataclass(frozen=True)
class Issue:
    """A record to be made: when, for whom, of which course."""

    at: datetime
    person: Row
    revision: CourseRevision
    cohort: Cohort
    enrolment_id: int
    began_at: datetime
    completed_at: datetime


def issue_all(issues: list[Issue], rows: Rows, chance: Random, *, issuer_id: int) -> None:
    """Number them without a gap, behind what was issued before in each year."""
    last = Counter({row.year: row.last for row in db.session.scalars(select(NumberSequence))})
    agency = _Agency()
    for issue in sorted(issues, key=lambda one: (one.at, one.enrolment_id)):
        year = to_site_time(issue.at).year
        last[year] += 1
        code = "".join(chance.choices(codes.SIGNS, k=codes.LENGTH))
        values = snapshot.to_json(agency.facts(issue, code, last[year]))
        record_id = rows.add(
            "record",
            enrolment_id=issue.enrolment_id,
            person_id=issue.person["id"],
            course_id=issue.revision.course_id,
            code=code,
            number=values["number"],
            jp=issue.revision.jp,
            completed_on=to_site_time(issue.completed_at).date(),
            snapshot=values,
            issued_at=issue.at,
            issued_by=issuer_id,
        )
        told = {"enrolment": issue.enrolment_id, "person": issue.person["id"], "number": values["number"]}
        sha256 = snapshot.digest(values)
        rows.note(issue.at, issuer_id, "issue record", f"record:{record_id}", sha256=sha256, **told)
    for year, number in last.items():
        db.session.merge(NumberSequence(year=year, last=number))
    db.session.flush()


class _Agency:
    """What is the same on all certificates, read once."""

    def __init__(self) -> None:
        self.pattern, self.kode = site_settings.value(settings.NUMBER_PATTERN), site_settings.value(settings.KODE)
        self.same = {
            "title": site_settings.value(settings.TITLE),
            "issuer": site_settings.value(settings.ISSUER),
            "sentence": site_settings.value(settings.LEGAL_SENTENCE),
            "statement": site_settings.value(settings.GRADED_STATEMENT),
            "organiser": site_settings.value(settings.ORGANISER) or site_settings.value(settings.ISSUER),
            "method": site_settings.value(settings.METHOD),
            "place": site_settings.value(settings.PLACE),
            "signatory": settings.signatory(),
        }
        self.curricula: dict[int, tuple[Subject, ...]] = {}

    def facts(self, issue: Issue, code: str, urut: int) -> CertificateFacts:
        person, revision, issued_on = issue.person, issue.revision, to_site_time(issue.at).date()
        ends_on = issue.cohort.ends_on or to_site_time(issue.completed_at).date()
        begins_on = issue.cohort.starts_on or to_site_time(issue.began_at).date()
        number = numbering.make_number(
            self.pattern, kode=self.kode, urut=urut, issued_on=issued_on, kode_kursus=revision.code or ""
        )
        return CertificateFacts(
            **self.same,
            number=number,
            name=person["name"],
            nip=person["nip"],
            rank=ranks.pangkat(person["rank"]),
            grade=person["rank"],
            position=person["position"],
            unit=person["unit"],
            course=revision.title,
            cohort=issue.cohort.name,
            begins_on=begins_on,
            ends_on=ends_on,
            hours=revision.jp,
            issued_on=issued_on,
            verify_url=site.absolute_url(f"/verify/{code}"),
            code=code,
            curriculum=self._curriculum(revision),
        )

    def _curriculum(self, revision: CourseRevision) -> tuple[Subject, ...]:
        if revision.id not in self.curricula:
            carrying = [entry for entry in courses.contents(revision.id).items if entry.jp]
            self.curricula[revision.id] = tuple(Subject(entry.title, entry.jp) for entry in carrying)
        return self.curricula[revision.id]
