"""From nothing to a corrected course, by plain forms alone: begun, five questions, published, taken, corrected."""

from __future__ import annotations

import re
from html import unescape

import pytest
from factories import grant, make_course, make_person
from pages import csrf_token

from lms.authoring import services
from lms.core.db import db
from lms.courses import queries as courses
from lms.enrolment.models import Enrolment
from lms.quizzes.models import Attempt

BASE = "/teach/courses/arsip-rapi"
MODULE, QUIZ = "01-menyimpan/01-mengapa-arsip.md", "01-menyimpan/03-kuis-arsip.md"
ASSIGNMENT = "01-menyimpan/04-tugas-menata-laci.md"
OUTLINE = "Menyimpan:\nMengapa arsip\nMemberi nama\nKuis arsip\nTugas menata laci"


@pytest.fixture
def author(session):
    person = make_person(name="Pengajar Baru")
    grant(person, "instructor", course=make_course("lain"))
    db.session.commit()
    return person


def hidden(page: str) -> dict[str, str]:
    main = page.partition("<main")[2]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)) | {
        "csrf_token": csrf_token(page)
    }


def text_of(client, path: str) -> str:
    db.session.expire_all()
    return services.source(courses.course("arsip-rapi").id).text(path)


def inputs(form: str) -> dict[str, list[str]]:
    """The inputs of a form that hold a text, and the boxes that are ticked. Its larger boxes are empty."""
    found = {name: [""] for name in re.findall(r'<textarea[^>]* name="([^"]*)"', form)}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checked" in tag or not re.search(r'type="(?:checkbox|radio)"', tag)):
            found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    return found


def add_question(client, stem: str) -> None:
    address = f"{BASE}/new-question/single/{QUIZ}"
    form = client.text(address).partition('id="question"')[2].partition("</form>")[0]
    words = {"stem": stem, "text-0": "Ya", "text-1": "Tidak", "right": "0"}
    assert client.post(address, data=inputs(form) | words).status_code == 302


def write(client, path: str, old: str, new: str) -> None:
    form = client.text(f"{BASE}/edit/{path}")
    source = unescape(re.search(r'<textarea id="source"[^>]*>\n(.*?)</textarea>', form, re.S)[1])
    assert old in source
    sent = hidden(form) | {"text": source.replace(old, new)}
    assert client.post(f"{BASE}/edit/{path}", data=sent).status_code == 302


def publish(client, **more: str) -> None:
    answer = client.post(f"{BASE}/publish", data=hidden(client.text(f"{BASE}/publish")) | more)
    assert answer.status_code == 302
    db.session.expire_all()


def test_a_new_author_makes_a_course_and_corrects_it_while_somebody_learns(client, author, time):
    client.sign_in(author)
    facts = {"title": "Arsip rapi", "summary": "Menyimpan dan menemukan.", "begin": "outline", "outline": OUTLINE}
    facts |= {"competency": "teknis"}
    assert client.post_form("/teach/courses/new", **facts).location == f"{BASE}/edit"
    refused = client.text(f"{BASE}/publish")
    assert refused.count("ini masih teks contoh") == 2
    assert "Tulis pertanyaan di sini" in refused
    questions = client.text(f"{BASE}/questions/{QUIZ}")
    client.post(f"{BASE}/questions/{QUIZ}", data=hidden(questions) | {"do": "delete-1"})
    write(client, ASSIGNMENT, "Tulis di sini apa yang dikerjakan peserta di tempat kerjanya, dan apa", "Tulis apa")
    while (count := text_of(client, QUIZ).count("\n## ")) < 5:
        add_question(client, f"Apakah arsip nomor {count + 1} perlu?")
    page = client.text(f"{BASE}/publish").partition("<details")[0]
    assert "2 teks masih memuat contoh dari situs ini" in page
    assert f"/edit/{MODULE}" in page
    publish(client, enrolment="open")
    course = courses.course("arsip-rapi")
    contents = courses.contents(course.revision.id)
    assert [one.type for one in contents.items] == ["module", "module", "quiz", "assignment"]
    quiz = next(one for one in contents.items if one.type == "quiz")
    assert len(courses.item_content(quiz.item_revision_id).questions) == 5

    learner = make_person(name="Peserta Satu")
    db.session.commit()
    client.sign_in(learner)
    page = client.text("/courses/arsip-rapi")
    assert client.post("/courses/arsip-rapi/enrol", data=hidden(page)).status_code == 302
    for slug in ("mengapa-arsip", "memberi-nama"):
        client.post_form(f"/courses/arsip-rapi/{slug}")
    started = client.post_form("/courses/arsip-rapi/kuis-arsip")
    assert started.status_code == 302
    assert db.session.query(Attempt).one().submitted_at is None

    client.sign_in(author)
    write(client, MODULE, "title: Mengapa arsip\n", "title: Mengapa arsip itu penting\n")
    publish(client)
    assert course.revision.number == 2

    client.sign_in(learner)
    page = client.text("/courses/arsip-rapi")
    assert "Mengapa arsip itu penting" in page
    assert db.session.query(Enrolment).count() == 1
    assert "2 dari 4 materi selesai" in page, "what was read stays read"
    assert client.get(started.location).status_code == 200, "the attempt goes on"
