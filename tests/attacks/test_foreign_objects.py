"""Each endpoint × each role × things of other people: nothing of theirs is shown, and nothing of theirs changes.

``test_access.py`` asks who may use an endpoint at all. Here everybody asks for what belongs to others of their own
kind: the other course, the other cohort of the same course, the other unit, the other agency, the work of a
classmate. Addresses are made from the URL map, so that an endpoint without a row below fails.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from factories import grant, make_cohort, make_enrolment, make_person, make_unit
from full_world import FullWorld, make_full_world
from pages import csrf_token
from sqlalchemy import select

from lms.assignments.models import WorkFile
from lms.core.db import Base, db
from lms.people.models import Person

pytestmark = pytest.mark.once

VISITOR, CLASSMATE, LEARNER = "visitor", "classmate", "learner of another agency"
INSTRUCTOR, COMMITTEE = "instructor of another course", "committee of another cohort"
HEAD, AGENCY_ADMIN, ADMIN = "head of another unit", "admin of another agency", "admin"
PEOPLE = (CLASSMATE, LEARNER, INSTRUCTOR, COMMITTEE, HEAD, AGENCY_ADMIN, ADMIN)
EVERYBODY = (VISITOR, *PEOPLE)

NOBODY: tuple[str, ...] = ()
"""Not even the site's admin: what learners do is theirs and their instructors'."""
THE_ADMIN = (ADMIN,)
OFFICE = (AGENCY_ADMIN, ADMIN)
OWN = PEOPLE
"""The address names no foreign thing: everybody gets their own."""

ROWS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("static", "favicon", "home.home", "home.healthz", "home.readyz", "ops.metrics"), EVERYBODY),
    **dict.fromkeys(("courses.catalogue", "learning.course", "help.first", "help.topic", "help.contact"), EVERYBODY),
    **dict.fromkeys(("records.verify", "records.verified", "records.verified_json", "records.public_keys"), EVERYBODY),
    "privacy.privacy": EVERYBODY,
    **dict.fromkeys(("unsubscribing.ask", "unsubscribing.unsubscribe"), EVERYBODY),
    **dict.fromkeys(("auth.login", "auth.use_code", "auth.second_step", "auth.language"), EVERYBODY),
    # one's own
    **dict.fromkeys(("auth.logout", "auth.account", "auth.new_password", "auth.change_password"), OWN),
    **{f"auth.{name}": OWN for name in ("second_factor", "recovery_codes", "remove_own_second_factor")},
    "auth.add_passkey": OWN,
    **dict.fromkeys(("auth.sign_out_others", "admin.own_rights", "records.mine", "privacy.copy"), OWN),
    **dict.fromkeys(("notices.inbox", "notices.read", "notices.choices"), OWN),
    # a course is open to all who sign in; what they do in it is their own
    **dict.fromkeys(
        (
            "learning.media",
            "learning.picture",
            "enrolment.enrol",
            "enrolment.withdraw",
            "learning.item",
            "learning.marks",
            "learning.study_plan",
            "learning.study_plan_file",
            "records.finish",
            "announcements.of_course",
            "inquiries.of_course",
            "attendance.calendar",
        ),
        OWN,
    ),
    "enrolment.withdraw_application": OWN,
    # what a learner has done
    **{f"quizzes.{name}": NOBODY for name in ("overview", "answer", "time_left", "save", "submit", "review")},
    "quizzes.open_review": NOBODY,
    **dict.fromkeys(("quizzes.report_question", "quizzes.contest_mark", "assignments.contest_mark"), NOBODY),
    **dict.fromkeys(("quizzes.ask_for_attempt", "quizzes.practise", "assignments.model_answer"), (CLASSMATE,)),  # own
    "assignments.own_submission": NOBODY,
    **{f"quizzes.{name}": THE_ADMIN for name in ("limits", "limits_of_cohort", "limits_of_participant")},
    **{f"quizzes.{name}": THE_ADMIN for name in ("override_for_participant", "give_further_attempt")},
    **{f"quizzes.{name}": THE_ADMIN for name in ("give_extra_time", "refuse_request")},
    **dict.fromkeys(("auth.sign_out_device", "auth.remove_passkey"), NOBODY),
    **dict.fromkeys(
        (
            "assignments.file",
            "assignments.submission",
            "assignments.return_",
            "assignments.open_work",
            "quizzes.attempt_of_participant",
        ),
        THE_ADMIN,
    ),
    **dict.fromkeys(("assignments.file_text", "assignments.feedback_file"), THE_ADMIN),
    "assignments.file_picture": NOBODY,  # the file is no picture
    **dict.fromkeys(("quizzes.answer_file", "quizzes.answer_file_text", "quizzes.answer_file_picture"), NOBODY),
    "records.certificate": THE_ADMIN,
    # teaching
    **{f"assignments.{name}": THE_ADMIN for name in ("groups", "move_people", "divide", "change_group")},
    **{f"assignments.{name}": THE_ADMIN for name in ("deadlines", "deadlines_of_cohort")},
    **{f"attendance.{name}": THE_ADMIN for name in ("meetings", "meeting", "move", "code", "sheet")},
    "assignments.mark_member": NOBODY,  # of what a group handed in
    **dict.fromkeys(("home.teach", "assignments.queue", "objections.list_"), (INSTRUCTOR,)),
    **{f"announcements.{name}": THE_ADMIN for name in ("list_", "announcement", "withdraw")},
    **{f"surveys.{name}": THE_ADMIN for name in ("results", "file")},
    "comments.list_": (INSTRUCTOR, ADMIN),
    "inquiries.list_": (INSTRUCTOR, ADMIN),
    "inquiries.inquiry": THE_ADMIN,
    "inquiries.take_back": NOBODY,
    **dict.fromkeys(("comments.comment", "comments.remove"), NOBODY),
    **dict.fromkeys(("objections.objection", "quizzes.printed", "gradebook.release"), THE_ADMIN),
    **dict.fromkeys(("teaching.participants", "gradebook.page", "records.completions", "records.ready"), THE_ADMIN),
    **{f"gradebook.{name}": THE_ADMIN for name in ("file", "bring_back", "take", "remind", "release_all")},
    **{f"teaching.{name}": THE_ADMIN for name in ("participant", "contents", "preview", "printed")},
    **{f"analysis.{name}": THE_ADMIN for name in ("course", "quiz", "attempts", "attempts_file")},
    "analysis.gains": NOBODY,  # of a course with a pretest and a posttest only
    "teaching.marks_of_participant": THE_ADMIN,
    **{f"quizzes.{name}": THE_ADMIN for name in ("regrade", "regrade_result", "near_misses", "mark_answer", "essay")},
    "quizzes.open_work": THE_ADMIN,
    "quizzes.graded_essays": NOBODY,  # what the queue lists: of one's own courses alone
    "records.batch": THE_ADMIN,
    # editing a course
    **{f"authoring.{name}": THE_ADMIN for name in ("outline", "edit", "download", "discard", "publish_draft")},
    **{f"authoring.{name}": NOBODY for name in ("questions", "question", "new_question")},  # of files with questions
    "authoring.rubric": NOBODY,  # of an assignment only
    **{
        f"authoring.{name}": THE_ADMIN
        for name in (
            "revisions",
            "revision_",
            "change_outline",
            "settings",
            "review",
            "files",
            "cancel_publication",
            "check_again",
            "preview_course",
            "preview_item",
        )
    },
    "authoring.draft_media": THE_ADMIN,
    **{f"authoring.{name}": NOBODY for name in ("delete_file", "draft_picture")},  # each names a file
    "authoring.teachers": NOBODY,  # of a course that is being written only
    **{f"authoring.{name}": THE_ADMIN for name in ("bring_files_back", "paste")},
    **{f"authoring.{name}": THE_ADMIN for name in ("import_questions", "export_gift", "export_moodle_xml")},
    **{f"authoring.{name}": THE_ADMIN for name in ("bank", "take_questions", "share_questions")},
    "authoring.question_versions": NOBODY,  # it names a question
    "authoring.question_template": (INSTRUCTOR, ADMIN),
    **{f"authoring.{name}": (INSTRUCTOR, *THE_ADMIN) for name in ("new_course", "import_course", "try_out")},
    # heads
    **{f"reports.team{name}": (HEAD,) for name in ("", "_people", "_file", "_remind", "_thank", "_encourage")},
    **{
        f"reports.{one}_summary{name}": who
        for one, who in (("team", (HEAD,)), ("board", OFFICE))
        for name in ("", "_file")
    },
    **dict.fromkeys(("proposals.list_", "proposals.propose"), (HEAD,)),
    "proposals.withdraw": NOBODY,
    # cohorts: each agency proposes for each cohort, and sees its own people in it
    "cohorts.list_": (INSTRUCTOR, COMMITTEE, *OFFICE),
    **{f"cohorts.{name}": OFFICE for name in ("cohort", "committee", "dates", "proposals", "decide", "enrol_by_list")},
    **{f"cohorts.{name}": OFFICE for name in ("find_people", "enrol_ticked")},
    **{f"cohorts.{name}": THE_ADMIN for name in ("member", "extend", "withdraw", "substitute", "settings", "again")},
    **{f"cohorts.{name}": THE_ADMIN for name in ("new", "appoint", "dismiss")},
    # offices
    "home.admin": OFFICE,
    **{f"people.{name}": OFFICE for name in ("people", "new_person", "units")},
    **{f"people.{name}": THE_ADMIN for name in ("person", "person_state", "person_head", "unit", "unit_head", "grant")},
    **{f"people.{name}": THE_ADMIN for name in ("add_unit", "move_unit", "remove_unit", "merge_unit")},
    **{f"people.{name}": THE_ADMIN for name in ("person_admin", "person_agency", "deactivate_demo")},
    **dict.fromkeys(("admin.rights", "auth.person_code", "auth.lift_wait", "auth.remove_second_factor"), THE_ADMIN),
    **{f"roster.{name}": OFFICE for name in ("people_import", "people_template", "people_xlsx", "people_csv", "slips")},
    **dict.fromkeys(("roster.people_list", "roster.refused_people"), THE_ADMIN),
    **{
        f"reports.board{name}": OFFICE
        for name in ("", "_people", "_file", "_remind", "_thank", "_encourage", "_extend", "_enrol")
    },
    **dict.fromkeys(
        (f"reports.{name}" for name in ("yearly", "yearly_file", "yearly_people", "need", "need_file")), OFFICE
    ),
    **dict.fromkeys(("admin.settings", "admin.audit", "outbox.failed", "outbox.try_again"), THE_ADMIN),
    **{
        f"course_admin.{name}": THE_ADMIN
        for name in ("list_", "course", "open_", "enrol_by_list", "archive", "bring_back")
    },
    **{f"course_admin.{name}": THE_ADMIN for name in ("add_instructor", "remove_instructor")},
    **{f"records.{name}": THE_ADMIN for name in ("certificates", "numbers", "emblem", "revoke", "replace")},
}
"""Who gets an answer at all. Whoever is not named is refused: 404 or 403, and the sign-in for visitors."""

PROOF_IN_ADDRESS = {"records.verified", "records.verified_json", "unsubscribing.ask", "unsubscribing.unsubscribe"}
"""Whoever knows the address may: the code of a certificate lets anybody check whose it is."""
NOT_THEIRS_TO_KEEP = {"sign_in_failure", "job_lease", "notice_mark"}
"""Counts of failed sign-ins, and marks of periodic jobs. All other tables are compared, the ledger included."""
PRIVATE = {
    "person",
    "enrolment",
    "attempt",
    "submission",
    "application",
    "record",
    "work_file",
    "feedback_file",
    "completion",
    "sign_in",
    "passkey",
}
DEEDS = ("save", "write", "withdraw", "refuse", "approve", "approve-all", "activate")
SECRETS = ("Zefanya Rahasia", "Yosua Rahasia", "karya-rahasia")


@pytest.fixture
def theirs(session) -> FullWorld:
    """A world of which the attackers below have nothing."""
    world = make_full_world()
    world.learner.name = SECRETS[0]
    world.course.revision.summary = "Ringkas"
    session.get_one(WorkFile, world.values["file_id"]).name = f"{SECRETS[2]}.pdf"
    applicant = session.query(Person).filter(Person.name.like("Peserta%"), Person.unit_id == world.health.id).all()
    for person in applicant:
        person.name = SECRETS[1]
    session.flush()
    return world


def attacker(world: FullWorld, role: str) -> Person | None:
    if role == VISITOR:
        return None
    if role == ADMIN:
        return world.admin
    if role == INSTRUCTOR:
        return world.people["other instructor"]
    inside = role in (CLASSMATE, COMMITTEE)
    person = make_person(name="Penyerang", unit_id=(world.health if inside else world.farms).id)
    if role == CLASSMATE:
        make_enrolment(person, world.course, cohort=world.cohort)
    elif role == LEARNER:
        make_enrolment(person)
    elif role == COMMITTEE:
        grant(person, "committee", cohort_id=make_cohort(world.course, name="Angkatan II").id)
    elif role == HEAD:
        grant(person, "head", unit=make_unit("Dinas Lain", world.city))
    elif role == AGENCY_ADMIN:
        grant(person, "agency-admin", unit=world.regency)
    return person


def addresses(site, world: FullWorld) -> Iterator[tuple[str, str, str]]:
    """Method, endpoint and path of everything, with each word that a path may have where it offers a choice."""
    for rule in site.url_map.iter_rules():
        if rule.alias:
            continue  # it redirects to the rule that it stands for
        choices = {name: sorted(one.items) for name, one in rule._converters.items() if hasattr(one, "items")}
        values = world.values_of(rule)
        if "name" in values:
            own = site.jinja_env.globals["asset"]("icon.svg").removeprefix("/static/")
            values["name"] = own if rule.endpoint == "static" else "a.svg"
        for chosen in product(*choices.values()):
            with site.test_request_context():
                path = site.url_map.bind("localhost").build(
                    rule.endpoint, values | dict(zip(choices, chosen, strict=True))
                )
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield method, rule.endpoint, path


def fields(world: FullWorld, turn: int) -> dict[str, list[str]]:
    """Every field that names a thing in some form, with the numbers of theirs; ``turn`` says which comes first."""
    values = world.values
    numbers = [values["enrolment_id"], world.learner.id, values["application_id"], values["record_id"], world.health.id]
    turned = [str(number) for number in numbers[turn % 5 :] + numbers[: turn % 5]]
    told = {
        "enrolment pick person person_id into target notice cohort cohort_id course_id item one": turned,
        "unit unit_id parent_id head-unit_id agency-unit_id": [str(world.health.id)] if turn % 2 else turned,
        "login logins nip username people who q": [world.learner.nip or ""],
        "reason text note name": ["alasan"],
        "all save_anyway starts_over start-over open": ["1"],
        "course": [world.course.slug],
        "do": [DEEDS[turn % len(DEEDS)]],
    }
    return {name: list(texts) for names, texts in told.items() for name in names.split()}


class Guard:
    """What the database held before, and what of others' has changed since."""

    def __init__(self, me: Person | None) -> None:
        self.me = me.id if me else None
        self.before = self._rows()

    def _rows(self) -> dict[str, dict[Any, Any]]:
        db.session.rollback()
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name not in NOT_THEIRS_TO_KEEP:
                keys = list(table.primary_key)
                rows = db.session.execute(select(table)).mappings()
                found[table.name] = {tuple(row[key.name] for key in keys): dict(row) for row in rows}
        return found

    def _is_mine(self, table: str, row: dict[str, Any]) -> bool:
        if table == "person":
            return row["id"] == self.me
        if "person_id" in row:
            return row["person_id"] == self.me
        owner = self.before["enrolment"].get((row.get("enrolment_id"),))
        return owner is not None and owner["person_id"] == self.me

    def touched(self) -> list[str]:
        now, found = self._rows(), []
        for table in Base.metadata.sorted_tables:
            old, new = self.before.get(table.name, {}), now.get(table.name, {})
            for key, row in old.items():
                if new.get(key) != row and not self._is_mine(table.name, row):
                    found.append(f"{table.name} {key} is {'changed' if key in new else 'gone'}")
            for key in set(new) - set(old):
                found += [f"{table.name} {key} for {name}" for name in self._points_at(table, new[key])]
        return found

    def _points_at(self, table: Any, row: dict[str, Any]) -> list[str]:
        """The things of others that a new row belongs to."""
        found = []
        for column in table.columns:
            for foreign in column.foreign_keys:
                target = foreign.column.table.name
                theirs = self.before.get(target, {}).get((row[column.name],))
                if target in PRIVATE and theirs is not None and not self._is_mine(target, theirs):
                    found.append(f"{column.name} {row[column.name]}")
        return found


def readable(answer) -> str:
    """The text of an answer; of a spreadsheet or a document its parts."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    return data.decode("utf-8", "replace")


def test_every_endpoint_has_a_row(site):
    found = {rule.endpoint for rule in site.url_map.iter_rules()}
    assert found - set(ROWS) == set(), "new endpoints: say in ROWS who may open such a thing of other people"
    assert set(ROWS) - found == set(), "these endpoints are gone: remove their rows from ROWS"


@pytest.mark.slow
@pytest.mark.parametrize("role", EVERYBODY)
def test_what_belongs_to_others_is_neither_shown_nor_changed(app, theirs, role):
    me = attacker(theirs, role)
    client, token = begin(app, me)
    guard, faults = Guard(me), []
    for turn, (method, endpoint, path) in enumerate(addresses(app, theirs)):
        may = role in ROWS[endpoint]
        if me is not None and may and role == ADMIN and ROWS[endpoint] not in (OWN, EVERYBODY):
            continue  # the admin's own work: all of it is theirs to do
        is_refused_always = True
        for answer in asked(client, token, method, path, theirs, turn, often=may and method == "POST"):
            is_refused_always = is_refused_always and answer.status_code in (401, 403, 404)
            if not may and not is_refused(answer, path, role):
                faults.append(f"{method} {path} ({endpoint}): {answer.status_code}")
            if may and endpoint not in PROOF_IN_ADDRESS and role != ADMIN:
                told = readable(answer)
                faults += [f"{method} {path} ({endpoint}) tells {word}" for word in SECRETS if word in told]
            if method == "POST" and answer.status_code < 400 and (touched := guard.touched()):
                faults += [] if endpoint in PROOF_IN_ADDRESS else [f"POST {path} ({endpoint}): {touched}"]
                guard = Guard(me)
        if method == "POST" and not is_refused_always:  # it may have ended the session
            client, token = begin(app, me)
    assert faults + guard.touched() == []


def begin(app, me: Person | None) -> tuple[Any, str]:
    """A browser, signed in unless nobody is, and the token of its session."""
    client = app.test_client()
    if me is not None:
        client.sign_in(me)
    return client, csrf_token(client.get("/language").text)


def asked(client, token: str, method: str, path: str, world: FullWorld, turn: int, *, often: bool) -> Iterator[Any]:
    if method == "GET":
        yield client.get(path)
        yield client.get(path, query_string={name: text for name, text in fields(world, turn).items() if name != "do"})
        return
    for number in range(len(DEEDS)) if often else (turn,):
        data = {"csrf_token": token, **fields(world, number)}
        yield client.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})


def is_refused(answer, path: str, role: str) -> bool:
    if role == VISITOR:
        to_sign_in = answer.status_code == 302 and answer.location.split("?")[0] in ("/login", "/", path)
        return to_sign_in or answer.status_code in (401, 404)
    return answer.status_code in (403, 404)
