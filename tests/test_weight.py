"""Every learner page fits what TCP sends at once (10 segments), and the next one is lighter still."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from factories import grant, make_course, make_enrolment, make_person
from repository_course import CONTENT, begin_quiz, enrol_and_sign_in
from session_world import MORNING, make_session_world
from sqlalchemy import select
from survey_factories import content as survey_content

from lms.announcements import services as announcements
from lms.announcements.models import MAX_TEXT_LENGTH, MAX_TITLE_LENGTH
from lms.announcements.services import AnnouncementWords
from lms.assignments.models import Submission
from lms.assignments.services import passages
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.content.folder.reading import read_course
from lms.core import clock
from lms.core.db import db
from lms.courses.models import Course, ItemRevision
from lms.courses.weight import ASSETS, FIRST_BUDGET, FOLLOWING_BUDGET, frame_size, packed_size
from lms.enrolment.models import Enrolment
from lms.inquiries import services as inquiries
from lms.inquiries.models import MAX_ANSWER_LENGTH, Inquiry
from lms.inquiries.models import MAX_TEXT_LENGTH as MAX_INQUIRY_LENGTH
from lms.people.models import Person

OWN = re.compile(r'(?:href|src)="(/static/[^"]+)"')
LATER = re.compile(r'data-later="([^"]+)"')
"""Scripts that ``page.js`` loads once the page has arrived: not in the first flight, but not for nothing."""
LATER_BUDGET = 6_000
FOREIGN = re.compile(r'(?:href|src|action)="(https?://[^"]+|//[^"]+)"')


def wire_size(answer) -> int:
    """Status line, headers and body, as they cross the line; what the server adds itself is allowed for."""
    headers = sum(len(f"{name}: {value}\r\n".encode()) for name, value in answer.headers)
    return len(f"HTTP/1.1 {answer.status}\r\n\r\n") + headers + len(b"server: granian\r\n") + len(answer.get_data())


def fetch(client, path):
    return client.get(path, headers={"Accept-Encoding": "br, gzip"})


@pytest.fixture
def learner(client, session):
    return enrol_and_sign_in(client)


def crawl(client, start) -> dict[str, int]:
    """The size of every page a learner reaches by links, and of what the pages need besides themselves."""
    sizes: dict[str, int] = {}
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path in sizes or path.startswith(("/static", "/media", "/calendar")) or path.endswith(".pdf"):
            continue
        waiting += re.findall(r'<a[^>]* href="(/[^"#?]*)"', weigh(client, path, sizes))
    return sizes


def weigh(client, path: str, sizes: dict[str, int]) -> str:
    """The page, if it is one and keeps to its budget. Adds its size and those of what it needs."""
    answer = fetch(client, path)
    sizes[path] = wire_size(answer)
    if answer.mimetype != "text/html" or answer.status_code != 200:
        return ""
    html = client.text(path)
    assert not [url for url in FOREIGN.findall(html) if not is_link(html, url)], f"{path} asks another origin"
    sizes |= {asset: wire_size(fetch(client, asset)) for asset in OWN.findall(html)}
    budget = FIRST_BUDGET - sum(sizes[asset] for asset in set(OWN.findall(html)))
    assert sizes[path] <= budget, f"{path}: {FIRST_BUDGET - budget + sizes[path]} bytes on a first visit"
    later = sum(wire_size(fetch(client, asset)) for urls in LATER.findall(html) for asset in urls.split())
    assert later <= LATER_BUDGET, f"{path}: {later} bytes of scripts afterwards"
    assert sizes[path] <= FOLLOWING_BUDGET, f"{path}: {sizes[path]} bytes on a following visit"
    return html


def is_link(html: str, url: str) -> bool:
    """A link that somebody may follow asks nothing by itself."""
    return f'<a href="{url}"' in html or re.search(rf'<a [^>]*href="{re.escape(url)}"', html) is not None


@pytest.mark.slow
def test_every_learner_page_keeps_to_its_budget(client, learner):
    starts = ["/", "/courses", "/courses/pelayanan-publik", "/records", "/account", "/verify", "/login"]
    course = "/courses/pelayanan-publik"
    for slug in ("mengapa-melayani", "sepuluh-bentuk"):
        client.post_form(f"{course}/{slug}")
    first = begin_quiz(client, f"{course}/kuis-dasar")
    attempt = first.split("/")[2]
    starts += [f"/attempts/{attempt}/{number}" for number in range(1, 7)] + [f"/attempts/{attempt}"]
    sizes = crawl(client, starts)
    client.post_form(f"/attempts/{attempt}/submit", page=f"/attempts/{attempt}")
    sizes |= crawl(client, [f"/attempts/{attempt}/review", f"{course}/kuis-dasar", course, "/"])
    for slug in ("melayani-semua-orang", "menangani-pengaduan", "survei-ke-perbaikan", "tiga-hitungan-ikm"):
        client.post_form(f"{course}/{slug}")
    sizes |= crawl(client, [f"{course}/rencana-perbaikan-loket", f"{course}/kuis-survei", course])
    assert len([path for path in sizes if path.startswith("/courses/pelayanan-publik/")]) >= 11
    task = f"{course}/rencana-perbaikan-loket"
    client.post_form(task, do="submit", text="Papan loket diganti.", number="1")
    submission = db.session.scalars(select(Submission)).one()
    grader = make_person()
    grade_submission(submission, GradeDecision(points=Decimal(100)), grader_id=grader.id, seen=0, now=clock.now())
    db.session.commit()
    assert f"{task}/model-answer" in crawl(client, [task])


def prose() -> list[str]:
    """Words of a course, without its Markdown."""
    source = (CONTENT / "etika-berakhlak").rglob("*.md")
    return " ".join(re.sub(r"(?s)^---.*?^---|[#*>|`{}_\\[\]]", "", one.read_text()) for one in sorted(source)).split()


def test_questions_and_answers_as_long_as_they_may_be_fit(client, learner):
    course, author, words = db.session.scalars(select(Course)).one(), make_person(), prose()
    enrolment = db.session.scalars(select(Enrolment)).one()
    for number in range(1, 6):
        text, answer = (" ".join(words[at : at + 400]) for at in (8000 + 200 * number, 400 * number))
        inquiries.ask(enrolment, None, text[:MAX_INQUIRY_LENGTH].strip(), number=number, now=clock.now())
        one = db.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        values = {"is_shared": True, "version": 0, "actor_id": author.id, "now": clock.now()}
        inquiries.answer(one, answer[:MAX_ANSWER_LENGTH], **values)
    grant(author, "instructor", course=course)
    db.session.commit()
    sizes: dict[str, int] = {}
    page = weigh(client, "/inquiries/pelayanan-publik", sizes)
    assert len(re.findall(r'<article class="card panel" id="q\d', page)) == 3
    weigh(client, "/inquiries/pelayanan-publik?page=2", sizes)


def test_announcements_as_long_as_they_may_be_fit(client, learner):
    course, author, words = db.session.scalars(select(Course)).one(), make_person(), prose()
    for number in range(1, 8):
        title, text = (" ".join(words[at : at + 400]) for at in (8000 + 20 * number, 400 * number))
        said = AnnouncementWords(title[:MAX_TITLE_LENGTH], text[:MAX_TEXT_LENGTH])
        announcements.announce(course.id, None, said, number=number, actor_id=author.id, now=clock.now())
    db.session.commit()
    sizes: dict[str, int] = {}
    page = weigh(client, "/announcements/pelayanan-publik", sizes)
    assert len(re.findall(r'<article id="a\d', page)) == 5
    weigh(client, "/announcements/pelayanan-publik?page=2", sizes)
    assert 'id="announcements"' in weigh(client, "/courses/pelayanan-publik", sizes)


def test_a_survey_as_long_as_it_may_be_fits(client, session):
    words = prose()
    asked = [
        f"## {' '.join(words[30 * n : 30 * n + 15])} {{#p{n} scale=10 low=kurang high=baik}}\n" for n in range(1, 13)
    ]
    asked += [
        f"## {' '.join(words[30 * n : 30 * n + 15])} {{#p{n}}}\n\n"
        + "".join(f"- [ ] {' '.join(words[9000 + 40 * n + 5 * at : 9004 + 40 * n + 5 * at])}\n" for at in range(6))
        for n in range(13, 21)
    ]
    survey = {"slug": "evaluasi", "type": "survey", "content": survey_content("\n".join(asked))}
    person = make_person()
    course = make_course(items=(survey,))
    make_enrolment(person, course)
    session.commit()
    client.sign_in(person)
    page = weigh(client, f"/courses/{course.slug}/evaluasi", {})
    assert page.count('type="radio"') == 12 * 11 + 8 * 7


def test_a_session_of_thirty_meetings_fits(client, session):
    words = prose()
    meetings = [
        {
            "starts": MORNING | {"days": day},
            "duration": 3600 + 60 * day,
            "place": " ".join(words[5 * day : 5 * day + 5]),
        }
        for day in range(30)
    ]
    world = make_session_world(meetings=meetings, link="https://contoh.id/rapat")
    session.commit()
    client.sign_in(session.get(Person, world.ani.person_id))
    assert weigh(client, world.path, {}).count('class="item"') == 30


def test_a_paper_with_fifteen_notes_fits(client, learner):
    """300 words, all of them different sentences, and a note of some 20 words on 15 of them."""
    task = "/courses/pelayanan-publik/rencana-perbaikan-loket"
    for slug in ("mengapa-melayani", "menyusun-standar", "menangani-pengaduan", "survei-ke-perbaikan"):
        client.post_form(f"/courses/pelayanan-publik/{slug}")
    words = prose()
    text, said = " ".join(words[1000:1300]), words[2000:2300]
    client.post_form(task, do="submit", text=text, number="1")
    submission, grader = db.session.scalars(select(Submission)).one(), make_person()
    for n in range(15):
        quote, note = " ".join(text.split()[20 * n : 20 * n + 6]), " ".join(said[20 * n : 20 * n + 20])
        passages.write_note(submission, passages.QuotedPassage(quote), note, grader_id=grader.id, now=clock.now())
    decision = GradeDecision(points=Decimal(80), feedback=" ".join(words[3000:3040]))
    grade_submission(submission, decision, grader_id=grader.id, seen=0, now=clock.now())
    passages.give_notes(submission, 1, grader_id=grader.id)
    db.session.commit()
    sizes = crawl(client, [task])
    assert client.text(f"{task}/submissions/1").count('href="#note-') == 15
    assert f"{task}/submissions/1" in sizes


@pytest.mark.slow
def test_the_pages_of_all_courses_keep_to_their_budget(client, session):
    """Of each course its own page and those of its items, for somebody who has just enrolled."""
    slugs = sorted(path.parent.name for path in CONTENT.glob("*/course.md"))
    enrol_and_sign_in(client, *slugs)
    sizes: dict[str, int] = {}
    for slug in slugs:
        links = re.findall(rf'href="(/courses/{slug}/[^"#?]*)"', weigh(client, f"/courses/{slug}", sizes))
        for path in set(links) - set(sizes):
            weigh(client, path, sizes)
    assert len(sizes) > 60


def test_what_a_module_may_weigh_leaves_room_for_the_frame(client, learner):
    """The allowance by which the checker warns authors is what the frame really takes."""
    slug, others = "survei-ke-perbaikan", ("mengapa-melayani", "sepuluh-bentuk", "menangani-pengaduan")
    for one in (*others, slug):
        client.post_form(f"/courses/pelayanan-publik/{one}")
    begin_quiz(client, "/courses/pelayanan-publik/kuis-dasar")
    path, version = f"/courses/pelayanan-publik/{slug}", db.session.query(ItemRevision).filter_by(slug=slug).one()
    html = client.text(path)
    assets = sum(wire_size(fetch(client, asset)) for asset in set(OWN.findall(html)))
    assert assets <= ASSETS
    folder = CONTENT / "pelayanan-publik"
    files = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    course, _problems = read_course("pelayanan-publik", files)
    assert course is not None
    assert wire_size(fetch(client, path)) - packed_size(version.body_html) <= frame_size(course)


def test_the_heaviest_module_fits_also_for_somebody_who_stopped_in_it(client, learner):
    """Who comes back has styles and scripts."""
    path = "/courses/pelayanan-publik/melayani-semua-orang"
    client.post_form(path, place="bahasa-sederhana", age="0")
    assert "berhenti di sini" in client.text(path)
    assert wire_size(fetch(client, path)) <= FOLLOWING_BUDGET
