"""Announcements: written, corrected, withdrawn, read, and told to those whom they are for."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from concurrency import run_twice
from factories import NOON, grant, make_cohort, make_course, make_enrolment, make_person
from pages import html_of, text_of
from sqlalchemy import select
from world import days, make_cohort_world, today

from lms.announcements import personal_data, queries, services
from lms.announcements.models import MAX_TEXT_LENGTH, MAX_TITLE_LENGTH, Announcement
from lms.announcements.services import (
    AnnouncementChanged,
    AnnouncementSent,
    AnnouncementWithdrawn,
    AnnouncementWords,
)
from lms.announcements.views import SHOWN_FOR
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.learning.models import Completion
from lms.people.models import Person

MOVED = AnnouncementWords("Pertemuan pindah", "Rabu menjadi Kamis.\n\nhttps://contoh.go.id/ruang")
HIDDEN = re.compile(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)">')
PATH = "/teach/courses/pelatihan/announcements"


@pytest.fixture
def world(session):
    return make_cohort_world()


def announce(world, words=MOVED, cohort_id=None, number=1, now=None) -> Announcement:
    at = now or clock.now()
    return services.announce(world.course.id, cohort_id, words, number=number, actor_id=world.instructor.id, now=at)


def stored() -> list[Announcement]:
    db.session.rollback()
    return list(db.session.scalars(select(Announcement).order_by(Announcement.id)))


# Services


def test_sent_twice_from_the_same_page_it_is_announced_once(world):
    first = announce(world)
    assert announce(world).id == first.id
    entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "announce")).all()
    assert [(one.target, json.loads(one.facts)) for one in entries] == [
        (f"course:{world.course.id}", {"title": "Pertemuan pindah"})
    ]


def test_signs_and_accents_in_a_title_are_stored_as_they_were_sent(world):
    """Some signs have parts that nobody sees; without them, sent twice would be sent with other words."""
    words = AnnouncementWords("\u26a0\ufe0f Rapat di Cafe\u0301 \U0001f469\u200d\U0001f3eb", "Rabu.")
    sent = announce(world, words)
    assert announce(world, words).id == sent.id
    db.session.refresh(sent)
    assert sent.title == words.title


def test_two_at_the_same_moment_make_one(world, app):
    course_id, author_id = world.course.id, world.instructor.id
    db.session.commit()

    def send():
        services.announce(course_id, None, MOVED, number=1, actor_id=author_id, now=NOON)
        db.session.commit()

    run_twice(app, send)
    assert len(stored()) == 1


def test_other_words_from_the_same_page_are_not_dropped_in_silence(world):
    announce(world)
    with pytest.raises(AnnouncementSent):
        announce(world, AnnouncementWords("Ruang baru", "Ruang 2."))
    with pytest.raises(AnnouncementSent):
        announce(world, cohort_id=world.cohort.id)
    assert announce(world, AnnouncementWords("Ruang baru", "Ruang 2."), number=2).title == "Ruang baru"


def test_a_correction_changes_the_words_and_is_told_only_if_that_is_said(world):
    one, later = announce(world, now=NOON), NOON + timedelta(hours=1)
    friday = AnnouncementWords("Pertemuan pindah", "Rabu menjadi Jumat.")
    services.correct(one, friday, version=1, tells_again=False, actor_id=world.admin.id, now=later)
    assert (one.text, one.version, one.corrected_at, one.told_at, one.told_number) == (friday.text, 2, later, NOON, 1)
    services.correct(one, MOVED, version=2, tells_again=True, actor_id=world.admin.id, now=later)
    assert (one.text, one.version, one.told_at, one.told_number) == (MOVED.text, 3, later, 2)


def test_a_correction_that_was_pressed_twice_counts_once(world):
    one = announce(world)
    for _ in range(2):
        words = AnnouncementWords("Batal", "Tidak jadi.")
        services.correct(one, words, version=1, tells_again=True, actor_id=world.instructor.id, now=clock.now())
    assert (one.version, one.told_number) == (2, 2)


def test_nobody_overwrites_what_they_have_not_seen(world):
    one = announce(world)
    args = {"version": 1, "tells_again": False, "now": clock.now()}
    services.correct(one, AnnouncementWords("Satu", "A."), actor_id=world.instructor.id, **args)
    with pytest.raises(AnnouncementChanged):
        services.correct(one, AnnouncementWords("Dua", "B."), actor_id=world.admin.id, **args)
    assert one.title == "Satu"


def test_what_is_withdrawn_is_withdrawn_once_and_not_corrected(world):
    one = announce(world)
    for moment in (NOON, NOON + timedelta(days=1)):
        services.withdraw(one, actor_id=world.instructor.id, now=moment)
    assert one.withdrawn_at == NOON
    with pytest.raises(AnnouncementWithdrawn):
        services.correct(one, MOVED, version=1, tells_again=False, actor_id=world.instructor.id, now=NOON)


def test_whom_an_announcement_is_for(session):
    course = make_course("pelatihan")
    over = make_cohort(course, name="Lama", starts_on=days(-60), ends_on=days(-30))
    running = make_cohort(course, name="Kini", starts_on=days(-3), ends_on=days(30))
    undated = make_cohort(course, name="", starts_on=None, ends_on=None)
    make_enrolment(course=course, cohort=over)
    make_enrolment(course=course, cohort=over, extended_until=today())
    make_enrolment(course=course, cohort=running)
    make_enrolment(course=course, cohort=running, withdrawn_at=NOON)
    make_enrolment(make_person(is_active=False), course, cohort=running)
    finished, at_it = (make_enrolment(course=course, cohort=undated) for _ in range(2))
    make_enrolment(session.get_one(Person, at_it.person_id), course, cohort=running)
    values = {"revision_id": course.revision.id, "completed_at": NOON, "facts": {}}
    session.add(Completion(enrolment_id=finished.id, **values))
    session.flush()
    found = {one.cohort.name if one.cohort else None: one.people for one in queries.audiences(course.id, today())}
    assert found == {None: 3, "Lama": 2, "Kini": 2, "": 2}


def test_the_copy_of_ones_own_data_has_what_one_announced(world):
    announce(world, cohort_id=world.cohort.id)
    [area] = personal_data.AREAS
    [found] = area.copied(world.instructor.id)["announcements"]
    assert (found["course"], found["cohort"], found["text"]) == ("pelatihan", world.cohort.name, MOVED.text)
    assert area.copied(world.admin.id) == {"announcements": []}


# Pages of instructors


def test_an_announcement_is_looked_at_and_sent(client, world):
    client.sign_in(world.instructor)
    fields = {"number": "1", "cohort": str(world.cohort.id), "title": " Pertemuan  pindah ", "text": MOVED.text}
    look = client.post_form(PATH, **fields)
    assert "2 peserta" in text_of(look)
    assert stored() == []
    fields["title"] = "Pertemuan pindah"
    assert client.post_form(PATH, do="send", **fields).status_code == 303
    assert client.post_form(PATH, do="send", **fields).status_code == 303  # as the reply to the first was lost
    [one] = stored()
    assert (one.title, one.text, one.cohort_id, one.author_id) == (*MOVED, world.cohort.id, world.instructor.id)
    assert 'href="https://contoh.go.id/ruang"' in client.text(PATH)


def test_what_the_look_sends_is_what_was_typed(client, world):
    client.sign_in(world.instructor)
    look = client.post_form(PATH, number="1", cohort="", title="Bawa “laptop” <b>", text="Satu\r\n\r\ndua & tiga")
    fields = {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(html_of(look))}
    assert client.post(PATH, data=fields | {"do": "edit"}).status_code == 200
    assert stored() == []
    assert client.post(PATH, data=fields | {"do": "send"}).status_code == 303
    assert [(one.title, one.text) for one in stored()] == [("Bawa “laptop” <b>", "Satu\n\ndua & tiga")]
    assert "laptop” &lt;b&gt;" in client.text(PATH)


@pytest.mark.parametrize(
    ("title", "text", "field"),
    [
        ("", "Rabu.", "title"),
        ("Rapat", " ", "text"),
        ("Rapat", "a" * (MAX_TEXT_LENGTH + 1), "text"),
        ("a" * (MAX_TITLE_LENGTH + 1), "Rabu.", "title"),
    ],
)
@pytest.mark.parametrize("step", ["", "send", "edit"])
def test_what_cannot_be_sent_stays_typed(client, world, title, text, field, step):
    client.sign_in(world.instructor)
    answer = client.post_form(PATH, do=step, number="1", cohort=str(world.cohort.id), title=title, text=text)
    assert answer.status_code == 422
    shown = html_of(answer)
    assert f'id="{field}-error"' in shown
    assert text.strip() in shown
    assert f'value="{title}"' in shown
    assert f'<option selected value="{world.cohort.id}">' in shown
    assert stored() == []


def test_other_words_from_a_page_that_was_sent_are_kept_for_a_further_one(client, world):
    client.sign_in(world.instructor)
    client.post_form(PATH, do="send", number="1", cohort="", title="Satu", text="A.")
    again = {"cohort": "", "title": "Dua", "text": "B."}
    refused = client.post_form(PATH, do="send", number="1", **again)
    assert refused.status_code == 409
    fields = dict(HIDDEN.findall(html_of(refused)))
    assert fields["number"] == "2"
    assert client.post_form(PATH, do="send", number=fields["number"], **again).status_code == 303
    assert [one.title for one in stored()] == ["Satu", "Dua"]


def test_nobody_can_announce_to_the_cohort_of_another_course(client, world):
    other = make_cohort(make_course("lain"))
    client.sign_in(world.instructor)
    answer = client.post_form(PATH, do="send", number="1", cohort=str(other.id), title="Satu", text="A.")
    assert answer.status_code == 422
    assert stored() == []


def test_an_announcement_is_corrected_and_withdrawn(client, world):
    one = announce(world)
    client.sign_in(world.instructor)
    path = f"{PATH}/{one.id}"
    fields = {"title": "Pertemuan batal", "text": "Tidak jadi."}
    assert client.post_form(path, version="1", **fields).status_code == 303
    assert client.post_form(path, title="Lain", text="Tanpa versi.").status_code == 422
    stale = client.post_form(path, version="1", title="Lain", text="Lagi.")
    assert stale.status_code == 422
    assert "Lagi." in html_of(stale)
    assert 'name="version" type="hidden" value="2"' in html_of(stale)
    assert "Pertemuan batal" in client.text(f"{path}/withdraw")  # asked before it is done
    assert stored()[0].withdrawn_at is None
    assert client.post_form(f"{path}/withdraw").status_code == 303
    [one] = stored()
    assert (one.title, one.version) == ("Pertemuan batal", 2)
    assert one.withdrawn_at is not None


def test_the_announcement_of_another_course_is_not_found_here(client, world):
    course = make_course("lain")
    grant(world.instructor, "instructor", course=course)
    there = services.announce(course.id, None, MOVED, number=1, actor_id=world.instructor.id, now=NOON)
    client.sign_in(world.instructor)
    assert client.get(f"{PATH}/{there.id}").status_code == 404


def test_the_cohort_leads_its_instructors_to_a_form_for_it(client, world):
    address = f'href="{PATH}?cohort={world.cohort.id}"'
    client.sign_in(world.instructor)
    assert address in client.text(world.cohort_page)
    assert f'<option selected value="{world.cohort.id}">' in client.text(f"{PATH}?cohort={world.cohort.id}")
    client.sign_in(world.committee)
    assert address not in client.text(world.cohort_page)


# What participants read


def test_the_course_page_has_the_newest_and_the_way_to_all(client, world):
    now = clock.now()
    announce(world, AnnouncementWords("Sudah lama", "A."), number=1, now=now - SHOWN_FOR)
    client.sign_in(world.learner)
    assert 'id="announcements"' not in client.text("/courses/pelatihan")
    assert 'href="/announcements/pelatihan"' in client.text("/courses/pelatihan")
    for number, title in enumerate(("Kedua", "Ketiga", "Keempat"), 2):
        last = announce(world, AnnouncementWords(title, "B."), number=number, now=now)
    page = client.text("/courses/pelatihan")
    assert f'<a href="/announcements/pelatihan#a{last.id}">Keempat</a>' in page
    assert "Ketiga" in page
    assert "Kedua" not in page
    everything = client.text("/announcements/pelatihan")
    assert everything.index("Keempat") < everything.index("Kedua") < everything.index("Sudah lama")
    assert f'id="a{last.id}"' in everything


def test_a_course_without_announcements_says_nothing_of_them(client, world):
    client.sign_in(world.learner)
    assert "/announcements/" not in client.text("/courses/pelatihan")
    assert client.get("/announcements/pelatihan").status_code == 200


def test_only_the_cohort_that_it_is_for_reads_it(client, world):
    other = make_cohort(world.course, name="Lain", starts_on=today(), ends_on=days(9))
    stranger = make_enrolment(course=world.course, cohort=other)
    announce(world, cohort_id=world.cohort.id)
    late = make_enrolment(course=world.course, cohort=world.cohort, enrolled_at=clock.now())
    for enrolment, reads in ((late, True), (stranger, False)):
        client.sign_in(db.session.get_one(Person, enrolment.person_id))
        for path in ("/courses/pelatihan", "/announcements/pelatihan"):
            assert (MOVED.title in client.text(path)) is reads


def test_of_what_is_withdrawn_only_that_is_told(client, world):
    one = announce(world)
    services.withdraw(one, actor_id=world.instructor.id, now=clock.now())
    client.sign_in(world.learner)
    assert "/announcements/" not in client.text("/courses/pelatihan")
    page = client.text("/announcements/pelatihan")
    assert MOVED.title not in page
    assert "Rabu" not in page
    assert f'id="a{one.id}"' in page


def test_who_has_left_is_led_to_the_course(client, world):
    client.sign_in(make_person())
    assert client.get("/announcements/pelatihan").location == "/courses/pelatihan"
    assert client.get("/announcements/tidak-ada").status_code == 404
