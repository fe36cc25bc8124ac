"""Every page, for everyone: what axe can tell, narrow and enlarged, in light and dark, by thumb and by keyboard.

Addresses are found by following links as each role, so a new page is covered by
itself. Of each endpoint the first page is examined, and each further one that
holds something that no page before it had.
"""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from crowded_site import People, populate
from factories import grant, make_person
from playwright.sync_api import Page
from server_database import reached

from lms.auth import throttle
from lms.auth.services.passwords import set_password
from lms.core import clock
from lms.core.db import db
from lms.courses.models import Course
from lms.demo.cast import PASSWORD
from lms.people.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.once]

MOST_OF_A_KIND = 8
NOT_PAGES = (".pdf", ".json", ".xlsx", ".csv", ".gift", ".xml", "/media/", "/static/", "/files/", "/print")
"""A course on one page is made of the pages of its items, and would take longer than all of them."""
AXE = Axe().axe_script
ALL_RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
LOOKS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "scrollable-region-focusable", "target-size"]}

TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^>]*)?)>")
CLASS = re.compile(r'\sclass="([^"]*)"')
LINK = re.compile(r'<a\b[^>]*\shref="([^"]+)"')

TOO_WIDE = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? null :
    [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1
        && !one.parentElement.closest('.scroll, pre, .hidden')).slice(-2).map(one => one.outerHTML.slice(0, 120))"""
CUT_OFF = """() => [...document.querySelectorAll('.nav a')].filter(one => one.scrollWidth > one.clientWidth)
    .map(one => one.innerText)"""
TOO_SMALL = """() => [...document.querySelectorAll(
    'button, input, select, textarea, summary, .button, .nav a, .own, .choice, .chips a, .dots *[aria-label]')]
    .filter(one => !one.disabled)
    .map(one => one.matches('[type=radio], [type=checkbox]') ? one.closest('label') || one : one)
    .filter(one => one.checkVisibility() && !one.closest('.hidden') && !one.matches('.hidden, [type=hidden]'))
    .filter(one => { const box = one.getBoundingClientRect(); return box.height < 43.5 || box.width < 43.5; })
    .map(one => one.outerHTML.slice(0, 120))"""

COVERED = """() => [...document.querySelectorAll('main :is(a, button, summary, label, input, select, textarea)')]
    .filter(one => one.checkVisibility() && !one.disabled && !one.closest('.hidden') && !one.matches('.hidden'))
    .filter(one => {
        one.scrollIntoView({block: 'center', inline: 'center'});
        const box = one.getClientRects()[0];
        if (!box || box.width < 4 || box.height < 4) return false;
        const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return above && !one.contains(above) && !above.contains(one) && above.closest('label') !== one.closest('label');
    }).map(one => one.outerHTML.slice(0, 120))"""
"""What something else lies upon: whoever presses it presses that."""


@pytest.fixture(scope="module")
def app(server):
    with reached(server) as app:
        yield app


@pytest.fixture(scope="session")
def people(server) -> People:
    """As long as the server they are put into: a run may come back to this module."""
    with reached(server) as app:
        client = app.test_client()

        def post(path: str, **values: object) -> str:
            answer = client.post_form(path, **values)
            assert answer.status_code in {302, 303}, f"{path}: {answer.status_code}"
            return answer.location

        found = populate(client.sign_in, post)
        db.session.commit()
        return found


def parts_of(html: str) -> set[str]:
    """Each kind of element with each of its classes: what a page is made of, whatever its words."""
    return {
        f"{name}.{word}"
        for name, attributes in TAG.findall(html)
        for word in ["", *" ".join(CLASS.findall(attributes)).split()]
    }


@dataclass
class Known:
    """What was examined so far, by whomever."""

    endpoints: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)


class Examiner:
    """Goes from link to link as one person and notes what is wrong with what it meets."""

    def __init__(self, page: Page, app, role: str, known: Known) -> None:
        self.page, self.role, self.known = page, role, known
        self.endpoint_of = app.url_map.bind("localhost").match
        self.faults: list[str] = []
        self.examined = 0
        page.add_init_script(AXE)  # sent once, not with each page
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def walk(self, starts: Iterable[str], *, leaves_out: str = "") -> None:
        waiting, seen, visits = deque(starts), set(), Counter()
        while waiting:
            address = waiting.popleft().partition("#")[0]
            path = urlsplit(address).path
            if leaves_out and path.startswith(leaves_out):
                continue
            if not address.startswith("/") or address in seen or any(part in path for part in NOT_PAGES):
                continue
            seen.add(address)
            endpoint = self._endpoint(path)
            visits[endpoint] += 1
            if visits[endpoint] > MOST_OF_A_KIND:
                continue
            answer = self.page.request.get(address)
            assert answer.status in {200, 404}, f"{self.role}: {address}: {answer.status}"
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            html = answer.text()
            parts = parts_of(html)
            if endpoint not in self.known.endpoints or parts - self.known.parts:
                self.page.goto(address)
                self.look(endpoint)
            self.known.endpoints.add(endpoint)
            self.known.parts |= parts
            waiting.extend(unescape(link) for link in LINK.findall(html))

    def _endpoint(self, path: str) -> str:
        try:
            return self.endpoint_of(path)[0]
        except Exception:
            return "none"

    def look(self, kind: str) -> None:
        """Examine the page that is open."""
        self.page.wait_for_load_state()
        self.examined, self.kind = self.examined + 1, kind
        self._look_with_axe(kind, "light", 360, ALL_RULES)
        self._enlarge_text()
        self._look_with_axe(kind, "dark", 1280, LOOKS)
        self.page.emulate_media(color_scheme="light")
        for width in (640, 320):  # 640 is 1280 enlarged twice
            self.page.set_viewport_size({"width": width, "height": 740})
            if wide := self.page.evaluate(TOO_WIDE):
                self._note(f"wider than {width} px: {wide}")
        if cut := self.page.evaluate(CUT_OFF):
            self._note(f"cut off at 320 px: {cut}")
        if covered := self.page.evaluate(COVERED):
            self._note(f"covered at 320 px: {covered[:3]}")
        if small := self.page.evaluate(TOO_SMALL):
            self._note(f"smaller than 44 px: {small[:3]}")

    def _look_with_axe(self, kind: str, scheme: str, width: int, rules: dict) -> None:
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 740})
        self._shoot(kind, scheme)
        for fault in self.page.evaluate("async rules => (await axe.run(rules)).violations", rules):
            places = [node["html"][:160] for node in fault["nodes"][:3]]
            self._note(f"{scheme} {width} px: {fault['id']} ({len(fault['nodes'])}): {fault['help']}: {places}")

    def _enlarge_text(self) -> None:
        """Of the page as the first look has left it: light, 360 px wide."""
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        if wide := self.page.evaluate(TOO_WIDE):
            self._note(f"text at 200 %: wider than 360 px: {wide}")
        if cut := self.page.evaluate(CUT_OFF):
            self._note(f"text at 200 %: cut off at 360 px: {cut}")
        self._shoot(self.kind, "200-percent")
        self.page.evaluate("document.documentElement.style.fontSize = ''")

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self.role}: {urlsplit(self.page.url).path}: {fault}")

    def _shoot(self, kind: str, scheme: str) -> None:
        """A picture of each page examined, where ``TEST_SHOTS`` names a folder for them."""
        if folder := os.environ.get("TEST_SHOTS"):
            name = f"{self.role}-{self.examined:02}-{kind.replace('.', '-')}-{scheme}.png"
            self.page.screenshot(path=Path(folder) / name, full_page=True)


@pytest.fixture(scope="module")
def known() -> Known:
    return Known()


@pytest.fixture
def examiner(open_page, app, people, known):
    def start(role: str) -> Examiner:
        return Examiner(open_page(asdict(people).get(role)), app, role, known)

    return start


STARTS = {
    "visitor": ["/", "/no-such-page", "/login/code", "/verify?code=K7QF-3M2P-XR9T-04BC-ZD6E", "/courses?q=tidak+ada"],
    "newcomer": ["/", "/logout"],
    "learner": ["/", "/courses/kata-kata-panjang/modul", "/courses/kata-kata-panjang/penutup"],
    "graduate": ["/"],
    "instructor": ["/", "/teach/grading?show=graded"],
    "head": ["/team"],
    "all_roles": ["/admin"],
}


@pytest.mark.parametrize("role", STARTS)
def test_every_page_is_fit_for_everyone(examiner, people, role):
    one = examiner(role)
    own = {"learner": people.attempts, "visitor": [f"/verify/{people.certificate}"]}
    leaves_out = "/teach/" if role == "all_roles" else ""  # the instructor goes there
    one.walk([*STARTS[role], *own.get(role, [])], leaves_out=leaves_out)
    assert not one.faults, "\n".join(one.faults)


def send(page: Page, button: str = "main form button:not([type=button])", **fields: str) -> None:
    """Fill in and press, whatever the browser itself would say to it."""
    for name, text in fields.items():
        page.fill(f"main [name={name}]", text)
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    with page.expect_navigation():
        page.locator(button).first.click()


def test_the_pages_that_answer_a_visitors_forms_are_fit_for_everyone(examiner):
    one = examiner("visitor")
    for address, fields in (
        ("/login", {"username": "1", "password": "wrong"}),
        ("/login/code", {"username": "1", "code": "1"}),
        ("/verify", {"code": "K7QF"}),
    ):
        one.page.goto(address)
        send(one.page, **fields)
        one.look(f"answer{address}")
    assert not one.faults, "\n".join(one.faults)


def test_the_pages_that_answer_an_admins_forms_are_fit_for_everyone(examiner):
    one = examiner("all_roles")
    page = one.page
    page.goto("/admin/people/new")
    send(page, name="X", nip="1")
    one.look("answer.new-person")
    send(page, name="X", nip="19851301 201403 1 099")
    one.look("answer.doubtful-person")
    page.goto("/teach/courses/pelayanan-publik/completions")
    send(page)
    one.look("answer.completions")
    page.goto("/admin/certificates")
    page.get_by_role("link", name=re.compile("^Cabut")).first.click()
    send(page)
    one.look("answer.revoke")
    page.goto("/admin/people")
    page.get_by_role("link", name="Baru Tiba").click()
    send(page, "main form[action$='/code'] button")
    one.look("answer.sign-in-code")
    assert not one.faults, "\n".join(one.faults)


def test_what_an_agency_admin_may_not_change_and_slowed_sign_ins_are_fit_for_everyone(open_page, app, people):
    agency = db.session.query(Unit).filter_by(parent_id=None).order_by(Unit.id).first()
    admin, protected, slowed = (
        make_person(nip=f"1985010120140320{number:02}", name=name, unit_id=agency.id, is_demo=True)
        for number, name in enumerate(("Admin Instansi", "Banyak Hak", "Sering Dicoba"), start=1)
    )
    set_password(admin, PASSWORD, clock.now())
    grant(admin, "agency-admin", unit=agency)
    for course in db.session.query(Course):
        grant(protected, "instructor", course=course)
    paths = [f"/admin/people/{protected.id}", f"/admin/people/{slowed.id}", f"/admin/people/slips?unit={agency.id}"]
    names = admin.nip, slowed.nip
    db.session.commit()
    stranger = open_page()
    for _ in range(throttle.FREE_FAILURES):
        stranger.goto("/login")
        send(stranger, username=names[1], password="wrong")
    one = Examiner(open_page(names[0]), app, "agency_admin", Known())
    for path, part in zip(paths, ("#protected", "#slowed", "#protected"), strict=True):
        one.page.goto(path)
        assert one.page.locator(part).is_visible()
        one.look(f"agency.{part[1:]}")
    one.page.goto(paths[1])
    with one.page.expect_navigation():
        one.page.locator("#slowed button").click()
    assert one.page.locator("#slowed").count() == 0
    assert not one.faults, "\n".join(one.faults)


TABBABLE = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility())"""
MISSED = f"""() => ({TABBABLE})().filter(one => !one.reached && !(one.type === 'radio' &&
    [...document.getElementsByName(one.name)].some(other => other.reached))).map(one => one.outerHTML.slice(0, 120))"""
FOCUSED = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (one === document.body || one.reached) return null;
    one.reached = true;
    // of a tall field the first lines, where the caret is
    const middle = [box.left + Math.min(box.width, innerWidth - box.left) / 2,
        (Math.max(box.top, 0) + Math.min(box.bottom, box.top + 60, innerHeight)) / 2];
    const above = document.elementFromPoint(...middle);
    return {what: one.outerHTML.slice(0, 120),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: Boolean(above) && (one.contains(above) || above.contains(one))};
}"""


def walk_by_keyboard(page: Page) -> list[str]:
    """Press Tab through the whole page; gives what is wrong on the way."""
    faults = []
    page.evaluate("document.body.tabIndex = -1, document.body.focus()")  # from the top, wherever the page began
    for number in range(200):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        if number == 0 and "skip" not in focused["what"]:
            faults.append(f"the first stop is no skip link: {focused['what']}")
        faults += [f"no {sign}: {focused['what']}" for sign in ("ring", "seen") if not focused[sign]]
    return faults + [f"not reached: {what}" for what in page.evaluate(MISSED)]


@pytest.mark.parametrize("width", [360, 1280])
def test_everything_is_reached_and_seen_by_keyboard(open_page, people, width):
    visitor, learner, instructor = (
        open_page(login, width=width) for login in (None, people.learner, people.instructor)
    )
    visitor.goto("/login")
    learner.goto(f"{people.attempts[0]}/1")
    instructor.goto("/teach/grading")
    instructor.get_by_role("link", name=re.compile("Sedang")).first.click()
    instructor.wait_for_selector("#mark")
    pages = (visitor, learner, instructor)
    faults = [f"{urlsplit(page.url).path}: {fault}" for page in pages for fault in walk_by_keyboard(page)]
    assert not faults, "\n".join(faults)


def test_the_skip_link_leads_past_the_navigation(open_page):
    page = open_page()
    page.goto("/login")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


A4_WITHIN_ITS_MARGINS, ACROSS = 680, 1030
ON_PAPER = """() => ({
    paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color,
    pressed: [...document.querySelectorAll('nav, button, .button')].filter(one => one.checkVisibility()).length,
    is_cut: document.documentElement.scrollWidth > document.documentElement.clientWidth
})"""


def test_lists_are_printed_black_on_white_without_navigation(open_page, people):
    course = "/teach/courses/pelayanan-publik"
    teacher = [course, f"{course}/gradebook", f"{course}/completions"]
    for login, paths in ((people.instructor, teacher), (people.graduate, ["/records"]), (people.head, ["/team"])):
        page = open_page(login, width=A4_WITHIN_ITS_MARGINS, color_scheme="dark")
        page.emulate_media(media="print")
        for path in paths:
            page.goto(path)
            width = ACROSS if page.locator("body[class^=wide-paper]").count() else A4_WITHIN_ITS_MARGINS
            page.set_viewport_size({"width": width, "height": 740})
            seen = page.evaluate(ON_PAPER)
            assert seen == {
                "paper": "rgb(255, 255, 255)",
                "ink": "rgb(0, 0, 0)",
                "pressed": 0,
                "is_cut": False,
            }, path
            if folder := os.environ.get("TEST_SHOTS"):
                page.pdf(path=Path(folder) / f"print{path.replace('/', '-')}.pdf", prefer_css_page_size=True)
