"""Participants ask the instructors of their course; on the engine of the run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, grant, item_of, make_admin, make_course, make_enrolment, make_person
from sqlalchemy import select

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.inquiries import queries, services
from lms.inquiries.models import Inquiry
from lms.inquiries.services import MAX_OPEN, AnswerChanged, InquiryAnswered, TooManyOpen
from lms.notices import jobs
from lms.notices.models import Notice
from lms.people.models import Person


@pytest.fixture
def course(session):
    return make_course("umum", items=({"slug": "satu"}, {"slug": "dua"}))


@pytest.fixture
def teacher(course):
    person = make_person(name="Guru Contoh")
    grant(person, "instructor", course=course)
    return person


def enrolled(course, name="Ani Contoh"):
    person = make_person(name=name)
    return make_enrolment(person, course)


def asked(enrolment, text="Apa bedanya?", number=1, item_id=None) -> Inquiry:
    services.ask(enrolment, item_id, text, number=number, now=NOON)
    return db.session.scalars(select(Inquiry).where(Inquiry.text == text)).one()


def answered(inquiry, teacher, text="Ini bedanya.", *, is_shared=True, version=0) -> None:
    services.answer(inquiry, text, is_shared=is_shared, version=version, actor_id=teacher.id, now=NOON)


def texts(person, course, item_id=None) -> list[str]:
    return [row[0].text for row in db.session.execute(queries.seen_by(person.id, course.id, item_id))]


def test_what_is_sent_twice_is_asked_once_and_another_text_gets_its_own_number(course):
    enrolment = enrolled(course)
    for text in ("Satu?", "Satu?", "Dua?"):
        services.ask(enrolment, None, text, number=1, now=NOON)
    rows = db.session.scalars(select(Inquiry).order_by(Inquiry.number))
    assert [(one.number, one.text) for one in rows] == [(1, "Satu?"), (2, "Dua?")]


def test_only_so_many_wait_at_a_time(course, teacher):
    enrolment = enrolled(course)
    inquiries = [asked(enrolment, f"Soal {n}?", n) for n in range(1, MAX_OPEN + 1)]
    with pytest.raises(TooManyOpen):
        asked(enrolment, "Lagi?", MAX_OPEN + 1)
    services.ask(enrolment, None, "Soal 1?", number=1, now=NOON)  # sent again, not refused
    answered(inquiries[0], teacher)
    asked(enrolment, "Lagi?", MAX_OPEN + 1)


def test_others_read_what_is_shared_and_never_who_asked(course, teacher, client):
    one, other = enrolled(course, "Ani Contoh"), enrolled(course, "Budi Contoh")
    shared, private = asked(one, "Yang dibagikan?"), asked(one, "Yang pribadi?", 2)
    waiting = asked(one, "Yang menunggu?", 3)
    answered(shared, teacher)
    answered(private, teacher, is_shared=False)
    seen = {
        person_id: texts(db.session.get(Person, person_id), course) for person_id in (one.person_id, other.person_id)
    }
    assert seen[one.person_id] == [waiting.text, private.text, shared.text]
    assert seen[other.person_id] == [shared.text]
    client.sign_in(db.session.get(Person, other.person_id))
    page = client.text("/inquiries/umum")
    assert "Yang dibagikan?" in page
    assert "Guru Contoh" in page
    assert "Ani" not in page


def test_what_is_asked_of_an_item_is_found_there_and_with_the_course(course, teacher, client):
    enrolment = enrolled(course)
    client.sign_in(db.session.get(Person, enrolment.person_id))
    form = {"text": "Tentang yang pertama?", "number": "1"}
    assert client.post_form("/courses/umum/satu/ask", **form).location == "/courses/umum/satu/ask"
    assert "Tentang yang pertama?" in client.text("/courses/umum/satu/ask")
    assert "Tentang yang pertama?" in client.text("/inquiries/umum")
    assert "Tentang yang pertama?" not in client.text("/courses/umum/dua/ask")
    assert db.session.scalars(select(Inquiry)).one().item_id == item_of(course, "satu").item_id


def test_the_module_and_the_course_lead_there(course, client):
    client.sign_in(db.session.get(Person, enrolled(course).person_id))
    assert 'href="/courses/umum/satu/ask"' in client.text("/courses/umum/satu")
    assert 'href="/inquiries/umum"' in client.text("/courses/umum")


def test_without_an_instructor_the_page_says_whom_to_ask(course, client):
    client.sign_in(db.session.get(Person, enrolled(course).person_id))
    page = client.text("/inquiries/umum")
    assert 'name="text"' not in page
    assert 'href="/help/contact' in page or "/contact" in page


def test_what_waits_is_taken_back_and_what_was_answered_stays(course, teacher, client):
    enrolment = enrolled(course)
    waiting, done = asked(enrolment, "Menunggu?"), asked(enrolment, "Terjawab?", 2)
    answered(done, teacher)
    ids = waiting.id, done.id
    db.session.commit()
    client.sign_in(db.session.get(Person, enrolment.person_id))
    for inquiry_id in (*ids, ids[0]):
        assert client.post_form(f"/inquiries/umum/{inquiry_id}/take-back", "/inquiries/umum").status_code == 303
    assert [one.text for one in db.session.scalars(select(Inquiry))] == ["Terjawab?"]
    with pytest.raises(InquiryAnswered):
        services.take_back(ids[1])


def test_nobody_takes_back_what_another_asked(course, teacher, client):
    one, other = asked(enrolled(course)), enrolled(course)
    db.session.commit()
    client.sign_in(db.session.get(Person, other.person_id))
    client.post_form(f"/inquiries/umum/{one.id}/take-back", "/inquiries/umum")
    assert db.session.get(Inquiry, one.id) is not None


def test_an_answer_goes_to_who_asked_and_into_the_log(course, teacher, client, time):
    enrolment = enrolled(course)
    inquiry_id = asked(enrolment).id
    db.session.commit()
    client.sign_in(teacher)
    assert "1 pertanyaan peserta" in client.text("/teach")
    path = f"/teach/inquiries/{inquiry_id}"
    assert f'href="{path}"' in client.text("/teach/inquiries")
    assert client.post_form(path, answer="", version="0").status_code == 422
    assert client.post_form(path, answer="Ini bedanya.", is_shared="y", version="0").status_code == 303
    assert path in client.text("/teach/inquiries?show=answered")
    assert "pertanyaan peserta menunggu" not in client.text("/teach")
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "answer inquiry")).one()
    assert entry.target == f"course:{course.id}"
    db.session.commit()
    jobs.notify_new_events()
    notice = db.session.scalars(select(Notice).where(Notice.kind == "inquiry-answered")).first()
    assert (notice.person_id, notice.facts["answer"]) == (enrolment.person_id, "Ini bedanya.")


def test_of_two_who_answer_the_second_reads_the_first(course, teacher, client):
    inquiry = asked(enrolled(course))
    db.session.commit()
    client.sign_in(teacher)
    path = f"/teach/inquiries/{inquiry.id}"
    client.text(path)
    answered(inquiry, make_admin(), "Yang lebih cepat.")
    db.session.commit()
    answer = client.post_form(path, answer="Yang kedua.", is_shared="y", version="0")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Yang lebih cepat." in page
    assert "Yang kedua." in page
    assert db.session.get(Inquiry, inquiry.id).answer == "Yang lebih cepat."
    with pytest.raises(AnswerChanged):
        answered(inquiry, teacher, "Yang ketiga.", version=0)


def test_new_words_are_told_again_and_who_reads_them_is_not(course, teacher, time):
    inquiry = asked(enrolled(course))
    for text, is_shared, version in (("Satu.", True, 0), ("Satu.", False, 1), ("Dua.", False, 2)):
        time.now += timedelta(minutes=1)
        services.answer(inquiry, text, is_shared=is_shared, version=version, actor_id=teacher.id, now=time.now)
        db.session.commit()
        jobs.notify_new_events()
    rows = select(Notice.facts).where(Notice.kind == "inquiry-answered", Notice.channel == "site")
    told = db.session.scalars(rows.order_by(Notice.id))
    assert [facts["answer"] for facts in told] == ["Satu.", "Dua."]


def test_instructors_are_told_and_nobody_answers_their_own(course, teacher, client, time):
    own = asked(make_enrolment(teacher, course), "Dari pengajar?")
    asked(enrolled(course), "Dari peserta?")
    db.session.commit()
    jobs.notify_new_events()
    kinds = db.session.scalars(select(Notice.person_id).where(Notice.kind == "inquiry-asked", Notice.channel == "site"))
    assert list(kinds) == [teacher.id]
    client.sign_in(teacher)
    assert client.get(f"/teach/inquiries/{own.id}").status_code == 404
    assert "Dari pengajar?" not in client.text("/teach/inquiries")


def test_a_text_that_is_too_long_comes_back_whole(course, teacher, client):
    client.sign_in(db.session.get(Person, enrolled(course).person_id))
    text = "a" * 1001
    answer = client.post_form("/inquiries/umum", text=text, number="1")
    assert answer.status_code == 422
    assert text in answer.get_data(as_text=True)
