"""What the cards of the catalogue say, to whoever reads them; and the way to a code on the sign-in page."""

from __future__ import annotations

import pytest
from factories import NOON, item_of, make_cohort, make_course, make_enrolment, make_person
from world import days

from lms.core import settings
from lms.core.i18n import say_date
from lms.learning import services as learning


def card(page: str, slug: str) -> str:
    found = next(one for one in page.split('<li class="card course">')[1:] if f'href="/courses/{slug}"' in one)
    return found.partition("</li>")[0]


@pytest.fixture
def courses(session):
    listed, running, done, dated = (make_course(slug) for slug in ("daftar", "jalan", "tamat", "tanggal"))
    for first in (9, 4):
        make_cohort(dated, starts_on=days(first), ends_on=days(first + 5), is_open=True)
    make_cohort(dated, starts_on=days(-9), ends_on=days(-2), is_open=True)
    person = make_person()
    make_enrolment(person, running)
    learning.record_read(make_enrolment(person, done).id, item_of(done, "modul-satu"), now=NOON)
    session.flush()
    assert listed
    return person


def test_a_card_says_what_one_has_of_the_course(client, courses):
    page = client.sign_in(courses).text("/courses")
    assert "tag--now" in card(page, "jalan")
    assert "Sedang Anda ikuti" in card(page, "jalan")
    assert "tag--done" in card(page, "tamat")
    assert "melalui daftar" in card(page, "daftar")
    assert f"mulai {say_date(days(4))}" in card(page, "tanggal")


def test_to_a_visitor_it_says_how_to_join_alone(client, courses):
    page = client.text("/courses")
    for slug in ("jalan", "tamat"):
        assert "tag--" not in card(page, slug)
        assert "tanpa jadwal, langsung mulai" in card(page, slug)


def test_a_card_says_jp_items_and_the_time_they_take(client, session):
    make_course("singkat", ({"slug": "satu"}, {"slug": "dua"}, {"slug": "tiga"}), jp=6, minutes=45)
    make_course("panjang", jp=9, minutes=410)
    page = client.text("/courses")
    assert "6 JP · 3 materi · ±45 menit" in card(page, "singkat")
    assert "9 JP · 1 materi · ±7 jam" in card(page, "panjang")


@pytest.mark.parametrize(("name", "number"), [("phone", "0951 123 456"), ("whatsapp", "0812 3456 7890")])
def test_the_sign_in_page_names_who_gives_a_code_with_the_number(client, session, name, number):
    assert 'href="tel:' not in client.text("/login")
    for key, value in (("name", "Ibu Contoh"), (name, number)):
        settings.change(settings.registered[f"contact_{key}"], value, actor_id=None, now=NOON)
    page = client.text("/login")
    assert f'Ibu Contoh: <b><a href="tel:{number.replace(" ", "")}">{number}</a></b>' in page
