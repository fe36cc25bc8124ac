"""Who gets what: every endpoint against every role, in one table.

``200`` it answers · ``302`` it leads on (visitors: to the sign-in) · ``403`` seen but not changed ·
``404`` it does not exist for this person. For POST, ``ok`` means that the person may: whatever the
service then says of an empty form (302, 409, 422 ...), it is no 401, 403 or 404.
"""

from __future__ import annotations

from typing import Any

import pytest
from factories import NOON
from full_world import FullWorld
from pages import csrf_token

from lms.auth.services.settings import SECOND_FACTOR
from lms.core import settings

ROLES = (
    "visitor",
    "learner",
    "outsider",
    "instructor",
    "other instructor",
    "head",
    "committee",
    "agency admin",
    "admin",
)
PUBLIC = dict.fromkeys(ROLES, 200)
MEMBERS = dict.fromkeys(ROLES, 200) | {"visitor": 302}
MEMBERS_POST = dict.fromkeys(ROLES, "ok") | {"visitor": 401}
SET_UP = "/account/second-factor"
PUBLIC_POST = dict.fromkeys(ROLES, "ok")


def only(*names: str, otherwise: int = 404, answer: Any = 200, visitor: Any = 302) -> dict[str, Any]:
    return dict.fromkeys(ROLES, otherwise) | {"visitor": visitor} | dict.fromkeys(names, answer)


def only_post(*names: str, otherwise: int = 404) -> dict[str, Any]:
    return only(*names, otherwise=otherwise, answer="ok", visitor=401)


WAYS = (("GET", 302), ("POST", 401))
OWNER = only("learner")
NEW_COURSES = ("new_course", "import_course")
STAFF = only("instructor", "admin")
ADMIN, ADMIN_POST = only("admin"), only_post("admin")
OFFICE, OFFICE_POST = only("agency admin", "admin"), only_post("agency admin", "admin")
TEACHERS = only("instructor", "other instructor")
ENROLLED = only("learner", otherwise=302)

ANNOUNCING = ("list_", "announcement", "withdraw")
GROUP_CHANGES = ("change_group", "deadlines_of_cohort")

BLUEPRINT = {
    name: package
    for package, names in {
        "people": (
            "people new_person person person_state units unit add_unit move_unit remove_unit "
            "person_admin person_agency person_head unit_head grant merge_unit "
        ),
        "auth": ("person_code lift_wait remove_second_factor "),
        "roster": ("people_import people_template people_xlsx people_csv slips "),
        "admin": ("rights settings audit "),
    }.items()
    for name in names.split()
}
"""The blueprint of each page that grew out of the administration of people."""

TABLE: dict[tuple[str, str], dict[str, Any]] = {
    ("GET", "static"): PUBLIC,
    ("GET", "favicon"): PUBLIC,
    ("GET", "home.home"): PUBLIC,
    ("GET", "home.healthz"): PUBLIC,
    ("GET", "home.readyz"): PUBLIC,
    ("GET", "ops.metrics"): PUBLIC,  # of this machine, as the tests are
    ("GET", "home.teach"): TEACHERS,
    ("GET", "home.admin"): OFFICE,
    # boards and reports
    **{
        ("GET", f"reports.{name}"): OFFICE
        for name in (
            *("board", "board_people", "board_file", "board_summary", "board_summary_file"),
            *("yearly", "yearly_file", "yearly_people", "need", "need_file"),
        )
    },
    **{
        ("GET", f"reports.board_{name}"): only("agency admin", "admin", answer=302)
        for name in ("remind", "thank", "encourage", "extend", "enrol")
    },
    **{
        ("POST", f"reports.{name}"): OFFICE_POST
        for name in ("board", "board_remind", "board_thank", "board_encourage", "board_extend", "board_enrol")
    },
    **{
        ("GET", f"reports.{name}"): only("head")
        for name in ("team", "team_people", "team_file", "team_summary", "team_summary_file")
    },
    **{("GET", f"reports.team_{name}"): only("head", answer=302) for name in ("remind", "thank", "encourage")},
    **{("POST", f"reports.team{name}"): only_post("head") for name in ("", "_remind", "_thank", "_encourage")},
    # notices and help
    ("GET", "notices.inbox"): MEMBERS,
    ("POST", "notices.read"): MEMBERS_POST,
    ("GET", "notices.choices"): MEMBERS,
    ("POST", "notices.choices"): MEMBERS_POST,
    ("GET", "unsubscribing.ask"): PUBLIC,
    ("POST", "unsubscribing.unsubscribe"): PUBLIC_POST,
    ("GET", "outbox.failed"): ADMIN,
    ("POST", "outbox.try_again"): ADMIN_POST,
    ("GET", "help.first"): PUBLIC,
    ("GET", "help.topic"): PUBLIC,
    ("GET", "help.contact"): PUBLIC,
    ("GET", "privacy.privacy"): PUBLIC,
    ("POST", "privacy.copy"): MEMBERS_POST,
    # signing in and one's own account
    ("GET", "auth.login"): dict.fromkeys(ROLES, 302) | {"visitor": 200},
    ("POST", "auth.login"): PUBLIC_POST,
    ("GET", "auth.use_code"): PUBLIC,
    ("POST", "auth.use_code"): PUBLIC_POST,
    ("GET", "auth.logout"): dict.fromkeys(ROLES, 200) | {"visitor": 302},
    ("POST", "auth.logout"): PUBLIC_POST,
    ("GET", "auth.language"): PUBLIC,
    ("POST", "auth.language"): PUBLIC_POST,
    ("GET", "auth.account"): MEMBERS,
    ("GET", "auth.new_password"): dict.fromkeys(ROLES, 302),
    ("POST", "auth.new_password"): MEMBERS_POST | {"visitor": 302},
    ("GET", "auth.change_password"): MEMBERS,
    ("POST", "auth.change_password"): MEMBERS_POST | {"visitor": 302},
    ("GET", "auth.second_step"): dict.fromkeys(ROLES, 302),
    ("POST", "auth.second_step"): PUBLIC_POST,
    ("GET", "auth.second_factor"): MEMBERS,
    ("POST", "auth.second_factor"): MEMBERS_POST | {"visitor": 302},
    **{
        ("POST", f"auth.{name}"): MEMBERS_POST for name in ("recovery_codes", "add_passkey", "remove_own_second_factor")
    },
    ("POST", "auth.remove_passkey"): only_post(),
    ("POST", "auth.sign_out_device"): only_post("learner"),
    ("POST", "auth.sign_out_others"): MEMBERS_POST,
    # administration
    ("GET", "admin.own_rights"): MEMBERS,
    **{("GET", f"{BLUEPRINT[name]}.{name}"): ADMIN for name in ("settings", "audit")},
    **{
        ("GET", f"{BLUEPRINT[name]}.{name}"): OFFICE
        for name in ("people", "new_person", "person", "rights", "grant", "units", "unit")
    },
    ("GET", "people.merge_unit"): only("agency admin", "admin", answer=302),
    **{
        ("POST", f"{BLUEPRINT[name]}.{name}"): ADMIN_POST
        for name in ("person_admin", "person_agency", "settings", "audit")
    },
    ("POST", "people.units"): ADMIN_POST | {"agency admin": 403},
    ("POST", "people.deactivate_demo"): ADMIN_POST,
    **{
        ("POST", f"{BLUEPRINT[name]}.{name}"): OFFICE_POST
        for name in (
            "people",
            "new_person",
            "person",
            "person_code",
            "lift_wait",
            "remove_second_factor",
            "person_state",
            "person_head",
            "grant",
            "unit",
            "unit_head",
            "add_unit",
            "move_unit",
            "merge_unit",
            "remove_unit",
        )
    },
    **{
        ("GET", f"{BLUEPRINT[name]}.{name}"): OFFICE
        for name in ("people_import", "people_template", "people_xlsx", "people_csv", "slips")
    },
    ("POST", "roster.people_import"): OFFICE_POST,
    ("POST", "roster.slips"): OFFICE_POST,
    ("GET", "roster.people_list"): ADMIN,
    ("POST", "roster.people_list"): ADMIN_POST,
    ("GET", "roster.refused_people"): ADMIN,
    ("GET", "course_admin.list_"): ADMIN,
    ("GET", "course_admin.course"): ADMIN,
    **{
        ("POST", f"course_admin.{name}"): ADMIN_POST
        for name in ("add_instructor", "remove_instructor", "open_", "enrol_by_list", "archive", "bring_back")
    },
    # cohorts
    ("GET", "cohorts.list_"): only("instructor", "other instructor", "committee", "agency admin", "admin"),
    **{
        ("GET", f"cohorts.{name}"): only("instructor", "committee", "agency admin", "admin")
        for name in ("cohort", "dates", "committee", "member")
    },
    ("POST", "cohorts.extend"): only_post("instructor", "committee", "agency admin", "admin"),
    ("GET", "cohorts.proposals"): only("committee", "agency admin", "admin"),
    **{
        ("POST", f"cohorts.{name}"): only_post("committee", "agency admin", "admin")
        for name in ("enrol_by_list", "find_people", "enrol_ticked", "decide", "withdraw", "substitute")
    },
    ("GET", "cohorts.settings"): only("committee", "admin"),
    ("POST", "cohorts.settings"): only_post("committee", "admin"),
    **{("GET", f"cohorts.{name}"): ADMIN for name in ("new", "again")},
    **{("POST", f"cohorts.{name}"): ADMIN_POST for name in ("new", "again", "appoint", "dismiss")},
    ("GET", "proposals.list_"): only("head"),
    ("GET", "proposals.propose"): only("head"),
    ("POST", "proposals.propose"): only_post("head"),
    ("POST", "proposals.withdraw"): only_post("head"),
    ("GET", "records.certificates"): ADMIN,
    ("POST", "records.certificates"): ADMIN_POST,
    ("GET", "records.emblem"): ADMIN,
    ("POST", "records.emblem"): ADMIN_POST,
    ("GET", "records.numbers"): ADMIN,
    ("POST", "records.numbers"): ADMIN_POST,
    ("GET", "records.revoke"): ADMIN,
    ("POST", "records.revoke"): ADMIN_POST,
    ("GET", "records.replace"): only("admin", answer=302),  # what holds is not replaced
    ("POST", "records.replace"): ADMIN_POST,
    # learning
    ("GET", "courses.catalogue"): PUBLIC,
    ("GET", "learning.media"): only("learner", "instructor", "admin"),
    ("GET", "learning.picture"): dict.fromkeys(ROLES, 404) | {"visitor": 302},
    ("GET", "learning.course"): PUBLIC,
    ("GET", "learning.item"): ENROLLED,
    ("POST", "learning.item"): only_post("learner"),
    ("POST", "enrolment.enrol"): MEMBERS_POST,
    ("POST", "enrolment.withdraw_application"): only_post(),
    ("GET", "enrolment.withdraw"): OWNER,
    ("POST", "enrolment.withdraw"): only_post("learner"),
    **{("GET", f"quizzes.{name}"): STAFF for name in ("limits", "limits_of_cohort", "limits_of_participant")},
    **{
        ("POST", f"quizzes.{name}"): only_post("instructor", "admin")
        for name in (
            "limits_of_cohort",
            "override_for_participant",
            "give_further_attempt",
            "give_extra_time",
        )
    },
    ("POST", "quizzes.refuse_request"): only_post("instructor", "admin"),
    ("GET", "quizzes.ask_for_attempt"): OWNER,
    ("GET", "quizzes.report_question"): OWNER,
    ("POST", "quizzes.report_question"): only_post("learner"),
    **{(method, "quizzes.contest_mark"): dict.fromkeys(ROLES, 404) | {"visitor": visitor} for method, visitor in WAYS},
    # nobody's mark: of what is handed in and marked
    **{(m, "assignments.contest_mark"): dict.fromkeys(ROLES, 404) | {"visitor": visitor} for m, visitor in WAYS},
    ("POST", "quizzes.practise"): only_post("learner"),
    ("POST", "quizzes.ask_for_attempt"): only_post("learner"),
    ("GET", "quizzes.overview"): OWNER,
    ("GET", "quizzes.answer"): OWNER,
    ("GET", "quizzes.time_left"): OWNER,
    ("GET", "records.public_keys"): PUBLIC,
    ("POST", "quizzes.save"): only_post("learner"),
    ("POST", "quizzes.submit"): only_post("learner"),
    ("GET", "quizzes.review"): only("learner", answer=302),
    ("POST", "quizzes.open_review"): only_post("learner"),
    ("GET", "assignments.model_answer"): only("learner", answer=302),  # of work that is not graded yet
    ("GET", "assignments.own_submission"): only("learner"),
    ("GET", "assignments.file"): only("learner", "instructor", "admin"),
    ("GET", "quizzes.answer_file"): only("learner"),  # of a running attempt
    ("GET", "quizzes.answer_file_text"): dict.fromkeys(ROLES, 404) | {"visitor": 302},
    ("GET", "quizzes.answer_file_picture"): dict.fromkeys(ROLES, 404) | {"visitor": 302},
    ("GET", "assignments.feedback_file"): only("learner", "instructor", "admin"),
    # teaching
    ("GET", "assignments.file_text"): STAFF,
    ("GET", "assignments.file_picture"): dict.fromkeys(ROLES, 404) | {"visitor": 302},  # the file is none
    ("GET", "teaching.participants"): STAFF,
    **{("GET", f"teaching.{name}"): STAFF for name in ("participant", "contents", "preview", "printed")},
    **{("GET", f"gradebook.{name}"): STAFF for name in ("page", "file", "bring_back")},
    **{("GET", f"surveys.{name}"): STAFF for name in ("results", "file")},
    **{("POST", f"gradebook.{name}"): only_post("instructor", "admin") for name in ("bring_back", "take", "remind")},
    ("GET", "analysis.course"): STAFF,
    **{("GET", f"analysis.{name}"): STAFF for name in ("quiz", "attempts", "attempts_file")},
    ("GET", "analysis.gains"): dict.fromkeys(ROLES, 404) | {"visitor": 302},  # this course has no pretest
    ("GET", "quizzes.attempt_of_participant"): dict.fromkeys(ROLES, 404) | {"visitor": 302},  # of what is handed in
    ("GET", "quizzes.essay"): dict.fromkeys(ROLES, 404) | {"visitor": 302},  # of what is handed in
    ("POST", "quizzes.essay"): dict.fromkeys(ROLES, 404) | {"visitor": 401},
    ("POST", "quizzes.open_work"): dict.fromkeys(ROLES, 404) | {"visitor": 401},
    ("GET", "quizzes.graded_essays"): dict.fromkeys(ROLES, 404) | {"visitor": 302},  # of a question with marked essays
    ("POST", "quizzes.mark_answer"): dict.fromkeys(ROLES, 404) | {"visitor": 401},  # of what is handed in
    **{("GET", f"quizzes.{name}"): STAFF for name in ("regrade", "regrade_result", "near_misses")},
    ("POST", "quizzes.regrade"): only_post("instructor", "admin"),
    ("GET", "learning.marks"): only("learner"),
    ("GET", "learning.study_plan"): only("learner", answer=302),  # who has done everything plans nothing
    ("GET", "learning.study_plan_file"): only("learner", answer=302),  # nothing is chosen
    ("GET", "teaching.marks_of_participant"): STAFF,
    ("POST", "teaching.preview"): dict.fromkeys(ROLES, 404) | {"visitor": 401},  # it takes answers to questions alone
    ("GET", "assignments.queue"): TEACHERS,
    ("GET", "comments.list_"): only("instructor", "other instructor", "admin"),
    ("POST", "comments.list_"): only_post("instructor", "other instructor", "admin"),
    ("GET", "comments.comment"): only("instructor"),  # their own
    **{("POST", f"comments.{name}"): only_post("instructor") for name in ("comment", "remove")},
    ("GET", "announcements.of_course"): ENROLLED,
    **{("GET", f"announcements.{name}"): STAFF for name in ANNOUNCING},
    **{("POST", f"announcements.{name}"): only_post("instructor", "admin") for name in ANNOUNCING},
    ("GET", "inquiries.of_course"): ENROLLED,
    ("POST", "inquiries.of_course"): only("learner", otherwise=302, answer="ok", visitor=401),
    ("POST", "inquiries.take_back"): only_post("learner"),
    ("GET", "inquiries.list_"): only("instructor", "other instructor", "admin"),
    ("GET", "inquiries.inquiry"): STAFF,
    ("POST", "inquiries.inquiry"): only_post("instructor", "admin"),
    ("GET", "objections.list_"): TEACHERS,
    ("GET", "objections.objection"): STAFF,
    ("POST", "objections.objection"): only_post("instructor", "admin"),
    ("GET", "quizzes.printed"): only("instructor", "admin", answer=302),
    ("POST", "gradebook.release"): only_post("instructor", "admin"),
    ("GET", "gradebook.release_all"): STAFF,
    ("POST", "gradebook.release_all"): only_post("instructor", "admin"),
    ("GET", "assignments.submission"): STAFF,
    ("POST", "assignments.submission"): only_post("instructor", "admin"),
    ("POST", "assignments.return_"): only_post("instructor", "admin"),
    ("POST", "assignments.mark_member"): dict.fromkeys(ROLES, 404) | {"visitor": 401},  # of what a group handed in
    **{("GET", f"assignments.{name}"): STAFF for name in ("groups", "deadlines", "deadlines_of_cohort")},
    **{("POST", f"assignments.{name}"): only_post("instructor", "admin") for name in ("move_people", "divide")},
    **{("POST", f"assignments.{name}"): only_post("instructor", "admin") for name in GROUP_CHANGES},
    ("POST", "assignments.open_work"): only_post("instructor", "admin"),
    ("GET", "attendance.calendar"): only("learner"),
    **{("GET", f"attendance.{name}"): STAFF for name in ("meetings", "meeting", "move", "code", "sheet")},
    **{("POST", f"attendance.{name}"): only_post("instructor", "admin") for name in ("meeting", "move", "code")},
    ("GET", "records.completions"): STAFF,
    ("POST", "records.completions"): only_post("instructor", "admin"),
    ("GET", "records.batch"): STAFF,
    ("GET", "records.ready"): only("instructor", "admin", answer=302),
    # editing a course
    **{("GET", f"authoring.{name}"): STAFF for name in ("outline", "edit", "download", "discard", "publish_draft")},
    **{("GET", f"authoring.{name}"): STAFF for name in ("import_questions", "export_gift", "export_moodle_xml")},
    ("POST", "authoring.cancel_publication"): only_post("instructor", "admin"),
    ("GET", "authoring.question_template"): only("instructor", "other instructor", "admin"),
    ("GET", "authoring.try_out"): only("instructor", "other instructor", "admin"),
    ("POST", "authoring.try_out"): only_post("instructor", "other instructor", "admin"),
    **{  # of files with questions, or of assignments
        (method, f"authoring.{name}"): dict.fromkeys(ROLES, 404) | {"visitor": 302 if method == "GET" else 401}
        for name in ("questions", "question", "new_question", "rubric")
        for method in ("GET", "POST")
    },
    **{("GET", f"authoring.{name}"): STAFF for name in ("bank", "take_questions")},
    ("GET", "authoring.question_versions"): dict.fromkeys(ROLES, 404) | {"visitor": 302},  # it names a question
    ("POST", "authoring.take_questions"): only_post("instructor", "admin"),
    ("POST", "authoring.share_questions"): only_post("instructor", "admin"),
    **{("GET", f"authoring.{name}"): STAFF for name in ("revisions", "revision_", "settings", "bring_files_back")},
    **{("GET", f"authoring.{name}"): STAFF for name in ("files", "draft_media", "preview_course")},
    ("GET", "authoring.preview_item"): STAFF,
    ("GET", "authoring.draft_picture"): dict.fromkeys(ROLES, 404) | {"visitor": 302},  # there is none of the drawing
    ("GET", "authoring.delete_file"): dict.fromkeys(ROLES, 404) | {"visitor": 302},  # it names a file
    ("POST", "authoring.delete_file"): dict.fromkeys(ROLES, 404) | {"visitor": 401},
    **{(method, "authoring.teachers"): dict.fromkeys(ROLES, 404) | {"visitor": visitor} for method, visitor in WAYS},
    **{("GET", f"authoring.{name}"): only("instructor", "other instructor", "admin") for name in NEW_COURSES},
    **{("POST", f"authoring.{name}"): only_post("instructor", "other instructor", "admin") for name in NEW_COURSES},
    **{
        ("POST", f"authoring.{name}"): only_post("instructor", "admin")
        for name in (
            "edit",
            "discard",
            "publish_draft",
            "revision_",
            "change_outline",
            "settings",
            "review",
            "check_again",
        )
    },
    **{
        ("POST", f"authoring.{name}"): only_post("instructor", "admin")
        for name in ("bring_files_back", "paste", "import_questions", "files")
    },
    # records
    ("GET", "records.mine"): MEMBERS,
    ("GET", "records.finish"): only("learner", otherwise=302),
    ("GET", "records.certificate"): only("learner", "instructor", "admin"),
    ("GET", "records.verify"): PUBLIC,
    ("GET", "records.verified"): PUBLIC,
    ("GET", "records.verified_json"): PUBLIC,
}


def addresses(site, full_world: FullWorld):
    """Every (method, endpoint) of the app with an address in this world."""
    for rule in site.url_map.iter_rules():
        if rule.alias:
            continue  # it redirects to the rule that it stands for
        values = {name: value for name, value in full_world.values_of(rule).items() if name != "name"}
        if "name" in rule.arguments:
            name = site.jinja_env.globals["asset"]("icon.svg").removeprefix("/static/")
            values["name"] = name if rule.endpoint == "static" else "a.svg"
        for method in sorted(rule.methods & {"GET", "POST"}):
            with site.test_request_context():
                built = site.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            yield (method, rule.endpoint), built


def test_the_table_names_every_endpoint(site, session, full_world):
    found = {key for key, _address in addresses(site, full_world)}
    assert found - set(TABLE) == set(), "new endpoints: say in TABLE who gets what"
    assert set(TABLE) - found == set(), "these endpoints are gone: remove their rows from TABLE"


ON_BOTH_ENGINES = ("admin", "instructor", "learner")
"""Together they see every page (``PAGES_RUN_ONCE`` in ``conftest.py`` relies on it)."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "role", [pytest.param(one, marks=[] if one in ON_BOTH_ENGINES else [pytest.mark.once]) for one in ROLES]
)
def test_everybody_gets_what_the_table_says(app, full_world, role):
    found, wanted = {}, {}
    client = None
    for key, address in sorted(addresses(app, full_world), key=_reads_first):
        if client is None:
            client = app.test_client()
            if full_world.people[role] is not None:
                client.sign_in(full_world.people[role])
        if key not in TABLE:
            continue  # the test above says so once
        answer = _ask(client, key[0], address)
        said = TABLE[key][role]
        is_let_in = key[0] == "POST" and answer.status_code not in {401, 403, 404, 500}
        if is_let_in:
            client = None  # it may have signed out, or changed what may be done next
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


@pytest.mark.parametrize("role", ["instructor", "head", "committee", "agency admin", "admin"])
def test_where_a_second_factor_is_required_a_role_without_one_opens_nothing(app, full_world, role):
    settings.change(SECOND_FACTOR, "required", actor_id=None, now=NOON)
    of_roles = {key for key, row in TABLE.items() if row["learner"] in (403, 404) and row["outsider"] in (403, 404)}
    opened = {}
    for key, address in sorted(addresses(app, full_world), key=_reads_first):
        if key in of_roles and TABLE[key][role] in (200, "ok"):
            answer = _ask(app.test_client().sign_in(full_world.people[role]), key[0], address)
            opened[key] = answer.status_code, (answer.location or "").partition("?")[0]
    assert opened
    assert {key: one for key, one in opened.items() if one[0] not in (403, 404) and one[1] != SET_UP} == {}
