"""The longest time for which each bulk action keeps others from writing, at size."""

from __future__ import annotations

import io
import os
import struct
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update

from bench import commands, visits
from bench.figures import Figure
from bench.servers import Site
from bench.write_holds import Hold, record_holds
from config import Config
from lms.app import create_app
from lms.assignments.models import Marking, Submission
from lms.core import clock, ledger, ledger_heads, memory
from lms.core.db import db, reading
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.courses.queries import contents
from lms.enrolment import jobs as enrolment_jobs
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.learning.models import Completion, EnrolmentState, Progress
from lms.lib.tables import Column, Sheet, write_xlsx
from lms.notices import jobs as notice_jobs
from lms.people.models import Person, Unit
from lms.records import jobs as record_jobs
from lms.roster import jobs as roster_jobs
from lms.roster.columns import COLUMNS
from lms.roster.models import PeopleImport
from lms.web.rate_limits import limiter

AIM_MS = 300
MODULES, COHORT, LIST, UNIT, SLIPS = 100, 1_000, 5_000, 2_000, 500


@dataclass(frozen=True)
class Action:
    name: str
    holds: list[Hold]

    @property
    def longest(self) -> Hold:
        return max(self.holds, key=lambda hold: hold.milliseconds, default=Hold())


def measure(site: Site, *, scale: float = 1) -> list[Figure]:
    print("holds of the write lock ...", file=sys.stderr)
    found = actions(site, scale)
    worst = max(found, key=lambda action: action.longest.milliseconds)
    rows = [Figure(f"write lock: {action.name}", words(action)) for action in found]
    longest = worst.longest.milliseconds
    text = f"{longest:.0f} ms, {worst.longest.cpu:.0f} ms of it CPU ({worst.name})"
    return [*rows, Figure("longest hold of the write lock", text, aim=f"{AIM_MS} ms", is_met=longest <= AIM_MS)]


def words(action: Action) -> str:
    one = action.longest
    return (
        f"at most {one.milliseconds:.0f} ms ({one.cpu:.0f} ms CPU), "
        f"{one.statements} statements, {one.rows} rows; {len(action.holds)} transactions"
    )


def actions(site: Site, scale: float = 1) -> list[Action]:
    admin = visits.admin(site)
    app = create_app(Config.from_env(site.environ))
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    memory.freeze()  # as a server does: else a pass over all that is loaded falls into some action
    with app.app_context():
        try:
            return list(_Bulk(app, admin.person_id, admin.cookie, scale).actions())
        finally:
            db.session.remove()
            db.engine.dispose()
            limiter.enabled = True


class _Bulk:
    """Makes what each action needs, then does it the way its users do."""

    def __init__(self, app: Flask, admin_id: int, cookie: str, scale: float) -> None:
        self.app, self.admin_id, self.scale = app, admin_id, scale
        self.client, self.cookie = app.test_client(use_cookies=False), cookie

    def actions(self) -> Iterator[Action]:
        modules, cohort, listed, unit, slips = (int(one * self.scale) for one in (MODULES, COHORT, LIST, UNIT, SLIPS))
        with tempfile.TemporaryDirectory() as folder:
            path = course_folder(Path(folder) / "kursus-besar", modules)
            yield self.measure_action(f"publish a course of {modules} modules", lambda: self.publish(path))
            self.undated(listed)
            (path / "01-bagian-1" / "11-akhir.md").write_text("---\ntitle: Akhir\njp: 0\n---\nSatu kalimat.\n")
            yield self.measure_action(f"publish it again, {listed} people take it", lambda: self.publish(path))
            yield self.measure_action("renew their deadlines", enrolment_jobs.renew_deadlines)
        yield self.measure_action(f"import {listed} people", lambda: self.import_people(listed))
        people = self.people(cohort)
        run = self.cohort()
        logins = "\n".join(person.nip or "" for person in people)
        yield self.measure_action(
            f"enrol {cohort} people by list", lambda: self.post(f"/admin/cohorts/{run}/people", logins=logins)
        )
        yield self.measure_action("notify them", notice_jobs.notify_new_events)
        yield self.measure_action("chain their entries in the ledger", ledger_heads.chain_and_sign)
        yield self.measure_action(f"enrol {cohort} people from the board", self.enrol_from_board)
        yield self.measure_action(f"change the dates of a cohort of {cohort}", lambda: self.change_dates(run))
        board = f"/admin/board/{{}}?cohort={run}&course={self.course_id(run)}&all=1"
        self.overdue(run)
        yield self.measure_action(f"remind {cohort} people", lambda: self.post(board.format("remind")))
        until = (clock.now() + timedelta(days=90)).date().isoformat()
        yield self.measure_action(
            f"extend {cohort} deadlines", lambda: self.post(board.format("extend"), until=until, reason="Banjir")
        )
        ids = self.proposals(cohort)
        yield self.measure_action(
            f"approve {cohort} proposals",
            lambda: self.post(f"/admin/cohorts/{self.proposed}/proposals", all=ids, do="approve-all"),
        )
        self.registered(cohort)
        yield self.measure_action(f"take up {cohort} registered people", enrolment_jobs.admit_registered)
        full = self.waiting(cohort)
        yield self.measure_action(f"give {cohort} waiting people a place", lambda: self.more_places(full))
        slug = self.completed(cohort)
        yield self.measure_action(f"issue {cohort} certificates", lambda: self.issue(slug))
        yield self.measure_action("notify their owners", notice_jobs.notify_new_events)
        slug = self.held_marks(cohort)
        yield self.measure_action(
            f"release {cohort} marks", lambda: self.post(f"/teach/courses/{slug}/gradebook/release-all")
        )
        yield self.measure_action("notify whose marks they are", notice_jobs.notify_new_events)
        one, other = self.units(unit)
        yield self.measure_action(
            f"merge a unit of {unit} people", lambda: self.post(f"/admin/units/{one}/merger", into=str(other))
        )
        newcomers = self.without_password(slips, other)
        yield self.measure_action(
            f"print {slips} slips",
            lambda: self.post(f"/admin/people/slips?unit={other}&who=all", people=newcomers, layout="slips"),
        )
        self.entries(20 * cohort)
        yield self.measure_action(f"chain {20 * cohort} ledger entries", ledger_heads.chain_and_sign)
        self.old_list()
        yield self.measure_action("delete an old list", roster_jobs.delete_old_lists)

    def measure_action(self, name: str, act: Callable[[], object]) -> Action:
        db.session.commit()
        db.session.remove()
        with record_holds(db.engine) as holds:
            act()
            db.session.commit()
            db.session.remove()
        action = Action(name, list(holds))
        print(f"  {name}: {words(action)}", file=sys.stderr)
        return action

    def post(self, path: str, **form: Any) -> None:
        with fresh_context(self.app):
            answer = self.client.post(path, data=form, headers={"Cookie": self.cookie})
        if answer.status_code not in (200, 302, 303):
            raise RuntimeError(f"{path}: {answer.status}\n{answer.text[:3000]}")

    def publish(self, path: Path) -> None:
        commands.run(self.app, "course", "import", str(path), "--publish")

    def course_id(self, cohort_id: int) -> int:
        return db.session.scalars(select(Cohort.course_id).where(Cohort.id == cohort_id)).one()

    def cohort(self, **values: Any) -> int:
        """A new cohort of the first synthetic course that runs for two months."""
        today = clock.now().date()
        course_id = db.session.scalar(select(func.min(Course.id)))
        count = db.session.scalar(select(func.count()).select_from(Cohort)) or 0
        row = {
            "course_id": course_id,
            "name": f"Angkatan {count + 1} untuk mengukur",
            "number": 100 + count,
            "starts_on": today - timedelta(days=20),
            "ends_on": today + timedelta(days=60),
            "is_open": False,
            "created_at": clock.now(),
        }
        return self.add(Cohort, row | values)

    def add(self, model: Any, row: dict[str, Any]) -> int:
        made: int = db.session.scalars(insert(model).returning(model.id), [row]).one()
        db.session.commit()
        return made

    def people(self, count: int) -> list[Person]:
        """Active people who do not take the course of ``cohort``, other ones each time."""
        course_id = db.session.scalar(select(func.min(Course.id)))
        taking = select(Enrolment.person_id).where(Enrolment.course_id == course_id)
        asking = select(Application.person_id).where(Application.person_id.is_not(None))
        free = select(Person).where(Person.is_active, Person.id.not_in(taking), Person.id.not_in(asking))
        found = db.session.scalars(free.order_by(Person.id.desc()).limit(count)).all()
        if len(found) < count:
            raise RuntimeError(f"only {len(found)} people are left")
        return list(found)

    def undated(self, count: int) -> None:
        """``count`` people take the new course without dates."""
        course_id = db.session.scalar(select(func.max(Course.id)))
        run = self.add(
            Cohort, {"course_id": course_id, "name": "", "is_open": True, "created_at": clock.now(), "number": None}
        )
        people = db.session.scalars(select(Person.id).order_by(Person.id).limit(count)).all()
        self.enrol_rows(run, people)

    def enrol_rows(self, run: int, people: Any) -> list[int]:
        shared = {"cohort_id": run, "course_id": self.course_id(run), "cycle": 1, "enrolled_at": clock.now()}
        rows = [{"person_id": one, **shared} for one in people]
        made = db.session.scalars(insert(Enrolment).returning(Enrolment.id), rows).all()
        db.session.commit()
        return list(made)

    def import_people(self, count: int) -> None:
        """Upload, compare, approve, write: what an admin does."""
        unit = db.session.scalars(select(Unit.name).where(Unit.kind == "opd").order_by(Unit.id)).first()
        rows = [
            {"nip": f"{1980 + n % 15}0{1 + n % 9}1{n % 10}2015{1 + n % 12:02}{1 + n % 2}{n // 180 + 1:03}", "n": n}
            for n in range(count)
        ]
        out = io.BytesIO()
        named = ("nip", "name", "rank", "position", "unit")
        columns: list[Column] = [COLUMNS[name] for name in named]  # type: ignore[index]
        lines = (
            [row["nip"], f"Orang Baru{row['n'] // max(1, count // 5)} {row['n']:05}", "III/a", "Analis", unit]
            for row in rows
        )
        write_xlsx(out, Sheet("Pegawai", columns, lines))
        out.seek(0)
        self.post("/admin/people/import", file=(out, "pegawai.xlsx"))
        roster_jobs.process_people_lists()
        row = db.session.scalars(select(PeopleImport).order_by(PeopleImport.id.desc())).first()
        assert row is not None
        digest, import_id = row.digest, row.id
        if row.state != "checked" or row.report["counts"]["create"] < 0.9 * count:
            raise RuntimeError(f"{row.state}: {row.report}"[:2000])
        db.session.rollback()
        self.post(f"/admin/people/import/{import_id}", do="write", digest=digest)
        roster_jobs.process_people_lists()

    def enrol_from_board(self) -> None:
        """The first fifth of the imported people."""
        course_id = db.session.scalar(select(func.min(Course.id)))
        run = self.cohort()
        self.post(f"/admin/board/enrol?state=not-enrolled&course={course_id}&q=Baru0&all=1", cohort=run)

    def change_dates(self, run: int) -> None:
        with reading():
            cohort = db.session.get_one(Cohort, run)
            assert cohort.starts_on is not None and cohort.ends_on is not None
            form = {
                "name": cohort.name,
                "starts_on": cohort.starts_on.isoformat(),
                "ends_on": (cohort.ends_on + timedelta(days=10)).isoformat(),
                "way": "list",
            }
            db.session.rollback()
        self.post(f"/admin/cohorts/{run}/settings", **form)

    def more_places(self, run: int) -> None:
        with reading():
            cohort = db.session.get_one(Cohort, run)
            assert cohort.starts_on is not None and cohort.ends_on is not None
            form = {"name": cohort.name, "starts_on": cohort.starts_on.isoformat(), "way": "list", "quota": "90000"}
            form["ends_on"] = cohort.ends_on.isoformat()
            db.session.rollback()
        self.post(f"/admin/cohorts/{run}/settings", **form)

    def overdue(self, run: int) -> None:
        past = clock.now().date() - timedelta(days=2)
        db.session.execute(update(Enrolment).where(Enrolment.cohort_id == run).values(due_on=past))
        db.session.execute(update(Cohort).where(Cohort.id == run).values(ends_on=past))
        db.session.commit()

    def proposals(self, count: int) -> list[str]:
        self.proposed = self.cohort(needs_approval=True, is_open=True)
        shared = {"cohort_id": self.proposed, "proposed_at": clock.now(), "state": "proposed"}
        rows = [{"person_id": person.id, **shared} for person in self.people(count)]
        made = db.session.scalars(insert(Application).returning(Application.id), rows).all()
        db.session.commit()
        return [str(one) for one in made]

    def registered(self, count: int) -> None:
        """Login names on a list whose owners have an account by now."""
        run = self.cohort()
        shared = {"cohort_id": run, "proposed_at": clock.now(), "state": "waiting"}
        db.session.execute(insert(Application), [{"login_name": one.nip, **shared} for one in self.people(count)])
        db.session.commit()

    def waiting(self, count: int) -> int:
        run = self.cohort(quota=1)
        shared = {"cohort_id": run, "proposed_at": clock.now(), "state": "waiting"}
        db.session.execute(insert(Application), [{"person_id": one.id, **shared} for one in self.people(count)])
        db.session.commit()
        return run

    def completed(self, count: int) -> str:
        """The slug of a synthetic course that ``count`` more people have completed, without a certificate."""
        run = self.cohort()
        course_id = self.course_id(run)
        revision = db.session.scalars(
            select(CourseRevision).where(CourseRevision.course_id == course_id, CourseRevision.is_current)
        ).one()
        ids = self.enrol_rows(run, db.session.scalars(select(Person.id).order_by(Person.id.desc()).limit(count)).all())
        now, items = clock.now(), contents(revision.id).items
        progress = {"state": "done", "started_at": now, "touched_at": now, "done_at": now}
        rows = [
            {
                "enrolment_id": one,
                "item_id": item.item_id,
                "item_revision_id": item.item_revision_id,
                "score": 85 if item.is_graded else None,
                **progress,
            }
            for one in ids
            for item in items
        ]
        db.session.execute(insert(Progress), rows)
        facts = {"done": len(items), "needed": len(items), "pass_mark": "70", "rule": revision.completion}
        done = {"revision_id": revision.id, "completed_at": now, "score": 85, "facts": facts}
        db.session.execute(insert(Completion), [{"enrolment_id": one, **done} for one in ids])
        state = {"state": "finished", "done": len(items), "needed": len(items), "touched_at": now}
        db.session.execute(insert(EnrolmentState), [{"enrolment_id": one, **state} for one in ids])
        db.session.commit()
        return revision.course.slug

    def issue(self, slug: str) -> None:
        """To everybody of the course who waits: the page starts the batch, the job issues."""
        self.post(f"/teach/courses/{slug}/completions", everyone="1", newest="0")
        record_jobs.issue_certificates()

    def held_marks(self, count: int) -> str:
        """The slug of a course with an assignment whose marks are told together, and were given to ``count`` people."""
        with tempfile.TemporaryDirectory() as folder:
            self.publish(together_folder(Path(folder) / "kursus-nilai"))
        course_id = db.session.scalars(select(func.max(Course.id))).one()
        run = self.add(Cohort, {"course_id": course_id, "name": "", "is_open": True, "created_at": clock.now()})
        people = db.session.scalars(select(Person.id).order_by(Person.id).limit(count)).all()
        item = db.session.scalars(
            select(ItemRevision).join(CourseRevision).where(CourseRevision.course_id == course_id)
        ).one()
        shared = {"item_id": item.item_id, "item_revision_id": item.id}
        work = {"number": 1, "text": "Isi.", "text_html": "<p>Isi.</p>", "submitted_at": clock.now(), "is_graded": True}
        rows = [
            {"enrolment_id": key, "person_id": person, **shared, **work}
            for key, person in zip(self.enrol_rows(run, people), people, strict=True)
        ]
        made = db.session.scalars(insert(Submission).returning(Submission.id), rows).all()
        given = {"levels": {}, "score": 80, "final_score": 80, "feedback": "Baik.", "feedback_html": "<p>Baik.</p>"}
        given |= {"number": 1, "graded_by": self.admin_id, "graded_at": clock.now(), "is_held": True}
        db.session.execute(insert(Marking), [{"submission_id": one, **given} for one in made])
        waiting = {"state": "waiting", "started_at": clock.now(), "touched_at": clock.now(), **shared}
        db.session.execute(insert(Progress), [{"enrolment_id": row["enrolment_id"], **waiting} for row in rows])
        db.session.commit()
        return db.session.get_one(Course, course_id).slug

    def units(self, count: int) -> tuple[int, int]:
        top = db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))).first()
        one, other = (
            self.add(Unit, {"name": f"Dinas untuk mengukur {n}", "kind": "opd", "parent_id": top}) for n in (1, 2)
        )
        people = db.session.scalars(select(Person.id).order_by(Person.id.desc()).limit(count)).all()
        db.session.execute(update(Person).where(Person.id.in_(people)).values(unit_id=one))
        db.session.commit()
        return one, other

    def without_password(self, count: int, unit: int) -> list[str]:
        people = db.session.scalars(select(Person.id).where(Person.unit_id == unit).limit(count)).all()
        db.session.execute(update(Person).where(Person.id.in_(people)).values(password_hash=None))
        db.session.commit()
        return [str(one) for one in people]

    def entries(self, count: int) -> None:
        for number in range(count):
            ledger.record(None, "enrol", f"enrolment:{number}", now=clock.now(), person=number, cohort=1)
        db.session.commit()

    def old_list(self) -> None:
        db.session.execute(update(PeopleImport).values(created_at=clock.now() - timedelta(days=400)))
        db.session.commit()


@contextmanager
def fresh_context(app: Flask) -> Iterator[None]:
    """A request's own context, so that its session ends with it."""
    db.session.remove()
    with app.app_context():
        yield
    db.session.remove()


def course_folder(path: Path, modules: int) -> Path:
    """A course with a picture in each module, ten modules to a section."""
    (path / "media").mkdir(parents=True)
    head = "---\ntitle: Kursus besar\nsummary: Satu kalimat.\njp: 0\n---\nDeskripsi.\n"
    (path / "course.md").write_text(head)
    paragraph = "Rekan satu ruangan **mencatat** jadwal kegiatan sebelum rapat dimulai. " * 12
    for number in range(modules):
        section = path / f"{number // 10 + 1:02}-bagian-{number // 10 + 1}"
        if number % 10 == 0:
            section.mkdir()
            (section / "index.md").write_text(f"---\ntitle: Bagian {number // 10 + 1}\n---\n")
        (path / "media" / f"{number}.png").write_bytes(png(320, 200))
        text = "\n\n".join([f"![Gambar](../media/{number}.png)", *[paragraph] * 6])
        (section / f"{number % 10 + 1:02}-modul-{number}.md").write_text(
            f"---\ntitle: Modul {number}\njp: 0\n---\n{text}\n"
        )
    return path


def together_folder(path: Path) -> Path:
    """A course of one assignment, whose marks are told together."""
    (path / "01-bagian").mkdir(parents=True)
    (path / "course.md").write_text("---\ntitle: Kursus nilai\nsummary: Satu kalimat.\njp: 0\n---\nDeskripsi.\n")
    (path / "01-bagian" / "index.md").write_text("---\ntitle: Bagian\n---\n")
    (path / "01-bagian" / "01-tugas.md").write_text(
        "---\ntitle: Tugas\nid: tugas\ntype: assignment\nminutes: 10\nmarks: together\n---\nTulis satu halaman.\n"
    )
    return path


def png(width: int, height: int) -> bytes:
    """Noise in grey: as large as a photograph of a few times its size."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    lines = b"".join(b"\0" + os.urandom(width) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(lines)) + part(b"IEND", b"")
