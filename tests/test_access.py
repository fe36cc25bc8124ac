"""Who gets what: every endpoint against every role, in one table.

``200`` it answers · ``302`` it leads on (visitors: to the sign-in) · ``403`` seen but not changed ·
``404`` it does not exist for this person. For POST, ``ok`` means that the person may: whatever the
service then says of an empty form (302, 409, 422 ...), it is no 401, 403 or 404.
"""

from __future__ import annotations

from typing import Any

import pytest
from full_world import FullWorld
from pages import csrf_token

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
PUBLIC_POST = dict.fromkeys(ROLES, "ok")


def only(*names: str, otherwise: int = 404, answer: Any = 200, visitor: Any = 302) -> dict[str, Any]:
    return dict.fromkeys(ROLES, otherwise) | {"visitor": visitor} | dict.fromkeys(names, answer)


def only_post(*names: str, otherwise: int = 404) -> dict[str, Any]:
    return only(*names, otherwise=otherwise, answer="ok", visitor=401)


OWNER = only("learner")
STAFF = only("instructor", "admin")
ADMIN, ADMIN_POST = only("admin"), only_post("admin")
OFFICE, OFFICE_POST = only("agency admin", "admin"), only_post("agency admin", "admin")
TEACHERS = only("instructor", "other instructor")
ENROLLED = only("learner", otherwise=302)

BLUEPRINT = {
    name: package
    for package, names in {
        "people": (
            "people new_person person person_state units unit add_unit move_unit remove_unit "
            "person_admin person_agency person_head unit_head grant merge_unit "
        ),
        "auth": ("person_code lift_wait "),
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
    **{("GET", f"reports.{name}"): OFFICE for name in ("board", "board_people", "board_file", "yearly", "yearly_file")},
    **{
        ("GET", f"reports.board_{name}"): only("agency admin", "admin", answer=302)
        for name in ("remind", "extend", "enrol")
    },
    **{("POST", f"reports.{name}"): OFFICE_POST for name in ("board", "board_remind", "board_extend", "board_enrol")},
    **{("GET", f"reports.{name}"): only("head") for name in ("team", "team_people", "team_file")},
    ("GET", "reports.team_remind"): only("head", answer=302),
    **{("POST", f"reports.{name}"): only_post("head") for name in ("team", "team_remind")},
    # notices and help
    ("GET", "notices.inbox"): MEMBERS,
    ("POST", "notices.read"): MEMBERS_POST,
    ("GET", "notices.choices"): MEMBERS,
    ("POST", "notices.choices"): MEMBERS_POST,
    ("GET", "outbox.failed"): ADMIN,
    ("POST", "outbox.try_again"): ADMIN_POST,
    ("GET", "help.first"): PUBLIC,
    ("GET", "help.topic"): PUBLIC,
    ("GET", "help.contact"): PUBLIC,
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
    **{
        ("POST", f"{BLUEPRINT[name]}.{name}"): OFFICE_POST
        for name in (
            "people",
            "new_person",
            "person",
            "person_code",
            "lift_wait",
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
        for name in ("add_instructor", "remove_instructor", "open_", "enrol_by_list")
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
        for name in ("enrol_by_list", "decide", "withdraw", "substitute")
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
    ("GET", "records.revoke"): ADMIN,
    ("POST", "records.revoke"): ADMIN_POST,
    ("GET", "records.replace"): only("admin", answer=302),  # what holds is not replaced
    ("POST", "records.replace"): ADMIN_POST,
    # learning
    ("GET", "courses.catalogue"): PUBLIC,
    ("GET", "courses.media"): MEMBERS,
    ("GET", "learning.course"): PUBLIC,
    ("GET", "learning.item"): ENROLLED,
    ("POST", "learning.item"): only_post("learner"),
    ("POST", "enrolment.enrol"): MEMBERS_POST,
    ("POST", "enrolment.withdraw_application"): only_post(),
    ("GET", "enrolment.withdraw"): OWNER,
    ("POST", "enrolment.withdraw"): only_post("learner"),
    ("GET", "quizzes.overview"): OWNER,
    ("GET", "quizzes.answer"): OWNER,
    ("GET", "quizzes.time_left"): OWNER,
    ("GET", "records.public_keys"): PUBLIC,
    ("POST", "quizzes.save"): only_post("learner"),
    ("POST", "quizzes.submit"): only_post("learner"),
    ("GET", "quizzes.review"): only("learner", answer=302),
    ("POST", "quizzes.open_review"): only_post("learner"),
    ("GET", "assignments.file"): only("learner", "instructor"),
    # teaching
    ("GET", "teaching.participants"): STAFF,
    ("GET", "teaching.gradebook"): STAFF,
    ("GET", "assignments.queue"): TEACHERS,
    ("GET", "assignments.submission"): only("instructor"),
    ("POST", "assignments.submission"): only_post("instructor"),
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


def addresses(site, full_world: FullWorld):
    """Every (method, endpoint) of the app with an address in this world."""
    for rule in site.url_map.iter_rules():
        values = {name: full_world.values[name] for name in rule.arguments if name != "name"}
        if "name" in rule.arguments:
            name = site.jinja_env.globals["asset"]("icon.svg").removeprefix("/static/")
            values["name"] = name if rule.endpoint == "static" else "a.svg"
        for method in sorted(rule.methods & {"GET", "POST"}):
            with site.test_request_context():
                built = site.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            yield (method, rule.endpoint), built


def test_the_table_names_every_endpoint(site, session, full_world):
    assert {key for key, _address in addresses(site, full_world)} == set(TABLE)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_says(app, full_world, role):
    found, wanted = {}, {}
    for key, address in sorted(addresses(app, full_world), key=_reads_first):
        client = app.test_client()
        if full_world.people[role] is not None:
            client.sign_in(full_world.people[role])
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
