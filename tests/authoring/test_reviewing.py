"""Where the site says so, a second person publishes: asked for, published or returned with a note."""

from __future__ import annotations

import re

import pytest
from authoring_factories import edit, make_imported_course
from factories import NOON, grant, make_admin, make_person
from pages import csrf_token

from lms.authoring import policy, services
from lms.authoring.services import DraftChanged, reviewing
from lms.core import settings
from lms.core.db import db
from lms.courses.models import CourseRevision

BASE = "/teach/courses/kecil"


@pytest.fixture
def course(session):
    settings.change(policy.INSTRUCTORS_PUBLISH, policy.REVIEWED, actor_id=None, now=NOON)
    course = make_imported_course()
    edit(course, "01-modul.md", "salah tik", "benar")
    return course


@pytest.fixture
def author(course):
    person = make_person(name="Pengarang Satu")
    grant(person, "instructor", course=course)
    return person


@pytest.fixture
def colleague(course):
    person = make_person(name="Pengarang Dua")
    grant(person, "instructor", course=course)
    return person


def state(course) -> str:
    return services.source(course.id).state


def hidden(page: str) -> dict[str, str]:
    main = page.partition("<main")[2]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)) | {
        "csrf_token": csrf_token(page)
    }


def ask(client):
    return client.post(f"{BASE}/review", data=hidden(client.text(f"{BASE}/publish")) | {"do": "ask"})


def publish(client):
    page = client.text(f"{BASE}/publish")
    data = hidden(page if "csrf_token" in page else client.text(f"{BASE}/edit"))
    answer = client.post(f"{BASE}/publish", data=data)
    db.session.expire_all()
    return answer


def test_the_author_asks_and_a_colleague_publishes(client, course, author, colleague):
    client.sign_in(author)
    assert publish(client).status_code == 403
    assert ask(client).location == f"{BASE}/edit"
    assert publish(client).status_code == 403, "not the one who asked"
    waiting = "Ada draf yang menunggu pemeriksaan Anda"
    assert waiting not in client.text("/teach"), "not to the one who asked"
    client.sign_in(colleague)
    assert waiting in client.text("/teach")
    page = client.text(f"{BASE}/publish")
    assert "Pengarang Satu" in page
    assert publish(client).status_code == 302
    assert db.session.query(CourseRevision).filter_by(is_current=True).one().number == 2


def test_a_colleague_does_not_publish_unasked(client, course, author, colleague):
    client.sign_in(colleague)
    assert publish(client).status_code == 403


def test_an_admin_always_may(client, course):
    client.sign_in(make_admin())
    assert publish(client).status_code == 302


def test_it_is_returned_with_a_note(client, course, author, colleague):
    client.sign_in(author)
    ask(client)
    client.sign_in(colleague)
    sent = hidden(client.text(f"{BASE}/publish"))
    assert client.post(f"{BASE}/review", data=sent | {"do": "return", "note": " "}).location == f"{BASE}/publish"
    assert client.post(f"{BASE}/review", data=sent | {"do": "return", "note": "Kuis terlalu mudah"}).status_code == 302
    db.session.expire_all()
    assert "Kuis terlalu mudah" in client.text(f"{BASE}/edit")
    assert reviewing.review_of(course.id, state(course)) is None
    assert publish(client).status_code == 403
    client.sign_in(author)
    ask(client)
    assert "Kuis terlalu mudah" not in client.text(f"{BASE}/edit")


def test_a_change_after_the_request_ends_it(client, course, author, colleague):
    client.sign_in(author)
    ask(client)
    edit(course, "01-modul.md", "benar", "lain", actor_id=author.id)
    db.session.commit()
    assert reviewing.review_of(course.id, state(course)) is None
    client.sign_in(colleague)
    assert "menunggu pemeriksaan" not in client.text("/teach")
    assert publish(client).status_code == 403


def test_what_nobody_looked_at_is_not_asked_for_or_returned(course, author):
    with pytest.raises(DraftChanged):
        reviewing.ask_for_review(course.id, "x", actor_id=author.id, now=NOON)
    with pytest.raises(DraftChanged):
        reviewing.return_draft(course.id, state(course), "Nota", actor_id=author.id, now=NOON)


def test_the_one_who_asked_does_not_return_it_to_themselves(client, course, author):
    client.sign_in(author)
    ask(client)
    sent = {"csrf_token": csrf_token(client.text(f"{BASE}/edit")), "state": state(course), "do": "return", "note": "A"}
    assert client.post(f"{BASE}/review", data=sent).status_code == 403
