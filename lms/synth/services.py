"""Making the synthetic agency: units, people, courses, cohorts, and a history for each person.

Units and courses go through the site's own services. What there is by the thousand is made as rows
(``lms.synth.history``) and written in bulk. All are demo people with the public password, so a production start warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import func, select

from lms.core.db import db, refresh_statistics
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time, zone
from lms.counts.services import count_all
from lms.courses import queries as course_queries
from lms.courses import services as course_services
from lms.courses.models import ItemRevision
from lms.demo import cast
from lms.enrolment import services as enrolment
from lms.enrolment.models import Cohort
from lms.enrolment.windows import window_from
from lms.learning.services import pass_mark
from lms.lib.numerals import roman
from lms.people.models import Person, Unit
from lms.people.services import units
from lms.quizzes import queries as quizzes
from lms.synth.course_text import course_files
from lms.synth.history import EnrolmentHistory, SynthCourse
from lms.synth.records import PendingRecord, issue_all
from lms.synth.rows import Row, RowBuffer

AGENCY = "Pemerintah Contoh"
MAX_UNITS, PEOPLE_PER_UNIT = 60, 80
PEOPLE_AT_ONCE = 250
COURSES_EACH = (0, 1, 2, 2, 3, 3, 3, 4, 5)
POSTS = ("Pelaksana", "Analis Kebijakan", "Pengelola Keuangan", "Arsiparis", "Pranata Komputer", "Perawat", "Guru")
RANKS = ("II/c", "III/a", "III/b", "III/c", "III/d", "IV/a")
GIVEN = ("Agustina", "Barnabas", "Christina", "Daniel", "Frans", "Greace", "Hendrik", "Ida", "Johan", "Maria", "Nur")


class HasRealPeople(Refusal):
    message = lazy("Real people are on this site. Synthetic ones are made on a site of their own; nothing was changed.")


class IsThereAlready(Refusal):
    message = lazy("The synthetic agency is here already. Make another one on an empty site; nothing was changed.")


def create_agency(people: int, course_count: int, years: int, *, seed: int, now: datetime) -> Iterator[int]:
    """Make all of it, flushed. Yields the number of people done so far, for a progress bar.

    :raises HasRealPeople: the site is in use.
    :raises IsThereAlready: the agency was made before.
    """
    _check_site_is_empty()
    rng, rows, started = Random(seed), RowBuffer(), now - timedelta(days=365 * years)  # noqa: S311
    persons = _people(people, _units(people, started), rng, rows, started)
    rows.write()
    admin_id, instructor_id = persons[0]["id"], persons[1]["id"]
    courses = [_course(number, instructor_id, years, started, now) for number in range(1, course_count + 1)]
    _roles(admin_id, instructor_id, persons, courses, rows, started)
    pending: list[PendingRecord] = []
    for done, person in enumerate(persons, start=1):
        pending += _history(person, courses, rows, rng, started, now)
        if done % PEOPLE_AT_ONCE == 0:
            rows.write()
        yield done
    issue_all(pending, rows, rng, issuer_id=instructor_id)
    rows.write()
    rows.write_ledger()
    rows.advance_sequences()
    count_all()
    refresh_statistics()


def _check_site_is_empty() -> None:
    if db.session.scalar(select(func.count()).select_from(Person).where(~Person.is_demo)):
        raise HasRealPeople
    if db.session.scalar(select(Unit.id).where(Unit.parent_id.is_(None), Unit.name == AGENCY)):
        raise IsThereAlready


def _units(people: int, now: datetime) -> list[Unit]:
    """One agency with up to 60 units, every third of them under another one."""
    top = units.create_unit(AGENCY, "instansi", None, actor_id=None, now=now)
    found: list[Unit] = []
    for number in range(1, max(2, min(MAX_UNITS, people // PEOPLE_PER_UNIT)) + 1):
        is_part = number % 3 == 0
        name = f"Bidang Contoh {number:02}" if is_part else f"Dinas Contoh {number:02}"
        parent = found[-1] if is_part else top
        found.append(units.create_unit(name, "bidang" if is_part else "opd", parent, actor_id=None, now=now))
    return found


def nip_of(number: int) -> str:
    """The NIP of the ``number``-th person: born and appointed on days that no real one need share."""
    born = date(1968, 1, 1) + timedelta(days=number * 7 % 11_000)
    return f"{born:%Y%m%d}{born.year + 24}{number % 12 + 1:02}{1 + number % 2}{number % 999 + 1:03}"


def _people(count: int, offices: list[Unit], rng: Random, rows: RowBuffer, now: datetime) -> list[Row]:
    """Their rows. The first is the admin, the second teaches all courses, the next head a unit each."""
    found = []
    for number in range(1, count + 1):
        unit = offices[(number - 3) % len(offices)] if number <= len(offices) + 2 else rng.choice(offices)
        row = {
            "nip": nip_of(number),
            "name": f"{rng.choice(GIVEN)} Contoh {number:05}",
            "status": "pns",
            "rank": rng.choice(RANKS),
            "position": rng.choice(POSTS),
            "unit_id": unit.id,
            "password_hash": cast.password_hash(),
            "is_demo": True,
            "created_at": now,
        }
        found.append({"id": rows.add("person", **row), "unit": unit.name, **row})
        rows.note(now, None, "create person", f"person:{found[-1]['id']}", status="pns")
    return found


def _course(number: int, instructor_id: int, years: int, started: datetime, now: datetime) -> SynthCourse:
    """Import and publish a course, with a cohort that is open all year and two with dates in each year."""
    slug = f"kursus-contoh-{number:02}"
    revision = course_services.import_course(slug, course_files(number), actor_id=None, now=started).revision
    course_services.publish(revision, actor_id=None, now=started)
    enrolment.set_open(revision.course, True, actor_id=None, now=started)
    cohorts = [enrolment.undated_cohort(revision.course, now=started)]
    for ordinal in range(1, 2 * years + 1):
        begins = to_site_time(started).date() + timedelta(days=180 * (ordinal - 1) + number % 60)
        cohorts.append(_cohort(revision.course_id, ordinal, begins, started))
    db.session.add_all(cohorts)
    db.session.flush()
    items = select(ItemRevision).where(ItemRevision.revision_id == revision.id, ItemRevision.type == "quiz")
    return SynthCourse(
        revision=revision,
        cohorts=cohorts,
        contents=course_queries.contents(revision.id),
        quizzes={item.item_id: quizzes.quiz_of_revision(item.id) for item in db.session.scalars(items)},
        instructor_id=instructor_id,
        pass_mark=pass_mark(),
        until=now,
    )


def _cohort(course_id: int, ordinal: int, begins: date, now: datetime) -> Cohort:
    return Cohort(
        course_id=course_id,
        name=f"Angkatan {roman(ordinal)} Tahun {begins.year}",
        number=ordinal,
        starts_on=begins,
        ends_on=begins + timedelta(days=75),
        is_open=False,
        created_at=now,
    )


def _roles(
    admin_id: int, instructor_id: int, persons: list[Row], courses: list[SynthCourse], rows: RowBuffer, now: datetime
) -> None:
    def give(person_id: int, role: str, **place: int) -> None:
        where = {"course_id": None, "unit_id": None} | place
        rows.add("role_grant", person_id=person_id, role=role, granted_at=now, granted_by=None, **where)

    give(admin_id, "admin")
    for course in courses:
        give(instructor_id, "instructor", course_id=course.revision.course_id)
    headed: set[int] = set()
    for person in persons[2:]:
        if person["unit_id"] not in headed:
            headed.add(person["unit_id"])
            give(person["id"], "head", unit_id=person["unit_id"])


def _history(
    person: Row, courses: list[SynthCourse], rows: RowBuffer, rng: Random, started: datetime, now: datetime
) -> list[PendingRecord]:
    """Some courses, taken with more or less zeal. Returns the certificates to be issued."""
    pending, zeal, skill = [], rng.random(), rng.uniform(0.72, 0.98)
    for course in rng.sample(courses, min(len(courses), rng.choice(COURSES_EACH))):
        cohort = rng.choice(course.cohorts)
        enrolled_at = _enrolled_at(cohort, rng, started, now)
        if enrolled_at >= now:
            continue
        is_gone = rng.random() < 0.03
        withdrawn_at = min(enrolled_at + timedelta(days=3), now) if is_gone else None
        enrolment_id = _enrol(person, course, cohort, rows, enrolled_at, withdrawn_at)
        history = EnrolmentHistory(rows, rng, course, enrolment_id, person["id"], enrolled_at)
        share = 0.0 if is_gone or rng.random() < 0.12 else min(1.0, zeal + rng.uniform(0, 0.8))
        is_completed = history.tell(share=share, skill=skill)
        if is_completed and rng.random() < 0.9 and history.now + timedelta(days=5) < now:
            issued_at = history.now + timedelta(hours=rng.randint(5, 100))
            pending.append(
                PendingRecord(issued_at, person, course.revision, cohort, enrolment_id, enrolled_at, history.now)
            )
    return pending


def _enrolled_at(cohort: Cohort, rng: Random, started: datetime, now: datetime) -> datetime:
    """Any time, or within three days of the first day of a cohort with dates."""
    moment = started + timedelta(minutes=rng.randint(0, int((now - started).total_seconds() // 60) - 60))
    if cohort.starts_on is not None:
        days = cohort.starts_on - to_site_time(started).date()
        moment = started + days + timedelta(hours=rng.uniform(0, 72))
    return moment.replace(microsecond=0)


def _enrol(
    person: Row, course: SynthCourse, cohort: Cohort, rows: RowBuffer, now: datetime, withdrawn_at: datetime | None
) -> int:
    window = window_from(cohort.starts_on, cohort.ends_on, None, enrolled_at=now, zone=zone())
    enrolment_id = rows.add(
        "enrolment",
        cohort_id=cohort.id,
        course_id=cohort.course_id,
        person_id=person["id"],
        cycle=1,
        enrolled_at=now,
        due_on=window.last_day(entry.ends for entry in course.contents.items),
        withdrawn_at=withdrawn_at,
    )
    rows.note(now, None, "enrol", f"enrolment:{enrolment_id}", person=person["id"], cohort=cohort.id)
    return enrolment_id
