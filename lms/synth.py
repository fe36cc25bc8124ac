"""``lms synth``: a whole agency with its history, to try pages and speed on at full size. Deterministic by seed.

Courses come through the real import; everything of which there are thousands is made as rows (``lms.synth_history``)
and written in bulk. All are demo people with one known password, so a production start warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import func, select

from lms import synth_course
from lms.accounts import passwords
from lms.accounts.models import Person, Unit
from lms.accounts.services import units
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time, zone
from lms.courses import queries as courses
from lms.courses import services as importing
from lms.courses.models import CourseRevision, ItemRevision
from lms.demo import PASSWORD
from lms.enrolment import services as enrolment
from lms.enrolment.models import Cohort
from lms.enrolment.windows import window_from
from lms.learning.services import pass_mark
from lms.lib.numerals import roman
from lms.quizzes import queries as quizzes
from lms.synth_history import Story, Taught
from lms.synth_records import Issue, issue_all
from lms.synth_rows import Row, Rows

AGENCY = "Pemerintah Contoh"
MOST_UNITS, PEOPLE_PER_UNIT = 60, 80
PEOPLE_AT_ONCE = 250
COURSES_EACH = (0, 1, 2, 2, 3, 3, 3, 4, 5)
POSTS = ("Pelaksana", "Analis Kebijakan", "Pengelola Keuangan", "Arsiparis", "Pranata Komputer", "Perawat", "Guru")
RANKS = ("II/c", "III/a", "III/b", "III/c", "III/d", "IV/a")
GIVEN = ("Agustina", "Barnabas", "Christina", "Daniel", "Frans", "Greace", "Hendrik", "Ida", "Johan", "Maria", "Nur")


class HasRealPeople(Refusal):
    message = lazy("Real people are on this site. Synthetic ones are made on a site of their own; nothing was changed.")


class IsThereAlready(Refusal):
    message = lazy("The synthetic agency is here already. Make another one on an empty site; nothing was changed.")


@dataclass(frozen=True)
class Run:
    """A course as it is run: what is taught, and its cohorts, the one without dates first."""

    taught: Taught
    revision: CourseRevision
    cohorts: list[Cohort]


def create(people: int, course_count: int, years: int, *, seed: int, now: datetime) -> Iterator[int]:
    """Make all of it, flushed; counts the people whose history is told, for a progress bar.

    :raises HasRealPeople: the site is in use.
    :raises IsThereAlready: it was made before.
    """
    _refuse_where_it_would_harm()
    chance, rows, started = Random(seed), Rows(), now - timedelta(days=365 * years)  # noqa: S311
    persons = _people(people, _units(people, started), chance, rows, started)
    rows.write()
    admin_id, instructor_id = persons[0]["id"], persons[1]["id"]
    runs = [_run(number, instructor_id, years, started, now) for number in range(1, course_count + 1)]
    _roles(admin_id, instructor_id, persons, runs, rows, started)
    issues: list[Issue] = []
    for done, person in enumerate(persons, start=1):
        issues += _history(person, runs, rows, chance, started, now)
        if done % PEOPLE_AT_ONCE == 0:
            rows.write()
        yield done
    issue_all(issues, rows, chance, issuer_id=instructor_id)
    rows.write()
    rows.seal()
    rows.tell_the_database()


def _refuse_where_it_would_harm() -> None:
    if db.session.scalar(select(func.count()).select_from(Person).where(~Person.is_demo)):
        raise HasRealPeople
    if db.session.scalar(select(Unit.id).where(Unit.parent_id.is_(None), Unit.name == AGENCY)):
        raise IsThereAlready


def _units(people: int, now: datetime) -> list[Unit]:
    """One agency with up to 60 units, every third of them under another one."""
    top = units.create_unit(AGENCY, "instansi", None, actor_id=None, now=now)
    found: list[Unit] = []
    for number in range(1, max(2, min(MOST_UNITS, people // PEOPLE_PER_UNIT)) + 1):
        is_part = number % 3 == 0
        name = f"Bidang Contoh {number:02}" if is_part else f"Dinas Contoh {number:02}"
        parent = found[-1] if is_part else top
        found.append(units.create_unit(name, "bidang" if is_part else "opd", parent, actor_id=None, now=now))
    return found


def nip_of(number: int) -> str:
    """The NIP of the ``number``-th person: born and appointed on days that no real one need share."""
    born = date(1968, 1, 1) + timedelta(days=number * 7 % 11_000)
    return f"{born:%Y%m%d}{born.year + 24}{number % 12 + 1:02}{1 + number % 2}{number % 999 + 1:03}"


def _people(count: int, offices: list[Unit], chance: Random, rows: Rows, now: datetime) -> list[Row]:
    """Their rows. The first is the admin, the second teaches all courses, the next head a unit each."""
    password_hash = passwords.hashed(PASSWORD)
    found = []
    for number in range(1, count + 1):
        unit = offices[(number - 3) % len(offices)] if number <= len(offices) + 2 else chance.choice(offices)
        row = {
            "nip": nip_of(number),
            "name": f"{chance.choice(GIVEN)} Contoh {number:05}",
            "status": "pns",
            "rank": chance.choice(RANKS),
            "position": chance.choice(POSTS),
            "unit_id": unit.id,
            "password_hash": password_hash,
            "is_demo": True,
            "created_at": now,
        }
        found.append({"id": rows.add("person", **row), "unit": unit.name, **row})
        rows.note(now, None, "create person", f"person:{found[-1]['id']}", status="pns")
    return found


def _run(number: int, instructor_id: int, years: int, started: datetime, now: datetime) -> Run:
    """Import and publish a course, with a cohort that is open all year and two with dates in each year."""
    slug = f"kursus-contoh-{number:02}"
    revision = importing.import_course(slug, synth_course.folder(number), actor_id=None, now=started).revision
    importing.publish(revision, actor_id=None, now=started)
    enrolment.set_open(revision.course, True, actor_id=None, now=started)
    cohorts = [enrolment.undated_cohort(revision.course, now=started)]
    for ordinal in range(1, 2 * years + 1):
        begins = to_site_time(started).date() + timedelta(days=180 * (ordinal - 1) + number % 60)
        cohorts.append(_cohort(revision.course_id, ordinal, begins, started))
    db.session.add_all(cohorts)
    db.session.flush()
    items = select(ItemRevision).where(ItemRevision.revision_id == revision.id, ItemRevision.type == "quiz")
    taught = Taught(
        revision_id=revision.id,
        contents=courses.contents(revision.id),
        rule=revision.completion,
        quizzes={item.item_id: quizzes.quiz_of_revision(item.id) for item in db.session.scalars(items)},
        instructor_id=instructor_id,
        pass_mark=pass_mark(),
        until=now,
    )
    return Run(taught, revision, cohorts)


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


def _roles(admin_id: int, instructor_id: int, persons: list[Row], runs: list[Run], rows: Rows, now: datetime) -> None:
    def give(person_id: int, role: str, **place: int) -> None:
        where = {"course_id": None, "unit_id": None} | place
        rows.add("role_grant", person_id=person_id, role=role, granted_at=now, granted_by=None, **where)

    give(admin_id, "admin")
    for run in runs:
        give(instructor_id, "instructor", course_id=run.revision.course_id)
    headed: set[int] = set()
    for person in persons[2:]:
        if person["unit_id"] not in headed:
            headed.add(person["unit_id"])
            give(person["id"], "head", unit_id=person["unit_id"])


def _history(person: Row, runs: list[Run], rows: Rows, chance: Random, started: datetime, now: datetime) -> list[Issue]:
    """Some courses, taken with more or less zeal; gives the certificates to be issued."""
    issues, zeal, skill = [], chance.random(), chance.uniform(0.72, 0.98)
    for run in chance.sample(runs, min(len(runs), chance.choice(COURSES_EACH))):
        cohort = chance.choice(run.cohorts)
        begins = started + timedelta(minutes=chance.randint(0, int((now - started).total_seconds() // 60) - 60))
        if cohort.starts_on is not None:
            begins = (
                started + (cohort.starts_on - to_site_time(started).date()) + timedelta(hours=chance.uniform(0, 72))
            )
        if begins >= now:
            continue
        begins = begins.replace(microsecond=0)
        is_gone = chance.random() < 0.03
        enrolment_id = rows.add(
            "enrolment",
            cohort_id=cohort.id,
            course_id=cohort.course_id,
            person_id=person["id"],
            cycle=1,
            enrolled_at=begins,
            due_on=_last_day(run, cohort, begins),
            withdrawn_at=min(begins + timedelta(days=3), now) if is_gone else None,
        )
        rows.note(begins, None, "enrol", f"enrolment:{enrolment_id}", person=person["id"], cohort=cohort.id)
        story = Story(rows, chance, run.taught, enrolment_id, person["id"], begins)
        share = 0.0 if is_gone or chance.random() < 0.12 else min(1.0, zeal + chance.uniform(0, 0.8))
        outcome = story.tell(share=share, skill=skill)
        if outcome is not None and chance.random() < 0.9 and story.now + timedelta(days=5) < now:
            at = story.now + timedelta(hours=chance.randint(5, 100))
            issues.append(Issue(at, person, run.revision, cohort, enrolment_id, begins, story.now))
    return issues


def _last_day(run: Run, cohort: Cohort, enrolled_at: datetime) -> date | None:
    """``Enrolment.due_on``, by the rule that the site itself applies."""
    window = window_from(cohort.starts_on, cohort.ends_on, None, enrolled_at=enrolled_at, zone=zone())
    return window.last_day(entry.ends for entry in run.taught.contents.items)
