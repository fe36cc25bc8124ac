"""What an attacker would try: each test is an attempt, and holds when nothing comes of it."""

from __future__ import annotations

import hashlib
import logging
import re
from io import BytesIO
from urllib.parse import quote

import pytest
from factories import NOON, grant, item_of, make_admin, make_course, make_enrolment, make_person, make_unit
from pages import csrf_token, parse
from quiz_factories import content as quiz_content
from quiz_factories import question_json
from sqlalchemy import inspect, select, text
from test_access import ROLES, TABLE, addresses

from config import DEFAULT_SECRET, Config, WrongSettings
from lms.app import create_app
from lms.assignments.models import WorkFile
from lms.auth import passwords
from lms.auth.models import SignIn, SignInFailure
from lms.auth.services import codes
from lms.core import clock, storage
from lms.core.db import Base, db
from lms.core.ledger import LedgerEntry
from lms.courses.models import CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning import services as learning
from lms.learning.models import Completion, Progress
from lms.people.models import Person
from lms.records.models import Record

PASSWORD = "perahu layar di teluk"
HERE = {"Sec-Fetch-Site": "same-origin"}
BAIT = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"
"""Ends an attribute, opens elements, and is an expression of the template language."""


@pytest.fixture
def alive(app, monkeypatch):
    """The application answers an error as it does for real people, and does not raise it."""
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return app


def client_of(app, person):
    client = app.test_client()
    return client if person is None else client.sign_in(person)


def token_of(client) -> str:
    return csrf_token(client.get("/language").get_data(as_text=True))


def post(client, path: str, **values):
    return client.post(path, data={"csrf_token": token_of(client), **values}, headers=HERE)


def fingerprint() -> dict[str, str]:
    """Every table's rows as one hash, without the row by which a server finds out whether it can write."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name == "write_probe":
            continue
        rows = sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


# headers


@pytest.mark.slow
@pytest.mark.once
def test_every_answer_forbids_frames_foreign_scripts_and_guessing_of_types(app, full_world):
    for role in ("visitor", "learner", "instructor", "admin"):
        client = client_of(app, full_world.people[role])
        for (method, _endpoint), address in addresses(app, full_world):
            answer = client.get(address) if method == "GET" else client.post(address)
            policy = answer.headers["Content-Security-Policy"]
            parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
            assert parts["default-src"] == "'none'", address
            assert parts["frame-ancestors"] == "'none'", address
            assert parts.get("script-src", "'self'") == "'self'", address
            if answer.mimetype == "text/html":
                assert "unsafe" not in policy, address
                assert (parts["form-action"], parts["base-uri"]) == ("'self'", "'none'"), address
            assert answer.headers["X-Content-Type-Options"] == "nosniff", address
            assert answer.headers["Referrer-Policy"] == "same-origin", address
            assert "Server" not in answer.headers, address
            assert "Strict-Transport-Security" not in answer.headers, address
            is_shared = answer.headers["Cache-Control"].startswith("public")
            assert not is_shared or address.startswith(("/static", "/favicon")), address


def test_a_page_not_modified_carries_the_same_headers(client):
    first = client.get("/courses")
    again = client.get("/courses", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "Referrer-Policy"):
        assert again.headers[name] == first.headers[name]


def secure_site(tmp_path, **values):
    config = Config.from_env(
        {"LMS_SECRET_KEY": "x" * 40, "LMS_BASE_URL": "https://belajar.example.go.id", "LMS_INSTANCE": str(tmp_path)}
        | values
    )
    return create_app(config)


def test_with_https_cookies_are_secure_and_bound_to_this_very_host(tmp_path):
    answer = secure_site(tmp_path).test_client().get("/language", base_url="https://belajar.example.go.id")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_what_proxies_say_counts_only_when_there_are_any(tmp_path):
    said = {"X-Forwarded-Host": "jahat.example", "X-Forwarded-For": "203.0.113.9"}
    for proxies, wanted in (("0", ("localhost", None)), ("1", ("jahat.example", "203.0.113.9"))):
        app = secure_site(tmp_path, LMS_PROXIES=proxies)
        seen = {}
        with app.test_request_context("/"):
            pass

        def look(seen=seen):
            from flask import request

            seen["host"], seen["from"] = request.host, request.remote_addr

        app.before_request_funcs.setdefault(None, []).insert(0, look)
        app.test_client().get("/healthz", headers=said)
        assert seen["host"] == wanted[0]
        assert seen["from"] == (wanted[1] or "127.0.0.1")


def test_a_foreign_host_name_gets_into_no_page_and_no_redirect(app, full_world):
    for role in ("visitor", "learner", "admin"):
        client = client_of(app, full_world.people[role])
        for (method, _endpoint), address in addresses(app, full_world):
            if method == "GET":
                answer = client.get(address, headers={"Host": "jahat.example"})
                assert "jahat" not in answer.headers.get("Location", "")
                assert b"jahat" not in answer.get_data()


@pytest.mark.parametrize(
    "host", ["a" * 64, "a" * 64 + ".go.id", "a..b", ".", "[", "]:80", "a b", "\xff" * 70, ":0", "x:y"]
)
@pytest.mark.parametrize("path", ["/", "/courses", "/tidak-ada", "/static/x.css"])
def test_a_host_name_that_cannot_be_one_is_refused_and_breaks_nothing(alive, session, host, path):
    for method in ("GET", "POST"):
        for headers in ({"Host": host}, {"Host": host, "X-Requested-With": "fetch"}):
            answer = alive.test_client().open(path, method=method, headers=headers)
            assert answer.status_code < 500
            assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    "path", ["//courses", "//jahat.example/x", "/courses//x", "///", "/./courses", "/courses/", "//courses/x/enrol"]
)
def test_doubled_slashes_lead_nowhere(client, path):
    answer = client.get("/", environ_overrides={"PATH_INFO": path}, headers={"Host": "jahat.example"})
    assert re.match(r"/(?!/)|$", answer.headers.get("Location", ""))
    form = client.post("/", environ_overrides={"PATH_INFO": path}, headers=HERE)
    assert 'action="//' not in form.get_data(as_text=True)


# forgery


ITS_ADDRESS_IS_THE_PROOF = {"unsubscribing.unsubscribe"}
"""Mail programs post there themselves (RFC 8058)."""
WAYS = (
    HERE,
    HERE | {"X-Requested-With": "held"},
    {"Origin": "https://jahat.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {},
)


@pytest.mark.slow
@pytest.mark.once
def test_no_post_without_a_token_changes_anything(app, full_world):
    """From wherever it says it comes: an admin in each of the ways, the others by turns."""
    before, turn = fingerprint(), 0
    for role in ROLES:
        client = client_of(app, full_world.people[role])
        before_signing_in, before = before, fingerprint()
        for (method, endpoint), address in addresses(app, full_world):
            if method != "POST" or endpoint in ITS_ADDRESS_IS_THE_PROOF:
                continue
            turn += 1
            for headers in WAYS if role == "admin" else [WAYS[turn % len(WAYS)]]:
                answer = client.post(address, data={"do": "submit", "go": "submit", "text": "x"}, headers=headers)
                assert answer.status_code in {302, 400, 401}, (role, endpoint, answer.status_code)
        after = fingerprint()
        assert after == before, (role, before_signing_in)


def test_a_token_of_one_session_is_worth_nothing_in_another(app, full_world):
    thief, victim = client_of(app, full_world.people["outsider"]), client_of(app, full_world.people["admin"])
    stolen, before = token_of(thief), fingerprint()
    token_of(victim)
    for (method, endpoint), address in addresses(app, full_world):
        if method == "POST" and endpoint not in ITS_ADDRESS_IS_THE_PROOF:
            assert victim.post(address, data={"csrf_token": stolen}, headers=HERE).status_code in {302, 400}
    assert fingerprint() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://jahat.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Referer": "http://localhost.jahat.example/"},
        {"Referer": "http://localhost@jahat.example/"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_not_carried_through_the_sign_in(client, session, headers):
    make_course("pelatihan")
    answer = client.post("/courses/pelatihan/enrol", data={"umpan": "jahat"}, headers=headers)
    assert answer.status_code == 400
    assert "jahat" not in answer.get_data(as_text=True)


def test_the_largest_form_that_is_kept_goes_through_a_slip_at_the_sign_in(client, session):
    person, course = make_person(password_hash=passwords.hash_password(PASSWORD)), make_course("pelatihan")
    make_enrolment(person, course)
    most = {f"a{number}": "x" * 500 for number in range(500)}
    shown = client.post("/courses/pelatihan/modul-satu", data=most, headers=HERE)
    assert shown.status_code == 401
    for password in ("salah sama sekali", PASSWORD):
        page = parse(shown.get_data(as_text=True))
        inputs = {one.get("name"): one.get("value") for one in page.iter("input") if one.get("type") == "hidden"}
        shown = client.post("/login", data=inputs | {"username": person.nip, "password": password}, headers=HERE)
    kept = parse(shown.get_data(as_text=True))
    assert shown.status_code == 200
    assert {one.get("name") for one in kept.iter("input")} >= set(most)


# leading elsewhere

ELSEWHERE = [
    "//jahat.example",
    "/\\jahat.example",
    "\\\\jahat.example",
    "/\t/jahat.example",
    "/\n/jahat.example",
    "https://jahat.example",
    "https:jahat.example",
    "javascript:alert(1)",
    "///jahat.example",
    "\x00//jahat.example",
    "/\u2028/jahat.example",
    " //jahat.example",
    "//jahat.example%2f..",
    "/\x0b/jahat.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nothing_leads_to_another_site(app, session, target):
    person = make_person(password_hash=passwords.hash_password(PASSWORD))
    signed_in = client_of(app, person)
    answers = [
        signed_in.get("/login", query_string={"next": target}),
        post(signed_in, "/language", language="id", next=target),
        app.test_client().post_form("/login?next=" + quote(target), username=person.nip, password=PASSWORD),
        app.test_client().post_form(
            "/login",
            username=person.nip,
            password=PASSWORD,
            **{"kept-path": target, "kept-owner": "", "kept-field-a": "b"},
        ),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/"


def test_addresses_of_lists_keep_their_query_but_obey_no_order_in_it(client, session):
    client.sign_in(make_admin())
    for _ in range(35):
        make_person()
    orders = "_external=1&_scheme=javascript&_anchor=x&_method=POST&endpoint=auth.logout&self=1&q="
    page = client.get(f"/admin/people?{orders}").get_data(as_text=True)
    found = re.search(r'rel="next" href="([^"]+)"', page)
    assert found is not None
    assert found[1].startswith("/admin/people?")
    for path in ("/admin/audit?check=1&", "/admin/certificates?", "/admin/people?", "/teach/grading?", "/courses?"):
        assert client.get(path + orders).status_code in {200, 302, 404}
    assert 'href="javascript' not in client.get(f"/admin/audit?{orders}").get_data(as_text=True)


# what is broken on purpose

HUGE = str(10**30)


@pytest.mark.parametrize(
    "address",
    [
        f"/admin/certificates?person={HUGE}",
        f"/admin/certificates?person={2**31}",
        f"/admin/audit?person={HUGE}",
        "/admin/audit?person=-1",
        "/admin/audit?name=%00&kind=%00",
        f"/admin/people?page={HUGE}",
        f"/admin/people?page=-{HUGE}",
        "/admin/people?page=" + "9" * 5000,
        f"/admin/people?unit={HUGE}",
        "/admin/people?q=%00%01%7f%c2%85",
        "/admin/people?q=%25%5f%5c",
        "/admin/people?q=%ff%fe%ed%a0%80",
        "/admin/people?q=" + "a" * 60_000,
        "/admin/people?q=" + "1" * 60_000,
        "/admin/audit?name=" + "a" * 60_000,
        "/admin/certificates?q=" + "a" * 60_000,
        f"/teach/grading?item={HUGE}",
        "/teach/grading?course=%00",
        "/courses?q=%00&category=%00",
        "/courses?q=" + "a+" * 4000,
        "/verify?code=%00",
        "/verify/%00",
        "/verify/" + "%EF%B7%BA" * 900,
        "/courses/a%00b",
        "/courses/a%00b/c",
        "/media/" + "a" * 20 + "/%00",
        "/media/" + "%25" * 20 + "/a.svg",
        "/media/" + "_" * 20 + "/a.svg",
        f"/attempts/{HUGE}",
        f"/attempts/1/{HUGE}",
        f"/files/{HUGE}",
        "/attempts/%D9%A1",
        "/static/..%2f..%2fconfig.py",
        "/static/%2e%2e%2f",
        "/records/%00.pdf",
        "/language?next=http://[",
    ],
)
def test_no_address_breaks_the_site(alive, full_world, address):
    for role in ("visitor", "learner", "instructor", "admin"):
        for headers in ({}, {"Referer": "http://["}, {"User-Agent": "x" * 20_000, "Accept-Language": "\xff;q=x"}):
            assert client_of(alive, full_world.people[role]).get(address, headers=headers).status_code < 500


BROKEN_FIELDS = [
    dict.fromkeys(("username", "password", "code", "name", "text", "picked", "q", "reason"), "\x00\x01\x7f"),
    dict.fromkeys(
        (
            "number",
            "seen",
            "turn",
            "enrolment",
            "unit",
            "unit_id",
            "parent_id",
            "head-unit_id",
            "level_0",
            "go",
            "rule_pass_mark",
        ),
        HUGE,
    ),
    dict.fromkeys(("number", "seen", "enrolment", "unit_id", "go", "rule_jp_target_pns", "points"), "9" * 5000),
    {"do": "remove-" + "9" * 5000, "go": "9" * 5000, "points": "1e999999", "rule_pass_mark": "nan"},
    {"do": "remove-²", "go": "²", "points": "Infinity", "seen": "²", "number": "²", "kept-path": "http://["},
    {"name": "a\u202egnp.exe", "email": "a\x00@b.id", "logins": "a\x00b\n" * 50, "login": "\x00"},
    {"username": "\ud7ff" * 300, "password": "p" * 100_000, "code": "x" * 100_000, "language": "id\r\nX: y"},
]


@pytest.mark.slow
@pytest.mark.parametrize("fields", BROKEN_FIELDS)
def test_no_form_breaks_the_site(alive, full_world, fields):
    """Each endpoint as the first of them who may use it; a visitor's form is kept through the sign-in by one rule."""
    sent = set[str]()
    for role in ("learner", "instructor", "admin", "visitor"):
        client = client_of(alive, full_world.people[role])
        token = token_of(client)
        for (method, endpoint), address in addresses(alive, full_world):
            is_read = TABLE[method, endpoint][role] != 404
            if method == "POST" and is_read and endpoint != "auth.logout" and endpoint not in sent:
                answer = client.post(address, data={"csrf_token": token, **fields}, headers=HERE)
                assert answer.status_code < 500, (role, endpoint)
                sent.add(endpoint)


def test_an_error_tells_nothing_of_the_inside_and_logs_nothing_of_people(alive, full_world, monkeypatch, caplog):
    secret = full_world.people["learner"].nip

    def fail(*_args, **_values):
        db.session.execute(text("SELECT * FROM nowhere WHERE nip = :nip"), {"nip": secret})

    monkeypatch.setattr("lms.home.queries.learner_home", fail)
    answer = client_of(alive, full_world.people["learner"]).get("/")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    for word in ("nowhere", "Traceback", "sqlalchemy", "SELECT", secret):
        assert word not in page
    assert "nowhere" in caplog.text
    assert secret not in caplog.text


# floods


TAKE_FILES = {
    *("assignments.submission", "assignments.return_", "gradebook.bring_back", "learning.item", "roster.people_import"),
    "quizzes.save",
} | {f"authoring.{name}" for name in ("bring_files_back", "edit", "files", "import_course", "import_questions")}


def test_only_where_files_are_taken_may_a_request_be_large(app, full_world):
    kind = "multipart/form-data; boundary=b"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n--b--\r\n"
    )
    for (method, endpoint), address in addresses(app, full_world):
        if method == "POST":
            status = app.test_client().post(address, data=body, content_type=kind).status_code
            assert (status == 413) == (endpoint not in TAKE_FILES), (endpoint, status)


def test_a_form_of_very_many_fields_is_not_carried_on(client, session):
    make_course("pelatihan")
    many = "&".join(f"a{number}=1" for number in range(2000))
    answer = client.post(
        "/courses/pelatihan/enrol", data=many, content_type="application/x-www-form-urlencoded", headers=HERE
    )
    assert answer.status_code == 413
    kept = {f"kept-field-{number}": "1" for number in range(2000)}
    assert post(client, "/login", username="x", password="y", **kept).status_code == 413


def test_the_lists_of_a_large_site_stay_short(app, session):
    unit = make_unit("Dinas besar")
    admin, head = make_admin(), make_person(name="Kepala")
    grant(head, "head", unit=unit)
    for number in range(120):
        make_person(name=f"Orang {number}", unit_id=unit.id)
        make_course(title=f"Kursus {number}", summary="Ringkas " * 30)
    quiz = quiz_content([question_json()])
    items = ({"slug": "modul-satu"}, {"slug": "kuis", "type": "quiz", "is_required": False, "content": quiz})
    course = make_course(items=items, completion={"items": "required", "score": 0, "attendance": None})
    teacher = make_person()
    grant(teacher, "instructor", course=course)
    for person in session.scalars(select(Person).limit(120)):
        learning.record_read(make_enrolment(person, course).id, item_of(course, "modul-satu"), now=NOON)
    slug = course.slug
    lists = [
        (None, "/"),
        (None, "/courses"),
        (head, "/team"),
        (admin, "/admin/courses"),
        (admin, "/admin/people"),
        (admin, "/admin/audit"),
        (teacher, f"/teach/courses/{slug}"),
        (teacher, f"/teach/courses/{slug}/gradebook"),
        (teacher, f"/teach/courses/{slug}/completions"),
    ]
    for person, address in lists:
        page = client_of(app, person).get(address).get_data(as_text=True)
        assert 'rel="next"' in page, address
        assert page.count("Orang ") <= 200 and page.count("Kursus ") <= 200, address
    assert ">120<" in client_of(app, head).get("/team").get_data(as_text=True)


# things of others


def test_form_fields_that_nobody_asked_for_change_nothing(app, full_world, session):
    """Mass assignment: a learner names the columns of rows in every form."""
    learner = full_world.people["learner"]
    client = client_of(app, learner)
    more = {
        "is_admin": "1",
        "role": "admin",
        "roles": "admin",
        "person_id": str(full_world.people["admin"].id),
        "enrolment_id": "1",
        "score": "100",
        "points": "100",
        "is_passed": "1",
        "is_graded": "1",
        "state": "done",
        "submitted_at": "2020-01-01",
        "nip": "199001012015031999",
        "is_active": "0",
        "actor_id": "1",
        "must_change_password": "1",
    }
    grants = fingerprint()["role_grant"]
    before = (learner.nip, learner.name, learner.is_active, learner.must_change_password)
    for (method, endpoint), address in addresses(app, full_world):
        if method == "POST" and endpoint not in {"auth.logout", "enrolment.withdraw"}:
            post(client, address, **more)
    session.expire_all()
    row = session.get(Person, learner.id)
    assert (row.nip, row.name, row.is_active, row.must_change_password) == before
    assert fingerprint()["role_grant"] == grants
    assert not session.scalar(select(Progress).where(Progress.score.is_not(None), Progress.state == "done"))


def test_an_instructor_issues_to_no_enrolment_of_another_course(app, session):
    mine, other = make_course("milik"), make_course("lain")
    teacher = make_person()
    grant(teacher, "instructor", course=mine)
    enrolment = make_enrolment(make_person(), other)
    learning.record_read(enrolment.id, item_of(other, "modul-satu"), now=NOON)
    client = client_of(app, teacher)
    answer = post(client, "/teach/courses/milik/completions", enrolment=str(enrolment.id))
    assert answer.status_code == 422
    assert client.get(f"/teach/courses/milik/completions/ready?enrolment={enrolment.id}").status_code == 302
    assert session.query(Record).count() == 0
    assert post(client, "/teach/courses/lain/completions", enrolment=str(enrolment.id)).status_code == 404
    assert session.query(Record).count() == 0


def test_a_file_in_anothers_draft_exists_for_nobody_else(app, session):
    course = make_course("tugas")
    owner, teacher = make_person(), make_person()
    grant(teacher, "instructor", course=course)
    make_enrolment(owner, course)
    kept = storage.save(b"%PDF-1.4 rahasia", "work")
    file = WorkFile(
        person_id=owner.id,
        name="a.pdf",
        content_type="application/pdf",
        size=16,
        key=kept.key,
        uploaded_at=NOON,
    )
    session.add(file)
    session.flush()
    address = f"/files/{file.id}"
    assert client_of(app, owner).get(address).status_code == 200
    for person in (teacher, make_admin(), make_person()):
        assert client_of(app, person).get(address).status_code == 404


def test_a_course_that_is_not_published_exists_for_no_learner(app, session):
    course = make_course("rahasia")
    enrolment = make_enrolment(make_person(), course)
    person = session.get(Person, enrolment.person_id)
    session.query(CourseRevision).update({"is_current": False})
    for who in (None, person, make_person()):
        client = client_of(app, who)
        for path in ("", "/modul-satu", "/finish", "/withdraw"):
            assert client.get(f"/courses/rahasia{path}").status_code in ({404} if who else {302, 404})
        if who:
            assert post(client, "/courses/rahasia/enrol").status_code == 404
            assert post(client, "/courses/rahasia/modul-satu").status_code == 404
    assert session.query(Completion).count() == 0


def test_who_was_withdrawn_takes_up_no_item(app, full_world, session):
    session.query(Enrolment).update({"withdrawn_at": NOON})
    client = client_of(app, full_world.people["learner"])
    assert post(client, "/courses/pelatihan/modul").status_code == 404
    assert post(client, "/courses/pelatihan/tugas", do="submit", text="x").status_code == 404


# texts


@pytest.mark.slow
@pytest.mark.once
def test_texts_of_people_are_shown_as_texts_everywhere(app, full_world, session):
    """Every column of text that a page may show holds bait; no page may hold it as markup."""
    skip = {"nip", "slug", "status", "rank", "key", "kind", "state", "type", "language", "sha256", "digest", "code"}
    skip |= {"path", "source", "device", "subject", "role", "verb", "target", "facts", "content_type", "login_hash"}
    skip |= {"device_hash", "token_hash", "password_hash", "code_hash", "seal", "prev", "hash", "competency", "value"}
    skip |= {"submitted_by", "version_num", "mode", "rule"}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_text = column.type.python_type is str if hasattr(column.type, "python_type") else False
            if not is_text or column.name in skip or column.name.endswith("_html") or column.primary_key:
                continue
            unique = column.unique or any(
                column.name in c.columns for c in table.constraints if "Unique" in repr(type(c))
            )
            if unique:
                continue
            bait = BAIT[: column.type.length]
            session.execute(table.update().where(column.is_not(None)).values({column.name: bait}))
    snapshot = session.query(Record).one()
    snapshot.snapshot = snapshot.snapshot | {"name": BAIT, "course": BAIT, "number": BAIT, "cohort": BAIT}
    pages = 0
    for role in ROLES:
        client = client_of(app, full_world.people[role])
        for (method, endpoint), address in addresses(app, full_world):
            if method != "GET" or endpoint in {"static", "favicon", "records.certificate", "auth.logout"}:
                continue
            for query in ("", f"?q={quote(BAIT)}&category={quote(BAIT)}&name={quote(BAIT)}&next={quote('/' + BAIT)}"):
                answer = client.get(address + query)
                if answer.mimetype == "text/html" and answer.status_code not in {302, 304}:
                    page = answer.get_data(as_text=True)
                    tree = parse(page)
                    assert not [one for one in tree.iter("img") if one.get("onerror")], (role, endpoint)
                    assert all(one.get("src") for one in tree.iter("script")), (role, endpoint)
                    assert "&#39;49" not in page, (role, endpoint)
                    pages += BAIT not in page and "alert(1)" in page
    assert pages > 20, "the bait is on too few pages for this test to say anything"


# files


NAMES = [
    "../../../etc/passwd",
    "a%0d%0aX-Jahat: ya.pdf",
    'a"; filename="b.html',
    "\u202efdp.exe",
    "a\x00.html",
    "<script>alert(1)</script>.pdf",
    "C:\\temp\\a.html",
    "CON.html",
    "." * 300,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_goes_out_as_a_download_under_a_harmless_name(app, full_world, session, name):
    client = client_of(app, full_world.people["learner"])
    data = {"csrf_token": token_of(client), "do": "upload", "file": (BytesIO(b"%PDF-1.4 isi"), name)}
    assert client.post("/courses/pelatihan/tugas", data=data, headers=HERE).status_code == 303
    file = session.scalars(select(WorkFile).order_by(WorkFile.id.desc())).first()
    assert file.submission_id is None
    answer = client.get(f"/files/{file.id}")
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; filename")
    assert not set(said) & set("\r\n\x00\u202e<>")
    assert "X-Jahat" not in answer.headers
    assert file.name.endswith(".pdf")
    assert "/" not in file.name and "\\" not in file.name
    assert answer.content_type == "application/pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


POLYGLOTS = [
    (b"<html><script>alert(1)</script>", "a.png"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.pdf"),
    (b"GIF89a/*<script>alert(1)</script>*/", "a.pdf"),
    (b"MZ\x90\x00", "a.pdf"),
    (b"PK\x03\x04" + b"\x00" * 60, "a.docx"),
    (b"#!/bin/sh\nrm -rf /", "a.pdf"),
]


@pytest.mark.parametrize(("data", "name"), POLYGLOTS)
def test_what_is_not_what_its_name_says_is_neither_taken_nor_kept(app, full_world, session, data, name):
    client, before = client_of(app, full_world.people["learner"]), session.query(WorkFile).count()
    form = {"csrf_token": token_of(client), "do": "upload", "file": (BytesIO(data), name)}
    assert client.post("/courses/pelatihan/tugas", data=form, headers=HERE).status_code == 422
    assert session.query(WorkFile).count() == before
    with pytest.raises(storage.FileMissing):
        storage.read(storage.stored_file_for(data, "work").key)


def test_one_file_too_many_does_not_fill_the_disk(app, full_world, session):
    client = client_of(app, full_world.people["learner"])
    for number in range(5):
        data = b"%PDF-1.4 " + str(number).encode()
        form = {"csrf_token": token_of(client), "do": "upload", "file": (BytesIO(data), "a.pdf")}
        is_taken = client.post("/courses/pelatihan/tugas", data=form, headers=HERE).status_code == 303
        assert is_taken == (number < 3)
    with pytest.raises(storage.FileMissing):
        storage.read(storage.stored_file_for(b"%PDF-1.4 4", "work").key)


# signing in


def answer_told(answer) -> tuple[int, str, list[str]]:
    page = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
    names = sorted(name for name, _value in answer.headers if name not in {"Set-Cookie", "Date", "ETag"})
    return answer.status_code, page, names


@pytest.mark.parametrize("path", ["/login", "/login/code"])
def test_the_sign_in_tells_no_stranger_who_has_an_account(app, session, monkeypatch, path):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    present = make_person(password_hash=passwords.hash_password(PASSWORD))
    unset = make_person()
    off = make_person(password_hash=passwords.hash_password(PASSWORD), is_active=False)
    names = [present.nip, unset.nip, off.nip, "199912312025051999", "nobody@contoh.go.id"]
    for _round in range(8):
        told = [
            answer_told(
                app.test_client().post_form(path, username=one, password="salah sama sekali", code="ABCDEFGHJK")
            )
            for one in names
        ]
        assert all(one == told[0] for one in told)
    assert told[0][0] == 429


def test_the_count_of_wrong_tries_cannot_be_walked_around(app, session):
    person = make_person(password_hash=passwords.hash_password(PASSWORD))
    digits = person.nip
    spellings = [
        digits,
        f" {digits}",
        f"{digits[:8]} {digits[8:]}",
        ".".join(digits),
        digits + "\u200b",
        "\x00" + digits,
    ]
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in digits)
    for number, name in enumerate([*spellings, wide]):
        client = app.test_client()
        client.set_cookie("device", "palsu." + str(number), path="/login")
        answer = client.post_form("/login", username=name, password="salah sama sekali")
    assert answer.status_code == 429
    assert len({row.login_hash for row in session.query(SignInFailure)}) == 1
    assert {row.device_hash for row in session.query(SignInFailure)} == {""}
    assert app.test_client().post_form("/login", username=digits, password=PASSWORD).status_code == 429


def test_a_new_session_begins_at_the_sign_in(app, session):
    person, client = make_person(password_hash=passwords.hash_password(PASSWORD)), app.test_client()
    planted = token_of(client)
    with client.session_transaction() as cookie:
        cookie["umpan"] = "ditanam"
    assert client.post_form("/login", username=person.nip, password=PASSWORD).status_code == 302
    with client.session_transaction() as cookie:
        assert "umpan" not in cookie
    answer = client.post("/account/devices/sign-out-others", data={"csrf_token": planted}, headers=HERE)
    assert answer.status_code == 400


def test_signing_out_ends_the_copy_of_a_cookie_too(app, session):
    person = make_person()
    client, copy = client_of(app, person), app.test_client()
    with client.session_transaction() as cookie, copy.session_transaction() as stolen:
        stolen.update(cookie)
    assert copy.get("/account").status_code == 200
    answer = post(client, "/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert copy.get("/account").status_code == 302
    assert client.get("/account").status_code == 302


def test_who_is_switched_off_or_loses_a_role_is_out_with_the_next_request(app, session):
    admin = make_admin()
    client = client_of(app, admin)
    assert client.get("/admin").status_code == 200
    for row in list(admin.grants):
        session.delete(row)
    assert client.get("/admin").status_code == 404
    session.query(Person).update({"is_active": False})
    assert client.get("/account").status_code == 302


def test_a_code_ends_all_sign_ins_before_the_new_password_is_set(app, session):
    """Otherwise a stranger who is signed in could set it, without knowing the present one."""
    person = make_person(password_hash=passwords.hash_password(PASSWORD))
    stranger, owner = client_of(app, person), app.test_client()
    assert stranger.get("/account").status_code == 200
    code = codes.issue_reset_code(person, None, now=clock.now())
    assert owner.post_form("/login/code", username=person.nip, code=code).status_code == 302
    assert stranger.get("/account/new-password").status_code == 302
    assert post(stranger, "/account/new-password", new_password="x", again="x").status_code == 302
    assert session.query(SignIn).filter(SignIn.ended_at.is_(None)).count() == 1
    assert owner.get("/account/new-password").status_code == 200


def test_who_must_set_a_password_gets_nothing_of_their_own_before(app, full_world, session):
    learner = full_world.people["learner"]
    learner.must_change_password = True
    client = client_of(app, learner)
    before = fingerprint()
    free = {"auth.new_password", "auth.logout", "auth.language", "auth.login", "auth.use_code"}
    shown = []
    for (method, endpoint), address in addresses(app, full_world):
        if endpoint in free:
            continue
        if method == "POST":
            if endpoint not in ITS_ADDRESS_IS_THE_PROOF:
                post(client, address, do="submit", text="x", go="submit")
            continue
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            shown.append(endpoint)
        assert client.get(address, headers={"X-Requested-With": "fetch"}).status_code in {200, 302, 401, 404}
    public = ["courses.catalogue", "help.contact", "help.first", "help.topic"]
    public += ["records.verified", "records.verify", "privacy.privacy", "unsubscribing.ask"]
    assert sorted(shown) == sorted(public)
    assert fingerprint() == before
    said = client.post(
        "/courses/pelatihan/modul", data={"csrf_token": token_of(client)}, headers={"X-Requested-With": "fetch"}
    )
    assert said.status_code == 401


# people's data

OFFICES = {"admin", "agency admin"}
WHOLE_NUMBERS = {"people.person", "roster.people_csv", "roster.people_xlsx"}


@pytest.mark.slow
@pytest.mark.once
def test_no_page_shows_anyone_elses_number_or_birth_date(app, full_world, session):
    """A whole NIP is seen by its owner, by admins on the person's page and in the file of people, and nowhere else."""
    for number, person in enumerate(session.query(Person)):
        person.nip = f"{1971 + number}0{1 + number % 9}1{number % 9}{1995 + number}111{number % 10:03}"
        assert len(person.nip) == 18
    session.flush()
    everybody = {person.id: person.nip for person in session.query(Person)}
    for role in ROLES:
        me = full_world.people[role]
        client = client_of(app, me)
        for (method, endpoint), address in addresses(app, full_world):
            if method != "GET" or (role in OFFICES and endpoint in WHOLE_NUMBERS):
                continue
            answer = client.get(address)
            told = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
            digits = re.sub(r"[\s.]", "", re.sub(r"<[^>]*>", "", told))
            for owner, number in everybody.items():
                if me is None or owner != me.id:
                    assert number not in digits, (role, endpoint)
                    assert number[:14] not in digits, (role, endpoint)


def test_ledger_and_journal_hold_no_number_of_anybody(app, full_world, session):
    numbers = [person.nip for person in session.query(Person)]
    for row in session.query(LedgerEntry):
        assert not [one for one in numbers if one in row.facts + row.target]


def test_a_search_for_a_number_leaves_it_in_no_address(client, session):
    person = make_person()
    client.sign_in(make_admin())
    grouped = f"{person.nip[:8]} {person.nip[8:14]} {person.nip[14]} {person.nip[15:]}"
    for path, field in (("/admin/people", "q"), ("/admin/certificates", "q"), ("/admin/audit", "name")):
        for written in (person.nip, grouped, ".".join(person.nip)):
            answer = post(client, path, **{field: written})
            assert answer.status_code == 302
            assert person.nip[:8] not in answer.headers["Location"]


def test_logs_of_signing_in_and_answering_hold_no_number_answer_or_token(app, full_world, session, caplog):
    caplog.set_level(logging.DEBUG)
    learner = full_world.people["learner"]
    learner.password_hash = passwords.hash_password(PASSWORD)
    client = app.test_client()
    client.post_form("/login", username=learner.nip, password="salah sama sekali")
    client.post_form("/login", username=learner.nip, password=PASSWORD)
    with client.session_transaction() as cookie:
        signed_in_by = cookie["_user_id"]
    post(client, "/courses/pelatihan/tugas", do="save", text="jawaban yang rahasia")
    post(client, "/courses/pelatihan/modul")
    for secret in (learner.nip, PASSWORD, "salah sama sekali", "rahasia", signed_in_by):
        assert secret not in caplog.text


# searching


@pytest.mark.parametrize("words", ["%", "_", "\\", "' OR '1'='1", "%%", "a%' --"])
def test_signs_of_the_database_mean_nothing_in_a_search(client, session, words):
    make_course("satu", title="Kursus satu", search_text="kursus satu")
    make_person(name="Orang satu")
    record_page = client.get("/courses", query_string={"q": words}).get_data(as_text=True)
    assert "Kursus satu" not in record_page
    client.sign_in(make_admin(name="Admin"))
    assert "Orang satu" not in client.get("/admin/people", query_string={"q": words}).get_data(as_text=True)
    assert client.get("/admin/certificates", query_string={"q": words}).status_code == 200


# secrets


def test_no_server_starts_with_the_secret_that_everybody_knows(monkeypatch, tmp_path):
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path))
    for secret in (DEFAULT_SECRET, "short"):
        monkeypatch.setenv("LMS_SECRET_KEY", secret)
        monkeypatch.delitem(__import__("sys").modules, "wsgi", raising=False)
        with pytest.raises(WrongSettings):
            __import__("wsgi")


def test_all_models_are_known_to_these_tests(session):
    assert set(inspect(db.engine).get_table_names()) - {"alembic_version"} == set(Base.metadata.tables)
