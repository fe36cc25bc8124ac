"""Factories for rows: plain functions with sensible defaults. Each adds to the session and flushes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from lms.core.db import db, insert_if_missing
from lms.core.row_cache import begin_transaction_cache
from lms.core.settings import SettingValue
from lms.courses.models import Course, CourseItem, CourseRevision, ItemRevision, RevisionSection
from lms.courses.queries import contents
from lms.courses.services import publish as publish_revision
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.windows import Window
from lms.learning import services as learning
from lms.learning.queries import ItemContext, ItemLink
from lms.learning.results import ItemOutcome, NewGrade
from lms.people.models import Person, RoleGrant, Unit
from lms.records import services as records
from lms.records.models import Record
from lms.records.services.settings import SIGNATORY_NAME

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""12.00 WIT on an ordinary Monday."""

_numbers = count(1)


def _add(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def make_unit(name: str | None = None, parent: Unit | None = None, kind: str = "opd") -> Unit:
    name = name or f"Dinas {next(_numbers)}"
    return _add(Unit(name=name, kind=kind, parent_id=parent.id if parent else None))


def make_person(**values: Any) -> Person:
    """A PNS without a password: sign in with ``client.sign_in``."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        # Born in February: the NIPs that tests name, and those of people_files, are of January.
        "nip": f"199002{1 + number // 1000 % 28:02}201504{1 + number % 2}{number % 1000:03}",
        "name": f"Peserta {number}",
        "status": "pns",
        "rank": "III/a",
        "position": "Analis",
        "created_at": NOON,
        "is_active": True,
        "must_change_password": False,
    }
    return _add(Person(**(defaults | values)))


def make_admin(**values: Any) -> Person:
    person = make_person(**values)
    grant(person, "admin")
    return person


def grant(
    person: Person, role: str, *, course: Course | None = None, unit: Unit | None = None, **values: Any
) -> RoleGrant:
    row = _add(
        RoleGrant(
            person_id=person.id,
            role=role,
            course_id=course.id if course else None,
            unit_id=unit.id if unit else None,
            granted_at=NOON,
            **values,
        )
    )
    db.session.refresh(person)
    return row


def make_course(slug: str | None = None, items: tuple[dict[str, Any], ...] = (), **values: Any) -> Course:
    """A published course; by default with one module. An item is a dict of ``ItemRevision`` values."""
    slug = slug or f"kursus-{next(_numbers)}"
    course = _add(Course(slug=slug, created_at=NOON))
    items = items or ({"slug": "modul-satu"},)
    defaults: dict[str, Any] = {
        "number": 1,
        "is_current": True,
        "created_at": NOON,
        "published_at": NOON,
        "digest": "0" * 64,
        "renderer": 1,
        "title": f"Kursus {slug}",
        "summary": "Ringkas.",
        "language": "id",
        "jp": 4,
        "minutes": 30,
        "item_count": len(items),
        "description_html": "<p>Deskripsi.</p>",
        "prerequisites": [],
        "completion": {"items": "all", "score": None, "attendance": None},
        "has_certificate": True,
        "search_text": slug,
    }
    revision = _add(CourseRevision(course_id=course.id, **(defaults | values)))
    section = _add(RevisionSection(revision_id=revision.id, position=1, title="Bab satu", intro_html=""))
    for position, item in enumerate(items, start=1):
        make_item(course, revision, section, position=position, **item)
    db.session.refresh(course)
    return course


def make_item(course: Course, revision: CourseRevision, section: RevisionSection, **values: Any) -> ItemRevision:
    defaults: dict[str, Any] = {
        "type": "module",
        "slug": f"item-{values['position']}",
        "jp": 1,
        "minutes": 5,
        "is_required": True,
        "after": [],
        "body_html": "<p>Isi.</p>",
        "content": {"complete": "read"},
    }
    values = defaults | values
    values.setdefault("title", values["slug"].replace("-", " ").capitalize())
    key = values.pop("key", values["slug"])
    item = db.session.query(CourseItem).filter_by(course_id=course.id, key=key).first()
    item = item or _add(CourseItem(course_id=course.id, key=key))
    return _add(ItemRevision(item_id=item.id, revision_id=revision.id, section_id=section.id, **values))


def make_cohort(course: Course | None = None, **values: Any) -> Cohort:
    """A cohort by list that begins a week after ``today`` and lasts four weeks. Pages go by the real clock."""
    number, today = next(_numbers) % 1000 + 1, values.pop("today", NOON.date())
    defaults: dict[str, Any] = {
        "name": f"Angkatan {number}",
        "number": number,
        "starts_on": today + timedelta(days=7),
        "ends_on": today + timedelta(days=35),
        "is_open": False,
        "created_at": NOON,
    }
    return _add(Cohort(course_id=(course or make_course()).id, **(defaults | values)))


def make_enrolment(person: Person | None = None, course: Course | None = None, **values: Any) -> Enrolment:
    """``person`` in the course's open cohort, which is created if it is missing. The site has a signatory."""
    name_signatory()
    person, course = person or make_person(), course or make_course()
    cohort = values.pop("cohort", None) or db.session.query(Cohort).filter_by(course_id=course.id, is_open=True).first()
    if cohort is None:
        cohort = _add(Cohort(course_id=course.id, name="", is_open=True, created_at=NOON))
    defaults: dict[str, Any] = {"cycle": 1, "enrolled_at": NOON}
    return _add(Enrolment(cohort_id=cohort.id, course_id=course.id, person_id=person.id, **(defaults | values)))


def item_of(course: Course, slug: str) -> ItemRevision:
    """The item of the published revision."""
    return (
        db.session.query(ItemRevision)
        .join(CourseRevision)
        .filter(CourseRevision.course_id == course.id, CourseRevision.is_current, ItemRevision.slug == slug)
        .one()
    )


def make_item_context(enrolment: Enrolment, item: ItemRevision, **values: Any) -> ItemContext:
    """What an activity's view gets, without going through the course pages."""
    defaults: dict[str, Any] = {
        "enrolment_id": enrolment.id,
        "person_id": enrolment.person_id,
        "course_id": enrolment.course_id,
        "course_slug": enrolment.cohort.course.slug,
        "course_title": "Kursus",
        "item_revision": item,
        "summary": next(one for one in contents(item.revision_id).items if one.item_revision_id == item.id),
        "state": None,
        "window": Window(enrolment.enrolled_at.date(), None, "Asia/Jayapura"),
        "total": 1,
        "before": None,
        "next": ItemLink("berikutnya", "Berikutnya"),
    }
    return ItemContext(**(defaults | values))


GRADED_ITEMS = (
    {"slug": "modul-satu", "jp": 3},
    {"slug": "kuis-akhir", "type": "quiz", "jp": 1, "content": {}},
)


def make_graded_course(slug: str | None = None, **values: Any) -> Course:
    """A module of 3 JP and a quiz of 1 JP. Completing it takes both, and a score of 70."""
    completion = {"items": "all", "score": 70, "attendance": None}
    return make_course(slug, **({"items": GRADED_ITEMS, "jp": 4, "completion": completion} | values))


def complete(person: Person | None = None, course: Course | None = None, **values: Any) -> Enrolment:
    """Complete a graded course, with a score of 85 unless ``score`` is given."""
    score, now = values.pop("score", 85), values.pop("now", NOON)
    course = course or make_graded_course()
    enrolment = make_enrolment(person or make_person(), course, **values)
    learning.record_read(enrolment.id, item_of(course, "modul-satu"), now=now)
    mark(enrolment, course, score, now=now)
    return enrolment


def name_signatory(name: str = "Penanda Tangan Contoh, S.Sos.") -> None:
    """Unless there is one: without it, no certificate is issued."""
    insert_if_missing(SettingValue, ("name",), name=SIGNATORY_NAME.name, value=name, changed_at=NOON, changed_by=None)


def mark(enrolment: Enrolment, course: Course, score: int, now=NOON) -> None:
    """Grade the quiz of a graded course, or change its grade."""
    record_result(enrolment, item_of(course, "kuis-akhir"), score, source=f"attempt:{enrolment.id}", now=now)


def record_result(
    enrolment: Enrolment,
    item: ItemRevision,
    score: int | Decimal,
    *,
    source: str = "attempt:1",
    is_passed: bool = True,
    is_final: bool = False,
    graded_by: int | None = None,
    now: datetime = NOON,
) -> None:
    """A mark in the grade ledger that alone is the item's score."""
    grade = NewGrade(source, Decimal(score), graded_by=graded_by)
    learning.record_result(enrolment.id, item, grade, ItemOutcome(Decimal(score), is_passed, is_final), now=now)


def make_record(person: Person | None = None, course: Course | None = None, **values: Any) -> Record:
    """Complete a course and issue the record."""
    now = values.get("now", NOON)
    return records.issue_record(complete(person, course, **values), actor_id=None, now=now)


def make_revision(course: Course, items: tuple[dict[str, Any], ...], **values: Any) -> CourseRevision:
    """The course's next revision, not published. Items are known by their slug (or ``key``)."""
    begin_transaction_cache()
    newest = db.session.query(CourseRevision).filter_by(course_id=course.id).order_by(CourseRevision.number).all()[-1]
    copied = {
        column.key: getattr(newest, column.key) for column in CourseRevision.__table__.columns if column.key != "id"
    }
    own = {"number": newest.number + 1, "is_current": False, "published_at": None, "item_count": len(items)}
    revision = _add(CourseRevision(**(copied | own | values)))
    section = _add(RevisionSection(revision_id=revision.id, position=1, title="Bab satu", intro_html=""))
    for position, item in enumerate(items, start=1):
        make_item(course, revision, section, position=position, **item)
    return revision


def publish(revision: CourseRevision, *, now: datetime = NOON) -> None:
    publish_revision(revision, actor_id=None, now=now)
    db.session.expire_all()
