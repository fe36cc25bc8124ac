"""The same payloads in Chromium without Content-Security-Policy: escaping alone keeps ``sentinel()`` from running.

Pages come from the application through the browser's routes, with the site's own scripts and styles. Everything on a
page is pointed to, focused, pressed and submitted; then each address is read as the browser understands it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest
from assignment_factories import make_assignment_world, make_submission
from attacks.payloads import CALL, markdown_texts, sample, texts
from attacks.test_xss_pages import fitting
from factories import NOON, grant, item_of, make_admin, make_course, make_enrolment, make_person, make_unit
from playwright.sync_api import Browser, Page, Route

from lms.assignments.models import WorkFile
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.content.rendering.markdown_html import LinkTarget, render, render_plain

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]

SITE = "http://localhost"
SENTINEL = "window.calls = []; window.sentinel = () => { window.calls.push(document.currentScript || 1); return 1; };"
TOUCH = """() => {
    const bad = [];
    addEventListener("submit", event => event.preventDefault(), true);
    addEventListener("click", event => event.preventDefault(), false);
    for (const one of document.querySelectorAll("*")) {
        for (const name of ["mouseover", "pointerover", "pointerenter", "mouseenter", "focus", "load", "error",
                            "toggle", "animationstart", "begin", "close", "beforeinput", "click"])
            one.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
        for (const name of ["href", "src", "action", "formAction", "data"]) {
            const found = one[name] && one[name].baseVal !== undefined ? one[name].baseVal : one[name];
            if (typeof found === "string" && one.hasAttribute(name.toLowerCase())
                && /^[\\0-\\x20]*(javascript|data|vbscript|blob):/i.test(found.replace(/[\\t\\n\\r]/g, "")))
                bad.push(one.tagName + " " + name + "=" + found);
        }
        if (one.tagName === "SCRIPT" && !one.src.startsWith(location.origin + "/static/")) bad.push("SCRIPT");
        if (["IFRAME", "OBJECT", "EMBED", "BASE", "FRAMESET", "PLAINTEXT"].includes(one.tagName)) bad.push(one.tagName);
        for (const attribute of one.attributes) if (attribute.name.startsWith("on")) bad.push(attribute.name);
    }
    return bad;
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(bypass_csp=True, base_url=SITE)
    context.add_init_script(SENTINEL)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def outcome(page: Page) -> tuple[list[str], int]:
    """What stands on the page that should not, and how often the sentinel was called."""
    bad = page.evaluate(TOUCH)
    page.wait_for_timeout(50)
    return bad, page.evaluate("window.calls.length")


def show(page: Page, client, path: str, html: str | None = None) -> None:
    """A page of the application with its own scripts and styles, without the headers that would stop a script.

    Fetched beforehand, since the browser's routes run outside of the application's context.
    """
    html = html or client.text(path)
    stored = {path: ("text/html; charset=utf-8", html.encode())}
    for asset in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html)):
        got = client.get(asset)
        stored[asset] = got.headers["Content-Type"], got.get_data()

    def answer(route: Route) -> None:
        kind, body = stored.get(route.request.url.removeprefix(SITE), (None, b""))
        route.fulfill(status=200 if kind else 404, content_type=kind or "text/plain", body=body)

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(path)


def show_html(page: Page, parts: Sequence[str]) -> None:
    body = "".join(f"<section>{part}</section>" for part in parts)
    document = f"<!doctype html><html lang=id><title>x</title><main>{body}</main></html>"
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=document))
    page.goto("/")


def test_the_sentinel_is_called_where_nothing_is_escaped(page: Page) -> None:
    """Otherwise the other tests would show nothing."""
    page.goto("about:blank")
    plain = [f"<img src=x onerror={CALL}>", f"<b onclick={CALL}>x</b>", f"<script>{CALL}</script>"]
    show_html(page, plain)
    bad, calls = outcome(page)
    assert {"onerror", "onclick", "SCRIPT"} <= set(bad)
    assert calls >= 3


@pytest.mark.parametrize("writer", ["author", "learner"])
def test_no_rendered_text_runs_anything(page: Page, writer: str) -> None:
    chosen = sample(markdown_texts(), 250, 2) + sample(texts(), 250, 3)
    if writer == "author":
        parts = [render(text, resolve=lambda path: LinkTarget("/media/" + path), prefix=f"{n}-").html
                 for n, text in enumerate(chosen)]  # fmt: skip
    else:
        parts = [render_plain(text) for text in chosen]
    show_html(page, parts)
    assert outcome(page) == ([], 0)


def test_no_page_of_people_units_and_courses_runs_anything(page: Page, client, session) -> None:
    admin = make_admin(name="Admin")
    client.sign_in(admin)
    names = fitting(160, 120, 11)
    city = make_unit("Kota", kind="instansi")
    for name in names[:30]:
        make_person(name=name, position=name, unit_id=make_unit(name, city).id)
        make_course(title=name, summary=name)
    head = make_person(name=names[30])
    grant(head, "head", unit=city)
    paths = (
        "/admin/people",
        "/admin/units",
        f"/admin/people/{head.id}",
        "/admin/people/new",
        "/courses",
        "/admin/board",
    )
    for path in paths:
        show(page, client, path)
        assert outcome(page) == ([], 0), path


def test_no_page_of_work_feedback_and_files_runs_anything(page: Page, client, session) -> None:
    world = make_assignment_world(rubric=[])
    works = fitting(140, 60, 12)
    submission = make_submission(world, "\n\n".join(works[:40])[:8_000])
    decision = GradeDecision(points=80, feedback="\n\n".join(works)[:4_000])
    grade_submission(submission, decision, grader_id=world.instructor.id, seen=0, now=NOON)
    for name in fitting(160, 60, 13):
        values = {"content_type": "application/pdf", "size": 9, "key": "work/x", "uploaded_at": NOON}
        session.add(WorkFile(person_id=world.learner.id, submission_id=submission.id, name=name, **values))
    session.flush()
    for person, path in (
        (world.instructor, f"/teach/grading/{submission.id}"),
        (world.learner, world.path),
    ):
        client.sign_in(person)
        show(page, client, path)
        assert outcome(page) == ([], 0), path


def test_no_module_runs_anything(page: Page, client, session) -> None:
    """An author's text on its real page, with the scripts that pages of modules have."""
    chosen = sample(markdown_texts(), 200, 14)
    html = "".join(render(text, prefix=f"{number}-").html for number, text in enumerate(chosen))
    course = make_course(items=({"slug": "modul-satu", "body_html": html},))
    person = make_person()
    make_enrolment(person, course)
    assert item_of(course, "modul-satu").body_html == html
    client.sign_in(person)
    show(page, client, f"/courses/{course.slug}/modul-satu")
    assert outcome(page) == ([], 0)


def test_nothing_that_a_form_carries_along_runs_anything(page: Page, client, session) -> None:
    make_course("pelatihan")
    chosen = fitting(300, 300, 15)
    fields = {f"{text[:40]}{number}": text for number, text in enumerate(chosen)}
    answer = client.post("/courses/pelatihan/enrol", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    show(page, client, "/courses/pelatihan/enrol", answer.text)
    assert outcome(page) == ([], 0)
