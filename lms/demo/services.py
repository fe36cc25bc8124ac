"""The demo: people, courses and progress. The first time it also tells a history from March of last year to today.

A site that has the people already keeps its own history; only new versions of the courses come in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from lms.announcements import services as announcements
from lms.announcements.services import AnnouncementWords
from lms.comments import services as comments
from lms.core import settings as site_settings
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses.models import Course
from lms.demo import cast
from lms.demo.cohorts import CohortHistory
from lms.demo.directory import fill_directory
from lms.demo.drafts import begin_new_course, create_draft
from lms.demo.learning import show_progress
from lms.demo.other_courses import show_other_courses
from lms.demo.publishing import publish_folder
from lms.demo.workshop import show_workshop
from lms.enrolment import queries as enrolments
from lms.enrolment import services as enrolment
from lms.enrolment.services.newcomers import NEWCOMER_COURSE
from lms.notices import queries as notices
from lms.notices.notifications import JpSoFar
from lms.notices.services import events, inbox, meetings, reminders
from lms.people import queries as persons
from lms.people.services import roles
from lms.records.services import settings as record_settings
from lms.records.services.settings import SIGNATORY_NAME, SIGNATORY_OFFICE, SIGNATORY_RANK

CONTENT = Path(__file__).resolve().parents[2] / "content"
COMMENTS = (
    "{nama}, gali satu “mengapa” lagi sebelum memilih langkah.",
    "Sebutkan penanggung jawab dan tanggal setiap langkah.",
    "Bagus: ukuran keberhasilannya dapat dihitung.",
)
"""What the instructor keeps for feedback."""
ANNOUNCEMENT = AnnouncementWords(
    "Contoh: pertemuan pindah ke Kamis",
    "Pertemuan daring minggu ini pindah dari Rabu ke Kamis, pukul 09.00 WIT, karena pemeliharaan jaringan.\n\n"
    "Tautannya tetap: https://contoh.go.id/pertemuan. Siapkan satu pertanyaan tentang standar pelayanan di unit Anda.",
)
HISTORY_COURSE = "pelayanan-publik"
"""Slug of the course that the history is about."""


def create_demo(*, now: datetime, progress: Callable[[str], None] = lambda _course: None) -> None:
    """Create what is missing. Harmless to call again.

    :param progress: is told the slug of each course before it is published.
    """
    is_first = persons.person_named(cast.ADMIN) is None
    began = _last_year(3, now) if is_first else now
    cast.create_cast(began)
    if is_first and not site_settings.value(SIGNATORY_NAME):
        _name_signatory(began)
    roles.grant_role(cast.person(cast.ADMIN), "admin", actor_id=None, now=began)
    roles.grant_role(cast.person(cast.HEAD), "head", unit_id=cast.unit(cast.HEALTH).id, actor_id=None, now=began)
    published = {}
    for folder in sorted(path.parent for path in CONTENT.glob("*/course.md")):
        progress(folder.name)
        course = published[folder.name] = publish_folder(folder, began)
        enrolment.set_open(course, True, actor_id=None, now=began)
        roles.grant_role(cast.person(cast.INSTRUCTOR), "instructor", course_id=course.id, actor_id=None, now=began)
    for text in COMMENTS:
        comments.keep_comment(text, None, person_id=cast.person(cast.INSTRUCTOR).id, now=began)
    if is_first:
        site_settings.change(NEWCOMER_COURSE, "cara-belajar", actor_id=cast.person(cast.ADMIN).id, now=now)
        _tell_history(published, began, now)


def _name_signatory(now: datetime) -> None:
    for setting, text in (
        (SIGNATORY_OFFICE, "Kepala BKPSDM (contoh)"),
        (SIGNATORY_NAME, "Yuliana Contoh, S.Sos., M.Si."),
        (SIGNATORY_RANK, "Pembina Utama Muda"),
    ):
        site_settings.change(setting, text, actor_id=cast.person(cast.ADMIN).id, now=now)


def _tell_history(courses: Mapping[str, Course], began: datetime, now: datetime) -> None:
    """Cohorts that are over come before other learners: certificates are numbered in the order of their days."""
    course = courses[HISTORY_COURSE]
    fill_directory(began=began, now=now)
    cohorts = CohortHistory(course, now)
    cohorts.last_year(_last_year(9, now))
    cohorts.latest()
    show_progress(course, now)
    cohorts.running()
    cohorts.planned()
    show_other_courses(courses, now)
    show_workshop(now)
    author_id, yesterday = cast.person(cast.INSTRUCTOR).id, now - timedelta(days=1)
    announcements.announce(course.id, None, ANNOUNCEMENT, number=1, actor_id=author_id, now=yesterday)
    _notify(course, now)
    create_draft(course, cast.person(cast.INSTRUCTOR), now - timedelta(hours=3))
    begin_new_course(cast.person(cast.INSTRUCTOR), now - timedelta(days=1))


def _last_year(month: int, now: datetime) -> datetime:
    """The morning of the first of a month, on the site's clock."""
    here = to_site_time(now)
    return here.replace(year=here.year - 1, month=month, day=1, hour=8, minute=0, second=0, microsecond=0)


def _notify(course: Course, now: datetime) -> None:
    """An invitation to learn and a reminder by the head, which was read, then the site's own first round.

    Nobody in the cast has an e-mail address, so all of it stays in the inboxes.
    """
    reminded = cast.learner(13)
    enrolled = enrolments.enrolment_of(reminded.id, course.id)
    assert enrolled is not None
    reminders.remind([enrolled.id], actor_id=cast.person(cast.HEAD).id, now=now - timedelta(days=1))
    invited, yesterday = cast.person(cast.MIDWIFE), now - timedelta(days=1)
    year = to_site_time(yesterday).year
    so_far = JpSoFar(year, 0, record_settings.jp_target(invited.status, year).jp)
    head = cast.person(cast.HEAD)
    reminders.encourage({invited.id: so_far}, actor_id=head.id, name=head.full_name, now=yesterday)
    for notice in db.session.scalars(notices.inbox(reminded.id)):
        inbox.read_one(notice, now=now - timedelta(hours=20))
    found = events.new_events(inbox.sweep_from(now), now=now) + events.near_deadlines(now=now)
    found += meetings.near_meetings(now=now)
    inbox.notify(found, now=now)
    inbox.record_sweep(now)
