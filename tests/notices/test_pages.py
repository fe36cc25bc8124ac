"""The inbox, the choice of channels, the mails that failed."""

from __future__ import annotations

import re

import pytest
from factories import NOON, make_admin, make_course, make_enrolment, make_person
from flask import render_template_string
from sqlalchemy import select

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.notices import notifications
from lms.notices.models import Notice
from lms.notices.notifications import EnrolledCourse
from lms.notices.services import inbox
from lms.notices.whatsapp import WhatsAppMessage
from lms.people.models import Person
from lms.web.assets import STATIC


def told(person: Person, count: int = 1) -> list[Notice]:
    """The person has so many notices, each of another course."""
    for _ in range(count):
        enrolment = make_enrolment(person, make_course())
        taken = EnrolledCourse(person.id, enrolment.id, enrolment.cohort.course.slug, "Pelatihan <contoh> & 100%")
        inbox.notify([notifications.enrolled(taken, None, None)], now=NOON)
    rows = select(Notice).where(Notice.person_id == person.id, Notice.channel == "site")
    return list(db.session.scalars(rows.order_by(Notice.id)))


def unread(person_id: int) -> int | None:
    return db.session.scalar(select(Person.unread_notices).where(Person.id == person_id))


def test_the_newest_comes_first_and_unread_ones_are_marked(client, session):
    person = make_person()
    told(person, 2)
    page = client.sign_in(person).text("/notices")
    numbers = re.findall(r'name="notice" value="(\d+)"', page)
    assert numbers == sorted(numbers, key=int, reverse=True)
    assert page.count("notice--new") == 2
    assert "Pelatihan &lt;contoh&gt; &amp; 100%" in page


def test_opening_one_marks_it_read_and_leads_to_its_page(client, session):
    person = make_person()
    first, _second = told(person, 2)
    answer = client.sign_in(person).post_form("/notices", notice=first.id)
    assert (answer.status_code, answer.location) == (303, first.link)
    assert unread(person.id) == 1
    assert client.get(first.link).status_code == 200
    assert client.text("/notices").count("notice--new") == 1


def test_all_can_be_marked_read_at_once(client, session):
    person, other = make_person(), make_person()
    told(person, 3)
    told(other)
    client.sign_in(person).post_form("/notices")
    assert (unread(person.id), unread(other.id)) == (0, 1)
    assert "notice--new" not in client.text("/notices")


@pytest.mark.parametrize("number", ["others", "0", "-1", "x", "99999999999999999999"])
def test_what_is_not_ones_own_does_not_exist(client, session, number):
    person, [others] = make_person(), told(make_person())
    answer = client.sign_in(person).post_form(
        "/notices", page="/account/notices", notice=others.id if number == "others" else number
    )
    assert answer.status_code == 404
    assert unread(others.person_id) == 1


def test_every_page_shows_the_number_and_none_asks_for_it(client, session):
    person = make_person()
    client.sign_in(person)
    before = client.get("/courses")
    assert 'href="/notices"' in before.get_data(as_text=True)
    told(person, 2)
    after = client.get("/courses", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200, "the number changed, so the stored page is not the same"
    assert re.search(r"<b>2<span", after.get_data(as_text=True))


def test_an_empty_inbox_says_what_will_come(client, session):
    assert 'class="empty"' in client.sign_in(make_person()).text("/notices")


def test_a_full_inbox_comes_in_pages_that_fit_a_packet_train(client, session):
    person = make_person()
    told(person, 20)
    client.sign_in(person)
    assert 'rel="next"' in client.text("/notices")
    answer = client.get("/notices", headers={"Accept-Encoding": "br"})
    assert len(answer.get_data()) < 6_000


def test_a_person_chooses_the_channels(client, session):
    person = make_person(email="peserta@contoh.id")
    client.sign_in(person)
    answer = client.post_form("/account/notices", phone="0812 3456 7890")
    assert answer.status_code == 303
    person = db.session.get(Person, person.id)
    assert (person.wants_mail, person.phone) == (False, "+6281234567890")
    client.post_form("/account/notices", phone="", wants_mail="y")
    person = db.session.get(Person, person.id)
    assert (person.wants_mail, person.phone) == (True, None)
    entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "choose channels")).all()
    assert [entry.facts for entry in entries] == ['{"changed": ["wants_mail", "phone"]}'] * 2


def test_without_an_address_the_choice_of_mail_stays_for_later(client, session):
    person = make_person()
    page = client.sign_in(person).text("/account/notices")
    assert "wants_mail" not in page
    client.post_form("/account/notices", phone="")
    assert db.session.get(Person, person.id).wants_mail


def test_what_is_no_number_comes_back_with_its_text(client, session):
    person = make_person(phone="+6281234567890")
    answer = client.sign_in(person).post_form("/account/notices", phone="nomor saya")
    assert answer.status_code == 422
    assert 'value="nomor saya"' in answer.get_data(as_text=True)
    assert db.session.get(Person, person.id).phone == "+6281234567890"


def failed(number: int = 1) -> Notice:
    person = make_person(email=f"peserta{number}@contoh.id")
    told(person)
    mail = db.session.scalars(select(Notice).where(Notice.person_id == person.id, Notice.channel == "mail")).one()
    mail.state, mail.tries, mail.error = "failed", 3, "550 no such user"
    db.session.flush()
    return mail


def test_the_admin_sees_what_failed_and_may_try_again(client, session):
    first, second = failed(1), failed(2)
    client.sign_in(make_admin())
    page = client.text("/admin/notices")
    assert "550 no such user" in page
    assert f"/admin/people/{first.person_id}" in page
    assert client.post_form("/admin/notices", notice=first.id).status_code == 303
    assert {one.id: one.state for one in db.session.scalars(select(Notice).where(Notice.channel == "mail"))} == {
        first.id: "waiting",
        second.id: "failed",
    }
    client.post_form("/admin/notices")
    assert set(db.session.scalars(select(Notice.state).where(Notice.channel == "mail"))) == {"waiting"}


def test_a_mail_that_did_not_fail_cannot_be_sent_again(client, session):
    [notice] = told(make_person(email="peserta@contoh.id"))
    failed(2)
    assert client.sign_in(make_admin()).post_form("/admin/notices", notice=notice.id).status_code == 404


def test_the_admins_first_page_tells_of_failed_mails_only_where_there_are_any(client, session):
    client.sign_in(make_admin())
    assert "/admin/notices" not in client.text("/admin")
    failed()
    assert 'href="/admin/notices"' in client.text("/admin")


ENTRIES = [
    WhatsAppMessage("Contoh Nama", "+6281234567890", "Yth. Contoh"),
    WhatsAppMessage("Tanpa Nomor", None, "Yth."),
]


def test_the_whatsapp_list_has_links_and_names_apart_those_without_a_number(app):
    source = '{% from "notices/_whatsapp.html" import whatsapp_list with context %}{{ whatsapp_list(entries, text) }}'
    with app.test_request_context():
        html = render_template_string(source, entries=ENTRIES, text="1. A & B\n2. C")
    assert 'href="https://wa.me/6281234567890?text=Yth.%20Contoh"' in html
    assert html.index("Contoh Nama") < html.index("Tanpa Nomor")
    assert html.count("wa.me") == 1
    assert "1. A &amp; B\n2. C</textarea>" in html


def test_the_script_of_the_list_is_there():
    assert (STATIC / "js" / "whatsapp.js").is_file()
