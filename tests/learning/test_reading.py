"""A module's page is kept in parts: what is one reader's never shows on another's."""

from __future__ import annotations

import re

from factories import grant, item_of, make_course, make_enrolment, make_person, make_unit

from lms.core import clock
from lms.learning import services
from lms.web import form_recovery

ITEMS = ({"slug": "satu"}, {"slug": "dua", "after": ["satu"]}, {"slug": "tiga"})
PATH = "/courses/kursus/satu"


def test_two_readers_see_their_own_marks_and_send_their_own_tokens(app, session):
    course = make_course("kursus", ITEMS)
    quick, slow = make_person(), make_person()
    done = make_enrolment(quick, course)
    make_enrolment(slow, course)
    services.record_read(done.id, item_of(course, "satu"), now=clock.now())
    clients = [app.test_client().sign_in(one) for one in (quick, slow, quick, slow)]
    pages = [client.get(PATH).get_data(as_text=True) for client in clients]
    for number, (page, person) in enumerate(zip(pages, (quick, slow, quick, slow), strict=True)):
        is_done = number % 2 == 0
        assert ('href="/courses/kursus/dua"' in page.partition("fold outline")[2]) is is_done, "the second is locked"
        assert page.count("✓") == (2 if is_done else 0)
        assert ('id="read"' in page) is not is_done
        if not is_done:
            assert re.findall(r'name="for" value="(\w+)"', page) == [form_recovery.owner_mark(person.id)]
            assert re.search(r'name="csrf_token" value="[^"]+"', page)


def test_a_page_in_each_language_is_kept_apart(app, session):
    course = make_course("kursus", ITEMS)
    texts = {}
    for language in ("id", "en"):
        person = make_person(language=language)
        make_enrolment(person, course)
        texts[language] = app.test_client().sign_in(person).get(PATH).get_data(as_text=True)
    assert '<html lang="id">' in texts["id"]
    assert '<html lang="en">' in texts["en"]
    assert "Contents of the course" in texts["en"]
    assert "Contents of the course" not in texts["id"]


def test_what_was_done_since_the_page_was_kept_shows_at_once(client, session):
    course = make_course("kursus", ITEMS)
    person = make_person()
    make_enrolment(person, course)
    client.sign_in(person)
    assert 'id="read"' in client.get(PATH).get_data(as_text=True)
    assert client.post_form(PATH).location == "/courses/kursus/dua"
    assert 'id="read"' not in client.get(PATH).get_data(as_text=True)


def test_the_kept_frame_shows_each_reader_the_own_places_and_notices(app, session):
    course = make_course("kursus", ITEMS)
    plain, head = make_person(), make_person(name="Kepala <Unit>")
    grant(head, "head", unit=make_unit())
    head.unread_notices = 3
    for person in (plain, head):
        make_enrolment(person, course)
    session.commit()
    pages = [app.test_client().sign_in(one).get(PATH).get_data(as_text=True) for one in (head, plain, head, plain)]
    assert [page.count('href="/team"') for page in pages] == [1, 0, 1, 0]
    assert [page.count("<b>3<") for page in pages] == [1, 0, 1, 0]
    assert all("Kepala" not in page for page in pages)


def test_a_message_is_shown_once_and_to_nobody_else(app, session):
    course = make_course("kursus", ITEMS)
    clients = []
    for _ in range(2):
        person = make_person()
        make_enrolment(person, course)
        clients.append(app.test_client().sign_in(person))
    first, other = clients
    with first.session_transaction() as kept_in:
        kept_in["_flashes"] = [("done", "Nur für dich")]
    assert "Nur für dich" in first.get(PATH).get_data(as_text=True)
    for client in (first, other):
        assert "Nur für dich" not in client.get(PATH).get_data(as_text=True)


def test_a_title_is_escaped_in_a_kept_page(client, session):
    course = make_course("kursus", ({"slug": "satu", "title": "A <b> & C"},))
    person = make_person()
    make_enrolment(person, course)
    page = client.sign_in(person).get(PATH).get_data(as_text=True)
    assert "<title>A &lt;b&gt; &amp; C · " in page
