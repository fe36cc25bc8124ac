"""A site with people in every state a page can show, and words and numbers that are too long."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from assignment_factories import content, pdf
from factories import (
    grant,
    item_of,
    make_course,
    make_enrolment,
    make_item_context,
    make_person,
    make_unit,
    record_result,
)

from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.assignments.services.submitting import submit_assignment
from lms.auth.services.passwords import set_password
from lms.content.rendering.markdown_html import render
from lms.core import clock
from lms.core.db import db
from lms.courses.models import Course
from lms.courses.queries import contents
from lms.demo.cast import PASSWORD
from lms.enrolment import services as enrolment
from lms.enrolment.models import Enrolment
from lms.learning import services as learning
from lms.people.models import Person, Unit
from lms.records import services as records
from lms.records.services import revoke_record

LONG_WORD = "Pertanggungjawabankeberlangsunganpelaksanaan" * 2
FOLDER = "/courses/pelayanan-publik"
BODY = f"""
Teks dengan {LONG_WORD} dan `{LONG_WORD.lower()}`.

```
{LONG_WORD} {LONG_WORD}
```

{"| Kolom " * 9}|
{"| --- " * 9}|
{"| Isi sel " * 9}|

- [x] Sudah
- [ ] Belum
"""
RUN_OF_WORDS = "Rencana perbaikan loket, " * 30


@dataclass(frozen=True)
class People:
    """Login names; all have the demo password. ``attempts`` are addresses of attempts."""

    newcomer: str
    learner: str
    graduate: str
    instructor: str
    head: str
    all_roles: str
    attempts: list[str]
    certificate: str


def populate(sign_in: Callable[[Person], object], post: Callable[[str], str]) -> People:
    """Fill the site. ``sign_in`` and ``post`` are a test client's; ``post`` returns where it was redirected."""
    unit = make_unit(f"Dinas {LONG_WORD}")
    branch = make_unit("Bidang Pelayanan", parent=unit, kind="bidang")
    people = {
        name: _person(number, full_name, branch)
        for number, (name, full_name) in enumerate(
            {
                "newcomer": "Baru Tiba",
                "learner": f"Sedang {LONG_WORD}",
                "graduate": "Sudah Tamat",
                "instructor": "Pengajar Sibuk",
                "head": "Kepala Unit",
                "all_roles": "Banyak Peran",
            }.items(),
            start=1,
        )
    }
    people["newcomer"].status = "non-asn"
    published = db.session.query(Course).filter_by(slug="pelayanan-publik").one()
    course = _long_course()
    for name in ("instructor", "all_roles"):
        for one in (published, course):
            grant(people[name], "instructor", course=one)
    for name in ("head", "all_roles"):
        grant(people[name], "head", unit=unit)
    grant(people["all_roles"], "admin")
    _in_the_long_course(people["learner"], people["instructor"], course)
    certificate = _graduated(people["graduate"], people["all_roles"], published)
    attempts = _in_the_published_course(people["learner"], published, sign_in, post)
    return People(
        **{name: person.nip or "" for name, person in people.items()}, attempts=attempts, certificate=certificate
    )


def _person(number: int, name: str, unit: Unit) -> Person:
    person = make_person(nip=f"1985010120140310{number:02}", name=name, unit_id=unit.id, is_demo=True)
    set_password(person, PASSWORD, clock.now())
    return person


def _long_course() -> Course:
    task = {"slug": "tugas", "title": f"Rencana {LONG_WORD}", "type": "assignment", "content": content()}
    last = {"slug": "penutup", "title": "Penutup", "after": ["tugas"]}
    first = {"slug": "modul", "title": f"Modul {LONG_WORD}", "body_html": render(BODY).html}
    course = make_course("kata-kata-panjang", items=(first, task, last), title=f"Kursus {LONG_WORD}")
    enrolment.set_open(course, True, actor_id=None, now=clock.now())
    return course


def _in_the_long_course(learner: Person, instructor: Person, course: Course) -> None:
    """A module read, and work that was graded and handed in again with a long file name."""
    now = clock.now() - timedelta(days=3)
    context = make_item_context(make_enrolment(learner, course), item_of(course, "tugas"))
    learning.record_read(context.enrolment_id, item_of(course, "modul"), now=now)
    first = submit_assignment(context, DraftContent(f"{RUN_OF_WORDS}\n\n{LONG_WORD}"), number=1, now=now)
    decision = GradeDecision(picked={0: 1, 1: 1}, feedback=f"Perjelas **ukuran**: {LONG_WORD}")
    grade_submission(first, decision, grader_id=instructor.id, seen=0, now=now)
    submit_assignment(
        context, DraftContent("Rencana kedua", upload=pdf(f"{LONG_WORD}.pdf")), number=2, now=now + timedelta(days=1)
    )


def _graduated(person: Person, admin: Person, published: Course) -> str:
    """One valid certificate, one revoked, one not issued yet. Returns the code of the first."""
    now = clock.now()
    codes = []
    for title in (f"Kursus {LONG_WORD}", "Kursus yang dicabut", "Kursus yang menunggu"):
        course = make_course(title=title)
        done = make_enrolment(person, course)
        learning.record_read(done.id, item_of(course, "modul-satu"), now=now)
        if title != "Kursus yang menunggu":
            codes.append(records.issue_record(done, actor_id=None, now=now))
    revoke_record(codes[1], f"Salah orang: {LONG_WORD}", actor_id=admin.id, now=now)
    ready = enrolment.enrol_openly(person, published, now=now)
    _finish(ready, published)
    return codes[0].code


def _finish(ready: Enrolment, course: Course) -> None:
    """Complete everything in the course, as its pages would."""
    for entry in contents(course.revision.id).items:
        item = item_of(course, entry.slug)
        if entry.type == "module":
            learning.record_read(ready.id, item, now=clock.now())
        else:
            record_result(ready, item, 88, source=f"test:{item.id}", now=clock.now())


def _in_the_published_course(
    learner: Person, course: Course, sign_in: Callable[[Person], object], post: Callable[..., str]
) -> list[str]:
    """A quiz failed, one under way with an answer and a flag, one against the clock; the assignment handed in."""
    enrolment.enrol_openly(learner, course, now=clock.now())
    sign_in(learner)
    for slug in ("mengapa-melayani", "sepuluh-bentuk"):
        post(f"{FOLDER}/{slug}")
    failed = _attempt(post(f"{FOLDER}/kuis-dasar"))
    post(f"{failed}/2", go="next")
    post(f"{failed}/submit", page=failed)
    for slug in ("menyusun-standar", "rancangan-ke-forum"):
        post(f"{FOLDER}/{slug}")
    running = _attempt(post(f"{FOLDER}/kuis-standar"))
    post(f"{running}/1", go="flag")
    for slug in ("melayani-semua-orang", "menangani-pengaduan", "survei-ke-perbaikan", "tiga-hitungan-ikm"):
        post(f"{FOLDER}/{slug}")
    timed = _attempt(post(f"{FOLDER}/kuis-survei"))
    post(f"{FOLDER}/rencana-perbaikan-loket", do="submit", text=RUN_OF_WORDS, number=1)
    return [running, timed, f"{failed}/review"]


def _attempt(address: str) -> str:
    found = re.match(r"/attempts/\d+", address)
    assert found, address
    return found[0]
