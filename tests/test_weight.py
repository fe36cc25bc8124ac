"""Every learner page fits one packet train, and the next one is lighter still."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import NOON, make_person

from lms.courses import services as courses
from lms.courses.weight import ASSETS, FIRST_BUDGET, FOLLOWING_BUDGET, FRAME, packed_size
from lms.enrolment import services as enrolment

CONTENT = Path(__file__).parents[1] / "content"
OWN = re.compile(r'(?:href|src)="(/static/[^"]+)"')
FOREIGN = re.compile(r'(?:href|src|action)="(https?://[^"]+|//[^"]+)"')


def wire_size(answer) -> int:
    """Status line, headers and body, as they cross the line; what the server adds itself is allowed for."""
    headers = sum(len(f"{name}: {value}\r\n".encode()) for name, value in answer.headers)
    return len(f"HTTP/1.1 {answer.status}\r\n\r\n") + headers + len(b"server: granian\r\n") + len(answer.get_data())


def fetch(client, path):
    return client.get(path, headers={"Accept-Encoding": "br, gzip"})


@pytest.fixture
def learner(client, session):
    """Somebody in the repository's own course, with an attempt under way and one handed in."""
    person = make_person()
    for folder in sorted(path.parent for path in CONTENT.glob("*/course.md")):
        files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        revision = courses.import_course(folder.name, files, actor_id=None, now=NOON).revision
        courses.publish(revision, actor_id=None, now=NOON)
        enrolment.set_open(revision.course, True, actor_id=None, now=NOON)
        enrolment.enrol_openly(person, revision.course, now=NOON)
    client.sign_in(person)
    return person


def crawl(client, start) -> dict[str, int]:
    """The size of every page a learner reaches by links, and of what the pages need besides themselves."""
    sizes: dict[str, int] = {}
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path in sizes or path.startswith(("/static", "/media", "/calendar")) or path.endswith(".pdf"):
            continue
        answer = fetch(client, path)
        sizes[path] = wire_size(answer)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        html = client.text(path)
        assert not [url for url in FOREIGN.findall(html) if not is_link(html, url)], f"{path} asks another origin"
        sizes |= {asset: wire_size(fetch(client, asset)) for asset in OWN.findall(html)}
        waiting += re.findall(r'<a[^>]* href="(/[^"#?]*)"', html)
        budget = FIRST_BUDGET - sum(sizes[asset] for asset in set(OWN.findall(html)))
        assert sizes[path] <= budget, f"{path}: {FIRST_BUDGET - budget + sizes[path]} bytes on a first visit"
        assert sizes[path] <= FOLLOWING_BUDGET, f"{path}: {sizes[path]} bytes on a following visit"
    return sizes


def is_link(html: str, url: str) -> bool:
    """A link that somebody may follow asks nothing by itself."""
    return f'<a href="{url}"' in html or re.search(rf'<a [^>]*href="{re.escape(url)}"', html) is not None


def begin_quiz(client, path) -> str:
    answer = client.post_form(path)
    assert answer.status_code == 302, path
    return answer.location


@pytest.mark.slow
def test_every_learner_page_keeps_to_its_budget(client, learner):
    starts = ["/", "/courses", "/courses/pelayanan-publik", "/records", "/account", "/verify", "/login"]
    course = "/courses/pelayanan-publik"
    client.post_form(f"{course}/mengapa-melayani")
    first = begin_quiz(client, f"{course}/kuis-dasar")
    attempt = first.split("/")[2]
    starts += [f"/attempts/{attempt}/{number}" for number in range(1, 7)] + [f"/attempts/{attempt}"]
    sizes = crawl(client, starts)
    client.post_form(f"/attempts/{attempt}/submit", page=f"/attempts/{attempt}")
    sizes |= crawl(client, [f"/attempts/{attempt}/review", f"{course}/kuis-dasar", course, "/"])
    for slug in ("menyusun-standar", "melayani-semua-orang", "menangani-pengaduan", "survei-ke-perbaikan"):
        client.post_form(f"{course}/{slug}")
    sizes |= crawl(client, [f"{course}/rencana-perbaikan-loket", f"{course}/kuis-survei", course])
    assert len([path for path in sizes if path.startswith("/courses/pelayanan-publik/")]) >= 11


def test_what_a_module_may_weigh_leaves_room_for_the_frame(client, learner):
    """The allowance by which the checker warns authors is what the frame really takes."""
    path = "/courses/pelayanan-publik/mengapa-melayani"
    html = client.text(path)
    assets = sum(wire_size(fetch(client, asset)) for asset in set(OWN.findall(html)))
    body = html[html.index("<h1>") : html.index("<hr>")]
    assert assets <= ASSETS
    assert wire_size(fetch(client, path)) - packed_size(body) <= FRAME
