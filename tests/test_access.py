"""Who gets what: every endpoint against every role, in one table.

``200`` it answers · ``302`` it leads on (visitors: to the sign-in) · ``403`` seen but not changed ·
``404`` it does not exist for this person. For POST, ``ok`` means that the person may: whatever the
service then says of an empty form (302, 409, 422 ...), it is no 401, 403 or 404.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from factories import NOON, grant, item_of, make_admin, make_course, make_enrolment, make_person, make_place, make_unit
from pages import csrf_token

from lms.accounts.models import SignIn
from lms.assignments.models import Submission, WorkFile
from lms.core import storage
from lms.courses.models import CourseFile
from lms.learning import services as learning
from lms.quizzes import services as quizzes
from lms.records.services import issue_record

ROLES = ("visitor", "learner", "outsider", "instructor", "other instructor", "head", "admin")
PUBLIC = dict.fromkeys(ROLES, 200)
MEMBERS = dict.fromkeys(ROLES, 200) | {"visitor": 302}
MEMBERS_POST = dict.fromkeys(ROLES, "ok") | {"visitor": 401}
PUBLIC_POST = dict.fromkeys(ROLES, "ok")


def only(*names: str, otherwise: int = 404, answer: Any = 200, visitor: Any = 302) -> dict[str, Any]:
    return dict.fromkeys(ROLES, otherwise) | {"visitor": visitor} | dict.fromkeys(names, answer)


def only_post(*names: str, otherwise: int = 404) -> dict[str, Any]:
    return only(*names, otherwise=otherwise, answer="ok", visitor=401)


OWNER = only("learner")
STAFF = only("instructor", "admin")
ADMIN, ADMIN_POST = only("admin"), only_post("admin")
TEACHERS = only("instructor", "other instructor")
ENROLLED = only("learner", otherwise=302)

TABLE: dict[tuple[str, str], dict[str, Any]] = {
    ("GET", "static"): PUBLIC,
    ("GET", "favicon"): PUBLIC,
    ("GET", "home.home"): PUBLIC,
    ("GET", "home.healthz"): PUBLIC,
    ("GET", "home.readyz"): PUBLIC,
    ("GET", "home.teach"): TEACHERS,
    ("GET", "home.admin"): ADMIN,
    ("GET", "home.team"): only("head"),
    # signing in and one's own account
    ("GET", "accounts.login"): dict.fromkeys(ROLES, 302) | {"visitor": 200},
    ("POST", "accounts.login"): PUBLIC_POST,
    ("GET", "accounts.use_code"): PUBLIC,
    ("POST", "accounts.use_code"): PUBLIC_POST,
    ("GET", "accounts.logout"): dict.fromkeys(ROLES, 200) | {"visitor": 302},
    ("POST", "accounts.logout"): PUBLIC_POST,
    ("GET", "accounts.language"): PUBLIC,
    ("POST", "accounts.language"): PUBLIC_POST,
    ("GET", "accounts.account"): MEMBERS,
    ("GET", "accounts.new_password"): dict.fromkeys(ROLES, 302),
    ("POST", "accounts.new_password"): MEMBERS_POST | {"visitor": 302},
    ("GET", "accounts.change_password"): MEMBERS,
    ("POST", "accounts.change_password"): MEMBERS_POST | {"visitor": 302},
    ("POST", "accounts.sign_out_device"): only_post("learner"),
    ("POST", "accounts.sign_out_others"): MEMBERS_POST,
    # administration
    **{
        ("GET", f"accounts.{name}"): ADMIN
        for name in ("people", "new_person", "person", "units", "unit", "settings", "audit")
    },
    **{
        ("POST", f"accounts.{name}"): ADMIN_POST
        for name in (
            "people",
            "new_person",
            "person",
            "person_code",
            "person_state",
            "person_admin",
            "person_head",
            "units",
            "unit",
            "add_unit",
            "move_unit",
            "remove_unit",
            "settings",
            "audit",
        )
    },
    ("GET", "course_admin.list_"): ADMIN,
    ("GET", "course_admin.course"): ADMIN,
    **{
        ("POST", f"course_admin.{name}"): ADMIN_POST
        for name in ("add_instructor", "remove_instructor", "open_", "enrol_by_list")
    },
    ("GET", "records.certificates"): ADMIN,
    ("POST", "records.certificates"): ADMIN_POST,
    ("GET", "records.revoke"): ADMIN,
    ("POST", "records.revoke"): ADMIN_POST,
    # learning
    ("GET", "courses.catalogue"): PUBLIC,
    ("GET", "courses.media"): MEMBERS,
    ("GET", "learning.course"): PUBLIC,
    ("GET", "learning.item"): ENROLLED,
    ("POST", "learning.item"): only_post("learner"),
    ("POST", "enrolment.enrol"): MEMBERS_POST,
    ("GET", "enrolment.withdraw"): OWNER,
    ("POST", "enrolment.withdraw"): only_post("learner"),
    ("GET", "quizzes.overview"): OWNER,
    ("GET", "quizzes.answer"): OWNER,
    ("POST", "quizzes.save"): only_post("learner"),
    ("POST", "quizzes.submit"): only_post("learner"),
    ("GET", "quizzes.review"): only("learner", answer=302),
    ("POST", "quizzes.open_review"): only_post("learner"),
    ("GET", "assignments.file"): only("learner", "instructor"),
    # teaching
    ("GET", "teaching.participants"): STAFF,
    ("GET", "teaching.gradebook"): STAFF,
    ("GET", "assignments.grading"): TEACHERS,
    ("GET", "assignments.paper"): only("instructor"),
    ("POST", "assignments.paper"): only_post("instructor"),
    ("GET", "records.completions"): STAFF,
    ("POST", "records.completions"): only_post("instructor", "admin"),
    # records
    ("GET", "records.mine"): MEMBERS,
    ("GET", "records.finish"): only("learner", otherwise=302),
    ("GET", "records.certificate"): only("learner", "instructor", "admin"),
    ("GET", "records.verify"): PUBLIC,
    ("GET", "records.verified"): PUBLIC,
    ("GET", "records.verified_json"): PUBLIC,
}


@dataclass
class World:
    """One of everything, and somebody in each role."""

    people: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def world(session) -> World:
    return make_world(session)


def make_world(session) -> World:
    unit = make_unit("Dinas Contoh")
    learner = make_person(name="Peserta", unit_id=unit.id)
    items = (
        {"slug": "modul"},
        {"slug": "kuis", "type": "quiz", "is_required": False, "content": quiz_content()},
        {"slug": "tugas", "type": "assignment", "is_required": False, "content": _assignment()},
    )
    rule = {"items": "required", "score": 0, "attendance": None}
    course = make_course("pelatihan", items, completion=rule)
    enrolment = make_enrolment(learner, course)
    instructor, other, head, outsider = (make_person() for _ in range(4))
    grant(instructor, "instructor", course=course)
    grant(other, "instructor", course=make_course("lain"))
    grant(head, "head", unit=unit)
    admin = make_admin()
    attempt = quizzes.start_attempt(make_place(enrolment, item_of(course, "kuis")), seed=1, now=_now())
    learning.record_read(enrolment.id, item_of(course, "modul"), now=NOON)
    record = issue_record(enrolment, actor_id=instructor.id, now=NOON)
    submission, file = _handed_in(session, enrolment, item_of(course, "tugas"))
    medium = storage.save(b"<svg/>", "courses")
    session.add(
        CourseFile(
            revision_id=course.revision.id,
            path="media/a.svg",
            key=medium.key,
            sha256=medium.sha256,
            size=6,
            content_type="image/svg+xml",
        )
    )
    device = SignIn(token_hash="x", person=learner, created_at=NOON, last_seen_at=NOON, device="Lain")
    session.add(device)
    session.flush()
    people = {
        "visitor": None,
        "learner": learner,
        "outsider": outsider,
        "instructor": instructor,
        "other instructor": other,
        "head": head,
        "admin": admin,
    }
    values = {
        "slug": "pelatihan",
        "item": "modul",
        "attempt_id": attempt.id,
        "position": 1,
        "submission_id": submission.id,
        "file_id": file.id,
        "record_id": record.id,
        "code": record.code,
        "person_id": outsider.id,
        "unit_id": unit.id,
        "sign_in_id": device.id,
        "digest": medium.sha256[:20],
    }
    return World(people, values)


def _now():
    from lms.core import clock

    return clock.now()


def quiz_content() -> dict[str, Any]:
    option = {"html": "Ya", "is_correct": True, "feedback_html": None, "keeps_last": False}
    question = {
        "id": "q1",
        "kind": "single",
        "title": "Soal",
        "stem_html": "Soal",
        "points": 1.0,
        "scoring": "exact",
        "group": None,
        "options": [option | {"id": "a"}, option | {"id": "b", "is_correct": False}],
        "accepted": [],
        "explanation_html": None,
        "hints_html": [],
    }
    return {
        "questions": [question],
        "pass_mark": None,
        "attempts": None,
        "grade": "highest",
        "time_limit": None,
        "on_expiry": "submit",
        "grace": None,
        "wait": 0,
        "navigation": "free",
        "feedback": "deferred",
        "review": "kuis",
        "shuffle": [],
        "draw": None,
        "purpose": None,
        "late_policy": "trust",
    }


def _assignment() -> dict[str, Any]:
    return {
        "points": 100.0,
        "due": None,
        "late": None,
        "submit": ["text", "files"],
        "files": {"most": 3, "size": 1000, "types": ["pdf"]},
        "attempts": None,
        "rubric": [],
        "pass_mark": None,
    }


def _handed_in(session, enrolment, item):
    submission = Submission(
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        item_id=item.item_id,
        item_revision_id=item.id,
        number=1,
        text="Teks",
        text_html="<p>Teks</p>",
        submitted_at=NOON,
    )
    session.add(submission)
    session.flush()
    kept = storage.save(b"%PDF-1.4", "work")
    file = WorkFile(
        person_id=enrolment.person_id,
        submission_id=submission.id,
        name="a.pdf",
        content_type="application/pdf",
        size=8,
        key=kept.key,
        uploaded_at=NOON,
    )
    session.add(file)
    session.flush()
    return submission, file


def addresses(site, world: World):
    """Every (method, endpoint) of the app with an address in this world."""
    for rule in site.url_map.iter_rules():
        values = {name: world.values[name] for name in rule.arguments if name != "name"}
        if "name" in rule.arguments:
            name = site.jinja_env.globals["asset"]("icon.svg").removeprefix("/static/")
            values["name"] = name if rule.endpoint == "static" else "a.svg"
        for method in sorted(rule.methods & {"GET", "POST"}):
            with site.test_request_context():
                built = site.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            yield (method, rule.endpoint), built


def test_the_table_names_every_endpoint(site, session, world):
    assert {key for key, _address in addresses(site, world)} == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_says(app, world, role):
    found, wanted = {}, {}
    for key, address in sorted(addresses(app, world), key=_reads_first):
        client = app.test_client()
        if world.people[role] is not None:
            client.sign_in(world.people[role])
        answer = _ask(client, key[0], address)
        said = TABLE[key][role]
        is_let_in = key[0] == "POST" and answer.status_code not in {401, 403, 404, 500}
        found[key], wanted[key] = ("ok" if is_let_in and said == "ok" else answer.status_code), said
    assert {key: status for key, status in found.items() if status != wanted[key]} == {}


def _reads_first(one):
    """What changes the world comes after what only looks at it; joining and leaving the course come last."""
    (method, endpoint), _address = one
    last = ["enrolment.withdraw", "enrolment.enrol"]
    return method, last.index(endpoint) + 1 if endpoint in last else 0, endpoint


def _ask(client, method: str, address: str):
    if method == "GET":
        return client.get(address)
    token = csrf_token(client.get("/language").get_data(as_text=True))
    return client.post(address, data={"csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"})
